extension NeedleConfiguration {
  /// How detected spikes are compared and gathered into clusters.
  ///
  /// The defaults were chosen on simulated recordings.
  public struct Comparison: Codable, Sendable, Equatable {
    /// How far on either side a spike is the largest peak, in seconds.
    public var spikeDistance = 0.000_8
    /// The most spikes that are compared, the largest ones.
    public var mostSpikes = 2_500
    /// The largest shift at which two spikes are compared, in seconds.
    public var shiftReach = 0.000_25
    /// Distance of two like spikes that is due to noise, in its degrees of freedom.
    public var neighbourMisfit: Float = 2.4
    /// Distance that is due to the potential's own variability, a share of the smaller energy.
    public var neighbourVariation: Float = 0.04
    /// Greatest distance of two like spikes, a share of the smaller energy.
    public var neighbourShare: Float = 0.55
    /// The same as neighbourMisfit for a spike and the mean of its cluster.
    public var memberMisfit: Float = 1.3
    /// The same as neighbourVariation for a spike and the mean of its cluster.
    public var memberVariation: Float = 0.05
    /// The same as neighbourShare for a spike and the mean of its cluster.
    public var memberShare: Float = 0.45
    /// Distance of two clusters below which they are one, a share of the smaller energy.
    public var fuseShare: Float = 0.10

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
      try read(&spikeDistance, .spikeDistance)
      try read(&mostSpikes, .mostSpikes)
      try read(&shiftReach, .shiftReach)
      try read(&neighbourMisfit, .neighbourMisfit)
      try read(&neighbourVariation, .neighbourVariation)
      try read(&neighbourShare, .neighbourShare)
      try read(&memberMisfit, .memberMisfit)
      try read(&memberVariation, .memberVariation)
      try read(&memberShare, .memberShare)
      try read(&fuseShare, .fuseShare)
    }
  }

  /// What a train has to be like to be that of a motor unit.
  ///
  /// The defaults were chosen on simulated recordings.
  public struct Regularity: Codable, Sendable, Equatable {
    /// Fewest firings of a train that is looked at again.
    public var fewestFirings = 10
    /// Least energy of its template over the noise.
    public var leastEnergy = 20.0
    /// Share of short intervals from which a train is not looked at again.
    public var plausibleShortShare = 0.20
    /// The same for a train that is kept beyond its patience.
    public var promisingShortShare = 0.15
    /// Least completeness of such a train.
    public var promisingCompleteness = 0.3
    /// Least regularity of such a train for each interval, in nats.
    public var promisingRegularity = 0.1
    /// Least evidence of such a train, in nats.
    public var promisingEvidence = 8.0
    /// Share of short intervals from which a train is not a unit's.
    public var shortShare = 0.10
    /// Greatest coefficient of variation of single intervals.
    public var variation = 0.345
    /// Least share of the expected firings that were found.
    public var completeness = 0.6
    /// Least regularity for each interval over a random train, in nats.
    public var regularity = 0.35
    /// Least evidence of the whole train over a random one, in nats.
    public var evidence = 15.0

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
      try read(&plausibleShortShare, .plausibleShortShare)
      try read(&promisingShortShare, .promisingShortShare)
      try read(&promisingCompleteness, .promisingCompleteness)
      try read(&promisingRegularity, .promisingRegularity)
      try read(&promisingEvidence, .promisingEvidence)
      try read(&shortShare, .shortShare)
      try read(&variation, .variation)
      try read(&completeness, .completeness)
      try read(&regularity, .regularity)
      try read(&evidence, .evidence)
    }
  }

  /// When two trains are those of one unit.
  ///
  /// The defaults were chosen on simulated recordings.
  public struct Merging: Codable, Sendable, Equatable {
    /// Distance of two templates above which trains stay apart, a share of the smaller energy.
    public var mostDistance = 0.35
    /// Distance over the noise below which templates cannot be told apart.
    public var sameDistance = 12.0
    /// Interval below which firings of two trains are together, in seconds.
    public var togetherInterval = 0.015
    /// Share of what chance brings together above which trains stay apart.
    public var togetherShare = 0.35
    /// Distance of two templates below which they may be one unit's, early and late.
    public var fragmentDistance: Float = 0.1
    /// Evidence of the union over that of both from which they are.
    ///
    /// The wrong firings that each has cost the union a little, while two units make an irregular
    /// train.
    public var fragmentEvidence = 0.8
    /// Longest lag between the components of one potential, in seconds.
    public var componentLag = 0.008
    /// Share of common firings from which two trains are such components.
    public var componentShare = 0.4
    /// Fewest common firings of such components.
    public var fewestComponentFirings = 8.0
    /// Longest lag of a satellite behind its potential, in seconds.
    public var satelliteLag = 0.025
    /// Share of common firings above which a train is a satellite.
    public var satelliteShare = 0.5
    /// Firings of two joined trains that follow within it are one, in seconds.
    public var unionInterval = 0.015
    /// Time around each firing in which chance brings two trains together, in seconds.
    public var chanceTime = 0.03
    /// Coefficient of variation from which the union of two trains is none.
    public var unionVariation = 0.3
    /// How far from their common lag firings of two components may be, in seconds.
    public var componentTolerance = 0.000_4
    /// Firings of joined components that follow within it are one, in seconds.
    public var componentInterval = 0.010
    /// How far from their common lag firings of a satellite may be, in seconds.
    public var satelliteTolerance = 0.000_5
    /// Fewest firings of a train that may be a satellite.
    public var fewestSatelliteFirings = 5

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
      try read(&mostDistance, .mostDistance)
      try read(&sameDistance, .sameDistance)
      try read(&togetherInterval, .togetherInterval)
      try read(&togetherShare, .togetherShare)
      try read(&fragmentDistance, .fragmentDistance)
      try read(&fragmentEvidence, .fragmentEvidence)
      try read(&componentLag, .componentLag)
      try read(&componentShare, .componentShare)
      try read(&fewestComponentFirings, .fewestComponentFirings)
      try read(&satelliteLag, .satelliteLag)
      try read(&satelliteShare, .satelliteShare)
      try read(&unionInterval, .unionInterval)
      try read(&chanceTime, .chanceTime)
      try read(&unionVariation, .unionVariation)
      try read(&componentTolerance, .componentTolerance)
      try read(&componentInterval, .componentInterval)
      try read(&satelliteTolerance, .satelliteTolerance)
      try read(&fewestSatelliteFirings, .fewestSatelliteFirings)
    }
  }

  /// When other bands are searched and what of them is taken over.
  ///
  /// The defaults were chosen on simulated recordings.
  public struct Restarts: Codable, Sendable, Equatable {
    /// Share of the spikes' energy above which another band is searched.
    public var convincingResidual = 0.06
    /// Regularity of a train up to which another band is searched, in nats.
    public var convincingRegularity = 0.45
    /// Template energy over the noise below which that of a train does not count.
    public var weakEnergy = 400.0
    /// Share of common firings above which a unit of another band is one that is there.
    public var sameUnitShare = 0.5
    /// Evidence of such a unit over the one that is there from which it is tried.
    public var betterEvidence = 1.05
    /// Evidence of all trains that a unit of another band has to add, in nats.
    public var leastGain = 5.0

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
      try read(&convincingResidual, .convincingResidual)
      try read(&convincingRegularity, .convincingRegularity)
      try read(&weakEnergy, .weakEnergy)
      try read(&sameUnitShare, .sameUnitShare)
      try read(&betterEvidence, .betterEvidence)
      try read(&leastGain, .leastGain)
    }
  }
}
