extension NeedleConfiguration {
  /// When a cluster of two units is parted by shape.
  ///
  /// The defaults were chosen on simulated recordings.
  public struct Splitting: Codable, Sendable, Equatable {
    /// Fewest firings of a train that is looked at.
    public var fewestFirings = 40
    /// Least energy of its template over the noise.
    public var leastEnergy = 25.0
    /// Regularity above which a train of little variation is not parted, in nats.
    public var clearRegularity = 0.45
    /// Variation of intervals below which a train of clear regularity is not parted.
    public var clearVariation = 0.3
    /// Regularity that the parts have to gain over the whole for each interval, in nats.
    public var leastGain = 0.05
    /// Fewest firings of either part.
    public var fewestInPart = 12
    /// How far on either side of the centre potentials are compared, in seconds.
    public var reach = 0.002_5
    /// Fewest potentials of a part that is refined further.
    public var fewestRefined = 8

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
      try read(&fewestFirings, .fewestFirings)
      try read(&leastEnergy, .leastEnergy)
      try read(&clearRegularity, .clearRegularity)
      try read(&clearVariation, .clearVariation)
      try read(&leastGain, .leastGain)
      try read(&fewestInPart, .fewestInPart)
      try read(&reach, .reach)
      try read(&fewestRefined, .fewestRefined)
    }
  }

  /// Overlapped firings that are taken in once all units are known.
  ///
  /// The defaults were chosen on simulated recordings.
  public struct Recovery: Codable, Sendable, Equatable {
    /// Evidence that each further firing has to add to its train, in nats.
    public var leastGain = 1.0
    /// Least amplitude of a firing over its template: below it, leaving it out explains as much.
    public var leastAmplitude: Float = 0.5
    /// Greatest number of firings of a train over that before.
    public var greatestGrowth = 1.15

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
      try read(&leastGain, .leastGain)
      try read(&leastAmplitude, .leastAmplitude)
      try read(&greatestGrowth, .greatestGrowth)
    }
  }

  /// Second discharges soon after a firing.
  ///
  /// The defaults were chosen on simulated recordings.
  public struct Doublets: Codable, Sendable, Equatable {
    /// Shortest interval of a doublet, in seconds.
    public var shortestInterval = 0.003
    /// Longest interval of a doublet, in seconds.
    public var longestInterval = 0.020
    /// The most doublets of a stretch.
    public var most = 20
    /// Least energy of a template over the noise whose doublets are looked for.
    public var leastEnergy = 60.0
    /// Least amplitude of such a discharge over its template.
    public var leastAmplitude: Float = 0.8
    /// Greatest amplitude of such a discharge over its template.
    public var greatestAmplitude: Float = 1.25
    /// Share of the potential's energy that it may leave unexplained.
    public var unexplained: Float = 0.4
    /// Deviation of its height above which it may be chance.
    public var greatestDeviation = 0.15
    /// How far its height may be from the template's.
    public var heightTolerance = 0.3
    /// Energy that it may leave besides, in that of the noise.
    public var unexplainedNoise = 1.3
    /// How far a peak may be from the place of such a discharge, in seconds.
    public var timeTolerance = 0.000_5

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
      try read(&shortestInterval, .shortestInterval)
      try read(&longestInterval, .longestInterval)
      try read(&most, .most)
      try read(&leastEnergy, .leastEnergy)
      try read(&leastAmplitude, .leastAmplitude)
      try read(&greatestAmplitude, .greatestAmplitude)
      try read(&unexplained, .unexplained)
      try read(&greatestDeviation, .greatestDeviation)
      try read(&heightTolerance, .heightTolerance)
      try read(&unexplainedNoise, .unexplainedNoise)
      try read(&timeTolerance, .timeTolerance)
    }
  }

  /// When units of successive stretches are one.
  ///
  /// The defaults were chosen on simulated recordings.
  public struct Linking: Codable, Sendable, Equatable {
    /// Longest lag between two peaks of one potential, in seconds.
    public var longestLag = 0.004
    /// Share of common firings over the overlap above which units are one.
    public var sharedShare = 0.6
    /// Share of common firings over the overlap below which they are not.
    public var apartShare = 0.2
    /// Similarity of the potentials above which units may be one.
    public var leastSimilarity = 0.75
    /// How far from their common lag two firings may be, in seconds.
    public var tolerance = 0.000_4
    /// Fewest firings in the overlap that tell anything.
    public var fewestFirings = 4

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
      try read(&longestLag, .longestLag)
      try read(&sharedShare, .sharedShare)
      try read(&apartShare, .apartShare)
      try read(&leastSimilarity, .leastSimilarity)
      try read(&tolerance, .tolerance)
      try read(&fewestFirings, .fewestFirings)
    }
  }
}
