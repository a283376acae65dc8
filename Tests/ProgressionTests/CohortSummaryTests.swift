import Foundation
import TestSupport
import Testing

@testable import Progression

@Suite struct FiellerIntervalTests {
  @Test func isTheSetThatATestDoesNotRefute() throws {
    let interval = FiellerInterval(
      slope: -0.045, change: 0.02, slopeVariance: 4e-5, changeVariance: 6e-5, covariance: -3e-5)
    #expect(interval.shape == .interval)
    #expect(agree(interval.percentSlowing, 44.4444444, relative: 1e-8))
    for end in [try #require(interval.lower), try #require(interval.upper)] {
      let r = -end / 100
      let z = (0.02 - r * -0.045) / (6e-5 + r * r * 4e-5 + 2 * r * 3e-5).squareRoot()
      #expect(agree(abs(z), 1.959963984540054, relative: 1e-9))
    }
  }

  @Test func uncertainSlopesGiveNoInterval() {
    let open = FiellerInterval(
      slope: -0.001, change: 0.02, slopeVariance: 4e-5, changeVariance: 6e-5, covariance: -3e-5)
    #expect(open.shape == .exclusive)
    let all = FiellerInterval(
      slope: -0.001, change: 0.001, slopeVariance: 4e-5, changeVariance: 6e-5, covariance: -3e-5)
    #expect(all.shape == .unbounded && all.lower == nil)
  }
}

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

@Suite struct AttritionTests {
  @Test func accountsForDropoutAndDeath() throws {
    guard let table = try ReferenceData.cohort("als40_dropout.csv"),
      let survival = try ReferenceData.csv("als40_survival.csv")
    else { return }
    let events = survival.filter { $0["death"] == "1" }.map {
      Attrition.Event(
        subject: $0["patient"] ?? "", time: ReferenceData.number($0["time"]), kind: .death)
    }
    let result = try Attrition(table, events: events, plannedEnd: 14, visitGap: 2.5)
    #expect(result.subjects == 40 && result.counts["death"] == 11)
    #expect(agree(result.deathShare, 11.0 / 40, relative: 1e-12) && result.needsSensitivity)
    #expect(result.warnings.contains { $0.hasPrefix("deaths exceed 10 %") })
    #expect(throws: ProgressionError.self) {
      try Attrition(
        table, events: [Attrition.Event(subject: "nobody", time: 1, kind: .death)], plannedEnd: 14,
        visitGap: 2)
    }
  }
}

@Suite struct SensitivityAnalysisTests {
  @Test func repeatsTheModel() throws {
    guard let table = try ReferenceData.cohort("als60_two_arm.csv", arm: true) else { return }
    let model = MixedModel(armEffects: .slopeChange)
    let result = SensitivityAnalysis(table, model: model)
    #expect(result.effect == "post:arm")
    #expect(result.lines.count >= 7 && result.lines.allSatisfy { $0.estimate != nil })
    let first = try #require(result.lines[0].estimate)
    #expect(agree(first.standardError, 0.00904538234421603, relative: 1e-4))
    let lag = try #require(result.lines.first { $0.name == "onset after 3.0 months" }?.estimate)
    #expect(lag.value != first.value)
  }
}

@Suite struct PatternMixtureTests {
  @Test func averagesThePatterns() throws {
    guard let table = try ReferenceData.cohort("als40_dropout.csv"),
      let survival = try ReferenceData.csv("als40_survival.csv")
    else { return }
    let dead = Set(survival.filter { $0["death"] == "1" }.compactMap { $0["patient"] })
    let result = try PatternMixture(table, leavers: dead)
    #expect(result.leavers == 11 && result.completers == 29)
    let expected = result.completerChange.value * 29 / 40 + result.leaverChange.value * 11 / 40
    #expect(agree(result.average.value, expected, relative: 1e-10))
    #expect(result.adjusted.count == 4)
    #expect(
      agree(
        result.adjusted[0].estimate.value, result.average.value - 0.005 * 11 / 40, relative: 1e-10))
    if let tip = result.tippingPoint { #expect(tip < 0) }
    #expect(throws: ProgressionError.self) { try PatternMixture(table, leavers: []) }
  }
}

@Suite struct SharedParameterModelTests {
  @Test func gaussHermiteMoments() {
    let nodes = GaussHermite.nodes(15)
    func expectation(_ f: (Double) -> Double) -> Double {
      nodes.reduce(0) { $0 + $1.weight * f($1.x) }
    }
    #expect(agree(expectation { _ in 1 }, 1, relative: 1e-12))
    #expect(agree(expectation { $0 * $0 }, 1, relative: 1e-12))
    #expect(agree(expectation { $0 * $0 * $0 * $0 }, 3, relative: 1e-11))
  }

  @Test(.enabled(if: TestTier.isLong)) func deathsOfFastProgressors() throws {
    guard let table = try ReferenceData.cohort("als40_dropout.csv"),
      let survival = try ReferenceData.csv("als40_survival.csv")
    else { return }
    let records = survival.map {
      SharedParameterModel.Survival(
        subject: $0["patient"] ?? "", time: ReferenceData.number($0["time"]),
        died: $0["death"] == "1")
    }
    let joint = try SharedParameterModel(table, survival: records)
    #expect(joint.deaths == 11)
    let fit = try MixedModel(criterion: .full).fit(table)
    #expect(agree(joint.changeWithoutDeaths.value, fit.coefficients[2], relative: 1e-9))
    // Without an association both likelihoods separate; with it the joint one can only be better.
    let exposure = records.reduce(0) { $0 + $1.time }
    let separate = fit.criterion - 2 * (11 * log(11 / exposure) - 11)
    #expect(joint.criterion <= separate + 1e-6)
    #expect(joint.change.standardError > 0 && joint.association.standardError > 0)
    #expect(abs(joint.change.value - joint.changeWithoutDeaths.value) < 0.02)
  }
}
