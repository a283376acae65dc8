import RealModule

/// Motor units of one muscle followed over three to ten recordings jointly.
///
/// All visits are compared with each other and every unit gets one identity: links are transitive,
/// and an identity has at most one unit of a visit. A unit that is missing at a visit and seen again
/// later keeps its identity.
public struct UnitIdentities: Sendable, Equatable, Codable {
  /// Visits that can be followed together.
  public static let visitRange = 3...10

  /// A unit of one visit.
  public struct Member: Sendable, Equatable, Codable {
    /// Place of the visit in the list that was given, from 0.
    public let visit: Int
    /// Name of the unit in its recording.
    public let unit: String
  }

  /// One motor unit over the visits.
  public struct Identity: Sendable, Equatable, Codable {
    /// Its units by visit, at most one of each.
    public let members: [Member]
    /// Probability that all of them are one unit: the lowest of its links; 1 for a unit seen once.
    public let probability: Double
  }

  /// Two units of different visits that are one.
  public struct Link: Sendable, Equatable, Codable {
    /// The unit of the visit that stands first in the given list.
    public let first: Member
    /// The unit of the other visit.
    public let second: Member
    /// Probability that both are the same motor unit, 0...1.
    public let probability: Double
    /// Normalised cross-correlation of the two potentials.
    public let similarity: Double?
    /// Amplitude of the second potential over the first.
    public let amplitudeRatio: Double?
  }

  /// Two groups of units that were not joined although they may be one unit.
  public struct Doubt: Sendable, Equatable, Codable {
    /// Units of the one group.
    public let first: [Member]
    /// Units of the other.
    public let second: [Member]
    /// Probability that both are the same motor unit, 0...1.
    public let probability: Double
  }

  /// A unit that cannot be followed, and why.
  public struct Untracked: Sendable, Equatable, Codable {
    /// The unit.
    public let member: Member
    /// Why it cannot be followed.
    public let obstacle: UnitMatching.Obstacle
  }

  /// Visits that were given.
  public let visits: Int
  /// The identities that can be followed, by the first visit at which they were seen.
  public let identities: [Identity]
  /// All pairs of units within an identity, by visits and identity.
  public let links: [Link]
  /// Joinings that were refused with a probability of 0.1 or more, the likeliest first.
  public let doubts: [Doubt]
  /// Units that cannot be followed.
  public let untracked: [Untracked]
  /// How units were followed.
  public let configuration: Configuration

  /// Follows the units of several visits.
  ///
  /// - Parameters:
  ///   - visits: recordings of one muscle, 2 to 64 of them, in any order.
  ///   - matching: how potentials are compared.
  ///   - configuration: how units are joined.
  ///   - progress: takes the share that is done, 0...1; what it throws ends the work.
  /// - Throws: What `progress` throws.
  public init(
    _ visits: [TrackedRecording], matching: UnitMatching.Configuration = .init(),
    configuration: Configuration = Configuration(),
    progress: (Double) throws -> Void = { _ in }
  ) rethrows {
    self.init(
      try VisitEvidence(visits, matching, progress: progress), configuration: configuration)
  }

  /// Follows units whose evidence is known.
  public init(_ evidence: VisitEvidence, configuration: Configuration = Configuration()) {
    precondition(evidence.names.count <= 64, "at most 64 visits")
    let grouping = UnitGrouping(evidence, configuration)
    let (groups, taken, refused) = grouping.joined()
    let places = grouping.units
    func member(_ node: Int) -> Member {
      let unit = places[node]
      return Member(visit: unit.visit, unit: evidence.names[unit.visit][unit.index])
    }
    func sorted(_ nodes: [Int]) -> [Int] {
      nodes.sorted { (places[$0].visit, places[$0].index) < (places[$1].visit, places[$1].index) }
    }
    var probabilities: [[Int]: Double] = [:]
    for step in taken {
      for a in step.first {
        for b in step.second { probabilities[sorted([a, b])] = step.probability }
      }
    }
    let ordered = groups.map(sorted).sorted {
      (places[$0[0]].visit, places[$0[0]].index) < (places[$1[0]].visit, places[$1[0]].index)
    }
    var links: [Link] = []
    var identities: [Identity] = []
    for nodes in ordered {
      var lowest = 1.0
      for (place, a) in nodes.enumerated() {
        for b in nodes[(place + 1)...] {
          let probability = probabilities[[a, b]] ?? 0
          lowest = min(lowest, probability)
          let known = evidence.between(places[a], places[b])
          links.append(
            Link(
              first: member(a), second: member(b), probability: probability,
              similarity: known?.similarity, amplitudeRatio: known.map { Double.exp($0.logGain) }))
        }
      }
      identities.append(Identity(members: nodes.map(member), probability: lowest))
    }
    self.visits = evidence.names.count
    self.identities = identities
    self.links = links
    doubts = refused.filter { $0.probability >= 0.1 }.map {
      Doubt(
        first: sorted($0.first).map(member), second: sorted($0.second).map(member),
        probability: $0.probability)
    }
    untracked = evidence.obstacles.enumerated().flatMap { visit, list in
      list.enumerated().compactMap { index, obstacle in
        obstacle.map {
          Untracked(
            member: Member(visit: visit, unit: evidence.names[visit][index]),
            obstacle: $0)
        }
      }
    }
    self.configuration = configuration
  }

  /// Steps that grouping took or considered last, for fitting the law of joining.
  public static func steps(
    _ evidence: VisitEvidence, configuration: Configuration
  ) -> [(
    first: [VisitEvidence.Unit], second: [VisitEvidence.Unit], evidence: JoiningEvidence,
    probability: Double
  )] {
    let grouping = UnitGrouping(evidence, configuration)
    let (_, taken, refused) = grouping.joined()
    return (taken + refused).map { step in
      (
        step.first.map { grouping.units[$0] }, step.second.map { grouping.units[$0] },
        step.evidence, step.probability
      )
    }
  }
}

extension VisitEvidence {
  /// Similarity and log amplitude ratio, second over first, of two units of different visits.
  func between(_ first: Unit, _ second: Unit) -> (similarity: Double, logGain: Double)? {
    guard let a = order.firstIndex(of: first.visit), let b = order.firstIndex(of: second.visit),
      let pair = pairs[VisitMountings.index(a, b, count: order.count)]
    else { return nil }
    let place =
      a < b ? first.index * pair.columns + second.index : second.index * pair.columns + first.index
    let gain = pair.logGain[place]
    return (pair.evidence[place].similarity, a < b ? gain : -gain)
  }
}
