/// A unit followed over segments: which of each segment's units it is.
struct NeedleChain: Sendable {
  /// Segment index and unit index within it, ascending by segment.
  var members: [(segment: Int, unit: Int)]
}

/// Links the units of successive segments by the firings they share in the overlap and by the
/// similarity of their potentials; the last potential of a chain is compared, so drift is followed.
func linkedChains(_ segments: [NeedleSegment], samplingRate: Double) -> [NeedleChain] {
  var chains: [NeedleChain] = []
  for (index, segment) in segments.enumerated() {
    var pairs: [(score: Double, chain: Int, unit: Int)] = []
    for (position, chain) in chains.enumerated() {
      guard let last = chain.members.last else { continue }
      let before = segments[last.segment].units[last.unit]
      for (unit, candidate) in segment.units.enumerated() {
        let distance = potentialDistance(before.potential, candidate.potential)
        var score = 1 - distance
        if last.segment == index - 1 {
          let overlap = segment.range.lowerBound..<segments[last.segment].range.upperBound
          if let shared = sharedFirings(
            before.times, candidate.times, within: overlap, samplingRate: samplingRate)
          {
            if shared > 0.6 { score = max(score, 1 + shared) }
            if shared < 0.2 { score = min(score, 0) }
          }
        }
        if score > 0.75 { pairs.append((score, position, unit)) }
      }
    }
    pairs.sort { a, b in
      a.score != b.score ? a.score > b.score : (a.chain, a.unit) < (b.chain, b.unit)
    }
    var takenChains = Set<Int>()
    var takenUnits = Set<Int>()
    for pair in pairs where !takenChains.contains(pair.chain) && !takenUnits.contains(pair.unit) {
      takenChains.insert(pair.chain)
      takenUnits.insert(pair.unit)
      chains[pair.chain].members.append((index, pair.unit))
    }
    for unit in segment.units.indices where !takenUnits.contains(unit) {
      chains.append(NeedleChain(members: [(index, unit)]))
    }
  }
  return chains
}

/// The share of firings two trains have in common inside a range, nil where it holds too few.
private func sharedFirings(
  _ a: [Double], _ b: [Double], within range: Range<Int>, samplingRate: Double
) -> Double? {
  func inside(_ times: [Double]) -> [Int] {
    times.filter { $0 >= Double(range.lowerBound) && $0 < Double(range.upperBound) }
      .map { Int(($0 * 8).rounded()) }
  }
  let first = inside(a)
  let second = inside(b)
  if min(first.count, second.count) < 4 { return nil }
  let (common, _) = commonFirings(
    first, second, tolerance: Int(0.000_4 * samplingRate * 8),
    reach: Int(0.004 * samplingRate * 8))
  return Double(common) / Double(max(1, first.count + second.count - common))
}

/// The squared distance of two potentials' slopes at their best lag over the smaller energy.
func potentialDistance(_ a: [[Float]], _ b: [[Float]]) -> Double {
  func slopes(_ potential: [[Float]]) -> [[Float]] {
    potential.map { channel in zip(channel.dropFirst(2), channel).map { $0 - $1 } }
  }
  let first = slopes(a)
  let second = slopes(b)
  let count = min(first.first?.count ?? 0, second.first?.count ?? 0)
  func energy(_ rows: [[Float]]) -> Double {
    rows.reduce(0) { $0 + $1.reduce(0) { $0 + Double($1 * $1) } }
  }
  let energyA = energy(first)
  let energyB = energy(second)
  if min(energyA, energyB) <= 0 { return 2 }
  var best = 0.0
  for lag in -40...40 {
    var sum: Float = 0
    for (x, y) in zip(first, second) {
      for index in max(0, lag)..<min(count, count + lag) { sum += x[index] * y[index - lag] }
    }
    best = max(best, Double(sum))
  }
  return (energyA + energyB - 2 * best) / min(energyA, energyB)
}
