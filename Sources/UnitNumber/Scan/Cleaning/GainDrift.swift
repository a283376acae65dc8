import Foundation

/// A gain that falls over a scan, told from the supramaximal points before it.
///
/// Those points show a part of the scan only. A fall (drying electrodes) is taken to go on, and its
/// error counts; a rise is mostly the potentiation of the first minute, which ends, and is left to
/// what the estimator learnt of drift.
enum GainDrift {
  /// The change over the whole scan as a fraction, with its standard error.
  struct Slope {
    var change: Double
    var error: Double
  }

  /// The change over the scan if the line of the supramaximal points goes on.
  ///
  /// Only points at the first stimulus, or those that the recording states, are sure to be
  /// supramaximal. Nil below the fewest of them.
  static func slope(_ points: ScanPoints, settings: ScanConfiguration.Cleaning) -> Slope? {
    let first = points.stimulus[0]
    let same = points.stimulus.prefix { abs($0 - first) <= 0.002 * first }.count
    let used = points.preIsStated ? points.preCount : min(same, points.preCount)
    guard used >= settings.fewestForDrift, points.cmap > 0 else { return nil }
    let run = Array(points.response[..<used])
    let middle = Double(used - 1) / 2
    let mean = run.reduce(0, +) / Double(used)
    var (xy, xx) = (0.0, 0.0)
    for (index, value) in run.enumerated() {
      let x = Double(index) - middle
      xy += x * (value - mean)
      xx += x * x
    }
    let rate = xy / xx
    let rest = run.enumerated().map { $0.element - mean - rate * (Double($0.offset) - middle) }
    let square = rest.reduce(0) { $0 + $1 * $1 }
    guard square > 0 else { return nil }
    // Slow changes of the gain make neighbours alike and the slope less sure.
    let lag = zip(rest.dropFirst(), rest).reduce(0) { $0 + $1.0 * $1.1 } / square
    let keep = min(max(lag + 1 / Double(used), 0), 0.8)
    let error =
      (square / Double(used - 2) / xx).squareRoot() * ((1 + keep) / (1 - keep)).squareRoot()
    let scale = Double(points.count) / points.cmap
    return Slope(change: rate * scale, error: error * scale)
  }

  /// Whether a slope is a fall sure enough to be mended.
  static func isMended(_ slope: Slope, settings: ScanConfiguration.Cleaning) -> Bool {
    [
      (fall: settings.sureFall, errors: settings.sureFallErrors),
      (fall: settings.clearFall, errors: settings.clearFallErrors),
    ].contains { -slope.change > $0.fall && -slope.change > $0.errors * slope.error }
  }

  /// Whether a slope is a fall that may be there.
  static func isSuspected(_ slope: Slope, settings: ScanConfiguration.Cleaning) -> Bool {
    -slope.change > settings.suspectedFall
      && -slope.change > settings.suspectedFallErrors * slope.error
  }

  /// The gain at each point of `count`, 1 in the middle of the first `preCount`.
  static func gain(_ slope: Slope, preCount: Int, count: Int) -> [Double] {
    (0..<count).map {
      max(0.2, 1 + slope.change * (Double($0) - Double(preCount - 1) / 2) / Double(count))
    }
  }
}
