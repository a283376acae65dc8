/// The percent slowing of a decline, -100 b2 / b1, with Fieller's interval.
public struct FiellerInterval: Sendable, Codable, Equatable {
  /// What the set of values not refuted looks like.
  public enum Shape: String, Sendable, Codable {
    /// An ordinary interval from `lower` to `upper`.
    case interval
    /// Everything outside (`lower`, `upper`): the slope before therapy does not differ from zero.
    case exclusive
    /// Every value: nothing is refuted.
    case unbounded
  }

  /// -100 b2 / b1 in percent; 100 is a full arrest.
  public let percentSlowing: Double
  /// The shape of the confidence set.
  public let shape: Shape
  /// Lower limit in percent; nil where the set is unbounded.
  public let lower: Double?
  /// Upper limit in percent; nil where the set is unbounded.
  public let upper: Double?

  /// Makes the interval from two estimates and their covariance (Fieller 1954).
  ///
  /// - `slope`: the slope before therapy, b1.
  /// - `change`: the change of slope, b2.
  /// - `slopeVariance`: its variance, with `changeVariance` and `covariance`.
  public init(
    slope: Double, change: Double, slopeVariance: Double, changeVariance: Double,
    covariance: Double, degreesOfFreedom: Double = .infinity, confidenceLevel: Double = 0.95
  ) {
    let t = StudentT.quantile(0.5 + confidenceLevel / 2, degreesOfFreedom: degreesOfFreedom)
    let t2 = t * t
    // (change - r slope)^2 <= t^2 Var(change - r slope), a quadratic in r = change / slope.
    let a = slope * slope - t2 * slopeVariance
    let b = slope * change - t2 * covariance
    let c = change * change - t2 * changeVariance
    let discriminant = b * b - a * c
    percentSlowing = -100 * change / slope
    if discriminant < 0 || a == 0 {
      shape = .unbounded
      lower = nil
      upper = nil
      return
    }
    let root = discriminant.squareRoot()
    let ends = [-100 * (b - root) / a, -100 * (b + root) / a].sorted()
    shape = a > 0 ? .interval : .exclusive
    lower = ends[0]
    upper = ends[1]
  }
}

extension MixedModelFit {
  /// The cohort's percent slowing with Fieller's interval from the Kenward-Roger covariance.
  ///
  /// - Throws: `ProgressionError` where the model has no slope change, or for a full-likelihood fit.
  public func percentSlowing(confidenceLevel: Double = 0.95) throws -> FiellerInterval {
    guard let time = effectNames.firstIndex(of: model.timeName),
      let post = effectNames.firstIndex(of: "post")
    else {
      throw ProgressionError.notEstimable(
        effect: "the percent slowing", reason: "the model has no term for the time after therapy")
    }
    let correction = try kenwardRoger()
    let covariance = correction.covariance
    let df = correction.effects[post].estimate.degreesOfFreedom
    return FiellerInterval(
      slope: coefficients[time], change: coefficients[post],
      slopeVariance: covariance[time][time], changeVariance: covariance[post][post],
      covariance: covariance[time][post], degreesOfFreedom: df, confidenceLevel: confidenceLevel)
  }
}
