import Foundation

/// What is left of a scan without its curve, in order of delivery.
///
/// Units that fire independently leave white residuals whose variance is in proportion to the slope,
/// on a curve that never rises while the stimulus falls. Jitter of all thresholds together adds
/// variance in proportion to the squared slope; slow changes of gain or thresholds make residuals
/// alike and let the curve rise.
package struct ScanResiduals: Sendable, Equatable {
  /// Variance of third differences over two points, by that over one: 1 for white residuals.
  package var colour: Double
  /// Exponent of the local variance over the local slope: 1 for units, 2 for common jitter.
  package var slopeExponent: Double
  /// Largest rise of the mean of eight responses against the falling stimulus, in standard errors.
  package var largestRise: Double
  /// Correlation of successive responses of the pre-scan about a parabola; nil below 20 responses.
  package var plateauCorrelation: Double?
  /// Responses of the post-scan beyond five robust standard deviations of their noise.
  package var silentOutliers: Int

  /// Measures a scan with falling stimuli; throws `UnitNumberError` where it cannot be prepared.
  package init(_ scan: CMAPScan) throws {
    let prepared = try PreparedScan(scan)
    let count = scan.responseMillivolts.count
    let all = scan.responseMillivolts.map { ($0 - prepared.baseline) / prepared.cmap }
    let end = max(prepared.preScanCount + PreparedScan.minimumCount, count - prepared.postScanCount)
    let part = prepared.preScanCount..<min(end, count)
    let response = Array(all[part])
    let position = scan.stimulusMilliamps[part].map { log($0) }
    let squares = Self.thirdDifferences(response, lag: 1).map { $0 * $0 }
    let wide = Self.thirdDifferences(response, lag: 2)
    let mean = squares.reduce(0, +) / Double(squares.count)
    colour = wide.reduce(0) { $0 + $1 * $1 } / Double(wide.count) / mean
    slopeExponent = Self.exponent(position, response, squares)
    largestRise = Self.rise(response, squares)
    plateauCorrelation = Self.correlation(Array(all[..<prepared.preScanCount]))
    silentOutliers = Self.outliers(
      Array(all.suffix(prepared.postScanCount)), quantum: Self.quantum(all))
  }

  /// Third differences over `lag` points, scaled to the variance of one response.
  static func thirdDifferences(_ values: [Double], lag: Int) -> [Double] {
    (0..<max(values.count - 3 * lag, 0)).map { index in
      (values[index + 3 * lag] - 3 * values[index + 2 * lag] + 3 * values[index + lag]
        - values[index]) / 20.0.squareRoot()
    }
  }

  /// Slope of ln variance over ln slope between the quarters of the points by slope.
  private static func exponent(
    _ position: [Double], _ response: [Double], _ squares: [Double]
  ) -> Double {
    let level = OrderStatistics.movingMean(response, width: 9)
    let points = squares.indices.compactMap { index -> (slope: Double, square: Double)? in
      let centre = index + 1
      guard level[centre] > 0.02, level[centre] < 0.98 else { return nil }
      let range = max(0, centre - 12)...min(response.count - 1, centre + 12)
      return (max(slope(position, response, range), 0), squares[index])
    }.sorted { $0.slope < $1.slope }
    let size = points.count / 4
    guard size > 4 else { return .nan }
    let quarters = (0..<4).map { quarter -> (x: Double, y: Double) in
      let run = points[quarter * size..<(quarter + 1) * size]
      let (sum, total) = run.reduce((0.0, 0.0)) { ($0.0 + $1.slope, $0.1 + $1.square) }
      return (log(sum / Double(size) + 1e-9), log(total / Double(size) + 1e-12))
    }
    return slope(quarters.map(\.x), quarters.map(\.y), 0...3)
  }

  private static func slope(_ x: [Double], _ y: [Double], _ range: ClosedRange<Int>) -> Double {
    let count = Double(range.count)
    let meanX = x[range].reduce(0, +) / count
    let meanY = y[range].reduce(0, +) / count
    var (xy, xx) = (0.0, 0.0)
    for index in range {
      xy += (x[index] - meanX) * (y[index] - meanY)
      xx += (x[index] - meanX) * (x[index] - meanX)
    }
    return xx > 0 ? xy / xx : 0
  }

  /// Means of eight responses 8, 16 or 24 apart, between 5 and 95 % of the CMAP.
  private static func rise(_ response: [Double], _ squares: [Double]) -> Double {
    let level = OrderStatistics.movingMean(response, width: 9)
    let first = level.firstIndex { $0 < 0.95 } ?? 0
    let last = level.lastIndex { $0 > 0.05 } ?? level.count - 1
    let width = 8
    let spread = OrderStatistics.movingMean(squares, width: 31)
    func variance(_ start: Int) -> Double {
      (start..<start + width).reduce(0) { $0 + spread[min($1, spread.count - 1)] } / Double(width)
    }
    func mean(_ start: Int) -> Double {
      response[start..<start + width].reduce(0, +) / Double(width)
    }
    var largest = 0.0
    for gap in [width, 2 * width, 3 * width] where last - gap - width >= first {
      for start in first...(last - gap - width) {
        let rise = mean(start + gap) - mean(start)
        guard rise > 0 else { continue }
        let error = ((variance(start) + variance(start + gap)) / Double(width)).squareRoot()
        largest = max(largest, rise / max(error, 1e-9))
      }
    }
    return largest
  }

  /// Points far from the running median of a run, whose noise is told by the median difference.
  private static func outliers(_ run: [Double], quantum: Double) -> Int {
    let steps = zip(run.dropFirst(), run).map { abs($0 - $1) }
    guard !steps.isEmpty else { return 0 }
    let deviation = max(
      1.4826 * OrderStatistics.median(steps) / 2.0.squareRoot(), quantum / 12.0.squareRoot())
    return run.indices.count { index in
      let near = run[max(0, index - 10)..<min(run.count, index + 11)]
      return abs(run[index] - OrderStatistics.median(near)) > 5 * deviation
    }
  }

  /// The smallest difference between two responses: the resolution of the file.
  private static func quantum(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return zip(sorted.dropFirst(), sorted).map { $0 - $1 }.filter { $0 > 0 }.min() ?? 0
  }

  private static func correlation(_ run: [Double]) -> Double? {
    guard run.count >= 20 else { return nil }
    let rest = withoutParabola(run)
    let total = rest.reduce(0) { $0 + $1 * $1 }
    guard total > 0 else { return nil }
    return zip(rest.dropFirst(), rest).reduce(0) { $0 + $1.0 * $1.1 } / total
  }

  /// The values less their least-squares parabola, by orthogonal polynomials.
  private static func withoutParabola(_ values: [Double]) -> [Double] {
    let count = values.count
    let line = (0..<count).map { Double($0) - Double(count - 1) / 2 }
    let meanSquare = line.reduce(0) { $0 + $1 * $1 } / Double(count)
    let parabola = line.map { $0 * $0 - meanSquare }
    var rest = values
    for shape in [[Double](repeating: 1, count: count), line, parabola] {
      let norm = shape.reduce(0) { $0 + $1 * $1 }
      let weight = zip(rest, shape).reduce(0) { $0 + $1.0 * $1.1 } / norm
      rest = zip(rest, shape).map { $0 - weight * $1 }
    }
    return rest
  }
}
