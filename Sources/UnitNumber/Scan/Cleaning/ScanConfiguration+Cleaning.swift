extension ScanConfiguration {
  /// Faults of recordings that are mended before the estimate.
  ///
  /// The defaults were chosen on simulated recordings.
  public struct Cleaning: Codable, Sendable, Equatable {
    /// Equal neighbours over those expected by chance from which points were written twice.
    public var repeatFactor = 3.0
    /// The most rising stimuli over falling ones of a scan whose stimuli are spread again.
    public var fallingShare = 0.1
    /// Rounding of the stimulus over its mean step from which it is spread again.
    public var coarseStep = 0.6
    /// Least share of equal neighbouring stimuli for that.
    public var tiedShare = 0.05
    /// The same by the coarsest step over the rounding.
    public var coarsestStep = 1.5
    /// Stimulus over the first one below which the scan has begun to fall.
    public var begunShare = 0.97
    /// Stimulus over the first one from which it is a return to it.
    public var returnShare = 0.99
    /// Fewest returns that tell the gain.
    public var fewestReturns = 2
    /// Least gain that returns may tell.
    public var leastGain = 0.2
    /// Greatest gain that returns may tell.
    public var greatestGain = 5.0
    /// Range of ln(stimulus) in which a unit answers again.
    public var isolatedReach = 0.06
    /// Share of like responses in that range below which one is isolated.
    public var isolatedSupport = 0.10
    /// Least deviation of such a response, in robust standard deviations of its neighbours.
    public var isolatedDeviations = 5.0
    /// Least deviation of such a response as a fraction of the CMAP.
    public var isolatedFraction = 0.03
    /// Share of the deviation by which another response may differ and be like it.
    public var likeShare = 0.4
    /// Spread of neighbours over the noise from which many units alternate.
    public var crowdSpread = 1.5
    /// Least deviation where many units alternate.
    public var crowdDeviations = 7.0
    /// Share of responses that deviate half as much below which one is alone there.
    public var aloneShare = 0.04
    /// The most passes over a scan.
    public var isolatedPasses = 4
    /// Standard deviations of the noise within which a response is none.
    public var silentDeviations = 5.0
    /// Least fraction of the CMAP within which a response is none.
    public var silentFraction = 0.004
    /// Share of missed and isolated responses above which there is no estimate.
    public var refusedShare = 0.15
    /// Error of ln(number) for each share of missed stimuli.
    public var missedError = 0.5
    /// Error of ln(number) for each share of isolated responses.
    public var outlierError = 4.0
    /// The most of that error.
    public var mostOutlierError = 0.2
    /// Half-width of the local lines that hum is looked for around; slower beats are drift, in
    /// stimuli.
    public var humHalfWidth = 15
    /// Least fall of the weighted squares (chi-square on two degrees of freedom) that is hum.
    public var humGain = 30.0
    /// Least such fall of either half of the scan.
    public var humHalfGain = 4.6
    /// Least amplitude of hum over the noise.
    public var humAmplitude = 0.5
    /// Fewest stimuli of a scan that hum is looked for in.
    public var fewestForHum = 60
    /// Fall of the gain over the scan that is mended.
    public var clearFall = 0.08
    /// Its least number of standard errors.
    public var clearFallErrors = 2.0
    /// A smaller fall that is mended where it is surer.
    public var sureFall = 0.06
    /// Its least number of standard errors.
    public var sureFallErrors = 3.0
    /// Fall that widens the interval where it is not sure enough to be mended.
    public var suspectedFall = 0.09
    /// Its least number of standard errors.
    public var suspectedFallErrors = 0.8
    /// Error of ln(number) for each share of such a fall.
    public var suspectedError = 1.5
    /// The most of such a fall that counts.
    public var mostSuspectedFall = 0.4
    /// Standard error of a fall above which there is no estimate.
    public var greatestFallError = 0.15
    /// Fall above which there is no estimate.
    public var greatestFall = 0.7
    /// Error of ln(number) for each standard error of a mended fall.
    public var mendedError = 2.0
    /// Fewest supramaximal points that tell a fall.
    public var fewestForDrift = 10
    /// Steps of the converter over the noise above which responses are dithered.
    public var ditherStep = 0.8
    /// Step over the CMAP above which they are left.
    public var greatestStep = 0.2
    /// Level of the CMAP down to which the start of a scan is looked at.
    public var plateauLevel = 0.8
    /// Fewest points of the fall to that level.
    public var fewestForPlateau = 12
    /// Slope at the start over that of the whole fall from which there is no plateau.
    public var startingSlope = 0.5
    /// Its least number of standard errors.
    public var startingSlopeErrors = 2.5
    /// Responses on either side that a change of the gain at once is looked for in.
    public var stepHalfWidth = 20
    /// Least response over the CMAP at which one is looked for.
    public var stepLevel = 0.1
    /// Least change of ln(gain) at once.
    public var leastStep = 0.08
    /// Largest change of ln(gain) at once; a larger one is taken for a unit.
    public var largestStep = 0.3
    /// ln of the likelihood of a falling step over no step from which it is one.
    public var stepEvidence = 15.0
    /// The same over the step of a unit.
    public var stepUnitEvidence = 10.0
    /// ln of the likelihood over no step from which less evidence against a unit is enough.
    public var clearStepEvidence = 35.0
    /// That evidence.
    public var clearStepUnitEvidence = 7.0
    /// ln of the likelihood of a rising step, which no unit gives, over none.
    public var riseEvidence = 16.0
    /// Error of ln(number) for each standard error of a mended step.
    public var stepError = 2.0
    /// Least error of ln(number) that a mended step adds.
    public var leastStepError = 0.05

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
      try read(&repeatFactor, .repeatFactor)
      try read(&fallingShare, .fallingShare)
      try read(&coarseStep, .coarseStep)
      try read(&tiedShare, .tiedShare)
      try read(&coarsestStep, .coarsestStep)
      try read(&begunShare, .begunShare)
      try read(&returnShare, .returnShare)
      try read(&fewestReturns, .fewestReturns)
      try read(&leastGain, .leastGain)
      try read(&greatestGain, .greatestGain)
      try read(&isolatedReach, .isolatedReach)
      try read(&isolatedSupport, .isolatedSupport)
      try read(&isolatedDeviations, .isolatedDeviations)
      try read(&isolatedFraction, .isolatedFraction)
      try read(&likeShare, .likeShare)
      try read(&crowdSpread, .crowdSpread)
      try read(&crowdDeviations, .crowdDeviations)
      try read(&aloneShare, .aloneShare)
      try read(&isolatedPasses, .isolatedPasses)
      try read(&silentDeviations, .silentDeviations)
      try read(&silentFraction, .silentFraction)
      try read(&refusedShare, .refusedShare)
      try read(&missedError, .missedError)
      try read(&outlierError, .outlierError)
      try read(&mostOutlierError, .mostOutlierError)
      try read(&humHalfWidth, .humHalfWidth)
      try read(&humGain, .humGain)
      try read(&humHalfGain, .humHalfGain)
      try read(&humAmplitude, .humAmplitude)
      try read(&fewestForHum, .fewestForHum)
      try read(&clearFall, .clearFall)
      try read(&clearFallErrors, .clearFallErrors)
      try read(&sureFall, .sureFall)
      try read(&sureFallErrors, .sureFallErrors)
      try read(&suspectedFall, .suspectedFall)
      try read(&suspectedFallErrors, .suspectedFallErrors)
      try read(&suspectedError, .suspectedError)
      try read(&mostSuspectedFall, .mostSuspectedFall)
      try read(&greatestFallError, .greatestFallError)
      try read(&greatestFall, .greatestFall)
      try read(&mendedError, .mendedError)
      try read(&fewestForDrift, .fewestForDrift)
      try read(&ditherStep, .ditherStep)
      try read(&greatestStep, .greatestStep)
      try read(&plateauLevel, .plateauLevel)
      try read(&fewestForPlateau, .fewestForPlateau)
      try read(&startingSlope, .startingSlope)
      try read(&startingSlopeErrors, .startingSlopeErrors)
      try read(&stepHalfWidth, .stepHalfWidth)
      try read(&stepLevel, .stepLevel)
      try read(&leastStep, .leastStep)
      try read(&largestStep, .largestStep)
      try read(&stepEvidence, .stepEvidence)
      try read(&stepUnitEvidence, .stepUnitEvidence)
      try read(&clearStepEvidence, .clearStepEvidence)
      try read(&clearStepUnitEvidence, .clearStepUnitEvidence)
      try read(&riseEvidence, .riseEvidence)
      try read(&stepError, .stepError)
      try read(&leastStepError, .leastStepError)
    }
  }
}
