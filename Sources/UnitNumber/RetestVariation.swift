/// How much the values of one method vary between visits of people whose muscles do not change.
///
/// Electrode placement, temperature and effort come on top of the error of a single recording. The
/// values are of few healthy people and of one method each; they are never taken for another.
public struct RetestVariation: Sendable, Equatable {
  /// Standard deviation of ln(value) between visits.
  public var logStandardDeviation: Double
  /// Where it comes from.
  public var source: String
  /// Number of people it was measured on here; nil where a publication states the deviation alone.
  ///
  /// Visits of one person need not be independent of muscle, so that people are what counts.
  public var subjects: Int?

  /// Part of the deviation that two recordings of one visit differ by (SD of ln(value)); nil where it is
  /// not known, so that more recordings are not taken to help.
  public var recordingLogDeviation: Double?

  /// Degrees of freedom of the predictive t distribution; nil where the deviation is taken as known.
  public var degreesOfFreedom: Int? { subjects }

  /// A deviation with its source.
  public init(
    logStandardDeviation: Double, source: String, subjects: Int? = nil,
    recordingLogDeviation: Double? = nil
  ) {
    self.logStandardDeviation = logStandardDeviation
    self.source = source
    self.subjects = subjects
    self.recordingLogDeviation = recordingLogDeviation
  }

  /// The deviation of the mean of several recordings of each visit.
  ///
  /// What differs between recordings of one visit is averaged; placement and whatever else a visit
  /// brings is not.
  public func deviation(recordings: Int) -> Double {
    guard let own = recordingLogDeviation, recordings > 1 else { return logStandardDeviation }
    let total = logStandardDeviation * logStandardDeviation
    return max(total - own * own * (1 - 1 / Double(recordings)), 0).squareRoot()
  }

  /// CMAP scan, number of units, by muscle where it was measured; the pooled value otherwise.
  ///
  /// Root mean square of the difference of ln N over sqrt(2), five pairs a muscle: APB 0.27, ADM
  /// 0.24, TA 0.27. Five pairs tell such a value to within a third, so that each is taken no smaller
  /// than the pooled one.
  public static func scanUnitCount(muscle: String?) -> RetestVariation {
    var result = scanUnitCount
    switch muscle?.uppercased() {
    case "APB", "TA", "ABDUCTOR POLLICIS BREVIS", "TIBIALIS ANTERIOR":
      result.logStandardDeviation = 0.27
    case "ADM", "ABDUCTOR DIGITI MINIMI": break
    default:
      result.source += " (other muscles: \(muscle ?? "not stated") was not among them)"
    }
    return result
  }

  /// CMAP scan, number of units: 15 pairs of visits of 5 healthy subjects, APB, ADM and TA.
  public static let scanUnitCount = RetestVariation(
    logStandardDeviation: 0.26, source: "15 pairs of CMAP scans of 5 healthy subjects", subjects: 5,
    recordingLogDeviation: 0.123)
  /// CMAP scan, N50, of the same pairs.
  public static let scanN50 = RetestVariation(
    logStandardDeviation: 0.25, source: "15 pairs of CMAP scans of 5 healthy subjects", subjects: 5,
    recordingLogDeviation: 0.126)
  /// CMAP amplitude, of the same pairs.
  public static let cmapAmplitude = RetestVariation(
    logStandardDeviation: 0.11, source: "15 pairs of CMAP scans of 5 healthy subjects", subjects: 5)
  /// MUNIX, one rater.
  public static let munix = RetestVariation(
    logStandardDeviation: 0.14, source: "Neuwirth et al. 2016, within rater")
  /// Multipoint incremental stimulation.
  public static let multipoint = RetestVariation(
    logStandardDeviation: 0.09, source: "Shefner et al. 2011")

  /// The larger of a recording's own error of ln(value) and the variation between visits.
  public func logError(_ own: Double) -> Double { max(own, logStandardDeviation) }
}
