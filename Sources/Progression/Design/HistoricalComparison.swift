import RealModule

/// Control arms of earlier trials, and how far a trial's own controls may differ from them.
public struct HistoricalControls: Sendable, Codable, Equatable {
  /// The control arms.
  public var trials: [HistoricalPrior.Trial]
  /// What they tell.
  public var quantity: HistoricalPlan.Quantity
  /// What is known of the SD between trials.
  public var between: HistoricalPrior.BetweenTrials
  /// Weight of the vague component, from 0 to less than 1.
  public var robustWeight: Double

  /// Control arms with the same unit of means, errors and SD between trials.
  public init(
    _ trials: [HistoricalPrior.Trial], of quantity: HistoricalPlan.Quantity = .slope,
    between: HistoricalPrior.BetweenTrials, robustWeight: Double = 0.2
  ) {
    self.trials = trials
    self.quantity = quantity
    self.between = between
    self.robustWeight = robustWeight
  }
}

/// The controls' mean and the difference of the arms after a trial, with controls of earlier trials as a prior.
///
/// The mixed model's two means after the first dose with their Kenward-Roger covariance count as normal, widened
/// as `HistoricalPrior.posterior` says; the controls' mean has the robust prior, the treated arm's a flat one
/// (Schmidli et al. 2014, Biometrics 70). A comparison that depends on history: it stands beside the trial's own.
public struct HistoricalComparison: Sendable, Codable, Equatable {
  /// A mean with its SD and a central 95 % interval, in units of the slopes.
  public struct Summary: Sendable, Codable, Equatable {
    /// The mean.
    public let mean: Double
    /// Its SD.
    public let standardDeviation: Double
    /// The 2.5 % quantile.
    public let lower: Double
    /// The 97.5 % quantile.
    public let upper: Double

    init(_ mixture: NormalMixture) {
      mean = mixture.mean
      standardDeviation = mixture.standardDeviation
      lower = mixture.quantile(0.025)
      upper = mixture.quantile(0.975)
    }
  }

  /// What the history tells of control arms.
  public let quantity: HistoricalPlan.Quantity
  /// The prior of the controls' mean.
  public let prior: HistoricalPrior
  /// Control patients of the trial.
  public let controls: Int
  /// Control patients that the prior is worth (expected local-information-ratio).
  public let effectiveSampleSize: Double
  /// The same of the posterior less the trial's own controls; near zero where these overrule the history.
  public let borrowedSampleSize: Double
  /// Posterior weight of the vague component; its prior weight is `prior.robustWeight`.
  public let vagueWeight: Double
  /// Two-sided probability, by the prior without its vague component, of controls at least as far from its mean as
  /// those of the trial (Box 1980); 1 where they agree.
  public let conflictP: Double
  /// The controls' mean by the trial alone.
  public let controlAlone: Estimate
  /// The controls' mean with the history.
  public let control: Summary
  /// Treated less controls by the trial alone: Kenward and Roger's estimate.
  public let differenceAlone: Estimate
  /// Treated less controls with the history.
  public let difference: Summary
  /// Posterior probability that the treated decline more slowly.
  public let probability: Double

  /// Below this `conflictP` outputs speak of a conflict.
  public static let conflictLevel = 0.05

  /// Whether the trial's controls contradict the history.
  public var isInConflict: Bool { conflictP < Self.conflictLevel }

  /// Compares the two arms of a fitted trial.
  ///
  /// - Parameters:
  ///   - fit: a restricted-likelihood fit with an effect `post:arm`.
  ///   - history: control arms of earlier trials, in units of the fit's slopes.
  ///   - controls: control patients with values after the first dose.
  /// - Throws: `ProgressionError` without arms, where the controls' slope depends on a covariate, and as
  ///   `HistoricalPrior` does.
  public init(_ fit: MixedModelFit, history: HistoricalControls, controls: Int) throws {
    let arms = try HistoricalPrior.FittedArms(fit, of: history.quantity)
    guard controls > 0 else {
      throw ProgressionError.notEstimable(
        effect: "the controls' \(history.quantity.rawValue)",
        reason: "no control has values after the first dose")
    }
    let prior = try HistoricalPrior(
      history.trials, between: history.between, robustWeight: history.robustWeight,
      unitDeviation: (arms.means.controlVariance * Double(controls)).squareRoot())
    self.init(arms, prior: prior, of: history.quantity, controls: controls)
  }

  init(
    _ arms: HistoricalPrior.FittedArms, prior: HistoricalPrior,
    of quantity: HistoricalPlan.Quantity, controls: Int
  ) {
    let df = arms.difference.degreesOfFreedom
    let (mixture, after) = prior.difference(arms.means, degreesOfFreedom: df)
    self.quantity = quantity
    self.prior = prior
    self.controls = controls
    effectiveSampleSize = prior.effectiveSampleSize
    borrowedSampleSize =
      after.effectiveSampleSize - Double(controls) / HistoricalPrior.inflation(df)
    vagueWeight = after.vagueWeight
    conflictP = prior.tailProbability(
      arms.means.control,
      variance: HistoricalPrior.inflation(df) * arms.means.controlVariance)
    controlAlone = arms.control
    control = Summary(after.mixture)
    differenceAlone = arms.difference
    difference = Summary(mixture)
    probability = 1 - mixture.cumulative(0)
  }
}

extension HistoricalPrior {
  /// Two arms of a fitted trial.
  struct FittedArms {
    let means: Arms
    /// The controls' mean with Kenward and Roger's test.
    let control: Estimate
    /// Treated less controls with Kenward and Roger's test.
    let difference: Estimate

    /// - Throws: `ProgressionError` without arms and where the slopes depend on a covariate.
    init(_ fit: MixedModelFit, of quantity: HistoricalPlan.Quantity) throws {
      let (names, time) = (fit.effectNames, fit.model.timeName)
      guard names.contains("post:arm") else {
        throw ProgressionError.notEstimable(
          effect: "a comparison with earlier controls",
          reason: "there are no two arms with a change of slope each")
      }
      let known = ["\(time):arm", "post:arm"]
      if let other = names.first(where: {
        ($0.hasPrefix("\(time):") || $0.hasPrefix("post:")) && !known.contains($0)
      }) {
        throw ProgressionError.notEstimable(
          effect: "the controls' \(quantity.rawValue)",
          reason: "it depends on a covariate (\(other)), which earlier trials do not tell")
      }
      let exact = try fit.kenwardRoger()
      let isSlope = quantity == .slope
      let own = names.map { $0 == "post" || (isSlope && $0 == time) ? 1.0 : 0 }
      let contrast = names.map { $0 == "post:arm" || (isSlope && $0 == "\(time):arm") ? 1.0 : 0 }
      control = exact.estimate(own)
      difference = exact.estimate(contrast)
      let treated = exact.estimate(zip(own, contrast).map(+))
      func square(_ estimate: Estimate) -> Double {
        estimate.standardError * estimate.standardError
      }
      means = Arms(
        control: control.value, treated: treated.value, controlVariance: square(control),
        treatedVariance: square(treated),
        covariance: 0.5 * (square(control) + square(treated) - square(difference)))
    }
  }

  /// Probability of an estimate as far from the prior's mean as this one, without the vague component.
  func tailProbability(_ estimate: Double, variance: Double) -> Double {
    let own = robustWeight > 0 ? Array(components.dropLast()) : components
    let total = own.reduce(0) { $0 + $1.weight }
    let mixture = NormalMixture(
      weights: own.map { $0.weight / total }, means: own.map(\.mean),
      deviations: own.map {
        ($0.standardDeviation * $0.standardDeviation + variance).squareRoot()
      })
    let below = mixture.cumulative(estimate)
    return min(1, 2 * min(below, 1 - below))
  }

  /// Weight of the last component where it is the vague one.
  var vagueWeight: Double { robustWeight > 0 ? components.last?.weight ?? 0 : 0 }
}
