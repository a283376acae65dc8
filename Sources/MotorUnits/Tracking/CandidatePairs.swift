import RealModule

/// Mutual best pairs of two recordings under the best mounting, with the evidence for each.
public struct CandidatePairs: Sendable {
  /// A pair, each the other's most similar unit.
  public struct Candidate: Sendable {
    /// Index of the unit of the first recording.
    public let first: Int
    /// Index of the unit of the second recording.
    public let second: Int
    /// Natural logarithm of the amplitude ratio, second over first.
    public let logGain: Double
    /// The evidence.
    public let evidence: UnitMatchEvidence
  }

  /// The candidates, by index of the first unit.
  public let candidates: [Candidate]
  /// How the second array lay; nil without geometry.
  public let mounting: GridMounting?
  let similarity: BankSimilarity
  /// Why units cannot be tracked, by index; nil for trackable ones.
  public let firstObstacles: [UnitMatching.Obstacle?]
  /// Likewise of the second recording.
  public let secondObstacles: [UnitMatching.Obstacle?]

  /// Finds the candidates; nil where a recording has no unit or no electrode is common.
  ///
  /// `progress` is told the share of the search that is done; what it throws ends it.
  public init?(
    _ first: TrackedRecording, _ second: TrackedRecording,
    _ configuration: UnitMatching.Configuration, progress: (Double) throws -> Void = { _ in }
  ) rethrows {
    guard
      let rate = (first.units + second.units).map(\.template.samplingRate).min(),
      !first.units.isEmpty, !second.units.isEmpty
    else { return nil }
    let common = min(rate, configuration.highestRate)
    let seconds = configuration.templateMilliseconds / 1_000
    let banks = [first, second].map { TemplateBank($0.units, rate: common, duration: seconds) }
    guard banks.allSatisfy({ !$0.channels.isEmpty }) else { return nil }
    let lags = Int((configuration.longestLagMilliseconds / 1_000 * common).rounded(.up))
    func engine(_ a: Int, _ b: Int) -> SimilarityEngine {
      let recordings = [first, second]
      return SimilarityEngine(
        banks[a], positions: recordings[a].usablePositions, banks[b],
        secondPositions: recordings[b].usablePositions,
        covarianceLength: configuration.covarianceLength, ridge: configuration.ridge, lags: lags,
        leastReliability: configuration.leastReliability)
    }
    let across = engine(0, 1)
    let best = try MountingSearch(
      largestShift: configuration.largestShift, largestRotation: configuration.largestRotation,
      leastSimilarity: configuration.mountingSimilarity, finestStep: configuration.mountingStep
    ).best(across, progress: progress)
    let similarity = across.similarity(best)
    if similarity.coveredElectrodes <= 0 { return nil }
    mounting = across.hasGeometry ? best : nil
    self.similarity = similarity
    let noise = [first, second].map { recording in
      recording.units.map { $0.signalToNoise(strongest: configuration.strongestShare) }
    }
    let pair = VisitPair(similarity, noise: noise)
    let shared = pair.sharedLogOdds(configuration.shared)
    candidates = pair.mutual.map { place in
      Candidate(
        first: place / pair.columns, second: place % pair.columns, logGain: pair.logGain[place],
        evidence: UnitMatchEvidence(pair.evidence[place], shared: shared, scarcity: pair.scarcity))
    }
    let tooFew = similarity.coveredElectrodes < configuration.fewestElectrodes
    func obstacles(
      _ side: Int, ambiguous: Set<Int>
    ) -> [UnitMatching.Obstacle?] {
      noise[side].indices.map { index in
        if tooFew { return .tooFewElectrodes }
        if let ratio = noise[side][index], ratio < configuration.lowestSignalToNoise {
          return .lowSignalToNoise
        }
        return ambiguous.contains(index) ? .lookAlike : nil
      }
    }
    let doubtful = candidates.filter {
      $0.evidence.margin < configuration.ambiguousMargin
        && $0.evidence.similarity >= configuration.ambiguousSimilarity
    }
    firstObstacles = obstacles(0, ambiguous: Set(doubtful.map(\.first)))
    secondObstacles = obstacles(1, ambiguous: Set(doubtful.map(\.second)))
  }
}

/// Pairs of units that are each other's most similar one.
struct MutualBest {
  /// Index pairs, ascending in the first.
  let pairs: [(Int, Int)]

  init(_ similarity: BankSimilarity) {
    let (rows, columns) = (similarity.rows, similarity.columns)
    let combined = similarity.raw.indices.map {
      UnitMatchEvidence.combined(similarity.raw[$0], similarity.referenced[$0])
    }
    let bestOfRow = (0..<rows).map { i in
      (0..<columns).max { combined[i * columns + $0] < combined[i * columns + $1] } ?? 0
    }
    let bestOfColumn = (0..<columns).map { j in
      (0..<rows).max { combined[$0 * columns + j] < combined[$1 * columns + j] } ?? 0
    }
    pairs = (0..<rows).filter { bestOfColumn[bestOfRow[$0]] == $0 }.map { ($0, bestOfRow[$0]) }
  }
}

extension TrackedTemplate {
  /// Mean square of the template on its strongest electrodes over that of its noise, in dB.
  ///
  /// Over the share of the electrodes with the most energy: elsewhere a potential is weak on any
  /// array. Nil where the noise is not known.
  func signalToNoise(strongest share: Double) -> Double? {
    guard let noiseMicrovolts, noiseMicrovolts > 0 else { return nil }
    let powers = template.channels.filter { !$0.isEmpty }.map { channel in
      channel.reduce(0.0) { $0 + Double($1 * $1) } / Double(channel.count)
    }.sorted(by: >)
    let strongest = powers.prefix(max(1, Int(Double(powers.count) * share)))
    if strongest.isEmpty { return nil }
    let mean = strongest.reduce(0, +) / Double(strongest.count)
    // The template holds its own averaging noise.
    let noise = noiseMicrovolts * noiseMicrovolts
    return 10 * Double.log10(max(mean - noise, 1e-4 * noise) / noise)
  }
}

extension TrackedRecording {
  /// Positions where there is one for each electrode of every template.
  var usablePositions: [[Double]]? {
    guard let positions, units.allSatisfy({ $0.template.channels.count == positions.count }) else {
      return nil
    }
    return positions
  }
}
