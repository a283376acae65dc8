extension NeedleConfiguration {
  /// Intervals of regular trains: what counts as one, and how they vary.
  ///
  /// The defaults were chosen on simulated recordings.
  public struct Intervals: Codable, Sendable, Equatable {
    /// Intervals up to this length enter no fit, in seconds.
    public var shortest = 0.015
    /// Intervals from this length on enter no fit, and no train goes on over them, in seconds.
    public var longest = 1.2
    /// Fewest intervals of a fit.
    public var fewest = 4
    /// Mean of a single interval up to which a fit counts as failed, in seconds.
    public var leastMean = 0.022
    /// Share of the intervals that follow no law.
    public var irregularShare = 0.05
    /// Least coefficient of variation of a fit.
    public var leastVariation = 0.05
    /// Greatest coefficient of variation of a fit.
    public var greatestVariation = 0.35
    /// Least share of missing firings of a fit.
    public var leastMissRate = 0.02
    /// Greatest share of missing firings of a fit.
    public var greatestMissRate = 0.8
    /// Fewest intervals from which regularity is judged.
    public var fewestJudged = 5
    /// Dead time of the random train that regularity is told against, in seconds.
    public var randomDeadTime = 0.010
    /// Density of its shorter intervals over that of a random train.
    public var randomShortShare = 0.2
    /// Least coefficient of variation that the search for firings expects.
    public var expectedLeastVariation = 0.10
    /// How much wider intervals are expected than they were found.
    public var expectedWidening = 1.2
    /// Least share of missing firings that is expected.
    public var expectedLeastMissRate = 0.08
    /// Greatest share of missing firings that is expected.
    public var expectedGreatestMissRate = 0.5
    /// Time after a firing in which none can follow, in seconds.
    public var deadTime = 0.012
    /// The same as a share of the mean interval; the longer one counts.
    public var deadShare = 0.3
    /// Weight of pauses among the expected intervals.
    public var pauseShare = 0.02
    /// Shortest pause, in mean intervals.
    public var pauseFrom = 0.35
    /// Usual length of a pause, in mean intervals.
    public var pauseLength = 6.0
    /// Weight of firings that follow no rhythm.
    public var strayShare = 0.001
    /// Usual interval of such firings, in mean intervals.
    public var strayLength = 10.0
    /// Interval from which a second firing becomes possible, in seconds.
    public var rampStart = 0.004
    /// Time over which it becomes so, in seconds.
    public var rampLength = 0.02
    /// Interval below which a firing counts as too early, in seconds.
    public var shortTime = 0.02
    /// The same as a share of the mean interval; the longer one counts.
    public var shortShare = 0.4
    /// Interval from which a train pauses, in mean intervals.
    public var activeSpan = 3.6
    /// How far the median interval may lie from the fitted mean to be the usual one.
    public var medianTrust = 0.35
    /// Shortest single interval, in usual ones.
    public var singleFrom = 0.55
    /// Longest single interval, in usual ones.
    public var singleTo = 1.6
    /// Fewest single intervals from which a rhythm is followed.
    public var fewestSingle = 12
    /// How much wider the rhythm is taken than it was found.
    public var rhythmWidening = 1.1
    /// How fast irregular intervals become rare, for each usual interval.
    public var irregularDecay = 0.1

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
      try read(&shortest, .shortest)
      try read(&longest, .longest)
      try read(&fewest, .fewest)
      try read(&leastMean, .leastMean)
      try read(&irregularShare, .irregularShare)
      try read(&leastVariation, .leastVariation)
      try read(&greatestVariation, .greatestVariation)
      try read(&leastMissRate, .leastMissRate)
      try read(&greatestMissRate, .greatestMissRate)
      try read(&fewestJudged, .fewestJudged)
      try read(&randomDeadTime, .randomDeadTime)
      try read(&randomShortShare, .randomShortShare)
      try read(&expectedLeastVariation, .expectedLeastVariation)
      try read(&expectedWidening, .expectedWidening)
      try read(&expectedLeastMissRate, .expectedLeastMissRate)
      try read(&expectedGreatestMissRate, .expectedGreatestMissRate)
      try read(&deadTime, .deadTime)
      try read(&deadShare, .deadShare)
      try read(&pauseShare, .pauseShare)
      try read(&pauseFrom, .pauseFrom)
      try read(&pauseLength, .pauseLength)
      try read(&strayShare, .strayShare)
      try read(&strayLength, .strayLength)
      try read(&rampStart, .rampStart)
      try read(&rampLength, .rampLength)
      try read(&shortTime, .shortTime)
      try read(&shortShare, .shortShare)
      try read(&activeSpan, .activeSpan)
      try read(&medianTrust, .medianTrust)
      try read(&singleFrom, .singleFrom)
      try read(&singleTo, .singleTo)
      try read(&fewestSingle, .fewestSingle)
      try read(&rhythmWidening, .rhythmWidening)
      try read(&irregularDecay, .irregularDecay)
    }
  }
}
