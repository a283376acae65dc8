import Signal

/// Joins the pieces of units whose potentials change within a recording.
///
/// A potential that moves can be found twice: once as it was at first and once as it became. Each
/// train is regular and clear, and neither can grow, since the discharges of the other are
/// subtracted. Two trains are pieces of one unit where one falls silent as the other sets in, at
/// the same rate and without a break in the rhythm, and the potentials are alike; after a pause,
/// where the rhythm says nothing, they have to be more alike. Two trains that fire over a common
/// stretch and agree there are pieces of one unit as well. So are two trains of nearly one potential
/// that take turns at random where both together keep one rhythm: a filter that found half of the
/// discharges leaves the other half for the next one, and each half is clear by itself.
struct PieceJoining {
  /// One train and its potential as a row-major `[sample][channel]` matrix.
  struct Piece {
    /// Discharges in samples, ascending.
    var times: [Double]
    /// The potential of the first discharges.
    var early: [Float]
    /// The potential of the last discharges.
    var late: [Float]

    init(times: [Double], early: [Float], late: [Float]) {
      self.times = times
      self.early = early
      self.late = late
    }

    /// A piece with one potential for all of its discharges.
    init(times: [Double], template: [Float]) {
      self.init(times: times, early: template, late: template)
    }
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
  let settings: ArrayConfiguration.Pieces

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
    if first.times.count < settings.fewestDischarges
      || second.times.count < settings.fewestDischarges
    {
      return nil
    }
    if let common = commonStretch(first.times, second.times) { return (common.lag, common.rate) }
    // A lag moves few discharges across a change: most pairs are told apart before shapes are.
    if succession(first.times, second.times) == nil { return lagInTurns(first, second) }
    // The ends that meet are compared.
    let isAfter = first.times[first.times.count / 2] > second.times[second.times.count / 2]
    let shape = similarity(
      isAfter ? first.early : first.late, isAfter ? second.late : second.early)
    if shape.cosine < settings.lowestSimilarity { return nil }
    // A potential that comes later after its discharges has earlier discharges.
    let lag = -Double(shape.shift)
    guard let succession = succession(first.times, second.times.map { $0 - lag }) else {
      return nil
    }
    let needed =
      succession == .inRhythm ? settings.lowestSimilarity : settings.similarityAcrossPause
    return shape.cosine >= needed ? (lag, shape.cosine) : nil
  }

  /// The agreement over the stretch in which both fire; nil where they are not in step there.
  private func commonStretch(_ first: [Double], _ second: [Double]) -> TrainAgreement? {
    let low = max(first[0], second[0]) - longestLag
    let high = min(first[first.count - 1], second[second.count - 1]) + longestLag
    if high - low <= 2 * longestLag { return nil }
    let a = first.filter { $0 >= low && $0 <= high }
    let b = second.filter { $0 >= low && $0 <= high }
    if min(a.count, b.count) < settings.fewestDischarges { return nil }
    guard
      TrainAgreement.isAtLeast(
        settings.commonAgreement, a, b, tolerance: tolerance, longestLag: longestLag)
    else { return nil }
    return TrainAgreement(a, b, tolerance: tolerance, longestLag: longestLag)
  }

  /// The same of trains that take turns.
  private func lagInTurns(_ first: Piece, _ second: Piece) -> (Double, Double)? {
    // Their lag is not known yet, so a larger share is let through to the shapes.
    if !isOneRhythm(
      first.times, second.times, shortShare: settings.shortFactor * settings.shortShare)
    {
      return nil
    }
    let shape = similarity(first.early, second.early)
    if shape.cosine < settings.similarityInTurns { return nil }
    let lag = -Double(shape.shift)
    let moved = second.times.map { $0 - lag }
    if !isOneRhythm(first.times, moved, shortShare: settings.shortShare) { return nil }
    // Two regular units may keep out of each other's way; together they are less regular.
    func variation(_ times: [Double]) -> Double {
      SpikeTrain(times: times, samplingRate: 1).isiCoV ?? 9
    }
    let both = variation(union(first.times, second.times, lag: lag))
    return both < min(variation(first.times), variation(second.times)) ? (lag, shape.cosine) : nil
  }

  /// Whether two trains that take turns keep one rhythm together: a change from one to the other
  /// hardly ever comes early, as it does between units that know nothing of each other.
  private func isOneRhythm(_ first: [Double], _ second: [Double], shortShare: Double) -> Bool {
    let merged =
      (first.map { (time: $0, isFirst: true) } + second.map { (time: $0, isFirst: false) })
      .sorted { $0.time < $1.time }
    let intervals = zip(merged.dropFirst(), merged).map { $0.time - $1.time }
    let usual = intervals.sorted()[intervals.count / 2]
    var turns = 0
    var short = 0
    for (index, interval) in intervals.enumerated()
    where merged[index].isFirst != merged[index + 1].isFirst {
      turns += 1
      if interval < settings.shortInterval * usual { short += 1 }
    }
    return turns >= settings.fewestTurns && Double(short) <= shortShare * Double(turns)
  }

  /// How one train follows another.
  enum Succession {
    /// Each change from one to the other goes on in one rhythm.
    case inRhythm
    /// At some change there is a pause or the rate is another one.
    case acrossPause
  }

  /// Whether one train fires where the other does not, in few turns; nil where both fire together.
  func succession(_ first: [Double], _ second: [Double]) -> Succession? {
    let product = Double(first.count) * Double(second.count)
    let usual = 2 * product / Double(first.count + second.count)
    let most = max(1, Int(settings.changeShare * usual))
    var changes: [(from: Int, to: Int, isToSecond: Bool)] = []
    var a = 0
    var b = 0
    var isSecond = second[0] < first[0]
    while a < first.count || b < second.count {
      let next = b < second.count && (a == first.count || second[b] < first[a])
      if next != isSecond {
        changes.append(next ? (a - 1, b, true) : (b - 1, a, false))
        if changes.count > most { return nil }
        isSecond = next
      }
      if next { b += 1 } else { a += 1 }
    }
    var result = Succession.inRhythm
    for change in changes {
      let found =
        change.isToSecond
        ? succession(of: first, upTo: change.from, second, from: change.to)
        : succession(of: second, upTo: change.from, first, from: change.to)
      guard let found else { return nil }
      if found == .acrossPause { result = found }
    }
    return result
  }

  /// How a train goes on in another one; nil where the two overlap.
  private func succession(
    of before: [Double], upTo last: Int, _ after: [Double], from next: Int
  ) -> Succession? {
    func median(_ times: ArraySlice<Double>) -> Double? {
      let intervals = zip(times.dropFirst(), times).map { $0 - $1 }.sorted()
      return intervals.isEmpty ? nil : intervals[intervals.count / 2]
    }
    let gap = after[next] - before[last]
    if gap < refractory { return nil }
    let left = median(before[max(0, last - settings.neighbours)...last])
    let right = median(after[next...min(after.count - 1, next + settings.neighbours)])
    // A single discharge between two changes has no rhythm of its own.
    guard let first = left ?? right else { return .inRhythm }
    let second = right ?? first
    let isSteady = max(first, second) <= settings.intervalRatio * min(first, second)
    return isSteady && gap <= settings.longestBreak * max(first, second) ? .inRhythm : .acrossPause
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
