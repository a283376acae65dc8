/// Beam search for the best set of firings inside one window, on preallocated memory.
///
/// Gains are matched outputs less half the template energy, penalties and log-priors, so the score
/// of a set is exactly the rise of the joint objective: after each extension the gains of all units
/// are reduced by the template cross-correlations. Each unit fires at most once in a window. Source:
/// the exact treatment of superpositions by correlations follows McGill 2002, IEEE TBME 49(9).
final class SuperpositionBeam {
  let units: Int
  let width: Int
  /// Samples from one unit's row to the next, a multiple of 16.
  let stride: Int
  let beam: Int
  let branching: Int
  let depth: Int
  let lookAhead: Float

  /// The best set found by the last search.
  private(set) var bestUnits: [Int]
  private(set) var bestTimes: [Int]
  private(set) var bestCount = 0
  private(set) var bestScore: Float = 0

  /// Gains of the empty set, units x stride: filled by the caller.
  let start: UnsafeMutablePointer<Float>
  private let gains: [UnsafeMutablePointer<Float>]
  /// The largest gain of each unit in the empty set and in each kept one, sets x units.
  private var peaks: [Float]
  private var setUnits: [[Int]]
  private var setTimes: [[Int]]
  private var scores: [[Float]]
  private let correlations: UnsafePointer<Float>
  private let lags: Int
  private let reach: Int
  private var candidates: [Candidate] = []
  private var unitGain: [Float]
  /// Least gain in the empty window from which a unit takes part, by unit.
  private let activeFrom: [Float]
  private var active: [Int] = []

  private struct Candidate {
    var score: Float
    var parent: Int
    var unit: Int
    var time: Int
  }

  /// `correlations` (units x units x lags) must outlive the search; `energies` are those of the
  /// templates.
  init(
    units: Int, width: Int, energies: [Float], configuration: NeedleConfiguration,
    correlations: UnsafePointer<Float>, lags: Int
  ) {
    let stride = (width + 15) / 16 * 16
    precondition(lags / 2 >= stride - 1, "correlations do not reach over the window")
    self.units = units
    self.width = width
    self.stride = stride
    // A matched output of less than a tenth of the energy is no sign of the unit, even cancelled.
    activeFrom = energies.map { -0.4 * $0 - 10 }
    beam = configuration.beamWidth
    branching = configuration.branching
    depth = configuration.superpositionDepth
    lookAhead = Float(configuration.lookAhead)
    self.correlations = correlations
    self.lags = lags
    reach = lags / 2
    let size = units * stride
    func block(_ count: Int) -> UnsafeMutablePointer<Float> {
      let memory = UnsafeMutablePointer<Float>.allocate(capacity: max(1, count))
      memory.initialize(repeating: -1e9, count: max(1, count))
      return memory
    }
    start = block(size)
    gains = (0..<2 * beam).map { _ in block(size) }
    setUnits = Array(repeating: Array(repeating: 0, count: depth), count: 2 * beam)
    setTimes = setUnits
    scores = Array(repeating: Array(repeating: 0, count: beam), count: 2)
    bestUnits = Array(repeating: 0, count: depth)
    bestTimes = bestUnits
    unitGain = Array(repeating: 0, count: units)
    peaks = Array(repeating: 0, count: (2 * beam + 1) * units)
    candidates.reserveCapacity(beam * branching)
  }

  deinit {
    start.deallocate()
    for memory in gains { memory.deallocate() }
  }

  /// What a firing of `unit` at window sample `time` takes from the gains of `other`, as a row.
  @inline(__always)
  private func row(_ unit: Int, _ other: Int, _ time: Int) -> UnsafePointer<Float> {
    correlations + (unit * units + other) * lags + reach - time
  }

  /// The best time of a unit and its gain if it fires at `time` now.
  func bestTime(of unit: Int, movedFrom time: Int) -> (value: Float, index: Int) {
    largestSum(start + unit * stride, row(unit, unit, time), count: stride)
  }

  /// Searches from the gains in `start`; sets `bestUnits`, `bestTimes`, `bestCount`, `bestScore`.
  func search() {
    bestCount = 0
    bestScore = 0
    var side = 0
    var alive = 1
    scores[0][0] = 0
    active.removeAll(keepingCapacity: true)
    for unit in 0..<units {
      peaks[unit] = maximum(start + unit * stride, count: stride)
      if peaks[unit] > activeFrom[unit] { active.append(unit) }
    }
    for level in 0..<min(depth, active.count) {
      collect(level: level, side: side, alive: alive)
      if candidates.isEmpty { return }
      candidates.sort { a, b in
        if a.score != b.score { return a.score > b.score }
        return (a.parent, a.unit) < (b.parent, b.unit)
      }
      let next = 1 - side
      let count = min(beam, candidates.count)
      for slot in 0..<count {
        extend(candidates[slot], level: level, from: side, to: next, slot: slot)
        if level > 0 { refine(level: level, side: next, slot: slot) }
        if scores[next][slot] > bestScore {
          bestScore = scores[next][slot]
          bestCount = level + 1
          for index in 0...level {
            bestUnits[index] = setUnits[next * beam + slot][index]
            bestTimes[index] = setTimes[next * beam + slot][index]
          }
        }
      }
      side = next
      alive = count
    }
  }

  private func memory(_ level: Int, _ side: Int, _ slot: Int) -> UnsafeMutablePointer<Float> {
    level == 0 ? start : gains[side * beam + slot]
  }

  /// Where the largest gains of a set begin in `peaks`.
  private func peakRow(_ level: Int, _ side: Int, _ slot: Int) -> Int {
    level == 0 ? 0 : (1 + side * beam + slot) * units
  }

  private func collect(level: Int, side: Int, alive: Int) {
    candidates.removeAll(keepingCapacity: true)
    for parent in 0..<alive {
      let table = memory(level, side, parent)
      let peakRow = peakRow(level, side, parent)
      let index = side * beam + parent
      for unit in active {
        unitGain[unit] = -1e9
        var used = false
        for position in 0..<level where setUnits[index][position] == unit { used = true }
        if !used { unitGain[unit] = peaks[peakRow + unit] }
      }
      for _ in 0..<branching {
        var unit = active[0]
        for other in active.dropFirst() where unitGain[other] > unitGain[unit] { unit = other }
        if unitGain[unit] < -lookAhead { break }
        let score = scores[side][parent] + unitGain[unit]
        if !isRepeated(score: score, unit: unit, level: level, index: index, side: side) {
          let time = largest(table + unit * stride, count: stride).index
          candidates.append(Candidate(score: score, parent: parent, unit: unit, time: time))
        }
        unitGain[unit] = -1e9
      }
    }
  }

  /// Whether the same set of units was reached with the same score in another order.
  private func isRepeated(score: Float, unit: Int, level: Int, index: Int, side: Int) -> Bool {
    for other in candidates where abs(other.score - score) < 1e-3 * (1 + abs(score)) {
      let otherIndex = side * beam + other.parent
      var same = true
      for position in 0..<level {
        let member = setUnits[index][position]
        var found = member == other.unit
        for place in 0..<level where setUnits[otherIndex][place] == member { found = true }
        if !found { same = false }
      }
      if same && level > 0 {
        var found = unit == other.unit
        for place in 0..<level where setUnits[otherIndex][place] == unit { found = true }
        if found { return true }
      }
    }
    return false
  }

  private func extend(_ candidate: Candidate, level: Int, from: Int, to: Int, slot: Int) {
    let source = memory(level, from, candidate.parent)
    let target = gains[to * beam + slot]
    let peakRow = peakRow(level + 1, to, slot)
    for unit in active {
      peaks[peakRow + unit] = writeDifference(
        source + unit * stride, row(candidate.unit, unit, candidate.time),
        to: target + unit * stride, count: stride)
    }
    let index = to * beam + slot
    for position in 0..<level {
      setUnits[index][position] = setUnits[from * beam + candidate.parent][position]
      setTimes[index][position] = setTimes[from * beam + candidate.parent][position]
    }
    setUnits[index][level] = candidate.unit
    setTimes[index][level] = candidate.time
    scores[to][slot] = candidate.score
  }

  /// Moves each firing of a set to its best time given the others, two rounds.
  private func refine(level: Int, side: Int, slot: Int) {
    let index = side * beam + slot
    let table = gains[index]
    let peakRow = peakRow(level, side, slot)
    for _ in 0..<2 {
      var changed = false
      for position in 0...level {
        let unit = setUnits[index][position]
        let old = setTimes[index][position]
        let own = table + unit * stride
        let added = row(unit, unit, old)
        let (value, time) = largestSum(own, added, count: stride)
        if time == old { continue }
        changed = true
        scores[side][slot] += value - (own[old] + added[old])
        setTimes[index][position] = time
        for other in active {
          peaks[peakRow + other] = addDifference(
            row(unit, other, old), row(unit, other, time), to: table + other * stride,
            count: stride)
        }
      }
      if !changed { break }
    }
  }
}

/// Sixteen lanes of the largest values seen and where they were seen first.
private struct LargestLanes {
  private var values = SIMD16<Float>(repeating: -.infinity)
  private var blocks = SIMD16<Int32>(repeating: 0)

  @inline(__always)
  mutating func update(_ lanes: SIMD16<Float>, at index: Int) {
    let isLarger = lanes .> values
    values.replace(with: lanes, where: isLarger)
    let place = SIMD16<Int32>(repeating: Int32(truncatingIfNeeded: index))
    blocks.replace(with: place, where: isLarger)
  }

  /// The largest value and its first index.
  @inline(__always)
  var result: (value: Float, index: Int) {
    var value = values[0]
    var index = Int(blocks[0])
    for lane in 1..<16 {
      let place = Int(blocks[lane]) + lane
      if values[lane] > value || (values[lane] == value && place < index) {
        value = values[lane]
        index = place
      }
    }
    return (value, index)
  }
}

@inline(__always)
private func lanes(_ values: UnsafePointer<Float>, _ index: Int) -> SIMD16<Float> {
  UnsafeRawPointer(values + index).loadUnaligned(as: SIMD16<Float>.self)
}

@inline(__always)
private func largestLane(_ best: SIMD16<Float>) -> Float {
  var value = best[0]
  for lane in 1..<16 where best[lane] > value { value = best[lane] }
  return value
}

/// The largest of `count` values (a multiple of 16) and its first index.
private func largest(_ values: UnsafePointer<Float>, count: Int) -> (value: Float, index: Int) {
  var best = LargestLanes()
  for index in stride(from: 0, to: count, by: 16) { best.update(lanes(values, index), at: index) }
  return best.result
}

/// The largest of `count` sums (a multiple of 16) and its first index.
private func largestSum(
  _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int
) -> (value: Float, index: Int) {
  var best = LargestLanes()
  for index in stride(from: 0, to: count, by: 16) {
    best.update(lanes(a, index) + lanes(b, index), at: index)
  }
  return best.result
}

/// target = a - b over `count` values (a multiple of 16); returns the largest.
private func writeDifference(
  _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>,
  count: Int
) -> Float {
  var best = SIMD16<Float>(repeating: -.infinity)
  for index in stride(from: 0, to: count, by: 16) {
    let value = lanes(a, index) - lanes(b, index)
    UnsafeMutableRawPointer(target + index).storeBytes(of: value, as: SIMD16<Float>.self)
    best.replace(with: value, where: value .> best)
  }
  return largestLane(best)
}

/// target += a - b over `count` values (a multiple of 16); returns the largest.
private func addDifference(
  _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>,
  count: Int
) -> Float {
  var best = SIMD16<Float>(repeating: -.infinity)
  for index in stride(from: 0, to: count, by: 16) {
    let value = lanes(target, index) + (lanes(a, index) - lanes(b, index))
    UnsafeMutableRawPointer(target + index).storeBytes(of: value, as: SIMD16<Float>.self)
    best.replace(with: value, where: value .> best)
  }
  return largestLane(best)
}

/// The largest of `count` values.
func maximum(_ values: UnsafePointer<Float>, count: Int) -> Float {
  var best = SIMD16<Float>(repeating: -.infinity)
  var index = 0
  while index + 16 <= count {
    let value = lanes(values, index)
    best.replace(with: value, where: value .> best)
    index += 16
  }
  var value = largestLane(best)
  while index < count {
    if values[index] > value { value = values[index] }
    index += 1
  }
  return value
}
