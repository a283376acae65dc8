import RealModule
import TestSupport
import Testing

@testable import Progression

/// Priors from earlier trials: published formulas, R's integrals (Scripts/references/historical.R), simulation.
@Suite struct HistoricalPriorTests {
  /// Six placebo arms of trials in Crohn's disease with an SD of 88, after Hueber and others 2012, Gut 61.
  private static let crohn = zip(
    [-51.0, -49, -36, -47, -90, -54], [74.0, 166, 328, 20, 25, 58]
  ).map { HistoricalPrior.Trial(mean: $0, standardError: 88 / $1.squareRoot()) }

  /// What historical.R prints.
  private static let reference = (
    mean: -50.32412112, deviation: 19.681876, worth: 40.84558276, robustWorth: 29.67414324
  )

  private func prior(
    _ trials: [HistoricalPrior.Trial], _ between: HistoricalPrior.BetweenTrials,
    weight: Double = 0, unit: Double = 88
  ) throws -> HistoricalPrior {
    try HistoricalPrior(trials, between: between, robustWeight: weight, unitDeviation: unit)
  }

  /// One trial and a known SD between trials: mean y, variance s^2 + 2 tau^2.
  @Test func oneTrialWithAKnownDeviation() throws {
    let own = try prior([.init(mean: 3, standardError: 0.5)], .known(0.7), unit: 4)
    #expect(own.components.count == 1 && agree(own.mean, 3, relative: 1e-12))
    #expect(agree(own.standardDeviation, (0.25 + 2 * 0.49).squareRoot(), relative: 1e-12))
    // A normal prior is worth sigma^2 / variance by either definition.
    let worth = 16 / (0.25 + 2 * 0.49)
    #expect(agree(own.momentSampleSize, worth, relative: 1e-10))
    #expect(agree(own.effectiveSampleSize, worth, relative: 1e-4))
  }

  /// Mean and SD of the predictive distribution and its worth as R integrates them.
  @Test func crohnsTrialsAsInR() throws {
    let own = try prior(Self.crohn, .halfNormal(scale: 44))
    #expect(agree(own.mean, Self.reference.mean, relative: 2e-3))
    #expect(agree(own.standardDeviation, Self.reference.deviation, relative: 0.02))
    #expect(agree(own.effectiveSampleSize, Self.reference.worth, relative: 0.03))
    let robust = try prior(Self.crohn, .halfNormal(scale: 44), weight: 0.2)
    #expect(agree(robust.effectiveSampleSize, Self.reference.robustWorth, relative: 0.03))
    #expect(robust.effectiveSampleSize < own.effectiveSampleSize)
    #expect(robust.momentSampleSize < robust.effectiveSampleSize)
  }

  /// Expected worth of the posterior after n patients: that of before plus n, after Neuenschwander and others 2020.
  @Test(arguments: [10.0, 40])
  func worthIsPredictivelyConsistent(_ patients: Double) throws {
    let own = try prior(Self.crohn, .known(12), weight: 0.3)
    let before = own.effectiveSampleSize
    // The estimate's predictive distribution, component by component, on a fine grid.
    let variance = 88 * 88 / patients
    var expected = 0.0
    let step = 0.02
    for part in own.components {
      let spread = (part.standardDeviation * part.standardDeviation + variance).squareRoot()
      for z in stride(from: -6.0, through: 6, by: step) {
        let density = Double.exp(-0.5 * z * z) / (2 * Double.pi).squareRoot()
        let after = own.updated(part.mean + spread * z, variance)
        expected += part.weight * step * density * after.effectiveSampleSize
      }
    }
    #expect(agree(expected, before + patients, relative: 1e-3))
  }

  /// Without history the rule is Student's two-sided test of the difference.
  @Test func withoutHistoryTheLevelIsKept() throws {
    let vague = try prior([.init(mean: 0, standardError: 1e5)], .known(0), unit: 1e4)
    let arms = HistoricalPrior.Arms(
      control: 0, treated: 0, controlVariance: 0.4, treatedVariance: 0.3, covariance: 0.1)
    #expect(agree(vague.probabilityOfShowing(arms), 0.025, relative: 1e-3))
    var shown = arms
    let error = (0.4 + 0.3 - 0.2).squareRoot()
    shown.treated = 1.2
    let power = NormalDistribution.cumulative(1.2 / error - NormalDistribution.quantile(0.975))
    #expect(agree(vague.probabilityOfShowing(shown), power, relative: 1e-4))
    shown.treated = error * StudentT.quantile(0.975, degreesOfFreedom: 20)
    #expect(agree(vague.posterior(shown, degreesOfFreedom: 20).probability, 0.975, relative: 1e-5))
  }

  /// The treated arm's estimate at the bound has a posterior probability of .975, and conflict is seen.
  @Test func posteriorOfConflict() throws {
    let own = try prior(Self.crohn, .known(10), weight: 0.2)
    func weight(_ control: Double) -> Double {
      own.posterior(
        HistoricalPrior.Arms(
          control: control, treated: -50, controlVariance: 60, treatedVariance: 40, covariance: 0)
      ).vagueWeight
    }
    #expect(weight(-45) < 0.2 && weight(40) > 0.95)
    // One normal component: the conjugate formulas of Neuenschwander et al. 2010.
    let single = try prior([.init(mean: 1, standardError: 0.5)], .known(0), unit: 4)
    let found = single.posterior(
      HistoricalPrior.Arms(
        control: 2, treated: 5, controlVariance: 0.5, treatedVariance: 0.2, covariance: 0))
    let mean = (1 / 0.25 + 2 / 0.5) / (1 / 0.25 + 1 / 0.5)
    #expect(agree(found.difference, 5 - mean, relative: 1e-12))
    #expect(
      agree(
        found.standardDeviation, (0.2 + 1 / (1 / 0.25 + 1 / 0.5)).squareRoot(), relative: 1e-12))
  }

  /// Correlated estimates: the closed form equals drawing the two means from their joint posterior.
  @Test func correlatedEstimates() throws {
    let own = try prior([.init(mean: 0.5, standardError: 0.6)], .known(0.3), weight: 0.4, unit: 3)
    let arms = HistoricalPrior.Arms(
      control: 1.1, treated: 1.6, controlVariance: 0.3, treatedVariance: 0.25, covariance: 0.12)
    let found = own.posterior(arms)
    // Importance sampling of the control's mean on a grid, the treated mean given it.
    var (total, first, second, above) = (0.0, 0.0, 0.0, 0.0)
    let rho = 0.12 / 0.3
    let rest = (0.25 - rho * 0.12).squareRoot()
    for k in -4_000...4_000 {
      let mean = 0.005 * Double(k)
      let z = (1.1 - mean) / 0.3.squareRoot()
      let density = own.components.reduce(0.0) { sum, part in
        let u = (mean - part.mean) / part.standardDeviation
        return sum + part.weight / part.standardDeviation * Double.exp(-0.5 * u * u)
      }
      let weight = density * Double.exp(-0.5 * z * z)
      let difference = 1.6 + rho * (mean - 1.1) - mean
      total += weight
      first += weight * difference
      second += weight * (difference * difference + rest * rest)
      above += weight * NormalDistribution.cumulative(difference / rest)
    }
    let expected = first / total
    #expect(agree(found.difference, expected, relative: 1e-6))
    #expect(
      agree(
        found.standardDeviation, (second / total - expected * expected).squareRoot(),
        relative: 1e-6))
    #expect(agree(found.probability, above / total, relative: 1e-6))
  }

  @Test func whatIsRefused() {
    #expect(throws: ProgressionError.self) { try prior([], .known(1)) }
    #expect(throws: ProgressionError.self) { try prior(Self.crohn, .known(-1)) }
    #expect(throws: ProgressionError.self) { try prior(Self.crohn, .known(1), weight: 1) }
    #expect(throws: ProgressionError.self) {
      try prior([.init(mean: 1, standardError: 0)], .known(1))
    }
  }

  /// A plan against simulated trials, each fitted by the mixed model, at no drift and in conflict.
  @Test func planAgainstSimulation() throws {
    var random = TestGenerator(90_417)
    let study = HistoricalCalibration(weights: [0.2], drifts: [0, 2], replicates: 300)
    for row in try study.run(using: &random) {
      #expect(row.failures == 0)
      for (planned, simulated) in zip(row.planned, row.simulated) {
        let error = (planned * (1 - planned) / 300).squareRoot()
        #expect(abs(planned - simulated) < 4 * error + 0.005, "drift \(row.drift)")
      }
    }
  }
}
