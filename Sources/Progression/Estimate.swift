import RealModule

/// An estimate with its standard error, degrees of freedom, interval and two-sided test of zero.
public struct Estimate: Sendable, Codable, Equatable {
  /// The estimated value, on the scale of the model.
  public let value: Double
  /// Its standard error.
  public let standardError: Double
  /// Degrees of freedom of the t statistic; infinite for a normal reference.
  public let degreesOfFreedom: Double
  /// Lower end of the interval.
  public let lower: Double
  /// Upper end of the interval.
  public let upper: Double
  /// The confidence level of the interval.
  public let confidenceLevel: Double

  /// Makes an estimate with a t interval of the given level.
  public init(
    value: Double, standardError: Double, degreesOfFreedom: Double, confidenceLevel: Double = 0.95
  ) {
    self.value = value
    self.standardError = standardError
    self.degreesOfFreedom = degreesOfFreedom
    self.confidenceLevel = confidenceLevel
    let quantile = StudentT.quantile(
      0.5 + confidenceLevel / 2, degreesOfFreedom: degreesOfFreedom)
    lower = value - quantile * standardError
    upper = value + quantile * standardError
  }

  /// value / standardError.
  public var t: Double { value / standardError }

  /// The two-sided p value of the hypothesis that the true value is zero.
  public var p: Double { StudentT.twoSided(t, degreesOfFreedom: degreesOfFreedom) }

  /// A slope of ln(value) expressed in percent per month, 100 (e^b - 1).
  public var percent: Double { Estimate.percent(value) }

  /// The interval in percent per month.
  public var percentInterval: ClosedRange<Double> {
    Estimate.percent(lower)...Estimate.percent(upper)
  }

  /// 100 (e^b - 1).
  public static func percent(_ slope: Double) -> Double { 100 * Double.expMinusOne(slope) }
}
