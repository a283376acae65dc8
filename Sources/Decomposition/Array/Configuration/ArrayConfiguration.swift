import Signal

/// How an electrode array is decomposed; stored with each run and enough to repeat it.
///
/// The method is the convolutive source separation of Holobar and Zazula 2007 (IEEE Trans. Signal
/// Process. 55) and Negro et al. 2016 (J. Neural Eng. 13), carried out in the frequency domain, in
/// rounds on the residual after joint template subtraction.
public struct ArrayConfiguration: Sendable, Equatable, Codable {
  /// Where the electrodes are.
  public enum Electrodes: String, Sendable, Codable, CaseIterable {
    /// On the skin: the band is 20 to 500 Hz and 1.5 kHz suffice.
    case surface
    /// In the muscle (thin-film or wire arrays): 100 to 4,400 Hz at up to 10 kHz.
    case intramuscular
  }

  /// How much work goes into units that are hard to find.
  public enum Effort: String, Sendable, Codable, CaseIterable {
    /// Half of the rounds: the units that stand out.
    case quick
    /// All rounds of search and subtraction.
    case standard
    /// These, then rounds for the units that others mask, with all trains decided jointly.
    case thorough
  }

  /// Where the electrodes are.
  public var electrodes: Electrodes = .surface
  /// How much work goes into units that are hard to find.
  public var effort: Effort = .standard
  /// Lower edge of the analysed band in Hz; nil takes that of the electrodes.
  public var lowEdge: Double?
  /// Upper edge of the analysed band in Hz; nil takes that of the electrodes.
  public var highEdge: Double?
  /// Lowest rate in Hz to which a recording is reduced before the search; nil takes what the band
  /// needs.
  public var analysisRate: Double?
  /// Whether artefacts are looked for and mended.
  public var mendsArtefacts = true
  /// Whether mains hum is looked for and notched out.
  public var removesLineNoise = true
  /// Length of the separation filters in seconds (8 ms).
  public var filterDuration = 0.008
  /// The same where the recording has `samplesPerCoefficient` for them (10.5 ms).
  public var longFilterDuration = 0.010_5
  /// Samples for each coefficient of a filter from which it may be longer than `filterDuration`.
  public var samplesPerCoefficient = 60.0
  /// Samples for each coefficient of a search's filter below which it is made shorter, to no less
  /// than four taps: in more dimensions every instant becomes a source of its own.
  public var fewestSamplesPerCoefficient = 20.0
  /// The most filter coefficients (channels x taps); longer filters are shortened to it.
  public var coefficientLimit = 1_536
  /// Candidates searched together in a round.
  public var batchSize = 80
  /// Fixed-point iterations of each candidate; few, so that candidates stay different.
  public var iterations = 3
  /// Height of a source, in its standard deviations, beyond which the contrast is flat: no single
  /// instant, an artefact say, then outweighs a train.
  public var contrastLimit: Float = 8
  /// The same for a recording in which artefacts were found: others may be there; and for masked
  /// units.
  public var contrastLimitWithArtefacts: Float = 4
  /// Seconds of signal, sampled evenly over the recording, that one fixed-point iteration reads.
  public var searchDuration = 10.0
  /// The most rounds; the search also ends after two rounds that add nothing.
  public var roundLimit = 8
  /// The most rounds for masked units, at thorough effort; they also end after two that add none.
  public var maskedRoundLimit = 8
  /// Seconds of signal below which masked units are not searched: of those found in 5 s too many are
  /// false (docs/effort.md).
  public var maskedSeconds = 8.0
  /// Instants from which a round for masked units starts.
  public var maskedStarts = 256
  /// Principal components of the residual in which masked units are searched.
  public var maskedComponents = 60
  /// Ridge of the joint decision relative to that of the search.
  public var maskedRidge = 0.03
  /// Rank of the potentials in the joint decision.
  public var maskedRank = 12
  /// Lowest agreement of a unit with what the filters of its halves find, after a joint decision.
  public var jointCrossFitLimit = 0.82
  /// Length of the filters of the last re-estimations in seconds (12 ms): more signal for each
  /// discharge, at a cost that the search could not bear.
  public var polishingFilterDuration = 0.012
  /// Re-estimations of all units after the last round.
  public var polishingPasses = 2
  /// Lowest silhouette value of an accepted unit.
  public var silhouetteLimit = 0.85
  /// Lowest predicted rate of agreement with the true train of an accepted unit.
  public var agreementLimit = 0.6
  /// The same during the search: what is rough at first becomes clear when others are subtracted.
  public var searchAgreementLimit = 0.3
  /// Highest coefficient of variation of the intervals of an accepted unit.
  public var intervalVariationLimit = 0.6
  /// Lowest mean discharge rate of an accepted unit while it is active, in Hz.
  public var lowestRate = 3.0
  /// Fewest discharges of an accepted unit.
  public var fewestDischarges = 10
  /// Discharges from which a unit needs no proof by its halves (`CrossFit`).
  public var ampleDischarges = 60
  /// Lowest agreement of a unit of fewer discharges with what the filters of its halves find.
  public var crossFitLimit = 0.7
  /// Shortest time between two discharges of one unit in seconds.
  public var refractoryTime = 0.02
  /// Share of common discharges from which two trains are one unit.
  public var duplicateShare = 0.3
  /// Share of a train's discharges that are in a longer one from which it is a part of that one.
  public var partShare = 0.6
  /// Whether a recording whose potentials move is decomposed in short segments.
  public var followsDrift = true
  /// Length of the potentials in seconds; nil takes 40 ms (surface) or 20 ms (intramuscular).
  public var templateDuration: Double?
  /// Seed of the random choice of starting points.
  public var seed: UInt64 = 1

  /// How sources are searched in a round, and when trains are compared.
  public var search = Search()
  /// How heights and rhythm decide which peaks are discharges.
  public var decoding = Decoding()
  /// Which peaks between two discharges are taken as missed ones.
  public var missed = Missed()
  /// When two trains are pieces of one unit.
  public var pieces = Pieces()
  /// How units are looked for whose potentials are known.
  public var known = Known()
  /// How much of a unit a train is likely to lack.
  public var completeness = Completeness()
  /// How filters are kept for signals as they arrive.
  public var kept = Kept()
  /// How units are searched that others mask, at thorough effort.
  public var masked = Masked()
  /// What in a channel is a pulse or a jump and no activity of muscle.
  public var artefacts = Artefacts()
  /// How samples that are lost or cut off are told from other channels.
  public var filling = Filling()
  /// Which slow swings are movement and are taken out.
  public var swings = Swings()
  /// Which samples are lost or cut off.
  public var lost = Lost()
  /// What is mains hum.
  public var hum = LineNoise.Settings()
  /// Which channels are left out.
  public var screening = ChannelScreening()
  /// The law that predicts agreement with the true train.
  public var prediction = AgreementPrediction()
  /// The same after a joint decision of all trains, at thorough effort.
  public var jointPrediction = JointAgreementPrediction()

  /// The recommended configuration for electrodes on the skin.
  public init() {}

  /// The band that is analysed at a sampling rate, in Hz.
  public func band(samplingRate: Double) -> (low: Double, high: Double) {
    let low = lowEdge ?? (electrodes == .surface ? 20 : 100)
    let high = highEdge ?? (electrodes == .surface ? 500 : 4_400)
    return (low, min(high, 0.45 * samplingRate))
  }

  /// How the rate is reduced before the search.
  ///
  /// Without an `analysisRate` to three times the upper edge of the band (surface: 1,500 Hz) or
  /// 2.27 times (intramuscular: 10 kHz), or a little more where the ratio asks for it.
  public func rateConversion(samplingRate: Double) -> RateConversion {
    let edge = band(samplingRate: samplingRate).high
    let wanted = analysisRate ?? (electrodes == .surface ? 3 * edge : edge / 0.44)
    return RateConversion(from: samplingRate, toAtLeast: wanted, passEdge: edge)
  }

  /// The most rounds of search and subtraction at the effort that is wanted.
  public var searchRoundLimit: Int { effort == .quick ? (roundLimit + 1) / 2 : roundLimit }

  /// The most rounds of all kinds at the effort that is wanted.
  public var mostRounds: Int {
    searchRoundLimit + (effort == .thorough ? maskedRoundLimit : 0)
  }

  /// The number of filter taps for a number of channels at the reduced rate.
  public func tapCount(channelCount: Int, rate: Double) -> Int {
    let wanted = Int((filterDuration * rate).rounded())
    return max(4, min(wanted, coefficientLimit / max(1, channelCount)))
  }

  /// The number of filter taps of a search in so many samples at the reduced rate.
  public func tapCount(channelCount: Int, rate: Double, sampleCount: Int) -> Int {
    let perTap = Double(sampleCount) / Double(max(1, channelCount))
    let long = Int(min(longFilterDuration * rate, perTap / samplesPerCoefficient))
    let wanted = max(
      tapCount(channelCount: channelCount, rate: rate),
      min(long, coefficientLimit / max(1, channelCount)))
    return max(4, min(wanted, Int(perTap / fewestSamplesPerCoefficient)))
  }

  /// The ridge of the covariance over the mean of the lower half of its eigenvalues.
  ///
  /// Above the band of surface potentials there is room for dimensions that hold next to nothing;
  /// signals from inside the muscle fill theirs.
  var ridgeFactor: Float { search.ridgeFactor ?? (electrodes == .surface ? 5 : 10) }

  /// The number of filter taps of the last re-estimations, at least that of the search.
  public func polishingTapCount(channelCount: Int, rate: Double) -> Int {
    let wanted = Int((polishingFilterDuration * rate).rounded())
    return max(
      tapCount(channelCount: channelCount, rate: rate),
      min(wanted, coefficientLimit / max(1, channelCount)))
  }

  /// The length of potentials in samples at the reduced rate.
  public func templateLength(rate: Double) -> Int {
    let duration = templateDuration ?? (electrodes == .surface ? 0.040 : 0.020)
    return max(8, Int(duration * rate))
  }

  /// Checks that the values make sense.
  ///
  /// - Throws: `DecompositionError.configuration` naming the first value that does not.
  public func validate() throws {
    func require(_ holds: Bool, _ message: String) throws {
      if !holds { throw DecompositionError.configuration(message) }
    }
    try require(batchSize >= 1 && batchSize <= 4_096, "the batch size must lie in 1...4096")
    try require(iterations >= 1, "at least one fixed-point iteration is needed")
    try require(
      contrastLimit > 0 && contrastLimitWithArtefacts > 0,
      "the limit of the contrast must be positive")
    try require(roundLimit >= 1, "at least one round is needed")
    try require(maskedRoundLimit >= 0, "the rounds for masked units must not be negative")
    try require(
      maskedSeconds >= 0, "the shortest signal for masked units must not be negative")
    try require(
      maskedStarts >= 1 && maskedStarts <= 65_536, "masked units need 1...65536 starts")
    try require(
      maskedComponents >= 4 && maskedComponents <= 1_024,
      "masked units are searched in 4...1024 components")
    try require(
      maskedRidge > 0 && maskedRidge <= 10, "the ridge of the joint decision must lie in 0...10")
    try require(maskedRank >= 1, "potentials have at least rank 1")
    try require(filterDuration > 0 && filterDuration <= 0.1, "filters last 0 to 100 ms")
    try require(
      longFilterDuration >= 0 && longFilterDuration <= 0.1, "filters last at most 100 ms")
    try require(
      samplesPerCoefficient > 0 && fewestSamplesPerCoefficient > 0,
      "a coefficient needs some samples")
    try require(
      polishingFilterDuration >= 0 && polishingFilterDuration <= 0.1,
      "the last filters last at most 100 ms")
    try require(searchDuration > 0, "an iteration must read some of the signal")
    try require(
      silhouetteLimit > 0 && silhouetteLimit < 1, "the silhouette limit must lie between 0 and 1")
    try require(fewestDischarges >= 5, "a unit needs at least five discharges")
    try require(
      crossFitLimit >= 0 && crossFitLimit <= 1 && jointCrossFitLimit >= 0
        && jointCrossFitLimit <= 1, "the limit of the halves must lie in 0...1")
    try require(refractoryTime > 0, "the refractory time must be positive")
    try require(
      hum.halfWidth > 0 && hum.nearest < hum.farthest,
      "the power beside a harmonic needs a stretch to be taken over")
    try require(swings.lowest < swings.highest, "the band of swings must not be empty")
    if let rate = analysisRate {
      try require(rate >= 500 && rate.isFinite, "the rate of the search must be at least 500 Hz")
    }
    if let low = lowEdge, let high = highEdge {
      try require(low < high, "the lower band edge must lie below the upper one")
    }
  }
}

extension ArrayConfiguration {
  /// Reads a stored configuration; what a version before did not have takes its default.
  ///
  /// - Throws: `DecodingError` where a value is there and has another type.
  public init(from decoder: any Decoder) throws {
    self.init()
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func read<Value: Decodable>(_ value: inout Value, _ key: CodingKeys) throws {
      value = try values.decodeIfPresent(Value.self, forKey: key) ?? value
    }
    try read(&electrodes, .electrodes)
    try read(&effort, .effort)
    lowEdge = try values.decodeIfPresent(Double.self, forKey: .lowEdge)
    highEdge = try values.decodeIfPresent(Double.self, forKey: .highEdge)
    analysisRate = try values.decodeIfPresent(Double.self, forKey: .analysisRate)
    try read(&mendsArtefacts, .mendsArtefacts)
    try read(&removesLineNoise, .removesLineNoise)
    try read(&filterDuration, .filterDuration)
    try read(&longFilterDuration, .longFilterDuration)
    try read(&samplesPerCoefficient, .samplesPerCoefficient)
    try read(&fewestSamplesPerCoefficient, .fewestSamplesPerCoefficient)
    try read(&coefficientLimit, .coefficientLimit)
    try read(&batchSize, .batchSize)
    try read(&iterations, .iterations)
    try read(&contrastLimit, .contrastLimit)
    try read(&contrastLimitWithArtefacts, .contrastLimitWithArtefacts)
    try read(&searchDuration, .searchDuration)
    try read(&roundLimit, .roundLimit)
    try read(&maskedRoundLimit, .maskedRoundLimit)
    try read(&maskedSeconds, .maskedSeconds)
    try read(&maskedStarts, .maskedStarts)
    try read(&maskedComponents, .maskedComponents)
    try read(&maskedRidge, .maskedRidge)
    try read(&maskedRank, .maskedRank)
    try read(&jointCrossFitLimit, .jointCrossFitLimit)
    try read(&polishingFilterDuration, .polishingFilterDuration)
    try read(&polishingPasses, .polishingPasses)
    try read(&silhouetteLimit, .silhouetteLimit)
    try read(&agreementLimit, .agreementLimit)
    try read(&searchAgreementLimit, .searchAgreementLimit)
    try read(&intervalVariationLimit, .intervalVariationLimit)
    try read(&lowestRate, .lowestRate)
    try read(&fewestDischarges, .fewestDischarges)
    try read(&ampleDischarges, .ampleDischarges)
    try read(&crossFitLimit, .crossFitLimit)
    try read(&refractoryTime, .refractoryTime)
    try read(&duplicateShare, .duplicateShare)
    try read(&partShare, .partShare)
    try read(&followsDrift, .followsDrift)
    templateDuration = try values.decodeIfPresent(Double.self, forKey: .templateDuration)
    try read(&seed, .seed)
    try read(&search, .search)
    try read(&decoding, .decoding)
    try read(&missed, .missed)
    try read(&pieces, .pieces)
    try read(&known, .known)
    try read(&completeness, .completeness)
    try read(&kept, .kept)
    try read(&masked, .masked)
    try read(&artefacts, .artefacts)
    try read(&filling, .filling)
    try read(&swings, .swings)
    try read(&lost, .lost)
    try read(&hum, .hum)
    try read(&screening, .screening)
    try read(&prediction, .prediction)
    try read(&jointPrediction, .jointPrediction)
  }
}
