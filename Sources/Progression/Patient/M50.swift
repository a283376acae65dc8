import RealModule

/// The months from symptom onset to half of the control value.
///
/// The quantity is that of Ebersbach, Roediger et al. 2023 (Sci Rep 13:3981), for MUNIX and likewise
/// for the CMAP (CMAP50), not their way to it: the course between is taken to be exponential here,
/// ln(value / control) = a + b t, which is how counts are analysed throughout. M50 = -(ln 2 + a) / b,
/// with Fieller's interval (1954). Use visits before a therapy only: a change of slope bends the course
/// that is extrapolated.
public struct M50: Codable, Sendable, Equatable {
  /// What is known of the value at onset.
  public enum Course: String, Codable, Sendable {
    /// It was the control value (a = 0), so that one visit gives an M50; the default.
    case fromControlValue
    /// Nothing: a is estimated, from two visits on.
    case freeLevel
  }

  /// The mean of controls, in the unit of the values.
  public var control: Double
  /// What is known of the value at onset.
  public var course: Course
  /// Level of the interval.
  public var confidenceLevel: Double

  /// Makes a configuration.
  public init(control: Double, course: Course = .fromControlValue, confidenceLevel: Double = 0.95) {
    self.control = control
    self.course = course
    self.confidenceLevel = confidenceLevel
  }

  /// An M50.
  public struct Result: Codable, Sendable, Equatable {
    /// Months from onset to half of the control value.
    public let months: Double
    /// Lower end of the interval; nil where there are too few visits or nothing is refuted.
    public let lower: Double?
    /// Upper end; nil where there is none: a loss of zero is not refuted, or there is no interval.
    public let upper: Double?
    /// b, ln units a month, with n - 1 (from the control value) or n - 2 degrees of freedom; nil where
    /// these are 0.
    public let slope: Estimate?
    /// Whether half is reached only after the last visit, so that M50 is a forecast.
    public let isExtrapolated: Bool
    /// Visits that entered.
    public let visits: Int
    /// Visits left out for a value of zero, which has no logarithm.
    public let zeros: Int
  }

  /// The M50 of one patient and one measure (a muscle or a megascore of sums).
  ///
  /// - `monthsFromOnset`: times of the visits since the first symptom.
  /// - `values`: on the scale of the control, not their logarithms.
  /// - Throws: `ProgressionError.invalidTable` for a control that is not above zero, `.invalidRow` for
  ///   a time at or before onset or a negative value, `.tooFewVisits`, and `.notEstimable` where the
  ///   values do not fall or half lies before onset.
  public func estimate(monthsFromOnset times: [Double], values: [Double]) throws -> Result {
    precondition(times.count == values.count, "one value for each time")
    precondition(confidenceLevel > 0 && confidenceLevel < 1, "a level between 0 and 1")
    guard control > 0, control.isFinite else {
      throw ProgressionError.invalidTable(
        found: "a control value of \(control)", expected: "the mean of controls, above 0")
    }
    var t: [Double] = []
    var y: [Double] = []
    for (index, (time, value)) in zip(times, values).enumerated() {
      guard time > 0, time.isFinite else {
        throw ProgressionError.invalidRow(
          row: index + 1, found: "\(time) months from onset", expected: "a visit after onset")
      }
      guard value >= 0, value.isFinite else {
        throw ProgressionError.invalidRow(
          row: index + 1, found: "value \(value)", expected: "a value of zero or more")
      }
      if value == 0 { continue }
      t.append(time)
      y.append(Double.log(value / control))
    }
    let needed = course == .freeLevel ? 2 : 1
    let ones = [Double](repeating: 1, count: t.count)
    guard t.count >= needed,
      let fit = LeastSquares(columns: course == .freeLevel ? [t, ones] : [t], y: y)
    else {
      throw ProgressionError.tooFewVisits(
        found: "\(Set(t).count) with a value above zero", expected: "\(needed) for M50")
    }
    let b = fit.coefficients[0]
    let distance = Double.log(2) + (course == .freeLevel ? fit.coefficients[1] : 0)
    guard b < 0 else {
      throw ProgressionError.notEstimable(effect: "M50", reason: "the values do not fall")
    }
    guard distance > 0 else {
      throw ProgressionError.notEstimable(
        effect: "M50", reason: "the fitted line passes half of the control value before onset")
    }
    return result(fit, times: t, distance: distance, zeros: values.count - t.count)
  }

  private func result(_ fit: LeastSquares, times: [Double], distance: Double, zeros: Int) -> Result
  {
    let b = fit.coefficients[0]
    let months = -distance / b
    let df = fit.residualDegreesOfFreedom
    var slope: Estimate?
    var lower: Double?
    var upper: Double?
    if df > 0 {
      let p = fit.coefficients.count
      let variance = fit.residualSumOfSquares / Double(df)
      let covariance = fit.inverseCross.map { $0 * variance }
      slope = Estimate(
        value: b, standardError: covariance[0].squareRoot(), degreesOfFreedom: Double(df),
        confidenceLevel: confidenceLevel)
      // Fieller's set for -(ln 2 + a) / b, which that type gives in percent.
      let set = FiellerInterval(
        slope: b, change: distance, slopeVariance: covariance[0],
        changeVariance: p > 1 ? covariance[p + 1] : 0, covariance: p > 1 ? covariance[1] : 0,
        degreesOfFreedom: Double(df), confidenceLevel: confidenceLevel)
      switch set.shape {
      case .interval:
        lower = set.lower.map { $0 / 100 }
        upper = set.upper.map { $0 / 100 }
      case .exclusive:
        // Times after the upper end, and those before onset, which are no loss at all.
        lower = set.upper.map { $0 / 100 }
      case .unbounded:
        break
      }
    }
    return Result(
      months: months, lower: lower, upper: upper, slope: slope,
      isExtrapolated: months > (times.max() ?? 0), visits: times.count, zeros: zeros)
  }
}
