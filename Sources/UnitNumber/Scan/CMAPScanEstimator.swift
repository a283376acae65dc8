import Foundation

/// Estimates the number of motor units from a CMAP scan.
///
/// Networks trained on simulated scans read 274 features of the scan (local differences, gaps,
/// levels, alternation); a table of their errors for each true number turns the result into a
/// median-unbiased point and a confidence interval by inversion (Neyman 1937). The scan model is
/// that of Bostock 2016: units with a threshold, a relative spread and an amplitude each.
public struct CMAPScanEstimator: Sendable {
  package let weights: ScanWeights

  /// The estimator with the weights that are part of the program.
  ///
  /// Throws `UnitNumberError` where they are missing or damaged.
  public init() throws {
    weights = try ScanWeights.builtIn()
  }

  package init(weights: ScanWeights) {
    self.weights = weights
  }

  /// What the weights were trained on, and the command that reproduces them.
  public var trainingDescription: String {
    let text = weights.description
    return "weights \(text.version): \(text.scanCount) scans, seed \(text.seed); "
      + "\(text.trainedOn); \(text.command)"
  }

  /// The networks' own standard deviation of ln(number); not finite for a scan without a CMAP.
  package func deviation(_ scan: CMAPScan) -> Double {
    guard let prepared = try? PreparedScan(scan) else { return .nan }
    return weights.ensemble.evaluate(ScanFeatures(prepared).values.map { Float($0) }).deviation
  }

  /// Estimates number, sizes and quality from one scan.
  ///
  /// Throws `UnitNumberError` where the scan is too short, not finite or without a CMAP.
  public func estimate(_ scan: CMAPScan) throws -> CMAPScanEstimate {
    let prepared = try PreparedScan(scan)
    let features = ScanFeatures(prepared)
    let output = weights.ensemble.evaluate(features.values.map { Float($0) })
    func mean(_ wanted: ScanNetwork.Output) -> Double { output.means[wanted.rawValue] }
    let inverted = weights.calibration.invert(
      prediction: output.logCount, deviation: output.deviation, noise: features.noiseBottom,
      least: 1)
    let half = weights.n50Calibration.invert(
      prediction: mean(.logN50), deviation: output.deviation, noise: features.noiseBottom,
      least: 0.5)
    let count = exp(inverted.point)
    let repeated = weights.repeatability.errors(
      logCount: inverted.point, noise: features.noiseBottom, deviation: output.deviation)
    let (low, high) = Self.rounded(exp(inverted.low), exp(inverted.high))
    let unit = 1000 * prepared.cmap / count
    let gain = max(
      prepared.noiseTop * prepared.noiseTop - prepared.noiseBottom * prepared.noiseBottom, 0)
    return CMAPScanEstimate(
      unitCount: count, interval90: [low, high],
      // 3.2897 is the width of a 90 % interval in standard errors.
      logStandardError: (inverted.high - inverted.low) / 3.2897,
      repeatLogStandardError: repeated.count,
      n50: exp(half.point), n50Interval90: [exp(half.low), exp(half.high)],
      n50LogStandardError: (half.high - half.low) / 3.2897,
      n50RepeatLogStandardError: repeated.n50,
      a50Microvolts: exp(mean(.logA50)) * unit, meanUnitMicrovolts: unit,
      largestUnitMicrovolts: exp(mean(.logLargest)) * unit,
      relativeSpreadPercent: 100 * exp(mean(.logSpread)),
      curve: ScanCurve(prepared), cmapMillivolts: prepared.cmap,
      additiveNoiseMicrovolts: 1000 * prepared.noiseBottom * prepared.cmap,
      proportionalNoisePercent: 100 * gain.squareRoot(),
      flags: ScanQuality.flags(
        scan, prepared, output: output, estimate: (count, low, high)),
      pointCounts: [
        prepared.preScanCount,
        scan.responseMillivolts.count - prepared.preScanCount - prepared.postScanCount,
        prepared.postScanCount,
      ],
      method: "cmap-scan-\(weights.description.version)")
  }

  /// Widens an interval outwards to whole numbers where it lies below 15.
  private static func rounded(_ low: Double, _ high: Double) -> (Double, Double) {
    let floorLow = low < 15 ? max(1, (low + 0.5 - 1e-9).rounded(.down)) : low
    let ceilHigh = high < 15 ? max(1, (high - 0.5 + 1e-9).rounded(.up)) : high
    return (min(floorLow, ceilHigh), max(floorLow, ceilHigh))
  }
}
