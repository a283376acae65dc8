import Foundation

/// Several scans of one visit as one estimate.
///
/// What two scans of one visit differ by is averaged, weighted by the repeat errors; what a scan cannot
/// tell (the spread of the sizes) is the same in all of them and is not. Where the scans differ by
/// more than their repeat errors explain, the error is widened by as much (Birge 1932, Phys Rev
/// 40:207) and the result says so.
public struct CombinedScanEstimate: Sendable, Equatable, Codable {
  /// One quantity of the visit.
  public struct Value: Sendable, Equatable, Codable {
    /// The weighted geometric mean.
    public var value: Double
    /// 90 % interval.
    public var interval90: [Double]
    /// Standard error of ln(value) against the truth.
    public var logStandardError: Double
    /// Standard error of ln(value) between visits with as many scans of an unchanged pool.
    public var repeatLogStandardError: Double
    /// Chi-square of the scans about their mean over its degrees of freedom.
    public var scatter: Double
  }

  /// Number of scans that count.
  public var scanCount: Int
  /// Scans that allowed no estimate.
  public var refusedCount: Int
  /// Number of motor units.
  public var unitCount: Value
  /// N50.
  public var n50: Value
  /// Mean of the CMAP amplitudes, mV.
  public var cmapMillivolts: Double
  /// Warnings; those of the single scans stay with them.
  public var flags: [String]

  /// Combines scans of one visit.
  ///
  /// Scans without an estimate do not count.
  ///
  /// - Throws: `UnitNumberError` where none is left.
  public init(
    _ scans: [CMAPScanEstimate],
    settings: ScanConfiguration.Quality = ScanConfiguration.Quality()
  ) throws {
    let used = scans.filter { $0.noEstimateReason == nil }
    guard !used.isEmpty else {
      throw UnitNumberError(
        .tooLittleData, source: "scans of the visit", found: "no estimate in \(scans.count) scans",
        expected: "at least one scan with an estimate")
    }
    scanCount = used.count
    refusedCount = scans.count - used.count
    unitCount = Self.value(
      used.map {
        ($0.unitCount, $0.interval90, $0.logStandardError, $0.repeatLogStandardError)
      })
    let (low, high) = CMAPScanEstimator.rounded(unitCount.interval90[0], unitCount.interval90[1])
    unitCount.interval90 = [low, high]
    n50 = Self.value(
      used.map { ($0.n50, $0.n50Interval90, $0.n50LogStandardError, $0.n50RepeatLogStandardError) })
    cmapMillivolts = used.reduce(0) { $0 + $1.cmapMillivolts } / Double(used.count)
    flags = []
    if refusedCount > 0 { flags.append("\(refusedCount) scans without an estimate do not count") }
    if unitCount.scatter > settings.largestScatter {
      flags.append(
        "the scans differ by \((10 * unitCount.scatter.squareRoot()).rounded() / 10) times their "
          + "repeat error: the interval is wider by as much")
    }
  }

  private static func value(
    _ scans: [(value: Double, interval: [Double], error: Double, repeated: Double)]
  ) -> Value {
    let weights = scans.map { 1 / max($0.repeated * $0.repeated, 1e-6) }
    let total = weights.reduce(0, +)
    func mean(_ values: [Double]) -> Double {
      zip(weights, values).reduce(0) { $0 + $1.0 * $1.1 } / total
    }
    let centre = mean(scans.map { log($0.value) })
    let freedom = Double(max(scans.count - 1, 1))
    let scatter =
      zip(weights, scans).reduce(0) { sum, item in
        let rest = log(item.1.value) - centre
        return sum + item.0 * rest * rest
      } / freedom
    // What the scans have in common: the rest of the error against the truth.
    let common = mean(scans.map { max($0.error * $0.error - $0.repeated * $0.repeated, 0) })
    let repeated = (max(scatter, 1) / total).squareRoot()
    let error = (common + repeated * repeated).squareRoot()
    // The shape of the interval is that of single scans.
    let scale = error / max(mean(scans.map(\.error)), 1e-9)
    let below = mean(scans.map { max(log($0.value / $0.interval[0]), 0) })
    let above = mean(scans.map { max(log($0.interval[1] / $0.value), 0) })
    return Value(
      value: exp(centre),
      interval90: [exp(centre - scale * below), exp(centre + scale * above)],
      logStandardError: error, repeatLogStandardError: repeated, scatter: scatter)
  }
}
