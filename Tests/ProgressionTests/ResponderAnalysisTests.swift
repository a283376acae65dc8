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

  /// The rate by chance is that of the rule asked for: stricter shares call fewer.
  @Test func chanceRateFollowsTheRule() throws {
    var generator = TestGenerator(7)
    let table = CohortSimulation(patients: 24, sdSlopeChange: 0.02).table(using: &generator)
    let fit = try MixedModel().fit(table)
    let rates = try [0.25, 0.5, 0.75, 1].map { share -> ChanceResponderRate in
      var own = TestGenerator(8)
      return try ChanceResponderRate(
        fit, criterion: ResponderCriterion(share: share), cohorts: 12, using: &own)
    }
    for (a, b) in zip(rates, rates.dropFirst()) {
      #expect(a.posterior >= b.posterior && a.twoLines > b.twoLines)
    }
    #expect(rates[0].posterior > rates[3].posterior)
    // A slope after therapy of zero undoes the whole slope before it.
    var own = TestGenerator(8)
    let stopped = try ChanceResponderRate(
      fit, criterion: ResponderCriterion(slope: 0), cohorts: 12, using: &own)
    #expect(stopped.posterior == rates[3].posterior && stopped.twoLines == rates[3].twoLines)
  }

  /// P(slope after >= v) is the normal posterior of the sum of slope and change.
  @Test func absoluteRule() throws {
    let slopes = SubjectSlopes(
      subject: "P", slope: -0.06, slopeSD: 0.01, change: 0.04, changeSD: 0.02,
      covariance: -0.00005)
    let sd = (0.0001 + 0.0004 - 0.0001).squareRoot()
    #expect(
      agree(
        slopes.probability(ofSlopeFrom: -0.03), NormalDistribution.cumulative(0.01 / sd),
        relative: 1e-12))
    #expect(ResponderCriterion(probability: 0.6, slope: -0.03).isMet(slopes))
    #expect(!ResponderCriterion(slope: -0.01).isMet(slopes))
    var generator = TestGenerator(5)
    let table = CohortSimulation(patients: 16).table(using: &generator)
    let fit = try MixedModel().fit(table)
    let criterion = ResponderCriterion(slope: -0.02)
    let posterior = try fit.integratedPosterior(criterion: criterion)
    let plain = try fit.integratedPosterior()
    for (own, other) in zip(posterior.subjects, plain.subjects) {
      #expect(own.probabilityOfHalving == other.probabilityOfHalving)
      #expect(
        abs(own.probabilityOfResponse - own.slopes.probability(ofSlopeFrom: -0.02)) < 0.1)
    }
  }

  /// Values drawn with correlated residuals scatter as their fit says.
  @Test func chanceRateTakesTheResidualStructure() throws {
    var generator = TestGenerator(9)
    let table = CohortSimulation(patients: 60, residualCorrelation: 0.6).table(using: &generator)
    let plain = try MixedModel().fit(table)
    let comparison = try ResidualComparison(table, plain: plain)
    let residual = try #require(comparison.chosenFit)
    #expect(comparison.chosen == 1)
    let simulation = try FittedSimulation(plain, residual: residual)
    let size = plain.design.starts[1]
    let expected = try #require(
      residual.structure.matrices(pattern: 0, residual.marginal.components, order: 0)?.v)
    var sums = [Double](repeating: 0, count: size)
    var products = [Double](repeating: 0, count: size * size)
    let draws = 4_000
    for _ in 0..<draws {
      let drawn = simulation.table(withoutChange: true, using: &generator).rows[0..<size]
        .map(\.value)
      for i in 0..<size {
        sums[i] += drawn[i] / Double(draws)
        for j in 0..<size { products[i * size + j] += drawn[i] * drawn[j] / Double(draws) }
      }
    }
    for i in 0..<size {
      for j in 0..<size {
        let spread = (expected[i * size + i] * expected[j * size + j]).squareRoot()
        let found = products[i * size + j] - sums[i] * sums[j]
        #expect(abs(found - expected[i * size + j]) < 0.09 * spread)
      }
    }
    let rate = try ChanceResponderRate(plain, residual: residual, cohorts: 8, using: &generator)
    #expect(rate.patients == 480 && rate.posterior > 0 && rate.posterior < 0.5)
  }
}
