import Foundation

/// The smallest number of steps with which a staircase fits a CMAP scan to within its noise.
///
/// The idea of StairFit (Chen et al. 2023, IEEE J. Biomed. Health Inform. 27:1579): for each number
/// of steps the best staircase is found, and the smallest number that meets an error limit is the
/// estimate. Here the staircase runs over the sorted responses and the limit is the noise of the
/// scan. Units that take turns make further levels: a comparator, not a method to report.
public struct StaircaseFit: Sendable, Equatable {
  /// Steps of the accepted staircase.
  public let unitCount: Double
  /// Whether the limit was met by the largest number of steps that was tried.
  public let isComplete: Bool

  /// Fits at most `maximumSteps`; throws `UnitNumberError` where the scan is too short or has no
  /// CMAP.
  public init(_ scan: CMAPScan, maximumSteps: Int = 250) throws {
    let prepared = try PreparedScan(scan)
    let values = prepared.response.sorted()
    let gain = max(
      prepared.noiseTop * prepared.noiseTop - prepared.noiseBottom * prepared.noiseBottom, 0)
    let limit = values.reduce(0) { sum, value in
      let level = min(max(value, 0), 1)
      return sum + prepared.noiseBottom * prepared.noiseBottom + gain * level * level
    }
    var segments = LevelSegments(values)
    var steps = 0
    while segments.error > limit, steps < min(maximumSteps, values.count - 1) {
      segments.addLevel()
      steps += 1
    }
    unitCount = Double(max(1, steps))
    isComplete = segments.error <= limit
  }
}

/// The best levels for sorted values, one level more at a time, by dynamic programming.
private struct LevelSegments {
  /// Squared error of the best fit with the levels so far.
  var error: Double { errors[count] }

  private let count: Int
  private let sums: [Double]
  private let squares: [Double]
  /// Least squared error of the first i values with the levels so far.
  private var errors: [Double]

  init(_ values: [Double]) {
    count = values.count
    var (sums, squares) = ([0.0], [0.0])
    for value in values {
      sums.append(sums[sums.count - 1] + value)
      squares.append(squares[squares.count - 1] + value * value)
    }
    self.sums = sums
    self.squares = squares
    errors = []
    errors = (0...count).map { cost(0, $0) }
  }

  /// Squared error of one level for the values from `low` to before `high`.
  private func cost(_ low: Int, _ high: Int) -> Double {
    guard high > low else { return 0 }
    let sum = sums[high] - sums[low]
    return max(0, squares[high] - squares[low] - sum * sum / Double(high - low))
  }

  /// One more level; the best split moves with the end, so halves are searched by themselves.
  mutating func addLevel() {
    var next = errors
    var work = [(low: 1, high: count, first: 0, last: count)]
    while let part = work.popLast() {
      guard part.low <= part.high else { continue }
      let middle = (part.low + part.high) / 2
      var best = (error: Double.infinity, split: part.first)
      for split in part.first...max(part.first, min(middle, part.last)) {
        let found = errors[split] + cost(split, middle)
        if found < best.error { best = (found, split) }
      }
      next[middle] = best.error
      work.append((part.low, middle - 1, part.first, best.split))
      work.append((middle + 1, part.high, best.split, part.last))
    }
    errors = next
  }
}
