import Foundation

/// A number of units from slope and variance of a CMAP scan, the first stage of published fits.
///
/// With S the slope of the mean response over ln stimulus and V the variance around it, units of
/// relative spread RS number about the integral of S^2 RS / (sqrt(pi) V) (Bostock 2016, Muscle
/// Nerve 53:889). RS is assumed, and unequal sizes make the number too low by 1 + CV^2: a comparator
/// beside `CMAPScanEstimator`, not a method to report.
public struct SlopeVarianceEstimate: Sendable, Equatable {
  /// Number of units.
  public let unitCount: Double

  /// Estimates from a scan; throws `UnitNumberError` where it is too short or has no CMAP.
  ///
  /// `relativeSpread` is the assumed spread of the thresholds as a fraction.
  public init(_ scan: CMAPScan, relativeSpread: Double = 0.017) throws {
    let prepared = try PreparedScan(scan)
    let (x, y) = (prepared.logStimulus, prepared.response)
    let slope = LocalLinearFit(x: x, y: y, halfWidth: 0.04).slope
    let narrow = LocalLinearFit(x: x, y: y, halfWidth: 0.02)
    let gain = max(
      prepared.noiseTop * prepared.noiseTop - prepared.noiseBottom * prepared.noiseBottom, 0)
    let excess = x.indices.map { index -> Double in
      let level = min(max(narrow.fitted[index], 0), 1)
      let noise = prepared.noiseBottom * prepared.noiseBottom + gain * level * level
      return narrow.residual[index] * narrow.residual[index] - noise
    }
    let variance = OrderStatistics.movingMean(excess, width: 31)
    var sum = 0.0
    for index in 1..<x.count - 1 {
      let width = (x[index + 1] - x[index - 1]) / 2
      // A variance below what one unit in 2000 makes is noise.
      let least = slope[index] * slope[index] * relativeSpread / 1.772 * width / 20
      if variance[index] > max(least, 1e-12) {
        sum += slope[index] * slope[index] * relativeSpread / (1.772 * variance[index]) * width
      }
    }
    unitCount = max(1, sum)
  }
}
