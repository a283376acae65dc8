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

  /// The usual tolerance in samples at a sampling rate: half a millisecond, and never below one
  /// sample, since times on either side may be whole samples.
  public static func usualTolerance(samplingRate: Double) -> Double {
    max(1, 0.000_5 * samplingRate)
  }

  /// Rate of agreement, 0...1.
  public var rate: Double {
    let union = matched + onlyInFirst + onlyInSecond
    return union > 0 ? Double(matched) / Double(union) : 0
  }

  /// Compares two ascending lists of positions in samples.
  ///
  /// - `tolerance`: largest distance of matched discharges after the lag, in samples.
  /// - `longestLag`: largest lag looked at, in samples either way.
  public init(_ first: [Double], _ second: [Double], tolerance: Double, longestLag: Double) {
    let lag = Self.bestLag(first, second, tolerance: tolerance, longestLag: longestLag)
    let matched = Self.matches(first, second, lag: lag, tolerance: tolerance)
    self.lag = lag
    self.matched = matched
    onlyInFirst = first.count - matched
    onlyInSecond = second.count - matched
  }

  /// Whether two trains agree at a rate of at least `rate`, more quickly than the rate itself.
  static func isAtLeast(
    _ rate: Double, _ first: [Double], _ second: [Double], tolerance: Double, longestLag: Double
  ) -> Bool {
    let (fewer, more) = (min(first.count, second.count), max(first.count, second.count))
    if fewer == 0 || Double(fewer) / Double(more) < rate { return false }
    let most = mostMatches(first, second, tolerance: tolerance, longestLag: longestLag)
    let bound = Double(most) / max(1, Double(first.count + second.count - most))
    if most == 0 || bound < rate { return false }
    let agreement = TrainAgreement(
      first, second, tolerance: tolerance, longestLag: longestLag)
    return agreement.rate >= rate
  }

  /// Whether at least `share` of a train's discharges are in another, whose lag may change: it is
  /// taken for every `stretch` discharges anew.
  static func isPart(
    _ share: Double, _ train: [Double], of other: [Double], tolerance: Double, longestLag: Double,
    stretch: Int = 32
  ) -> Bool {
    if train.isEmpty || other.isEmpty { return false }
    var first = 0
    let stretches = stride(from: 0, to: train.count, by: stretch).map { start in
      let times = Array(train[start..<min(start + stretch, train.count)])
      while first < other.count && other[first] < times[0] - longestLag { first += 1 }
      var last = first
      while last < other.count && other[last] <= times[times.count - 1] + longestLag { last += 1 }
      return (times, Array(other[first..<last]))
    }
    let needed = share * Double(train.count)
    let most = stretches.reduce(0) {
      $0 + mostMatches($1.0, $1.1, tolerance: tolerance, longestLag: longestLag)
    }
    if Double(most) < needed { return false }
    let matched = stretches.reduce(0) {
      $0
        + TrainAgreement($1.0, $1.1, tolerance: tolerance, longestLag: longestLag).matched
    }
    return Double(matched) >= needed
  }

  /// The number of matches is at most this.
  ///
  /// The window of the best lag lies within two neighbouring cells of its own width, so their
  /// counts bound the number of matches; most pairs of unrelated trains can be told by it.
  private static func mostMatches(
    _ first: [Double], _ second: [Double], tolerance: Double, longestLag: Double
  ) -> Int {
    if first.isEmpty || second.isEmpty { return 0 }
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
    // Times at the edge of a cell may round into the next one: a little is allowed for.
    return min(most + 2, first.count, second.count)
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
