extension ArrayConfiguration {
  /// How the heights and the rhythm of the peaks of a source decide which are discharges.
  ///
  /// The defaults were chosen on simulated recordings.
  public struct Decoding: Codable, Sendable, Equatable {
    /// Lowest height of a peak that is looked at, over the mean discharge.
    public var lowestHeight: Float = 0.3
    /// Shortest distance of two peaks, in seconds.
    public var peakDistance = 0.004
    /// Share of intervals that follow no rhythm, of 1 s on average.
    public var irregularShare = 0.1
    /// Intervals on either side over which the usual interval is taken.
    public var neighbours = 10
    /// Fewest discharges that show a rhythm.
    public var fewestDischarges = 20
    /// Fits of the laws of heights and intervals.
    public var passes = 2
    /// Least standard deviation of the heights of discharges.
    public var leastDeviation = 0.05
    /// Least mean height of other peaks above the lowest.
    public var leastExcess = 0.02
    /// Least deviation of the logarithms of intervals from the usual one.
    public var leastSpread = 0.08
    /// Greatest such deviation.
    public var greatestSpread = 0.5
    /// Longest interval with a rhythm, in usual intervals.
    public var longestInterval = 3.0

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
      try read(&lowestHeight, .lowestHeight)
      try read(&peakDistance, .peakDistance)
      try read(&irregularShare, .irregularShare)
      try read(&neighbours, .neighbours)
      try read(&fewestDischarges, .fewestDischarges)
      try read(&passes, .passes)
      try read(&leastDeviation, .leastDeviation)
      try read(&leastExcess, .leastExcess)
      try read(&leastSpread, .leastSpread)
      try read(&greatestSpread, .greatestSpread)
      try read(&longestInterval, .longestInterval)
    }
  }

  /// Which peaks between two discharges are taken as missed ones.
  ///
  /// The defaults were chosen on simulated recordings.
  public struct Missed: Codable, Sendable, Equatable {
    /// Lowest height of such a peak over the mean discharge.
    public var lowestHeight: Float = 0.4
    /// Lowest height of such a peak over the standard deviation of the source elsewhere.
    public var lowestNoiseRatio: Float = 4
    /// How far from the expected time it is looked for, as a share of the interval.
    public var searchShare = 0.3
    /// Fewest discharges of a train that is looked at.
    public var fewestDischarges = 8
    /// The most discharges missing in a row; a longer silence is a pause.
    public var mostMissing = 3

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
      try read(&lowestHeight, .lowestHeight)
      try read(&lowestNoiseRatio, .lowestNoiseRatio)
      try read(&searchShare, .searchShare)
      try read(&fewestDischarges, .fewestDischarges)
      try read(&mostMissing, .mostMissing)
    }
  }

  /// When two trains are pieces of one unit.
  ///
  /// The defaults were chosen on simulated recordings.
  public struct Pieces: Codable, Sendable, Equatable {
    /// Lowest cosine of the potentials where the rhythm goes on.
    public var lowestSimilarity = 0.5
    /// Lowest cosine of the potentials across a pause.
    public var similarityAcrossPause = 0.95
    /// Changes between the trains over those that two unrelated trains would show.
    public var changeShare = 0.1
    /// Largest ratio of the usual intervals on either side of a change.
    public var intervalRatio = 1.6
    /// Longest break at a change, in usual intervals.
    public var longestBreak = 4.0
    /// Fewest discharges of a piece.
    public var fewestDischarges = 8
    /// Agreement over a common stretch from which two trains are one.
    public var commonAgreement = 0.5
    /// Lowest cosine of two potentials whose trains take turns.
    public var similarityInTurns = 0.85
    /// Fewest changes between trains that take turns.
    public var fewestTurns = 10
    /// Interval of both together, in usual ones, below which a change comes early.
    public var shortInterval = 0.5
    /// The most such changes of trains that take turns, as a share; two units show about 0.3.
    public var shortShare = 0.05
    /// The same over that share before the lag of the trains is known.
    public var shortFactor = 3.0
    /// Intervals on either side of a change from which the usual one is taken.
    public var neighbours = 6
    /// The most joins in a row that make one track of a long recording.
    public var passes = 6

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
      try read(&lowestSimilarity, .lowestSimilarity)
      try read(&similarityAcrossPause, .similarityAcrossPause)
      try read(&changeShare, .changeShare)
      try read(&intervalRatio, .intervalRatio)
      try read(&longestBreak, .longestBreak)
      try read(&fewestDischarges, .fewestDischarges)
      try read(&commonAgreement, .commonAgreement)
      try read(&similarityInTurns, .similarityInTurns)
      try read(&fewestTurns, .fewestTurns)
      try read(&shortInterval, .shortInterval)
      try read(&shortShare, .shortShare)
      try read(&shortFactor, .shortFactor)
      try read(&neighbours, .neighbours)
      try read(&passes, .passes)
    }
  }
}
