extension NeedleConfiguration {
  /// When the whole train of a unit is decided, and how.
  ///
  /// The defaults were chosen on simulated recordings.
  public struct Decoding: Codable, Sendable, Equatable {
    /// Unexplained share of the spikes' energy above which no train is decided.
    public var decidableShare = 0.2
    /// Regularity below which a train is not decided but looked for anew, in nats.
    public var leastRegularity = 0.5
    /// Fewest firings of a train that is decided.
    public var fewestFirings = 15
    /// Least number of firings of a decided train over that before.
    public var leastGrowth = 0.85
    /// Greatest number of firings of a decided train over that before.
    public var greatestGrowth = 1.6
    /// Share of the spikes' energy that a decided train may leave more than the one before.
    ///
    /// False firings explain a little, whole firings much.
    public var allowance = 0.006
    /// What a train costs to begin, in nats.
    public var beginningCost = -3.0
    /// What a train costs to begin anew after a pause, in nats.
    public var restartCost = -8.0
    /// How far a firing may lie from the peak that stands for it, in seconds.
    public var tolerance = 0.000_7
    /// Time around a firing in which other peaks are not counted, in seconds.
    public var refractoryTime = 0.012
    /// Least height of a peak that is looked at, over the template.
    public var leastHeight = 0.15
    /// Least deviation of heights, however little noise there is.
    public var leastDeviation = 0.05
    /// Least distance of two peaks, in seconds.
    public var peakDistance = 0.000_5
    /// Share of a firing in the height of a peak near it that counts.
    public var leastShadow = 0.3
    /// Share of the firings that cannot be seen at all.
    public var missRate = 0.03
    /// Share of the intervals that follow no rhythm.
    public var irregularShare = 0.002
    /// Single intervals on either side over which the usual one is taken.
    public var neighbours = 10
    /// Least deviation of the logarithms of intervals from the usual one.
    public var leastSpread = 0.08
    /// Greatest such deviation.
    public var greatestSpread = 0.4
    /// Fewest firings that tell how a potential varies.
    public var fewestVarying = 12
    /// Level of a potential over its quiet part that is variation.
    public var varyingMargin: Float = 1.2
    /// How far the variation of a potential is alike, in seconds.
    public var varyingLength = 0.001
    /// Fewest firings that tell how heights vary.
    public var fewestHeights = 12
    /// Least mean height of other peaks above the least, in deviations.
    public var leastExcess = 0.3
    /// Gap beyond which a train begins anew, in usual intervals.
    public var longestGap = 6.5

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
      try read(&decidableShare, .decidableShare)
      try read(&leastRegularity, .leastRegularity)
      try read(&fewestFirings, .fewestFirings)
      try read(&leastGrowth, .leastGrowth)
      try read(&greatestGrowth, .greatestGrowth)
      try read(&allowance, .allowance)
      try read(&beginningCost, .beginningCost)
      try read(&restartCost, .restartCost)
      try read(&tolerance, .tolerance)
      try read(&refractoryTime, .refractoryTime)
      try read(&leastHeight, .leastHeight)
      try read(&leastDeviation, .leastDeviation)
      try read(&peakDistance, .peakDistance)
      try read(&leastShadow, .leastShadow)
      try read(&missRate, .missRate)
      try read(&irregularShare, .irregularShare)
      try read(&neighbours, .neighbours)
      try read(&leastSpread, .leastSpread)
      try read(&greatestSpread, .greatestSpread)
      try read(&fewestVarying, .fewestVarying)
      try read(&varyingMargin, .varyingMargin)
      try read(&varyingLength, .varyingLength)
      try read(&fewestHeights, .fewestHeights)
      try read(&leastExcess, .leastExcess)
      try read(&longestGap, .longestGap)
    }
  }

  /// Units that are looked for in what all decided trains leave.
  ///
  /// The defaults were chosen on simulated recordings.
  public struct Late: Codable, Sendable, Equatable {
    /// The most units that are added.
    public var mostUnits = 4
    /// Height of spikes over noise and variability together, in standard deviations.
    public var threshold = 4.2
    /// Fewest spikes of a cluster: fewer tell no law of heights.
    public var fewestSpikes = 12
    /// How often a new unit's train and template are estimated in turn.
    public var rounds = 3
    /// Least regularity of such a train for each interval, in nats.
    public var leastRegularity = 0.6
    /// Least completeness of such a train.
    public var leastCompleteness = 0.8

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
      try read(&mostUnits, .mostUnits)
      try read(&threshold, .threshold)
      try read(&fewestSpikes, .fewestSpikes)
      try read(&rounds, .rounds)
      try read(&leastRegularity, .leastRegularity)
      try read(&leastCompleteness, .leastCompleteness)
    }
  }

  /// Which trains are returned, and which of them are marked as tentative.
  ///
  /// Source: docs/needle.md.
  public struct Acceptance: Codable, Sendable, Equatable {
    /// Predicted agreement below which a train is not returned.
    ///
    /// Of 15 such trains in 200 simulated recordings none agreed with a unit by 0.7.
    public var leastAgreement = 0.2
    /// Predicted agreement below which a unit is tentative.
    public var certainAgreement = 0.85
    /// Peak-to-peak amplitude over the rms of the signal below which a unit is tentative.
    ///
    /// Above 2.5 complete accuracy is possible (McGill, Lateva and Marateb 2005); on simulated
    /// recordings trains stay right down to about 1.5.
    public var leastAmplitude = 1.5
    /// Distance to the most similar template, a share of the own energy, below which a unit is
    /// tentative.
    ///
    /// Of four such units that were accepted otherwise in simulated pairs, two were wrong;
    /// records of units drawn independently held none.
    public var leastSeparation = 0.02
    /// Unexplained share of the potential's energy above which a unit is tentative.
    ///
    /// That of right units stays below a fifth but for single ones.
    public var largestMisfit = 0.3
    /// Spread of the firings' amplitudes above which a unit is tentative.
    public var largestSpread = 0.2
    /// Firings below which a unit is tentative.
    public var fewestFirings = 20
    /// Coefficient of variation of the intervals above which a unit is tentative.
    public var largestVariation = 0.3

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
      try read(&leastAgreement, .leastAgreement)
      try read(&certainAgreement, .certainAgreement)
      try read(&leastAmplitude, .leastAmplitude)
      try read(&leastSeparation, .leastSeparation)
      try read(&largestMisfit, .largestMisfit)
      try read(&largestSpread, .largestSpread)
      try read(&fewestFirings, .fewestFirings)
      try read(&largestVariation, .largestVariation)
    }
  }

  /// Weights of the predicted agreement of a train with the true one (logistic).
  ///
  /// Source: regression on 1207 simulated units, docs/needle.md.
  public struct Prediction: Codable, Sendable, Equatable {
    /// Logit of a unit with the reference values.
    public var intercept = 4.58
    /// Weight of the regularity in nats for each interval.
    public var regularity = 0.60
    /// Weight of ln(amplitude over rms of the signal / 2.5).
    public var amplitude = 0.46
    /// Weight of ln(template energy over noise / 1000).
    public var energy = 0.65
    /// Weight of ln(distance to the most similar template).
    public var separation = 0.91
    /// Weight of the unexplained share of the potential's energy.
    public var misfit = -2.23
    /// Weight of the completeness less 0.97.
    public var completeness = 0.89
    /// Weight of the spread of amplitudes less 0.06.
    public var amplitudeSpread = -3.54
    /// Weight of the unexplained share of the spikes' energy.
    public var unexplained = -3.04
    /// Weight of ln(1 + spikes a second / 100).
    public var spikeRate = -1.68

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
      try read(&intercept, .intercept)
      try read(&regularity, .regularity)
      try read(&amplitude, .amplitude)
      try read(&energy, .energy)
      try read(&separation, .separation)
      try read(&misfit, .misfit)
      try read(&completeness, .completeness)
      try read(&amplitudeSpread, .amplitudeSpread)
      try read(&unexplained, .unexplained)
      try read(&spikeRate, .spikeRate)
    }
  }
}
