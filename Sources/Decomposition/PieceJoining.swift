import Signal

/// Joins the pieces of units whose potentials change within a recording.
///
/// A potential that moves can be found twice: once as it was at first and once as it became. Each
/// train is regular and clear, and neither can grow, since the discharges of the other are
/// subtracted. Two trains are pieces of one unit where one falls silent as the other sets in, at
/// the same rate and without a break in the rhythm, and the potentials are alike; or where both
/// fire over a common stretch and agree there.
struct PieceJoining {
  /// Lowest cosine of two potentials at their best shift.
  static let lowestSimilarity = 0.5
  /// Changes between the trains, as a share of those that two unrelated trains would show.
  static let changeShare = 0.1
  /// Largest ratio of the usual intervals on either side of a change.
  static let intervalRatio = 1.6
  /// Longest break at a change, in usual intervals.
  static let longestBreak = 4.0
  /// Fewest discharges of a piece.
  static let fewestDischarges = 8
  /// Intervals on either side of a change from which the usual one is taken.
  static let neighbours = 6

  /// One train and its potential as a row-major `[sample][channel]` matrix.
  struct Piece {
    /// Discharges in samples, ascending.
    var times: [Double]
    var template: [Float]
  }

  /// Two pieces that are one unit; the times of the second less `lag` are in step with the first.
  struct Join: Equatable {
    var first: Int
    var second: Int
    var lag: Double
  }

  /// Largest distance of two discharges that are one, in samples.
  let tolerance: Double
  /// Largest lag of two pieces in samples.
  let longestLag: Double
  /// Shortest interval in samples.
  let refractory: Double
  let channelCount: Int

  /// The joins among the pieces, each piece in at most one, most alike first.
  func joins(_ pieces: [Piece]) -> [Join] {
    var found: [(join: Join, similarity: Double)] = []
    for first in pieces.indices {
      for second in pieces.indices where second > first {
        // The longer one keeps its times.
        let (a, b) =
          pieces[first].times.count >= pieces[second].times.count
          ? (first, second) : (second, first)
        if let (lag, similarity) = lag(pieces[a], pieces[b]) {
          found.append((Join(first: a, second: b, lag: lag), similarity))
        }
      }
    }
    found.sort {
      $0.similarity != $1.similarity
        ? $0.similarity > $1.similarity
        : ($0.join.first, $0.join.second) < ($1.join.first, $1.join.second)
    }
    var used = Set<Int>()
    var result: [Join] = []
    for (join, _) in found where !used.contains(join.first) && !used.contains(join.second) {
      used.insert(join.first)
      used.insert(join.second)
      result.append(join)
    }
    return result
  }

  /// The union of two trains after the lag; discharges in both count once.
  func union(_ first: [Double], _ second: [Double], lag: Double) -> [Double] {
    var result: [Double] = []
    for time in (first + second.map { $0 - lag }).sorted() {
      if let last = result.last, time - last < refractory { continue }
      result.append(time)
    }
    return result
  }

  /// By how much the second piece follows the first, and how alike they are; nil for two units.
  private func lag(_ first: Piece, _ second: Piece) -> (Double, Double)? {
    if first.times.count < Self.fewestDischarges || second.times.count < Self.fewestDischarges {
      return nil
    }
    if let common = commonStretch(first.times, second.times) { return (common.lag, common.rate) }
    // A lag moves few discharges across a change: most pairs are told apart before shapes are.
    if !followEachOther(first.times, second.times) { return nil }
    let shape = similarity(first.template, second.template)
    if shape.cosine < Self.lowestSimilarity { return nil }
    // A potential that comes later after its discharges has earlier discharges.
    let lag = -Double(shape.shift)
    return followEachOther(first.times, second.times.map { $0 - lag })
      ? (lag, shape.cosine) : nil
  }

  /// The agreement over the stretch in which both fire; nil where they are not in step there.
  private func commonStretch(_ first: [Double], _ second: [Double]) -> TrainAgreement? {
    let low = max(first[0], second[0]) - longestLag
    let high = min(first[first.count - 1], second[second.count - 1]) + longestLag
    if high - low <= 2 * longestLag { return nil }
    let a = first.filter { $0 >= low && $0 <= high }
    let b = second.filter { $0 >= low && $0 <= high }
    if min(a.count, b.count) < Self.fewestDischarges { return nil }
    guard
      TrainAgreement.isAtLeast(0.5, a, b, tolerance: tolerance, longestLag: longestLag)
    else { return nil }
    return TrainAgreement(a, b, tolerance: tolerance, longestLag: longestLag)
  }

  /// Whether one train fires where the other does not, in few turns, and the rhythm goes on.
  func followEachOther(_ first: [Double], _ second: [Double]) -> Bool {
    let product = Double(first.count) * Double(second.count)
    let usual = 2 * product / Double(first.count + second.count)
    let most = max(1, Int(Self.changeShare * usual))
    var changes: [(from: Int, to: Int, isToSecond: Bool)] = []
    var a = 0
    var b = 0
    var isSecond = second[0] < first[0]
    while a < first.count || b < second.count {
      let next = b < second.count && (a == first.count || second[b] < first[a])
      if next != isSecond {
        changes.append(next ? (a - 1, b, true) : (b - 1, a, false))
        if changes.count > most { return false }
        isSecond = next
      }
      if next { b += 1 } else { a += 1 }
    }
    return changes.allSatisfy { change in
      change.isToSecond
        ? goesOn(first, upTo: change.from, second, from: change.to)
        : goesOn(second, upTo: change.from, first, from: change.to)
    }
  }

  /// Whether a train's rhythm goes on in another one.
  private func goesOn(_ before: [Double], upTo last: Int, _ after: [Double], from next: Int)
    -> Bool
  {
    func median(_ times: ArraySlice<Double>) -> Double? {
      let intervals = zip(times.dropFirst(), times).map { $0 - $1 }.sorted()
      return intervals.isEmpty ? nil : intervals[intervals.count / 2]
    }
    let gap = after[next] - before[last]
    let left = median(before[max(0, last - Self.neighbours)...last])
    let right = median(after[next...min(after.count - 1, next + Self.neighbours)])
    // A single discharge between two changes has no rhythm of its own.
    guard let usual = left.map({ l in right.map { max(l, $0) } ?? l }) ?? right else {
      return gap >= refractory
    }
    if let left, let right, max(left, right) > Self.intervalRatio * min(left, right) {
      return false
    }
    return gap >= refractory && gap <= Self.longestBreak * usual
  }

  /// Cosine of two potentials at the best shift, and by how many samples the second comes later.
  private func similarity(_ first: [Float], _ second: [Float]) -> (cosine: Double, shift: Int) {
    let size = VectorKernel.dot(first.span, first.span) * VectorKernel.dot(second.span, second.span)
    if size <= 0 { return (0, 0) }
    let samples = first.count / channelCount
    let longest = min(samples / 2, Int(longestLag))
    var best: (value: Float, shift: Int) = (-.infinity, 0)
    for shift in -longest...longest {
      let length = (samples - abs(shift)) * channelCount
      let a = max(0, -shift) * channelCount
      let b = max(0, shift) * channelCount
      let value = VectorKernel.dot(
        first.span.extracting(a..<(a + length)), second.span.extracting(b..<(b + length)))
      if value > best.value { best = (value, shift) }
    }
    return (Double(best.value / size.squareRoot()), best.shift)
  }
}
