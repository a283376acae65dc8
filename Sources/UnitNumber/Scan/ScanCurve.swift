import Foundation

/// Steps, gaps and thresholds of a CMAP scan, read directly off its points.
public struct ScanCurve: Sendable, Equatable, Codable {
  /// Number of largest gaps between the sorted responses that make half of the CMAP.
  public var d50: Int
  /// Share of the CMAP in gaps larger than 2 % and than five noise standard deviations, percent.
  public var stepPercent: Double
  /// Number of those gaps.
  public var stepCount: Int
  /// The largest gap, percent of the CMAP.
  public var largestStepPercent: Double
  /// Number of returners: responses that rise by more than four noise standard deviations although
  /// the stimulus falls (units that alternate).
  public var returnerCount: Int
  /// Stimuli at 5, 50 and 95 % of the CMAP, mA.
  public var thresholdsMilliamps: [Double]
  /// Threshold spread: (stimulus at 95 % - at 5 %) / stimulus at 50 %, percent.
  public var thresholdSpreadPercent: Double

  /// The smallest gap that counts as a step, as a fraction of the CMAP.
  static func stepLimit(_ scan: PreparedScan) -> Double { max(0.02, 5 * scan.noiseBottom) }

  init(_ scan: PreparedScan) {
    let sorted = scan.response.sorted()
    let gaps = zip(sorted.dropFirst(), sorted).map { $0 - $1 }.sorted(by: >)
    d50 = ScanFeatures.countReaching(0.5, descending: gaps) + 1
    let limit = Self.stepLimit(scan)
    let steps = gaps.filter { $0 > limit }
    stepPercent = 100 * steps.reduce(0, +)
    stepCount = steps.count
    largestStepPercent = 100 * (gaps.first ?? 0)
    let gain = max(
      scan.noiseTop * scan.noiseTop - scan.noiseBottom * scan.noiseBottom, 0)
    returnerCount = zip(scan.response.dropFirst(), scan.response).count { next, previous in
      let level = min(max(previous, 0), 1)
      let noise =
        (scan.noiseBottom * scan.noiseBottom + gain * level * level).squareRoot()
      // Ascending in stimulus here: a returner is a fall.
      return previous - next > 4 * 2.0.squareRoot() * noise
    }
    let fitted = LocalLinearFit(x: scan.logStimulus, y: scan.response, halfWidth: 0.02).fitted
    var level = fitted
    for index in 1..<level.count { level[index] = max(level[index], level[index - 1]) }
    let stimuli = [0.05, 0.5, 0.95].map {
      exp(OrderStatistics.interpolate($0, xs: level, ys: scan.logStimulus))
    }
    thresholdsMilliamps = stimuli
    thresholdSpreadPercent = 100 * (stimuli[2] - stimuli[0]) / stimuli[1]
  }
}
