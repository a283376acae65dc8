extension Setting {
  /// How CMAP scans are mended, read and judged (`ScanConfiguration`).
  static let scan: [Setting] = [
    Setting(
      "scan", "cleaning.repeatFactor", "", 0...1000,
      "Equal neighbours over those expected by chance from which points were written twice."),
    Setting(
      "scan", "cleaning.fallingShare", "", 0...1,
      "The most rising stimuli over falling ones of a scan whose stimuli are spread again."),
    Setting(
      "scan", "cleaning.coarseStep", "", 0...100,
      "Rounding of the stimulus over its mean step from which it is spread again."),
    Setting(
      "scan", "cleaning.tiedShare", "", 0...1,
      "Least share of equal neighbouring stimuli for that."),
    Setting(
      "scan", "cleaning.coarsestStep", "", 0...100,
      "The same by the coarsest step over the rounding."),
    Setting(
      "scan", "cleaning.begunShare", "", 0.1...1,
      "Stimulus over the first one below which the scan has begun to fall."),
    Setting(
      "scan", "cleaning.returnShare", "", 0.1...1,
      "Stimulus over the first one from which it is a return to it."),
    Setting("scan", "cleaning.fewestReturns", "", 1...1000, "Fewest returns that tell the gain."),
    Setting("scan", "cleaning.leastGain", "", 0.01...1, "Least gain that returns may tell."),
    Setting("scan", "cleaning.greatestGain", "", 1...100, "Greatest gain that returns may tell."),
    Setting(
      "scan", "cleaning.isolatedReach", "", 0.001...1,
      "Range of ln(stimulus) in which a unit answers again."),
    Setting(
      "scan", "cleaning.isolatedSupport", "", 0...1,
      "Share of like responses in that range below which one is isolated."),
    Setting(
      "scan", "cleaning.isolatedDeviations", "", 1...1000,
      "Least deviation of such a response, in robust standard deviations of its neighbours."),
    Setting(
      "scan", "cleaning.isolatedFraction", "", 0...1,
      "Least deviation of such a response as a fraction of the CMAP."),
    Setting(
      "scan", "cleaning.likeShare", "", 0...1,
      "Share of the deviation by which another response may differ and be like it."),
    Setting(
      "scan", "cleaning.crowdSpread", "", 0...100,
      "Spread of neighbours over the noise from which many units alternate."),
    Setting(
      "scan", "cleaning.crowdDeviations", "", 1...1000,
      "Least deviation where many units alternate."),
    Setting(
      "scan", "cleaning.aloneShare", "", 0...1,
      "Share of responses that deviate half as much below which one is alone there."),
    Setting("scan", "cleaning.isolatedPasses", "", 1...100, "The most passes over a scan."),
    Setting(
      "scan", "cleaning.silentDeviations", "", 0...100,
      "Standard deviations of the noise within which a response is none."),
    Setting(
      "scan", "cleaning.silentFraction", "", 0...1,
      "Least fraction of the CMAP within which a response is none."),
    Setting(
      "scan", "cleaning.refusedShare", "", 0...1,
      "Share of missed and isolated responses above which there is no estimate."),
    Setting(
      "scan", "cleaning.missedError", "", 0...100,
      "Error of ln(number) for each share of missed stimuli."),
    Setting(
      "scan", "cleaning.outlierError", "", 0...100,
      "Error of ln(number) for each share of isolated responses."),
    Setting("scan", "cleaning.mostOutlierError", "", 0...10, "The most of that error."),
    Setting(
      "scan", "cleaning.humHalfWidth", "stimuli", 2...500,
      "Half-width of the local lines that hum is looked for around; slower beats are drift."),
    Setting(
      "scan", "cleaning.humGain", "", 0...10000,
      "Least fall of the weighted squares (chi-square on two degrees of freedom) that is hum."),
    Setting(
      "scan", "cleaning.humHalfGain", "", 0...10000,
      "Least such fall of either half of the scan."),
    Setting("scan", "cleaning.humAmplitude", "", 0...100, "Least amplitude of hum over the noise."),
    Setting(
      "scan", "cleaning.fewestForHum", "", 10...100000,
      "Fewest stimuli of a scan that hum is looked for in."),
    Setting(
      "scan", "cleaning.clearFall", "", 0...1,
      "Fall of the gain over the scan that is mended."),
    Setting(
      "scan", "cleaning.clearFallErrors", "", 0...100,
      "Its least number of standard errors."),
    Setting(
      "scan", "cleaning.sureFall", "", 0...1,
      "A smaller fall that is mended where it is surer."),
    Setting("scan", "cleaning.sureFallErrors", "", 0...100, "Its least number of standard errors."),
    Setting(
      "scan", "cleaning.suspectedFall", "", 0...1,
      "Fall that widens the interval where it is not sure enough to be mended."),
    Setting(
      "scan", "cleaning.suspectedFallErrors", "", 0...100,
      "Its least number of standard errors."),
    Setting(
      "scan", "cleaning.suspectedError", "", 0...100,
      "Error of ln(number) for each share of such a fall."),
    Setting(
      "scan", "cleaning.mostSuspectedFall", "", 0...1,
      "The most of such a fall that counts."),
    Setting(
      "scan", "cleaning.greatestFallError", "", 0...1,
      "Standard error of a fall above which there is no estimate."),
    Setting("scan", "cleaning.greatestFall", "", 0...1, "Fall above which there is no estimate."),
    Setting(
      "scan", "cleaning.mendedError", "", 0...100,
      "Error of ln(number) for each standard error of a mended fall."),
    Setting(
      "scan", "cleaning.fewestForDrift", "", 4...1000,
      "Fewest supramaximal points that tell a fall."),
    Setting(
      "scan", "cleaning.ditherStep", "", 0...100,
      "Steps of the converter over the noise above which responses are dithered."),
    Setting(
      "scan", "cleaning.greatestStep", "", 0...1,
      "Step over the CMAP above which they are left."),
    Setting(
      "scan", "cleaning.plateauLevel", "", 0.1...1,
      "Level of the CMAP down to which the start of a scan is looked at."),
    Setting(
      "scan", "cleaning.fewestForPlateau", "", 4...1000,
      "Fewest points of the fall to that level."),
    Setting(
      "scan", "cleaning.startingSlope", "", 0...10,
      "Slope at the start over that of the whole fall from which there is no plateau."),
    Setting(
      "scan", "cleaning.startingSlopeErrors", "", 0...100,
      "Its least number of standard errors."),
    Setting(
      "scan", "cleaning.stepHalfWidth", "", 10...100,
      "Responses on either side that a change of the gain at once is looked for in."),
    Setting(
      "scan", "cleaning.stepLevel", "", 0.02...1,
      "Least response over the CMAP at which one is looked for."),
    Setting(
      "scan", "cleaning.leastStep", "", 0.01...1,
      "Least change of ln(gain) at once."),
    Setting(
      "scan", "cleaning.largestStep", "", 0.02...3,
      "Largest change of ln(gain) at once; a larger one is taken for a unit."),
    Setting(
      "scan", "cleaning.stepEvidence", "", 0...1000,
      "ln of the likelihood of a falling step over no step from which it is one."),
    Setting(
      "scan", "cleaning.stepUnitEvidence", "", 0...1000,
      "The same over the step of a unit."),
    Setting(
      "scan", "cleaning.clearStepEvidence", "", 0...1000,
      "ln of the likelihood over no step from which less evidence against a unit is enough."),
    Setting(
      "scan", "cleaning.clearStepUnitEvidence", "", 0...1000,
      "That evidence."),
    Setting(
      "scan", "cleaning.riseEvidence", "", 0...1000,
      "ln of the likelihood of a rising step, which no unit gives, over none."),
    Setting(
      "scan", "cleaning.stepError", "", 0...100,
      "Error of ln(number) for each standard error of a mended step."),
    Setting(
      "scan", "cleaning.leastStepError", "", 0...10,
      "Least error of ln(number) that a mended step adds."),
    Setting(
      "scan", "quality.fewestStimuli", "", 40...100000,
      "Stimuli below which an estimate is flagged."),
    Setting(
      "scan", "quality.trainedUnits", "", 10...100000,
      "Number of units above which an estimate is flagged: the training holds no more."),
    Setting(
      "scan", "quality.outsideShare", "", 0...1,
      "Share of features beyond 4 standard deviations of the training that is flagged."),
    Setting(
      "scan", "quality.disagreement", "", 0...10,
      "Standard deviation of ln(number) of the networks that is flagged."),
    Setting(
      "scan", "quality.wideInterval", "", 1...1000,
      "Upper over lower end of an interval that is flagged."),
    Setting(
      "scan", "quality.noiseOverUnit", "", 0...100,
      "Noise over the mean unit that is flagged."),
    Setting(
      "scan", "quality.limitingNoise", "", 0...100,
      "Noise over the mean unit from which the least visible size is told."),
    Setting(
      "scan", "quality.preScanDrift", "", 0...1,
      "Change of the CMAP within the pre-scan that is flagged."),
    Setting(
      "scan", "quality.plateauFraction", "", 0...1,
      "Fraction of the CMAP that the ends of a scan may be off."),
    Setting(
      "scan", "quality.plateauDeviations", "", 0...100,
      "The same in standard deviations of the noise."),
    Setting(
      "scan", "quality.bottomFraction", "", 0...1,
      "Baseline over the CMAP from which the weakest stimuli still give a response."),
    Setting(
      "scan", "quality.firstFall", "", 0...1,
      "Fall over the first stimuli from which there is no plateau."),
    Setting(
      "scan", "quality.firstFallNoise", "", 0...100,
      "The same over the noise; 1.8 are 2.7 standard errors."),
    Setting(
      "scan", "quality.belowFraction", "", 0...1,
      "Fraction of the CMAP below the baseline that no response has."),
    Setting(
      "scan", "quality.aboveFraction", "", 0...1,
      "Fraction above the CMAP that no response has."),
    Setting(
      "scan", "quality.artefactDeviations", "", 0...100,
      "The same in standard deviations of the noise."),
    Setting(
      "scan", "quality.plateauNoise", "", 0...1,
      "Proportional noise that a plateau may show."),
    Setting(
      "scan", "quality.amplitudeVariation", "", 0...1,
      "Coefficient of variation of the amplitude of a unit that a plateau may show."),
    Setting(
      "scan", "quality.bottomNoiseFactor", "", 1...100,
      "Variance of the noise of the baseline that is allowed for its own error."),
    Setting("scan", "quality.plateauFactor", "", 1...100, "The same of the variance of a plateau."),
    Setting(
      "scan", "quality.movementRise", "", 1...1000,
      "Standard errors of a rise against the falling stimulus that only a movement explains."),
    Setting(
      "scan", "quality.movementError", "", 0...10,
      "Error of ln(number) that a movement adds."),
    Setting(
      "scan", "quality.largestScatter", "", 1...1000,
      "Scatter of scans of one visit, over their repeat error squared, that is told."),
    Setting(
      "scan", "enlarged.leastShare", "", 0.001...1,
      "Least share of the CMAP in a step that may be one enlarged unit."),
    Setting(
      "scan", "enlarged.leastDifference", "", 0...10,
      "Least difference of ln(number) between the two readings that is told."),
    Setting(
      "scan", "enlarged.fewUnits", "", 0...1000,
      "Number as the networks read it below which the point lies between the two readings."),
    Setting(
      "scan", "enlarged.largeDeviations", "", 0...100,
      "Least large step in standard deviations of the noise."),
    Setting(
      "scan", "enlarged.smallDeviations", "", 0...100,
      "Least other step in standard deviations of the noise."),
    Setting(
      "scan", "enlarged.leastRest", "", 0...1,
      "Least share of the CMAP that large steps must leave."),
    Setting(
      "scan", "enlarged.leastHalfShare", "", 0...1,
      "N50 over the number below which sizes are more unequal than the training holds."),
    Setting(
      "scan", "enlarged.fewestUnequal", "", 1...1000,
      "Number of units from which that is looked at."),
    Setting(
      "scan", "enlarged.unequalError", "", 0...10,
      "Share of ln(limit over found) by which the upper end of ln(number) rises."),
    Setting(
      "scan", "enlarged.mostUnequalError", "", 0...10,
      "The most of that."),
    Setting(
      "scan", "enlarged.unequalN50Error", "", 0...10,
      "The same share for either end of ln(N50)."),
    Setting(
      "scan", "enlarged.mostUnequalN50Error", "", 0...10,
      "The most of that for N50."),
    Setting(
      "scan", "enlarged.toldUnequalError", "", 0...10,
      "Rise of the upper end of ln(number) from which it is flagged."),
    Setting(
      "scan", "readsFewUnits", "", nil,
      "Whether scans of few units are read by their levels."),
    Setting(
      "scan", "fewUnits.highestUpperEnd", "", 1...1000,
      "Upper end of the networks' interval below which the levels are read."),
    Setting("scan", "fewUnits.mostUnits", "", 2...20, "Most units that are tried."),
    Setting(
      "scan", "fewUnits.greatestShareAtEnd", "", 0...1,
      "Probability of the most units or one less from which a scan counts as one of more units."),
    Setting(
      "scan", "fewUnits.outlierShare", "", 0...0.5,
      "Share of points that may lie anywhere between zero and the CMAP."),
    Setting(
      "scan", "fewUnits.sizeSpread", "", 0.01...5,
      "Standard deviation of ln(size) among the units of a muscle."),
    Setting(
      "scan", "fewUnits.phaseSpread", "rad", 0...3.2,
      "Standard deviation of the phases of the units."),
    Setting(
      "scan", "fewUnits.relativeSpread", "", 0.0001...1,
      "Median of the relative spread of the thresholds.", source: "Bostock 2016"),
    Setting(
      "scan", "fewUnits.relativeSpreadSpread", "", 0.01...5,
      "Standard deviation of ln(relative spread)."),
    Setting(
      "scan", "fewUnits.amplitudeVariation", "", 0.0001...1,
      "Median of the coefficient of variation of a unit from stimulus to stimulus."),
    Setting(
      "scan", "fewUnits.amplitudeVariationSpread", "", 0.01...5,
      "Standard deviation of its logarithm."),
    Setting(
      "scan", "fewUnits.gainTrend", "", 0...1,
      "Standard deviation of the change of the gain over the scan."),
    Setting(
      "scan", "fewUnits.evidencePower", "", 0.001...1,
      "Power that ratios of evidence are raised to."),
    Setting("scan", "fewUnits.keptModels", "", 1...100, "Models kept for each number of units."),
    Setting(
      "scan", "fewUnits.hopeless", "", 0...1000,
      "ln evidence below the best at which larger numbers are no longer tried."),
    Setting(
      "scan", "fewUnits.mostPointEvaluations", "", 1000...1000000000,
      "Most evaluations of one point."),
  ]
}
