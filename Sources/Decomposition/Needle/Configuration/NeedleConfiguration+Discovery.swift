extension NeedleConfiguration {
  /// How new units are looked for among spikes that no unit explains.
  ///
  /// The defaults were chosen on simulated recordings.
  public struct Discovery: Codable, Sendable, Equatable {
    /// Fewest spikes among which clusters are looked for.
    public var fewestPeaks = 8
    /// Expected size of a cluster in a short signal.
    public var fewestSpikes = 6.0
    /// Expected spikes of a cluster for each second.
    public var spikesPerSecond = 1.0
    /// Fewest like spikes of one that begins a cluster.
    public var fewestNeighbours = 5.0
    /// The same as a share of the expected size; the larger one counts.
    public var neighbourShare = 0.5
    /// Share of the expected size below which a cluster is left.
    public var clusterShare = 0.6
    /// Fewest spikes from which a cluster's potential is averaged.
    public var fewestMembers = 4
    /// Distance up to which spikes are taken away with a cluster, in that of its members.
    public var nearShare = 1.5
    /// Firings of joined clusters that follow within it are one, in seconds.
    public var fuseInterval = 0.003
    /// Fewest intervals of a cluster that is tried as a unit.
    public var fewestIntervals = 4
    /// Interval below which spikes of a cluster are too close for one unit, in seconds.
    public var shortInterval = 0.025
    /// Share of such intervals above which a cluster is not tried.
    public var greatestShortShare = 0.2
    /// Energy over the noise up to which a cluster is not tried.
    public var leastEnergy = 20.0
    /// Weight of the intervals in the first pass.
    public var firstPriorScale = 0.3
    /// Weight of the intervals of new units in later passes.
    public var laterPriorScale = 0.7
    /// Evidence over the best so far from which a pass has brought something.
    public var evidenceGain = 1.02
    /// Passes in a row without gain after which the search ends.
    public var mostFailures = 2
    /// Spikes below which a signal without units is taken for silent.
    public var quietSpikes = 5

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
      try read(&fewestPeaks, .fewestPeaks)
      try read(&fewestSpikes, .fewestSpikes)
      try read(&spikesPerSecond, .spikesPerSecond)
      try read(&fewestNeighbours, .fewestNeighbours)
      try read(&neighbourShare, .neighbourShare)
      try read(&clusterShare, .clusterShare)
      try read(&fewestMembers, .fewestMembers)
      try read(&nearShare, .nearShare)
      try read(&fuseInterval, .fuseInterval)
      try read(&fewestIntervals, .fewestIntervals)
      try read(&shortInterval, .shortInterval)
      try read(&greatestShortShare, .greatestShortShare)
      try read(&leastEnergy, .leastEnergy)
      try read(&firstPriorScale, .firstPriorScale)
      try read(&laterPriorScale, .laterPriorScale)
      try read(&evidenceGain, .evidenceGain)
      try read(&mostFailures, .mostFailures)
      try read(&quietSpikes, .quietSpikes)
    }
  }

  /// Which firings of a solved superposition are dropped.
  ///
  /// The defaults were chosen on simulated recordings.
  public struct Cleaning: Codable, Sendable, Equatable {
    /// Energy that a firing may leave, in that of the noise.
    public var misfitNoise = 1.3
    /// Share of the signal's energy that it may leave besides.
    public var misfitShare = 0.06
    /// Amplitude over the template up to which a weak unit's firing is dropped.
    public var leastAmplitude = 0.4
    /// The same of a unit far above the noise.
    public var greatestAmplitude = 0.65
    /// How many deviations of the noise an amplitude may lack.
    public var amplitudeMargin = 3.0
    /// Variance of an amplitude over that of white noise.
    public var amplitudeNoise = 1.5
    /// Fewest firings of a train that is cleaned.
    public var fewestFirings = 5
    /// Interval below which the worse of two firings is dropped, in seconds.
    public var deadTime = 0.015
    /// The same as a share of the mean interval; the longer one counts.
    public var deadShare = 0.33

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
      try read(&misfitNoise, .misfitNoise)
      try read(&misfitShare, .misfitShare)
      try read(&leastAmplitude, .leastAmplitude)
      try read(&greatestAmplitude, .greatestAmplitude)
      try read(&amplitudeMargin, .amplitudeMargin)
      try read(&amplitudeNoise, .amplitudeNoise)
      try read(&fewestFirings, .fewestFirings)
      try read(&deadTime, .deadTime)
      try read(&deadShare, .deadShare)
    }
  }

  /// When firings of two trains are the same ones.
  ///
  /// The defaults were chosen on simulated recordings.
  public struct Matching: Codable, Sendable, Equatable {
    /// How far from their common lag two firings may be, in seconds.
    public var tolerance = 0.000_5
    /// Longest lag between trains of one unit, in seconds.
    public var longestLag = 0.004
    /// Longest lag of a late unit behind one that is there, in seconds.
    public var lateLongestLag = 0.025
    /// Share of common firings above which a late unit is one that is there.
    public var lateShare = 0.5

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
      try read(&tolerance, .tolerance)
      try read(&longestLag, .longestLag)
      try read(&lateLongestLag, .lateLongestLag)
      try read(&lateShare, .lateShare)
    }
  }
}
