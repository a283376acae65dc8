import Testing

@testable import Progression

@Suite struct RegressionToTheMeanTests {
  @Test func selectionFakesSlowing() throws {
    var generator = TestGenerator(9)
    // Monthly lead-in of four visits, the fastest third kept: no therapy, and yet a slowing.
    let simulation = CohortSimulation(
      patients: 24, visitTimes: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], visitJitter: 0, therapyTimes: [3])
    let biased = try SelectionBias(simulation, share: 1.0 / 3, cohorts: 6, using: &generator)
    #expect(biased.spuriousChange > 5 * biased.standardError && biased.spuriousChange > 0.02)
    let fair = try SelectionBias(simulation, share: 1, cohorts: 6, using: &generator)
    #expect(abs(fair.spuriousChange) < 4 * fair.standardError)
  }

  @Test func declaredSelectionWarns() throws {
    var generator = TestGenerator(10)
    let fit = try MixedModel().fit(CohortSimulation(patients: 30).table(using: &generator))
    #expect(RegressionToTheMean(fit, wasSelected: true).warnings.count == 1)
    let open = RegressionToTheMean(fit, wasSelected: false)
    #expect(open.warnings.isEmpty && open.patients == 30)
    #expect(open.dispersion > 0.4 && open.dispersion < 2)
  }
}
