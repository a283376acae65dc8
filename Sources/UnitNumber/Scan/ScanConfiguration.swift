/// What decides the estimate from a CMAP scan beside the trained weights.
///
/// The accuracy that docs/mune.md states belongs to the defaults.
public struct ScanConfiguration: Codable, Sendable, Equatable {
  /// Faults of recordings that are mended before the estimate.
  public var cleaning = Cleaning()
  /// What is flagged, and what no estimate is made from.
  public var quality = Quality()
  /// The second reading of scans with a few steps far larger than the others.
  public var enlarged = Enlarged()
  /// Whether scans of few units are read by their levels, which takes seconds of processor time.
  public var readsFewUnits = true
  /// How they are.
  public var fewUnits = FewUnitsConfiguration()

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
    try read(&cleaning, .cleaning)
    try read(&quality, .quality)
    try read(&enlarged, .enlarged)
    try read(&readsFewUnits, .readsFewUnits)
    try read(&fewUnits, .fewUnits)
  }
}

extension ScanConfiguration {
  /// What of an estimate is flagged, and what no estimate is made from.
  ///
  /// The defaults were chosen on simulated recordings.
  public struct Quality: Codable, Sendable, Equatable {
    /// Stimuli below which an estimate is flagged.
    public var fewestStimuli = 200
    /// Number of units above which an estimate is flagged: the training holds no more.
    public var trainedUnits = 450.0
    /// Share of features beyond 4 standard deviations of the training that is flagged.
    public var outsideShare = 0.03
    /// Standard deviation of ln(number) of the networks that is flagged.
    public var disagreement = 0.25
    /// Upper over lower end of an interval that is flagged.
    public var wideInterval = 3.0
    /// Noise over the mean unit that is flagged.
    public var noiseOverUnit = 1.0
    /// Noise over the mean unit from which the least visible size is told.
    public var limitingNoise = 0.3
    /// Change of the CMAP within the pre-scan that is flagged.
    public var preScanDrift = 0.04
    /// Fraction of the CMAP that the ends of a scan may be off.
    public var plateauFraction = 0.06
    /// The same in standard deviations of the noise.
    public var plateauDeviations = 6.0
    /// Baseline over the CMAP from which the weakest stimuli still give a response.
    public var bottomFraction = 0.03
    /// Fall over the first stimuli from which there is no plateau.
    public var firstFall = 0.025
    /// The same over the noise; 1.8 are 2.7 standard errors.
    public var firstFallNoise = 1.8
    /// Fraction of the CMAP below the baseline that no response has.
    public var belowFraction = 0.02
    /// Fraction above the CMAP that no response has.
    public var aboveFraction = 0.12
    /// The same in standard deviations of the noise.
    public var artefactDeviations = 8.0
    /// Proportional noise that a plateau may show.
    public var plateauNoise = 0.006
    /// Coefficient of variation of the amplitude of a unit that a plateau may show.
    public var amplitudeVariation = 0.05
    /// Variance of the noise of the baseline that is allowed for its own error.
    public var bottomNoiseFactor = 2.25
    /// The same of the variance of a plateau.
    public var plateauFactor = 1.44
    /// Standard errors of a rise against the falling stimulus that only a movement explains.
    public var movementRise = 8.0
    /// Error of ln(number) that a movement adds.
    public var movementError = 0.15
    /// Scatter of scans of one visit, over their repeat error squared, that is told.
    public var largestScatter = 4.0

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
      try read(&fewestStimuli, .fewestStimuli)
      try read(&trainedUnits, .trainedUnits)
      try read(&outsideShare, .outsideShare)
      try read(&disagreement, .disagreement)
      try read(&wideInterval, .wideInterval)
      try read(&noiseOverUnit, .noiseOverUnit)
      try read(&limitingNoise, .limitingNoise)
      try read(&preScanDrift, .preScanDrift)
      try read(&plateauFraction, .plateauFraction)
      try read(&plateauDeviations, .plateauDeviations)
      try read(&bottomFraction, .bottomFraction)
      try read(&firstFall, .firstFall)
      try read(&firstFallNoise, .firstFallNoise)
      try read(&belowFraction, .belowFraction)
      try read(&aboveFraction, .aboveFraction)
      try read(&artefactDeviations, .artefactDeviations)
      try read(&plateauNoise, .plateauNoise)
      try read(&amplitudeVariation, .amplitudeVariation)
      try read(&bottomNoiseFactor, .bottomNoiseFactor)
      try read(&plateauFactor, .plateauFactor)
      try read(&movementRise, .movementRise)
      try read(&movementError, .movementError)
      try read(&largestScatter, .largestScatter)
    }
  }

  /// Steps that may be one enlarged unit each.
  ///
  /// The defaults were chosen on simulated recordings.
  public struct Enlarged: Codable, Sendable, Equatable {
    /// Least share of the CMAP in a step that may be one enlarged unit.
    public var leastShare = 0.06
    /// Least difference of ln(number) between the two readings that is told.
    public var leastDifference = 0.2
    /// Number as the networks read it below which the point lies between the two readings.
    public var fewUnits = 12.0
    /// Least large step in standard deviations of the noise.
    public var largeDeviations = 6.0
    /// Least other step in standard deviations of the noise.
    public var smallDeviations = 5.0
    /// Least share of the CMAP that large steps must leave.
    public var leastRest = 0.02
    /// N50 over the number below which sizes are more unequal than the training holds.
    public var leastHalfShare = 0.19
    /// Number of units from which that is looked at.
    public var fewestUnequal = 10.0
    /// Share of ln(limit over found) by which the upper end of ln(number) rises.
    public var unequalError = 0.8
    /// The most of that.
    public var mostUnequalError = 0.25
    /// The same share for either end of ln(N50).
    public var unequalN50Error = 0.5
    /// The most of that for N50.
    public var mostUnequalN50Error = 0.4
    /// Rise of the upper end of ln(number) from which it is flagged.
    public var toldUnequalError = 0.05

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
      try read(&leastShare, .leastShare)
      try read(&leastDifference, .leastDifference)
      try read(&fewUnits, .fewUnits)
      try read(&largeDeviations, .largeDeviations)
      try read(&smallDeviations, .smallDeviations)
      try read(&leastRest, .leastRest)
      try read(&leastHalfShare, .leastHalfShare)
      try read(&fewestUnequal, .fewestUnequal)
      try read(&unequalError, .unequalError)
      try read(&mostUnequalError, .mostUnequalError)
      try read(&unequalN50Error, .unequalN50Error)
      try read(&mostUnequalN50Error, .mostUnequalN50Error)
      try read(&toldUnequalError, .toldUnequalError)
    }
  }
}
