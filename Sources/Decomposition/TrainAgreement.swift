/// How far two spike trains agree after the best constant lag.
///
/// Discharges are matched one to one, nearest in time order, within a tolerance. The rate of
/// agreement is TP / (TP + FP + FN) (Farina et al. 2014, J. Appl. Physiol. 117).
public struct TrainAgreement: Sendable, Equatable {
  /// Discharges in both trains.
  public let matched: Int
  /// Discharges only in the first train.
  public let onlyInFirst: Int
  /// Discharges only in the second train.
  public let onlyInSecond: Int
  /// The lag by which the second train follows the first, in samples.
  public let lag: Double

  /// Rate of agreement, 0...1.
  public var rate: Double {
    let union = matched + onlyInFirst + onlyInSecond
    return union > 0 ? Double(matched) / Double(union) : 0
  }

  /// Compares two ascending lists of positions in samples.
  ///
  /// - Parameters:
  ///   - tolerance: largest distance of matched discharges after the lag, in samples.
  ///   - longestLag: largest lag looked at, in samples either way.
  public init(_ first: [Double], _ second: [Double], tolerance: Double, longestLag: Double) {
    let lag = Self.bestLag(first, second, tolerance: tolerance, longestLag: longestLag)
    let matched = Self.matches(first, second, lag: lag, tolerance: tolerance)
    self.lag = lag
    self.matched = matched
    onlyInFirst = first.count - matched
    onlyInSecond = second.count - matched
  }

  /// Whether two trains agree at a rate of at least `rate`, more quickly than the rate itself.
  ///
  /// The window of the best lag lies within two neighbouring cells of its own width, so their
  /// counts bound the number of matches; most pairs of unrelated trains end there.
  static func isAtLeast(
    _ rate: Double, _ first: [Double], _ second: [Double], tolerance: Double, longestLag: Double
  ) -> Bool {
    if first.isEmpty || second.isEmpty { return false }
    let inverse = 1 / max(2 * tolerance, 1e-6)
    let cellCount = Int(2 * longestLag * inverse) + 2
    var cells = [Int32](repeating: 0, count: cellCount)
    var low = 0
    for time in first {
      let earliest = time - longestLag
      let latest = time + longestLag
      while low < second.count && second[low] < earliest { low += 1 }
      var index = low
      while index < second.count && second[index] <= latest {
        cells[min(cellCount - 1, Int((second[index] - earliest) * inverse))] += 1
        index += 1
      }
    }
    var most = 0
    for cell in 1..<cellCount { most = max(most, Int(cells[cell - 1] + cells[cell])) }
    let matches = Double(min(most, first.count, second.count))
    // Times at the edge of a cell may round into the next one: a little is allowed for.
    let bound = (matches + 2) / max(1, Double(first.count + second.count) - matches - 2)
    if bound < rate { return false }
    let agreement = TrainAgreement(
      first, second, tolerance: tolerance, longestLag: longestLag)
    return agreement.rate >= rate
  }

  /// The lag whose window of +-tolerance holds the most differences, centred on their mean.
  static func bestLag(
    _ first: [Double], _ second: [Double], tolerance: Double, longestLag: Double
  ) -> Double {
    var differences: [Double] = []
    var low = 0
    for time in first {
      while low < second.count && second[low] < time - longestLag { low += 1 }
      var index = low
      while index < second.count && second[index] <= time + longestLag {
        differences.append(second[index] - time)
        index += 1
      }
    }
    if differences.isEmpty { return 0 }
    differences.sort()
    var best = 0
    var bestCount = 0
    var end = 0
    for start in differences.indices {
      end = max(end, start)
      while end < differences.count && differences[end] <= differences[start] + 2 * tolerance {
        end += 1
      }
      if end - start > bestCount {
        bestCount = end - start
        best = start
      }
    }
    let window = differences[best..<(best + bestCount)]
    return window.reduce(0, +) / Double(bestCount)
  }

  /// One-to-one matches of two ascending lists after a lag.
  static func matches(
    _ first: [Double], _ second: [Double], lag: Double, tolerance: Double
  ) -> Int {
    var i = 0
    var j = 0
    var count = 0
    while i < first.count && j < second.count {
      let difference = second[j] - lag - first[i]
      if abs(difference) <= tolerance + 1e-9 {
        count += 1
        i += 1
        j += 1
      } else if difference < 0 {
        j += 1
      } else {
        i += 1
      }
    }
    return count
  }
}
