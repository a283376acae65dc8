/// How much the values of one method vary between visits of people whose muscles do not change.
///
/// Electrode placement, temperature and effort come on top of the error of a single recording. The
/// values are of few healthy people and of one method each; they are never taken for another.
public struct RetestVariation: Sendable, Equatable {
  /// Standard deviation of ln(value) between visits.
  public var logStandardDeviation: Double
  /// Where it comes from.
  public var source: String

  /// CMAP scan, number of units: 15 pairs of visits of 5 healthy subjects, APB, ADM and TA.
  public static let scanUnitCount = RetestVariation(
    logStandardDeviation: 0.26, source: "15 pairs of CMAP scans of 5 healthy subjects")
  /// CMAP scan, N50, of the same pairs.
  public static let scanN50 = RetestVariation(
    logStandardDeviation: 0.25, source: "15 pairs of CMAP scans of 5 healthy subjects")
  /// CMAP amplitude, of the same pairs.
  public static let cmapAmplitude = RetestVariation(
    logStandardDeviation: 0.11, source: "15 pairs of CMAP scans of 5 healthy subjects")
  /// MUNIX, one rater.
  public static let munix = RetestVariation(
    logStandardDeviation: 0.14, source: "Neuwirth et al. 2016, within rater")
  /// Multipoint incremental stimulation.
  public static let multipoint = RetestVariation(
    logStandardDeviation: 0.09, source: "Shefner et al. 2011")

  /// The larger of a recording's own error of ln(value) and the variation between visits.
  public func logError(_ own: Double) -> Double { max(own, logStandardDeviation) }
}
