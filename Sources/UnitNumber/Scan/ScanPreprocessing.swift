import Foundation

/// A CMAP scan on scale-free axes: ln stimulus, ascending, and response as a fraction of the CMAP.
package struct PreparedScan: Sendable {
  /// ln of the stimulus (mA), ascending, without the pre-scan.
  package var logStimulus: [Double]
  /// Response less baseline, as a fraction of the CMAP, in the order of `logStimulus`.
  package var response: [Double]
  /// Noise standard deviation below threshold, fraction of the CMAP.
  package var noiseBottom: Double
  /// Noise standard deviation at the supramaximal plateau, fraction of the CMAP.
  package var noiseTop: Double
  /// CMAP amplitude, in the units of the response (mV).
  package var cmap: Double
  /// Baseline, in the units of the response.
  package var baseline: Double
  /// Number of pre-scan points that were used.
  package var preScanCount: Int
  /// Number of post-scan points that were used.
  package var postScanCount: Int
}

extension PreparedScan {
  /// Fewest points between pre-scan and end for which the features are defined.
  static let minimumCount = 40

  /// Finds pre- and post-scan, subtracts the baseline, normalises and sorts.
  ///
  /// - Throws: `UnitNumberError` where the scan is too short or has no CMAP.
  package init(_ scan: CMAPScan) throws {
    try scan.validate()
    let stimulus = scan.stimulusMilliamps
    let response = scan.responseMillivolts
    let count = response.count
    let pre = min(
      max(scan.preScanCount ?? Self.detectPreScan(stimulus: stimulus, response: response), 6),
      count)
    let post = min(max(scan.postScanCount ?? Self.detectPostScan(response: response), 6), count)
    guard count - pre >= Self.minimumCount else {
      throw UnitNumberError(
        .tooLittleData, source: scan.name, found: "\(count - pre) points after the pre-scan",
        expected: "at least \(Self.minimumCount)",
        remedy: "record more stimuli, or state the pre-scan")
    }
    let baseline = OrderStatistics.median(response[(count - post)...])
    let cmap = OrderStatistics.median(response[max(0, pre - 20)..<pre]) - baseline
    guard cmap > 0 else {
      throw UnitNumberError(
        .unusableData, source: scan.name,
        found: "responses to the strongest stimuli \(cmap) mV above the others",
        expected: "a supramaximal plateau above the baseline",
        remedy: "the scan must run from supramaximal to subthreshold stimuli")
    }
    // The resolution of the file limits what a quiet baseline can show.
    let quantum = Self.smallestDifference(response) / cmap / 12.0.squareRoot()
    noiseBottom = max(Self.differenceNoise(response[(count - post)...]) / cmap, quantum)
    noiseTop = max(Self.differenceNoise(response[..<pre]) / cmap, quantum)
    let order = (pre..<count).sorted {
      stimulus[$0] != stimulus[$1] ? stimulus[$0] < stimulus[$1] : $0 < $1
    }
    logStimulus = order.map { log(stimulus[$0]) }
    self.response = order.map { (response[$0] - baseline) / cmap }
    self.cmap = cmap
    self.baseline = baseline
    preScanCount = pre
    postScanCount = post
  }

  /// Number of leading supramaximal points.
  ///
  /// Points at the first stimulus (within 0.2 %); where those are fewer than 8, 70 % of the points
  /// before the response first falls clearly below its first values.
  static func detectPreScan(stimulus: [Double], response: [Double]) -> Int {
    let first = stimulus[0]
    let same = stimulus.prefix { abs($0 - first) <= 0.002 * first }.count
    if same >= 8 { return same }
    let plateau = OrderStatistics.median(response.prefix(8))
    let start = Array(response.prefix(12))
    let steps = zip(start.dropFirst(), start).map { abs($0 - $1) }
    let spread = 1.4826 * OrderStatistics.median(steps) / 1.414
    let limit = plateau - max(6 * spread, 0.03 * plateau)
    let fall = response.firstIndex { $0 < limit } ?? response.count
    return max(6, Int(0.7 * Double(fall)))
  }

  /// Number of trailing subthreshold points: those after the last response over 1 % of the CMAP.
  static func detectPostScan(response: [Double]) -> Int {
    let plateau = OrderStatistics.median(response.prefix(8))
    let baseline = OrderStatistics.median(response.suffix(6))
    let last = response.lastIndex { $0 - baseline > 0.01 * plateau }
    let trailing = response.count - 1 - (last ?? 0)
    return min(max(trailing, 6), 30)
  }

  /// Noise standard deviation from successive differences, outliers limited; immune to slow drift.
  static func differenceNoise(_ run: ArraySlice<Double>) -> Double {
    guard run.count > 1 else { return 1e-12 }
    let squares = zip(run.dropFirst(), run).map { ($0 - $1) * ($0 - $1) }
    // 0.455 is the median of chi-square on one degree of freedom.
    let limit = 9 * OrderStatistics.median(squares) / 0.455
    let mean = squares.reduce(0) { $0 + min($1, limit) } / Double(squares.count)
    return max((mean / 2).squareRoot(), 1e-12)
  }

  private static func smallestDifference(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    var smallest = Double.infinity
    for index in 1..<sorted.count where sorted[index] > sorted[index - 1] {
      smallest = min(smallest, sorted[index] - sorted[index - 1])
    }
    return smallest.isFinite ? smallest : 0
  }
}
