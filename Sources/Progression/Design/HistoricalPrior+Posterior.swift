import RealModule

extension HistoricalPrior {
  /// What a trial with its own controls finds with this prior of their mean.
  public struct Posterior: Sendable, Codable, Equatable {
    /// Posterior mean of the treated arm's mean less that of the controls.
    public let difference: Double
    /// Its SD.
    public let standardDeviation: Double
    /// Probability that the difference is above zero.
    public let probability: Double
    /// Posterior weight of the vague component: near 1 where the controls contradict the history.
    public let vagueWeight: Double
  }

  /// Means of two arms as estimated, with their covariance.
  public struct Arms: Sendable, Codable, Equatable {
    /// Estimated mean of the controls.
    public var control: Double
    /// Estimated mean of the treated.
    public var treated: Double
    /// Variance of the controls' mean.
    public var controlVariance: Double
    /// Variance of the treated arm's mean.
    public var treatedVariance: Double
    /// Covariance of both.
    public var covariance: Double

    /// Estimates with their covariance.
    public init(
      control: Double, treated: Double, controlVariance: Double, treatedVariance: Double,
      covariance: Double
    ) {
      self.control = control
      self.treated = treated
      self.controlVariance = controlVariance
      self.treatedVariance = treatedVariance
      self.covariance = covariance
    }
  }

  /// The posterior of the difference of two arms; the treated arm's mean has a flat prior.
  ///
  /// - Parameters:
  ///   - arms: means of both arms with their covariance.
  ///   - degreesOfFreedom: of the test of the difference; variances are multiplied so that without any
  ///     history the probability is above .975 exactly where Student's t is above its own bound.
  public func posterior(_ arms: Arms, degreesOfFreedom: Double = .infinity) -> Posterior {
    let (mixture, after) = difference(arms, degreesOfFreedom: degreesOfFreedom)
    return Posterior(
      difference: mixture.mean, standardDeviation: mixture.standardDeviation,
      probability: 1 - mixture.cumulative(0), vagueWeight: after.vagueWeight)
  }

  static func inflation(_ degreesOfFreedom: Double) -> Double {
    guard degreesOfFreedom.isFinite else { return 1 }
    let ratio =
      StudentT.quantile(0.975, degreesOfFreedom: degreesOfFreedom)
      / NormalDistribution.quantile(0.975)
    return ratio * ratio
  }

  /// The posterior of the difference, and that of the controls' mean.
  func difference(
    _ arms: Arms, degreesOfFreedom: Double
  ) -> (NormalMixture, controls: HistoricalPrior) {
    let scale = Self.inflation(degreesOfFreedom)
    let rho = arms.covariance / arms.controlVariance
    let rest = max(0, scale * (arms.treatedVariance - rho * arms.covariance))
    // Given the controls' true mean c, the treated mean is normal about treated + rho (c - control).
    let after = updated(arms.control, scale * arms.controlVariance)
    return (
      NormalMixture(
        weights: after.components.map(\.weight),
        means: after.components.map { arms.treated - rho * arms.control + (rho - 1) * $0.mean },
        deviations: after.components.map {
          (rest + (1 - rho) * (1 - rho) * $0.standardDeviation * $0.standardDeviation).squareRoot()
        }), after
    )
  }

  /// Probability that a trial shows its treated arm above the controls.
  ///
  /// Shown means a posterior probability above 1 - alpha / 2 of a difference above zero. The controls' estimate is
  /// integrated over on 241 points; given it the treated arm's has to exceed a quantile of a mixture.
  /// - Parameters:
  ///   - truth: true means and the covariance of their estimates.
  ///   - degreesOfFreedom: as in `posterior`.
  ///   - alpha: two-sided level.
  public func probabilityOfShowing(
    _ truth: Arms, degreesOfFreedom: Double = .infinity, alpha: Double = 0.05
  ) -> Double {
    let rho = truth.covariance / truth.controlVariance
    let spread = max(
      1e-300, truth.treatedVariance - rho * truth.covariance
    ).squareRoot()
    let error = truth.controlVariance.squareRoot()
    let step = 0.05
    var sum = 0.0
    for k in -120...120 {
      let z = step * Double(k)
      let control = truth.control + z * error
      // The difference's posterior moves with the treated estimate alone: its bound is a quantile.
      var found = truth
      found.control = control
      found.treated = 0
      let (mixture, _) = difference(found, degreesOfFreedom: degreesOfFreedom)
      let bound = -mixture.quantile(alpha / 2)
      let expected = truth.treated + rho * z * error
      sum +=
        step * Double.exp(-0.5 * z * z) / (2 * Double.pi).squareRoot()
        * NormalDistribution.cumulative((expected - bound) / spread)
    }
    return sum
  }
}
