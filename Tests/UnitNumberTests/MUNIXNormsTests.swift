import Testing

@testable import UnitNumber

struct MUNIXNormsTests {
  @Test("z-scores by muscle; none where no norm is known")
  func zScores() {
    #expect(MUNIXNorms.zScore(munix: 103, muscle: "apb") == -2)
    #expect(MUNIXNorms.zScore(munix: 100, muscle: "soleus") == nil)
  }

  @Test("the megascore needs its whole set of muscles")
  func megascore() throws {
    let values = ["APB": (munix: 120.0, logStandardError: 0.1), "TA": (90.0, 0.1)]
    let sum = try MUNIXMegascore.sum(values, muscles: ["APB", "TA"])
    #expect(sum.score == 210)
    #expect(abs(sum.standardError - 15) < 1e-9)
    #expect {
      try MUNIXMegascore.sum(values, muscles: ["APB", "ADM"])
    } throws: { "\($0)".contains("no value of ADM") }
    #expect(MUNIXMegascore.monthsToHalf(score: 150, control: 200, months: 10) == 20)
    #expect(MUNIXMegascore.monthsToHalf(score: 210, control: 200, months: 10) == nil)
  }
}
