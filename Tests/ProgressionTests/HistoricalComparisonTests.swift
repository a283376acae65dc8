import RealModule
import TestSupport
import Testing

@testable import Progression

/// A fitted trial joined with controls of earlier trials.
@Suite struct HistoricalComparisonTests {
  private static func fit(
    _ effects: MixedModel.ArmEffects = .slopeChange, covariates: [String] = []
  ) throws -> MixedModelFit {
    var random = TestGenerator(77)
    let table = CohortSimulation(patients: 40, slopeChange: 0.02, hasControls: true)
      .table(using: &random)
    return try MixedModel(armEffects: effects, covariates: covariates).fit(
      table.mapRows { row in
        var row = row
        row.covariates = ["age": Double((Int(row.subject.dropFirst()) ?? 0) % 7)]
        return row
      })
  }

  private static func history(
    _ mean: Double, _ error: Double, of quantity: HistoricalPlan.Quantity = .slope,
    between: Double = 0, weight: Double = 0
  ) -> HistoricalControls {
    HistoricalControls(
      [.init(mean: mean, standardError: error)], of: quantity, between: .known(between),
      robustWeight: weight)
  }

  /// A history that tells nothing leaves the trial's own estimate and test.
  @Test(arguments: [HistoricalPlan.Quantity.slope, .change])
  func anUninformativeHistoryChangesNothing(_ quantity: HistoricalPlan.Quantity) throws {
    let fit = try Self.fit()
    let own = try HistoricalComparison(
      fit, history: Self.history(0, 50, of: quantity), controls: 20)
    let exact = try #require(fit.kenwardRoger().effects.last?.estimate)
    #expect(agree(own.differenceAlone.value, exact.value, relative: 1e-12))
    #expect(agree(own.difference.mean, exact.value, relative: 1e-5))
    #expect(agree(own.difference.lower, exact.lower, relative: 1e-4))
    #expect(agree(own.difference.upper, exact.upper, relative: 1e-4))
    #expect(agree(own.control.mean, own.controlAlone.value, relative: 1e-5))
    #expect(abs(own.borrowedSampleSize) < 1e-3 && own.effectiveSampleSize < 1e-3)
    #expect(own.conflictP > 0.99 && !own.isInConflict)
  }

  /// One normal component: the conjugate mean of the controls, and what follows for the difference.
  @Test func oneTrialIsConjugate() throws {
    let fit = try Self.fit()
    let exact = try fit.kenwardRoger()
    let names = fit.effectNames
    let control = exact.estimate(names.map { $0 == "t" || $0 == "post" ? 1 : 0 })
    let difference = exact.estimate(names.map { $0 == "post:arm" ? 1 : 0 })
    let error = 0.7 * control.standardError
    let mean = control.value - 0.5 * control.standardError
    let own = try HistoricalComparison(fit, history: Self.history(mean, error), controls: 20)
    let ratio =
      StudentT.quantile(0.975, degreesOfFreedom: difference.degreesOfFreedom)
      / NormalDistribution.quantile(0.975)
    let variance = ratio * ratio * control.standardError * control.standardError
    let weight = variance / (variance + error * error)
    #expect(
      agree(
        own.control.mean, weight * mean + (1 - weight) * control.value, relative: 1e-9))
    #expect(
      agree(
        own.control.standardDeviation,
        (variance * error * error / (variance + error * error)).squareRoot(),
        relative: 1e-9))
    // Worth sigma^2 / error^2 before and after, as the prior is normal.
    let worth = 20 * control.standardError * control.standardError / (error * error)
    #expect(agree(own.effectiveSampleSize, worth, relative: 1e-4))
    #expect(agree(own.borrowedSampleSize, worth, relative: 1e-3))
    let z = 0.5 * control.standardError / (variance + error * error).squareRoot()
    #expect(agree(own.conflictP, 2 * NormalDistribution.cumulative(-z), relative: 1e-8))
    #expect(
      agree(
        own.probability,
        1 - NormalDistribution.cumulative(-own.difference.mean / own.difference.standardDeviation),
        relative: 1e-8))
  }

  /// Controls far from the history overrule it where the prior is robust, and are said to.
  @Test func conflictIsSeen() throws {
    let fit = try Self.fit()
    let alone = try HistoricalComparison(fit, history: Self.history(0, 50), controls: 20)
    let error = alone.controlAlone.standardError
    let history = Self.history(
      alone.controlAlone.value - 8 * error, 0.5 * error, weight: 0.2)
    let own = try HistoricalComparison(fit, history: history, controls: 20)
    #expect(own.isInConflict && own.vagueWeight > 0.95)
    #expect(own.borrowedSampleSize < 0.2 * own.effectiveSampleSize)
    #expect(abs(own.control.mean - own.controlAlone.value) < 0.5 * error)
    // Without the vague component it pulls all the same.
    var rigid = history
    rigid.robustWeight = 0
    let pulled = try HistoricalComparison(fit, history: rigid, controls: 20)
    #expect(own.controlAlone.value - pulled.control.mean > 3 * error)
  }

  @Test func whatIsRefused() throws {
    let history = Self.history(-0.05, 0.01)
    for fit in [try Self.fit(.none), try Self.fit(covariates: ["t:age"])] {
      #expect(throws: ProgressionError.self) {
        try HistoricalComparison(fit, history: history, controls: 20)
      }
    }
    let fit = try Self.fit(.all)
    #expect(throws: ProgressionError.self) {
      try HistoricalComparison(fit, history: history, controls: 0)
    }
    // Where arms differ before therapy too, the difference is that of the later slopes.
    let own = try HistoricalComparison(fit, history: history, controls: 20)
    let names = fit.effectNames
    let sum = zip(names, fit.coefficients).reduce(0) {
      $0 + ($1.0 == "t:arm" || $1.0 == "post:arm" ? $1.1 : 0)
    }
    #expect(agree(own.differenceAlone.value, sum, relative: 1e-12))
  }
}
