import Decomposition

/// What the units of several visits' recordings of one muscle say about each other.
///
/// Every visit is compared with every other one. Visits are taken in an order of their own, by what
/// they hold, so that nothing depends on the order in which they are given.
public struct VisitEvidence: Sendable, Codable {
  /// One unit of one visit.
  public struct Unit: Sendable, Equatable, Hashable, Codable {
    /// Place of the visit in the list that was given, from 0.
    public let visit: Int
    /// Place of the unit in its recording, from 0.
    public let index: Int
  }

  /// Names of the units of each visit, in the given order.
  let names: [[String]]
  /// The visits in the order in which they are compared.
  let order: [Int]
  /// Evidence of each pair of places in `order`, by `VisitMountings.index`; nil where there is none.
  let pairs: [VisitPair?]
  /// How the arrays lie, likewise; nil without geometry.
  let mountings: [GridMounting?]
  /// Why units cannot be tracked, by visit and unit; nil for trackable ones.
  let obstacles: [[UnitMatching.Obstacle?]]

  /// Compares the visits.
  ///
  /// - Parameters:
  ///   - visits: recordings of one muscle, in any order.
  ///   - configuration: how potentials are compared.
  ///   - progress: takes the share of pairs that are done, 0...1; what it throws ends the work.
  /// - Throws: What `progress` throws.
  public init(
    _ visits: [TrackedRecording], _ configuration: UnitMatching.Configuration = .init(),
    progress: (Double) throws -> Void = { _ in }
  ) rethrows {
    names = visits.map { $0.units.map(\.unit) }
    let order = Self.order(visits)
    self.order = order
    let units = order.map { visits[$0].units }
    let rate = min(
      units.joined().map(\.template.samplingRate).min() ?? configuration.highestRate,
      configuration.highestRate)
    let banks = units.map {
      TemplateBank($0, rate: rate, duration: configuration.templateMilliseconds / 1_000)
    }
    let positions = order.map { visits[$0].usablePositions }
    let lags = Int((configuration.longestLagMilliseconds / 1_000 * rate).rounded(.up))
    let search = MountingSearch(
      largestShift: configuration.largestShift, largestRotation: configuration.largestRotation,
      leastSimilarity: configuration.mountingSimilarity, finestStep: configuration.mountingStep)
    var engines: [SimilarityEngine?] = []
    var direct: [GridMounting] = []
    let total = Double(max(1, order.count * (order.count - 1) / 2))
    for a in order.indices {
      for b in a + 1..<max(a + 1, order.count) {
        let isUsable = [a, b].allSatisfy { !banks[$0].channels.isEmpty && banks[$0].unitCount > 0 }
        let engine =
          isUsable
          ? SimilarityEngine(
            banks[a], positions: positions[a], banks[b], secondPositions: positions[b],
            covarianceLength: configuration.covarianceLength, ridge: configuration.ridge,
            lags: lags, leastReliability: configuration.leastReliability) : nil
        engines.append(engine)
        let done = Double(engines.count - 1)
        direct.append(
          try engine.map { engine in
            try search.best(engine) { try progress((done + $0) / total * 0.9) }
          } ?? GridMounting())
        try progress((done + 1) / total * 0.9)
      }
    }
    let laid = VisitMountings(
      count: order.count, engines: engines, centres: positions.map(SimilarityEngine.centre),
      search: search, direct: direct
    ).mountings
    let noise = units.map {
      $0.map { $0.signalToNoise(strongest: configuration.strongestShare) }
    }
    var pairs: [VisitPair?] = []
    for a in order.indices {
      for b in a + 1..<max(a + 1, order.count) {
        let place = pairs.count
        let similarity = engines[place]?.similarity(laid[place])
        pairs.append(
          similarity.flatMap {
            $0.coveredElectrodes >= configuration.fewestElectrodes
              ? VisitPair($0, noise: [noise[a], noise[b]]) : nil
          })
      }
    }
    self.pairs = pairs
    mountings = engines.indices.map { engines[$0]?.hasGeometry == true ? laid[$0] : nil }
    var obstacles = visits.map { [UnitMatching.Obstacle?](repeating: nil, count: $0.units.count) }
    for (place, visit) in order.enumerated() {
      let hasPartner = order.indices.contains { other in
        other != place
          && pairs[VisitMountings.index(place, other, count: order.count)] != nil
      }
      // Where no other visit has a unit, units are not found again but could have been.
      let isAlone = order.indices.allSatisfy { $0 == place || units[$0].isEmpty }
      for (index, ratio) in noise[place].enumerated() {
        if !hasPartner && !isAlone { obstacles[visit][index] = .tooFewElectrodes }
        if let ratio, ratio < configuration.lowestSignalToNoise {
          obstacles[visit][index] = .lowSignalToNoise
        }
      }
    }
    self.obstacles = obstacles
    try progress(1)
  }

  /// Visits by the number of their units and the energy of their potentials.
  private static func order(_ visits: [TrackedRecording]) -> [Int] {
    let energies = visits.map { visit in
      visit.units.reduce(0.0) { sum, unit in
        unit.template.channels.reduce(sum) { $0 + $1.reduce(0.0) { $0 + Double($1 * $1) } }
      }
    }
    return visits.indices.sorted {
      (visits[$0].units.count, energies[$0], $0) < (visits[$1].units.count, energies[$1], $1)
    }
  }

  private init(
    names: [[String]], order: [Int], pairs: [VisitPair?], mountings: [GridMounting?],
    obstacles: [[UnitMatching.Obstacle?]]
  ) {
    self.names = names
    self.order = order
    self.pairs = pairs
    self.mountings = mountings
    self.obstacles = obstacles
  }

  /// What some of the units of each visit say, as if there were no others; for fitting laws.
  ///
  /// The arrays lie as all units say.
  /// - Parameter units: places of the units of each visit, in the given order of visits.
  public func keeping(_ units: [[Int]]) -> VisitEvidence {
    precondition(units.count == names.count, "units are kept of each visit")
    var kept = pairs
    for a in order.indices {
      for b in a + 1..<max(a + 1, order.count) {
        let place = VisitMountings.index(a, b, count: order.count)
        let (rows, columns) = (units[order[a]], units[order[b]])
        kept[place] =
          rows.isEmpty || columns.isEmpty
          ? nil : pairs[place]?.keeping(rows: rows, columns: columns)
      }
    }
    return VisitEvidence(
      names: zip(names, units).map { names, units in units.map { names[$0] } }, order: order,
      pairs: kept, mountings: mountings,
      obstacles: zip(obstacles, units).map { list, units in units.map { list[$0] } })
  }

  /// Each two visits with what they tell as a whole, for fitting laws.
  ///
  /// `mutual` holds the units that are each other's most similar one, with the evidence that links of
  /// two recordings rest on.
  public func visitPairs(
    _ shared: SharedUnitsLaw = SharedUnitsLaw()
  ) -> [(features: [Double], mutual: [(first: Unit, second: Unit, evidence: UnitMatchEvidence)])] {
    order.indices.flatMap { a in
      (a + 1..<max(a + 1, order.count)).compactMap { b in
        pairs[VisitMountings.index(a, b, count: order.count)].map { pair in
          (
            pair.sharedFeatures,
            pair.mutual.map {
              (
                Unit(visit: order[a], index: $0 / pair.columns),
                Unit(visit: order[b], index: $0 % pair.columns),
                UnitMatchEvidence(
                  pair.evidence[$0], shared: pair.sharedLogOdds(shared), scarcity: pair.scarcity)
              )
            }
          )
        }
      }
    }
  }

  /// The values that the law of pairs weighs for every pair of units of different visits.
  public func unitPairs(
    _ configuration: UnitIdentities.Configuration
  ) -> [(first: Unit, second: Unit, similarity: Double, features: [Double])] {
    var result: [(first: Unit, second: Unit, similarity: Double, features: [Double])] = []
    for a in order.indices {
      for b in a + 1..<max(a + 1, order.count) {
        guard let pair = pairs[VisitMountings.index(a, b, count: order.count)] else { continue }
        let shared = pair.sharedLogOdds(configuration.shared)
        let scarcity = pair.scarcity
        for place in pair.evidence.indices {
          result.append(
            (
              Unit(visit: order[a], index: place / pair.columns),
              Unit(visit: order[b], index: place % pair.columns), pair.evidence[place].similarity,
              pair.evidence[place].features + [shared, scarcity]
            ))
        }
      }
    }
    return result
  }
}
