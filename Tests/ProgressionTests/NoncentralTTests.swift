import Testing

@testable import Progression

@Suite struct NoncentralTTests {
  /// Without an effect the power is the level, also below one degree of freedom.
  @Test(arguments: [0.05, 0.3, 0.7, 1, 1.5, 1.99, 2, 2.01, 5, 40, 1_000])
  func withoutAnEffectThePowerIsTheLevel(_ df: Double) {
    let power = NoncentralT.power(noncentrality: 0, degreesOfFreedom: df)
    #expect(abs(power - 0.05) < 1e-4, "\(power)")
  }

  /// R: 1 - pt(qt(.975, df), df, 3) + pt(-qt(.975, df), df, 3).
  @Test(arguments: [(1.0, 0.186_132_06), (3, 0.532_792_61), (10, 0.771_401_44)])
  func powerIsThatOfTheNoncentralDistribution(_ df: Double, _ expected: Double) {
    let power = NoncentralT.power(noncentrality: 3, degreesOfFreedom: df)
    #expect(abs(power - expected) < 1e-6, "\(power)")
  }

  /// A cohort of so few that a degree of freedom is hardly left: the plan ends, and says that nothing is
  /// detected.
  @Test(arguments: StudyPlan.DropoutPattern.allCases)
  func plansOfSmallCohortsEnd(_ pattern: StudyPlan.DropoutPattern) throws {
    let plan = StudyPlan(dropout: 0.25, dropoutPattern: pattern)
    for patients in [4, 6, 8, 12] {
      let result = try? plan.cohort(patients: patients, controls: true)
      if let result { #expect((0...1.001).contains(result.power), "\(result)") }
    }
    let needed = try plan.patientsNeeded(power: 0.8, controls: true)
    #expect(needed.map { $0.power >= 0.8 } == true)
  }
}
