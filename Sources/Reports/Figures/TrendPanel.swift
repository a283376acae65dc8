import Foundation

/// One measured value of a patient at one visit.
public struct TrendPoint: Sendable, Equatable {
  /// Time in months on the axis of its panel.
  public var months: Double
  /// The measured value in the panel's unit.
  public var value: Double
  /// Standard error of the measurement, in the same unit; nil if unknown.
  public var standardError: Double?
  /// Why the value was left out of the fit; nil where it was used.
  public var exclusion: String?

  /// A measured value.
  public init(
    months: Double, value: Double, standardError: Double? = nil, exclusion: String? = nil
  ) {
    self.months = months
    self.value = value
    self.standardError = standardError
    self.exclusion = exclusion
  }
}

/// A fitted line with its pointwise interval.
public struct TrendLine: Sendable, Equatable {
  /// Positions in months.
  public var months: [Double]
  /// Fitted values.
  public var fit: [Double]
  /// Lower edge of the interval; empty for none.
  public var lower: [Double]
  /// Upper edge of the interval; empty for none.
  public var upper: [Double]

  /// A fitted line.
  public init(months: [Double], fit: [Double], lower: [Double] = [], upper: [Double] = []) {
    precondition(months.count == fit.count, "a line needs as many values as positions")
    self.months = months
    self.fit = fit
    self.lower = lower
    self.upper = upper
  }
}

/// An estimate with its 95 % interval.
public struct IntervalEstimate: Sendable, Equatable {
  /// The estimate.
  public var value: Double
  /// Lower limit.
  public var lower: Double
  /// Upper limit.
  public var upper: Double

  /// An estimate with an interval.
  public init(value: Double, lower: Double, upper: Double) {
    self.value = value
    self.lower = lower
    self.upper = upper
  }

  /// Decimals that show two digits of the standard error that the interval stands for.
  public var decimals: Int {
    let width = abs(upper - lower) / 4
    guard width > 0, width.isFinite else { return 2 }
    return min(8, max(0, 1 - Int(log10(width).rounded(.down))))
  }

  /// Estimate and interval as text, both with their sign.
  ///
  /// - Parameter decimals: by default those that the error needs.
  func text(_ decimals: Int? = nil) -> String {
    guard value.isFinite else { return "not available" }
    let decimals = decimals ?? self.decimals
    let estimate = NumberText.signed(value, decimals)
    guard lower.isFinite, upper.isFinite else { return estimate }
    // A limit of many digits says no more than that there is none.
    func limit(_ bound: Double) -> String {
      if abs(bound) < 1e5 { return NumberText.signed(bound, decimals) }
      return bound < 0 ? "below −100\u{202F}000" : "above 100\u{202F}000"
    }
    return "\(estimate) (\(limit(lower)) to \(limit(upper)))"
  }
}

/// The comparison of the trends before and after the start of a therapy.
public struct TrendComparison: Sendable, Equatable {
  /// Slope before, in `slopeUnit`; nil where it could not be fitted.
  public var slopeBefore: IntervalEstimate?
  /// Slope after.
  public var slopeAfter: IntervalEstimate?
  /// Slope after minus slope before.
  public var difference: IntervalEstimate?
  /// Two-sided p value of the difference.
  public var pValue: Double?
  /// Posterior probability that the decline is slower after.
  public var probabilityOfSlowing: Double?
  /// Unit of the slopes, for example "% per month".
  public var slopeUnit: String
  /// The smallest slope difference this schedule can detect with 80 % power.
  public var minimumDetectableDifference: Double?

  /// A comparison.
  public init(
    slopeBefore: IntervalEstimate?, slopeAfter: IntervalEstimate?, difference: IntervalEstimate?,
    pValue: Double? = nil, probabilityOfSlowing: Double? = nil,
    slopeUnit: String = "% per month", minimumDetectableDifference: Double? = nil
  ) {
    self.slopeBefore = slopeBefore
    self.slopeAfter = slopeAfter
    self.difference = difference
    self.pValue = pValue
    self.probabilityOfSlowing = probabilityOfSlowing
    self.slopeUnit = slopeUnit
    self.minimumDetectableDifference = minimumDetectableDifference
  }

  /// The lines of the box beside the plot: label and value.
  var lines: [(label: String, value: String)] {
    var result: [(label: String, value: String)] = []
    if let slopeBefore { result.append(("Slope before", slopeBefore.text())) }
    if let slopeAfter { result.append(("Slope after", slopeAfter.text())) }
    if let difference { result.append(("Difference", difference.text())) }
    var evidence: [String] = []
    if let pValue { evidence.append(NumberText.pValue(pValue)) }
    if let probabilityOfSlowing {
      evidence.append("P(slower) " + NumberText.fixed(probabilityOfSlowing, 2))
    }
    if !evidence.isEmpty { result.append(("Evidence", evidence.joined(separator: ", "))) }
    return result
  }
}

/// The trend of one measure in one muscle.
public struct TrendPanel: Sendable, Equatable {
  /// What the panel shows apart from its neighbours, for example the muscle and side.
  public var title: String
  /// The measure with its method, for example "CMAP scan, number of units".
  public var measure: String
  /// Unit of the values; empty for counts.
  public var unit: String
  /// Measured values in order of time.
  public var points: [TrendPoint]
  /// The fit before therapy, or over all visits where there is none.
  public var before: TrendLine?
  /// The fit after therapy.
  public var after: TrendLine?
  /// The trend before therapy, continued beyond its start.
  public var extrapolation: TrendLine?
  /// Start of the therapy in months on this axis; nil for no therapy.
  public var therapyMonth: Double?
  /// The therapy's name, for its marker.
  public var therapyName: String
  /// The comparison before and after; nil where it was not possible.
  public var comparison: TrendComparison?
  /// Whether values are shown on a logarithmic axis.
  public var isLogarithmic: Bool
  /// Whether the values are counts of identified units, which follow no loss of motor units.
  public var isIdentifiedCount: Bool
  /// Remarks of the fit, one sentence each.
  public var notes: [String]

  /// A panel; everything but the values is optional.
  public init(
    title: String, measure: String, unit: String = "", points: [TrendPoint],
    before: TrendLine? = nil, after: TrendLine? = nil, extrapolation: TrendLine? = nil,
    therapyMonth: Double? = nil, therapyName: String = "Therapy",
    comparison: TrendComparison? = nil, isLogarithmic: Bool = true,
    isIdentifiedCount: Bool = false, notes: [String] = []
  ) {
    self.title = title
    self.measure = measure
    self.unit = unit
    self.points = points
    self.before = before
    self.after = after
    self.extrapolation = extrapolation
    self.therapyMonth = therapyMonth
    self.therapyName = therapyName
    self.comparison = comparison
    self.isLogarithmic = isLogarithmic
    self.isIdentifiedCount = isIdentifiedCount
    self.notes = notes
  }

  /// Measure and unit as an axis title.
  var axisTitle: String {
    measure.isEmpty ? unit : unit.isEmpty ? measure : "\(measure) (\(unit))"
  }
}
