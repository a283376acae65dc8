import Testing

@testable import UnitNumber

struct StudentScoreTests {
  @Test("limits of 90 and 95 % are those of published tables")
  func limits() {
    for (freedom, ninety, ninetyFive) in [
      (1, 6.3138, 12.7062), (2, 2.9200, 4.3027), (5, 2.0150, 2.5706), (10, 1.8125, 2.2281),
      (15, 1.7531, 2.1314),
    ] {
      #expect(abs(StudentScore.limit(0.9, degreesOfFreedom: freedom) - ninety) < 1e-3)
      #expect(abs(StudentScore.limit(0.95, degreesOfFreedom: freedom) - ninetyFive) < 1e-3)
    }
  }

  @Test("the share rises from 0 to 1")
  func share() {
    for freedom in 1...12 {
      #expect(StudentScore.within(0, degreesOfFreedom: freedom) == 0)
      #expect(abs(StudentScore.within(1e6, degreesOfFreedom: freedom) - 1) < 1e-5)
    }
  }
}
