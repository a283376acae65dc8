/// A unit followed over segments: which of each segment's units it is.
struct NeedleChain: Sendable {
  /// One segment's part of the unit.
  struct Member: Sendable, Equatable {
    /// Index of the segment, ascending.
    var segment: Int
    /// Index of the unit within it.
    var unit: Int
    /// Samples to add to its firings so that they mark the instant that those of the first member mark.
    ///
    /// A firing stands at the largest peak of its potential; another peak may be the largest after the
    /// needle moved.
    var shift: Double
  }

  var members: [Member]
}

/// Links the units of successive segments by the firings they share in the overlap and by the
/// similarity of their potentials; the last potential of a chain is compared, so drift is followed.
func linkedChains(
  _ segments: [NeedleSegment], samplingRate: Double, limits: NeedleConfiguration.Linking
) -> [NeedleChain] {
  var chains: [NeedleChain] = []
  for (index, segment) in segments.enumerated() {
    var pairs: [(score: Double, lag: Double, chain: Int, unit: Int)] = []
    for (position, chain) in chains.enumerated() {
      guard let last = chain.members.last else { continue }
      let before = segments[last.segment].units[last.unit]
      for (unit, candidate) in segment.units.enumerated() {
        let match = potentialMatch(
          before.potential, candidate.potential,
          reach: Int(limits.longestLag * segment.potentialRate))
        var score = 1 - match.distance
        // What one potential shows at its origin the other shows `lag` earlier.
        var lag = -Double(match.lag) / segment.potentialRate * samplingRate
        if last.segment == index - 1 {
          let overlap = segment.range.lowerBound..<segments[last.segment].range.upperBound
          if let shared = sharedFirings(
            before.times, candidate.times, within: overlap, samplingRate: samplingRate,
            limits: limits)
          {
            if shared.share > limits.sharedShare {
              score = max(score, 1 + shared.share)
              lag = shared.lag
            }
            if shared.share < limits.apartShare { score = min(score, 0) }
          }
        }
        if score > limits.leastSimilarity { pairs.append((score, lag, position, unit)) }
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
      let before = chains[pair.chain].members.last?.shift ?? 0
      chains[pair.chain].members.append(
        NeedleChain.Member(segment: index, unit: pair.unit, shift: before + pair.lag))
    }
    for unit in segment.units.indices where !takenUnits.contains(unit) {
      chains.append(
        NeedleChain(members: [NeedleChain.Member(segment: index, unit: unit, shift: 0)]))
    }
  }
  return chains
}

/// The share of firings two trains have in common inside a range and what has to be added to the
/// second ones to meet the first, nil where the range holds too few.
private func sharedFirings(
  _ a: [Double], _ b: [Double], within range: Range<Int>, samplingRate: Double,
  limits: NeedleConfiguration.Linking
) -> (share: Double, lag: Double)? {
  let steps = 8.0
  func inside(_ times: [Double]) -> [Int] {
    times.filter { $0 >= Double(range.lowerBound) && $0 < Double(range.upperBound) }
      .map { Int(($0 * steps).rounded()) }
  }
  let first = inside(a)
  let second = inside(b)
  if min(first.count, second.count) < limits.fewestFirings { return nil }
  let (common, lag) = commonFirings(
    first, second, tolerance: Int(limits.tolerance * samplingRate * steps),
    reach: Int(limits.longestLag * samplingRate * steps))
  let share = Double(common) / Double(max(1, first.count + second.count - common))
  return (share, -Double(lag) / steps)
}

/// The squared distance of two potentials' slopes at their best lag over the smaller energy, and that
/// lag: sample `i` of the first is like sample `i - lag` of the second.
func potentialMatch(
  _ a: [[Float]], _ b: [[Float]], reach: Int
) -> (distance: Double, lag: Int) {
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
  if min(energyA, energyB) <= 0 { return (2, 0) }
  var best = (product: Float(0), lag: 0)
  for lag in -min(reach, count)...min(reach, count) {
    var product: Float = 0
    for (x, y) in zip(first, second) {
      product += dot(
        x, from: max(0, lag), y, from: max(0, -lag), count: count - abs(lag))
    }
    if product > best.product { best = (product, lag) }
  }
  let distance = (energyA + energyB - 2 * Double(best.product)) / min(energyA, energyB)
  return (distance, best.lag)
}
