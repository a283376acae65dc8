import Testing

@testable import Progression

@Suite struct ResponderAnalysisTests {
  @Test func respondersAndNumberNeededToTreat() {
    let good = (0..<6).map { _ in SubjectSlopes.example(slope: -0.06, change: 0.05) }
    let poor = (0..<4).map { _ in SubjectSlopes.example(slope: -0.06, change: 0.0) }
    let rising = [SubjectSlopes.example(slope: 0.02, change: 0.05)]
    let result = ResponderAnalysis(good + poor + rising)
    #expect(result.responders.count == 6 && result.patients == 11)
    #expect(result.numberNeededToTreat == nil)
    // Newcombe 1998, table II (a): 56/70 and 48/80, difference .20, interval .0524 to .3339.
    let needed = NumberNeededToTreat(
      responders: 56, treated: 70, controlResponders: 48, controls: 80)
    #expect(agree(needed.riskDifference, 0.2, relative: 1e-12))
    #expect(abs(needed.lower - 0.0524) < 1e-4 && abs(needed.upper - 0.3339) < 1e-4)
    #expect(agree(needed.value ?? 0, 5, relative: 1e-12))
  }

  @Test func chanceRateIsReproducibleAndBelowTheTwoLineRule() throws {
    var generator = TestGenerator(5)
    let table = CohortSimulation(patients: 16).table(using: &generator)
    let fit = try MixedModel().fit(table)
    var first = TestGenerator(6)
    var second = TestGenerator(6)
    let rate = try ChanceResponderRate(fit, cohorts: 10, using: &first)
    #expect(rate == (try ChanceResponderRate(fit, cohorts: 10, using: &second)))
    #expect(rate.patients == 160)
    #expect(rate.posterior < rate.twoLines)
    // Two lines through few visits call a third and more by chance.
    #expect(rate.twoLines > 0.2 && rate.twoLines < 0.6)
  }
}
