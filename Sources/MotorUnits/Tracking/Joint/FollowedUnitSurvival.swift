import Signal

/// Survival of followed units over visits, of one person and muscle.
///
/// A unit that is seen again later was alive all the time, and one that is not seen any more may be
/// lost or only missed: both are told apart by the chance that a living unit is found, estimated
/// from units that were missed between two visits (the open model of capture and recapture: Cormack
/// 1964, Jolly 1965, Seber 1965, with one chance of detection for all visits and units). Without a
/// unit that pauses it is the estimate of Kaplan and Meier 1958. What is followed is the units that
/// can be recognised: a unit whose potential changed beyond recognition counts as lost.
public struct FollowedUnitSurvival: Sendable, Equatable, Codable {
  /// One visit of the curve.
  public struct Point: Sendable, Equatable, Codable {
    /// Place of the visit in the list that was given, from 0.
    public let visit: Int
    /// Units seen at this visit.
    public let seen: Int
    /// Units not seen here but before and after.
    public let paused: Int
    /// Units seen here for the first time.
    public let new: Int
    /// Share of the units of the first visit that survives to this one: the posterior's median.
    public let survival: Double
    /// 5 and 95 % bounds of the share.
    public let bounds: [Double]
  }

  /// The visits in their order; the first has survival 1.
  public let points: [Point]
  /// Chance that a living unit is found and recognised at a visit: the posterior's median.
  public let detection: Double
  /// 5 and 95 % bounds of the chance.
  public let detectionBounds: [Double]
  /// Units that were followed.
  public let units: Int

  /// The survival of the units of several visits, given in the order of time.
  ///
  /// Bounds come from Gibbs draws of the times of loss, the survival of each interval and the chance
  /// of detection (uniform priors); in each draw an identity is cut where its link between two
  /// successive sightings is drawn to be wrong. Nil without a unit that could be seen again.
  public init?(_ identities: UnitIdentities, seed: UInt64 = 1) {
    let visits = identities.visits
    let histories = SightingHistory.all(identities)
    guard visits >= 2, histories.contains(where: { ($0.places.first ?? visits) < visits - 1 })
    else { return nil }
    var random = SeededGenerator(seed: seed, stream: 79)
    var survival = [Double](repeating: 0.8, count: visits - 1)
    var detection = 0.7
    var curves = [[Double]](repeating: [], count: visits)
    var detections: [Double] = []
    let (burnIn, sweeps) = (500, 4_000)
    for sweep in 0..<(burnIn + sweeps) {
      var survived = [Double](repeating: 0, count: visits - 1)
      var lost = survived
      var seen = 0.0
      var missed = 0.0
      for piece in histories.flatMap({ $0.cut(using: &random) }) {
        guard let first = piece.first, let last = piece.last else { continue }
        var end = last
        // The visit up to which the unit lives, from the last sighting on.
        var weights: [Double] = []
        var alive = 1.0
        for interval in last..<(visits - 1) {
          weights.append(alive * (1 - survival[interval]))
          alive *= survival[interval] * (1 - detection)
        }
        weights.append(alive)
        var draw = random.uniform() * weights.reduce(0, +)
        for (step, weight) in weights.enumerated() {
          end = last + step
          draw -= weight
          if draw <= 0 { break }
        }
        for interval in first..<end { survived[interval] += 1 }
        if end < visits - 1 { lost[end] += 1 }
        seen += Double(piece.count - 1)
        missed += Double(end - first - (piece.count - 1))
      }
      func share(_ successes: Double, _ failures: Double) -> Double {
        let a = random.gammaVariate(successes + 1)
        return a / (a + random.gammaVariate(failures + 1))
      }
      for interval in survival.indices {
        survival[interval] = share(survived[interval], lost[interval])
      }
      detection = share(seen, missed)
      guard sweep >= burnIn else { continue }
      detections.append(detection)
      var product = 1.0
      curves[0].append(1)
      for interval in survival.indices {
        product *= survival[interval]
        curves[interval + 1].append(product)
      }
    }
    points = curves.enumerated().map { visit, values in
      let (median, bounds) = Self.summary(values)
      return Point(
        visit: visit, seen: histories.count { $0.places.contains(visit) },
        paused: histories.count {
          guard let first = $0.places.first, let last = $0.places.last else { return false }
          return first < visit && visit < last && !$0.places.contains(visit)
        },
        new: histories.count { $0.places.first == visit }, survival: median, bounds: bounds)
    }
    (self.detection, detectionBounds) = Self.summary(detections)
    units = histories.count
  }

  private static func summary(_ values: [Double]) -> (Double, [Double]) {
    let sorted = values.sorted()
    return (
      sorted[sorted.count / 2],
      [sorted[sorted.count / 20], sorted[sorted.count - 1 - sorted.count / 20]]
    )
  }
}

/// When one unit was seen.
struct SightingHistory {
  /// Visits at which it was seen, ascending.
  let places: [Int]
  /// Probability of the link between each sighting and the next.
  let links: [Double]

  static func all(_ identities: UnitIdentities) -> [SightingHistory] {
    var probabilities: [[String]: Double] = [:]
    func key(_ a: UnitIdentities.Member, _ b: UnitIdentities.Member) -> [String] {
      ["\(a.visit)", a.unit, "\(b.visit)", b.unit]
    }
    for link in identities.links { probabilities[key(link.first, link.second)] = link.probability }
    return identities.identities.map { identity in
      SightingHistory(
        places: identity.members.map(\.visit),
        links: zip(identity.members, identity.members.dropFirst()).map {
          probabilities[key($0, $1)] ?? identity.probability
        })
    }
  }

  /// The history as one or more, cut where a link is drawn to be wrong.
  func cut(using random: inout SeededGenerator) -> [[Int]] {
    var pieces: [[Int]] = []
    var current: [Int] = []
    for (index, place) in places.enumerated() {
      if index > 0 && random.uniform() >= links[index - 1] {
        pieces.append(current)
        current = []
      }
      current.append(place)
    }
    pieces.append(current)
    return pieces
  }
}
