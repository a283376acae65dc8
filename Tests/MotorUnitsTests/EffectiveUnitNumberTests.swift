import Testing

@testable import MotorUnits

@Suite struct EffectiveUnitNumberTests {
  @Test func equalPowersCountUnits() throws {
    let number = try #require(
      EffectiveUnitNumber(unitPowers: [2, 2, 2, 2, 2], unexplained: 0))
    #expect(abs(number.value - 5) < 1e-12)
    #expect(number.lowerBound == number.value && number.upperBound == number.value)
  }

  @Test func boundsEncloseTheValue() throws {
    let number = try #require(EffectiveUnitNumber(unitPowers: [5, 3, 1, 1], unexplained: 4))
    #expect(number.lowerBound < number.value && number.value < number.upperBound)
    // Scale cancels.
    let scaled = try #require(
      EffectiveUnitNumber(unitPowers: [50, 30, 10, 10], unexplained: 40))
    #expect(abs(scaled.value - number.value) < 1e-9)
    #expect(EffectiveUnitNumber(unitPowers: [1], unexplained: 1) == nil)
  }
}
