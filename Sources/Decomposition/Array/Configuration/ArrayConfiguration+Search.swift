extension ArrayConfiguration {
  /// How sources are searched in a round, and when trains are compared.
  ///
  /// The defaults were chosen on simulated recordings.
  public struct Search: Codable, Sendable, Equatable {
    /// Ridge of the covariance over the mean of the lower half of its eigenvalues; by default 5
    /// (surface) or 10.
    public var ridgeFactor: Float?
    /// Random directions in which activity is measured for the starts.
    public var projections = 32
    /// Shortest distance of two starts, in seconds.
    public var startDistance = 0.005
    /// Share of the local maxima of activity, the highest, from which starts are drawn.
    public var startShare = 0.5
    /// Local maxima for each candidate from which starts are drawn at least.
    public var startsPerCandidate = 6
    /// The most refinements of a candidate.
    public var refinements = 8
    /// Silhouette value that a candidate must exceed at its first refinement.
    public var firstSilhouette = 0.3
    /// The same at later refinements.
    public var laterSilhouette = 0.5
    /// Agreement from which two candidates are one.
    public var sameShare = 0.5
    /// Longest lag of two trains that are one, in seconds.
    public var longestLag = 0.05
    /// Re-estimations of a new unit within its round.
    public var passes = 3
    /// Largest distance of a discharge that the filter of the other half finds again.
    public var crossFitTolerance = 2.0
    /// Rounds in a row that add no unit after which the search ends.
    public var emptyRounds = 2

    /// The default settings.
    public init() {}

    /// Reads stored settings; what is not there takes its default.
    ///
    /// - Throws: `DecodingError` where a value has another type.
    public init(from decoder: any Decoder) throws {
      self.init()
      let values = try decoder.container(keyedBy: CodingKeys.self)
      func read<Value: Decodable>(_ value: inout Value, _ key: CodingKeys) throws {
        value = try values.decodeIfPresent(Value.self, forKey: key) ?? value
      }
      ridgeFactor = try values.decodeIfPresent(Float.self, forKey: .ridgeFactor)
      try read(&projections, .projections)
      try read(&startDistance, .startDistance)
      try read(&startShare, .startShare)
      try read(&startsPerCandidate, .startsPerCandidate)
      try read(&refinements, .refinements)
      try read(&firstSilhouette, .firstSilhouette)
      try read(&laterSilhouette, .laterSilhouette)
      try read(&sameShare, .sameShare)
      try read(&longestLag, .longestLag)
      try read(&passes, .passes)
      try read(&crossFitTolerance, .crossFitTolerance)
      try read(&emptyRounds, .emptyRounds)
    }
  }

  /// How units are looked for whose potentials are known.
  ///
  /// The defaults were chosen on simulated recordings.
  public struct Known: Codable, Sendable, Equatable {
    /// The most rounds over the units that are not found yet.
    public var rounds = 4
    /// Lowest cosine of the potential found with the known one for the same unit.
    public var lowestSimilarity = 0.7

    /// The default settings.
    public init() {}

    /// Reads stored settings; what is not there takes its default.
    ///
    /// - Throws: `DecodingError` where a value has another type.
    public init(from decoder: any Decoder) throws {
      self.init()
      let values = try decoder.container(keyedBy: CodingKeys.self)
      func read<Value: Decodable>(_ value: inout Value, _ key: CodingKeys) throws {
        value = try values.decodeIfPresent(Value.self, forKey: key) ?? value
      }
      try read(&rounds, .rounds)
      try read(&lowestSimilarity, .lowestSimilarity)
    }
  }

  /// How much of a unit a train is likely to lack.
  ///
  /// The defaults were chosen on simulated recordings.
  public struct Completeness: Codable, Sendable, Equatable {
    /// Length over which a train is active or silent, in seconds.
    public var window = 1.0
    /// Weight of silent windows stronger than the median of the active ones.
    public var missedWeight = 2.0

    /// The default settings.
    public init() {}

    /// Reads stored settings; what is not there takes its default.
    ///
    /// - Throws: `DecodingError` where a value has another type.
    public init(from decoder: any Decoder) throws {
      self.init()
      let values = try decoder.container(keyedBy: CodingKeys.self)
      func read<Value: Decodable>(_ value: inout Value, _ key: CodingKeys) throws {
        value = try values.decodeIfPresent(Value.self, forKey: key) ?? value
      }
      try read(&window, .window)
      try read(&missedWeight, .missedWeight)
    }
  }

  /// How filters are kept for signals as they arrive.
  ///
  /// The defaults were chosen on simulated recordings.
  public struct Kept: Codable, Sendable, Equatable {
    /// Stretch of the recording that thresholds and filters for signals as they arrive are taken
    /// from, in seconds.
    public var excerptSeconds = 60.0
    /// Agreement of the first pass with the train of a unit from which its discharges are
    /// subtracted.
    public var subtractedFrom = 0.8

    /// The default settings.
    public init() {}

    /// Reads stored settings; what is not there takes its default.
    ///
    /// - Throws: `DecodingError` where a value has another type.
    public init(from decoder: any Decoder) throws {
      self.init()
      let values = try decoder.container(keyedBy: CodingKeys.self)
      func read<Value: Decodable>(_ value: inout Value, _ key: CodingKeys) throws {
        value = try values.decodeIfPresent(Value.self, forKey: key) ?? value
      }
      try read(&excerptSeconds, .excerptSeconds)
      try read(&subtractedFrom, .subtractedFrom)
    }
  }
}
