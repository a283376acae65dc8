extension ArrayConfiguration {
  /// What in a channel is a pulse or a jump and no activity of muscle.
  ///
  /// The defaults were chosen on simulated recordings.
  public struct Artefacts: Codable, Sendable, Equatable {
    /// Order of the autoregressive process that says what a sample should be.
    public var order = 32
    /// Robust standard deviations to which values are limited where that process is fitted.
    public var largestValue: Float = 6
    /// Least deviation of an artefact in robust standard deviations of the deviations.
    public var lowestDeviation: Float = 10
    /// Least deviation over that which one of a hundred samples exceeds.
    public var quantileRatio: Float = 3
    /// Deviation, over the least one, that no potential causes.
    public var unmistakable: Float = 4
    /// The same over it where several channels, not all, show it.
    public var aloneFactor: Float = 3
    /// Deviation down to which an artefact reaches, in robust standard deviations.
    public var reach: Float = 5
    /// Longest pulse without a tail.
    public var pulseLength = 6
    /// Longest artefact, in seconds.
    public var longest = 0.06
    /// The most searches of the whole recording.
    public var passes = 4
    /// The most artefacts a second; more are activity, in 1/s.
    public var highestRate = 8.0
    /// Share of the channels that an artefact of single channels is on at most.
    public var fewShare = 0.0625
    /// Share of its energy that is on the channels that show it.
    public var energyShare = 0.7
    /// Share of its energy that is alike on all channels for one on all of them.
    public var commonShare = 0.6
    /// Share of its height reached from one sample to the next, in the muscle.
    public var jumpShare = 0.75
    /// The most parts that are taken out of one on all channels.
    public var mostParts = 3
    /// Energy of a part over the strongest of activity from which it is the artefact.
    public var overActivity = 4.0
    /// Share of the samples, those of least energy, that tell how activity is spread over the channels.
    public var quietShare = 0.9
    /// Ridge of that spread over the mean square of the channels.
    public var whiteningRidge: Float = 0.01
    /// Time after an artefact of one channel in which what stands off there is its tail, in seconds.
    public var tailLength = 0.08
    /// Deviation of a second channel, over that of the first, up to which the first alone has an
    /// artefact that its neighbours do not tell.
    public var neighbourShare: Float = 0.6
    /// Height of an artefact in the muscle over the 99.9 % quantile of all else on its channel.
    public var heightOverRest = 2.0
    /// Cosine of two courses in the muscle from which they may be those of one unit.
    public var trainAgreement = 0.9
    /// Share of such courses in steady rhythm from which they are the discharges of a unit.
    public var trainShare = 0.3

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
      try read(&order, .order)
      try read(&largestValue, .largestValue)
      try read(&lowestDeviation, .lowestDeviation)
      try read(&quantileRatio, .quantileRatio)
      try read(&unmistakable, .unmistakable)
      try read(&aloneFactor, .aloneFactor)
      try read(&reach, .reach)
      try read(&pulseLength, .pulseLength)
      try read(&longest, .longest)
      try read(&passes, .passes)
      try read(&highestRate, .highestRate)
      try read(&fewShare, .fewShare)
      try read(&energyShare, .energyShare)
      try read(&commonShare, .commonShare)
      try read(&jumpShare, .jumpShare)
      try read(&mostParts, .mostParts)
      try read(&overActivity, .overActivity)
      try read(&quietShare, .quietShare)
      try read(&whiteningRidge, .whiteningRidge)
      try read(&tailLength, .tailLength)
      try read(&neighbourShare, .neighbourShare)
      try read(&heightOverRest, .heightOverRest)
      try read(&trainAgreement, .trainAgreement)
      try read(&trainShare, .trainShare)
    }
  }

  /// How samples that are lost or cut off are told from other channels.
  ///
  /// The defaults were chosen on simulated recordings.
  public struct Filling: Codable, Sendable, Equatable {
    /// The most channels that a channel is predicted from.
    public var neighbours = 10
    /// Samples before and after that take part.
    public var reach = 2
    /// The most samples that weights are fitted to.
    public var fitted = 12000
    /// Ridge of the fit over the mean square of the channels.
    public var ridge: Float = 1e-3
    /// Fewest samples for each weight.
    public var samplesPerWeight = 8
    /// Sweeps over the channels that lack samples.
    public var sweeps = 2

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
      try read(&neighbours, .neighbours)
      try read(&reach, .reach)
      try read(&fitted, .fitted)
      try read(&ridge, .ridge)
      try read(&samplesPerWeight, .samplesPerWeight)
      try read(&sweeps, .sweeps)
    }
  }

  /// Which slow swings are movement and are taken out.
  ///
  /// The defaults were chosen on simulated recordings.
  public struct Swings: Codable, Sendable, Equatable {
    /// Lower edge of the band in which swings are looked for, in Hz.
    public var lowest = 4.0
    /// Upper edge of that band, in Hz.
    public var highest = 25.0
    /// Frequency from which on power is that of the muscle, in Hz.
    public var restEdge = 50.0
    /// Frequency below which everything is taken out where there is movement, in Hz.
    public var edge = 40.0
    /// Slow power over that of the muscle from which a stretch is movement.
    public var ratio = 12.0
    /// Length of a stretch, in seconds.
    public var stretch = 0.1

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
      try read(&lowest, .lowest)
      try read(&highest, .highest)
      try read(&restEdge, .restEdge)
      try read(&edge, .edge)
      try read(&ratio, .ratio)
      try read(&stretch, .stretch)
    }
  }

  /// Which samples are lost or cut off.
  ///
  /// The defaults were chosen on simulated recordings.
  public struct Lost: Codable, Sendable, Equatable {
    /// Shortest run of one value that is a gap, in seconds.
    public var shortestRun = 0.008
    /// Width of the heap of values at a limit, as a share of the range of the channel.
    public var heapWidth: Float = 0.000_5
    /// Fewest samples of such a heap.
    public var fewestClipped = 6
    /// Share of the channels that lack a sample from which nothing was recorded there.
    public var silentShare = 0.9

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
      try read(&shortestRun, .shortestRun)
      try read(&heapWidth, .heapWidth)
      try read(&fewestClipped, .fewestClipped)
      try read(&silentShare, .silentShare)
    }
  }
}
