import RealModule

/// Joins units of several visits to groups, the surest first.
///
/// Groups hold at most one unit of each visit (a correlation clustering by agglomeration; Bansal et
/// al. 2004, Machine Learning 56). What two groups say of being one unit is all pairs across them.
struct UnitGrouping {
  /// One step: two groups that were joined or, the last ones, would have been next.
  struct Step {
    let first: [Int]
    let second: [Int]
    let evidence: JoiningEvidence
    let probability: Double
  }

  /// The units, by place in the evidence's order of visits.
  let units: [VisitEvidence.Unit]
  private let visitBits: [UInt64]
  private let count: Int
  /// Log odds of each pair of units; not a number where nothing is known of them.
  private let odds: [Double]
  /// Log odds of the share of true pairs for the visits of each pair of units.
  private let shared: [Double]
  private let configuration: UnitIdentities.Configuration

  init(_ evidence: VisitEvidence, _ configuration: UnitIdentities.Configuration) {
    self.configuration = configuration
    let order = evidence.order
    var units: [VisitEvidence.Unit] = []
    var bits: [UInt64] = []
    var nodes: [[Int?]] = []
    for (place, visit) in order.enumerated() {
      nodes.append(
        evidence.names[visit].indices.map { index in
          guard evidence.obstacles[visit][index] == nil else { return nil }
          units.append(VisitEvidence.Unit(visit: visit, index: index))
          bits.append(1 << UInt64(place))
          return units.count - 1
        })
    }
    let count = units.count
    var odds = [Double](repeating: .nan, count: count * count)
    var shared = odds
    for a in order.indices {
      for b in a + 1..<max(a + 1, order.count) {
        guard let pair = evidence.pairs[VisitMountings.index(a, b, count: order.count)] else {
          continue
        }
        let share = pair.sharedLogOdds(configuration.shared)
        let values = pair.logOdds(configuration.pairLaw, shared: share)
        for (place, value) in values.enumerated() {
          guard let i = nodes[a][place / pair.columns], let j = nodes[b][place % pair.columns]
          else { continue }
          let bounded = max(-8, min(8, value))
          odds[i * count + j] = bounded
          odds[j * count + i] = bounded
          shared[i * count + j] = share
          shared[j * count + i] = share
        }
      }
    }
    self.units = units
    visitBits = bits
    self.count = count
    self.odds = odds
    self.shared = shared
  }

  /// The pairs across two groups, summed up.
  struct Across {
    var sum = 0.0
    var largest = -Double.infinity
    var smallest = Double.infinity
    var shared = 0.0
    var pairs = 0

    var mean: Double { sum / Double(max(1, pairs)) }

    static func + (a: Across, b: Across) -> Across {
      Across(
        sum: a.sum + b.sum, largest: max(a.largest, b.largest),
        smallest: min(a.smallest, b.smallest), shared: a.shared + b.shared,
        pairs: a.pairs + b.pairs)
    }
  }

  /// The groups so far; a group goes by its first unit.
  private struct Groups {
    let count: Int
    var members: [[Int]]
    var visits: [UInt64]
    /// What the pairs across two groups say, row-major.
    var across: [Across]

    var names: [Int] { members.indices.filter { !members[$0].isEmpty } }
  }

  /// Joins groups until no pair is as probable as `configuration.acceptedFrom`.
  ///
  /// Returns the groups, the steps that were taken and those that were refused at the end.
  func joined() -> (groups: [[Int]], taken: [Step], refused: [Step]) {
    var groups = Groups(
      count: count, members: (0..<count).map { [$0] }, visits: visitBits,
      across: odds.indices.map { place in
        let value = odds[place]
        return value.isNaN
          ? Across()
          : Across(sum: value, largest: value, smallest: value, shared: shared[place], pairs: 1)
      })
    var taken: [Step] = []
    while true {
      let best = steps(groups).max { $0.probability < $1.probability }
      guard let best, best.probability >= configuration.acceptedFrom else { break }
      taken.append(best)
      join(&groups, best.first[0], best.second[0])
    }
    let refused = steps(groups).sorted {
      $0.probability != $1.probability
        ? $0.probability > $1.probability
        : ($0.first[0], $0.second[0]) < ($1.first[0], $1.second[0])
    }
    return (groups.names.map { groups.members[$0] }, taken, refused)
  }

  /// Every pair of groups that may be one unit, in the order of their first units.
  private func steps(_ groups: Groups) -> [Step] {
    let names = groups.names
    let partners = names.map { name in
      names.filter { other in
        groups.visits[name] & groups.visits[other] == 0
          && groups.across[name * count + other].largest >= configuration.leastLogOdds
      }
    }
    var placeOf = [Int](repeating: 0, count: count)
    for (place, name) in names.enumerated() { placeOf[name] = place }
    var result: [Step] = []
    for (place, name) in names.enumerated() {
      for other in partners[place] where other > name {
        let across = groups.across[name * count + other]
        let rivalOfFirst = rival(groups, name, partners[place], against: other)
        let otherPlace = placeOf[other]
        let rivalOfSecond = rival(groups, other, partners[otherPlace], against: name)
        let evidence = JoiningEvidence(
          meanLogOdds: across.mean, largestLogOdds: across.largest,
          smallestLogOdds: across.smallest,
          margin: max(-8, min(8, across.mean - max(rivalOfFirst, rivalOfSecond))),
          pairs: across.pairs, sharedLogOdds: across.shared / Double(across.pairs))
        result.append(
          Step(
            first: groups.members[name], second: groups.members[other], evidence: evidence,
            probability: LogisticLaw.probability(
              logOdds: configuration.joiningLaw.logOdds(evidence.features))))
      }
    }
    return result
  }

  /// The best mean log odds of a group with a partner that shares a visit with `against`.
  private func rival(
    _ groups: Groups, _ name: Int, _ partners: [Int], against: Int
  ) -> Double {
    var best = -Double.infinity
    for other in partners
    where other != against && groups.visits[other] & groups.visits[against] != 0 {
      best = max(best, groups.across[name * count + other].mean)
    }
    return best
  }

  private func join(_ groups: inout Groups, _ first: Int, _ second: Int) {
    groups.members[first] = (groups.members[first] + groups.members[second]).sorted()
    groups.members[second] = []
    groups.visits[first] |= groups.visits[second]
    for other in 0..<count where !groups.members[other].isEmpty && other != first {
      let sum =
        groups.across[first * count + other] + groups.across[second * count + other]
      groups.across[first * count + other] = sum
      groups.across[other * count + first] = sum
    }
  }
}
