extension Setting {
  /// How electrode arrays are decomposed (`ArrayConfiguration`).
  static let array: [Setting] = [
    Setting("array", "electrodes", "", nil, "Where the electrodes are: surface or intramuscular."),
    Setting(
      "array", "effort", "", nil,
      "How much work goes into units that others mask: quick, standard or thorough."),
    Setting(
      "array", "lowEdge", "Hz", 0...5000,
      "Lower edge of the analysed band; by default 20 (surface) or 100 (intramuscular)."),
    Setting(
      "array", "highEdge", "Hz", 10...20000,
      "Upper edge of the analysed band; by default 500 (surface) or 4400 (intramuscular)."),
    Setting(
      "array", "analysisRate", "Hz", 500...50000,
      "Lowest rate to which a recording is reduced; by default what the band needs."),
    Setting("array", "mendsArtefacts", "", nil, "Whether artefacts are looked for and mended."),
    Setting(
      "array", "removesLineNoise", "", nil, "Whether mains hum is looked for and notched out."),
    Setting(
      "array", "filterDuration", "s", 0.001...0.1, "Length of the separation filters.",
      source: "Holobar and Zazula 2007; Negro et al. 2016"),
    Setting(
      "array", "longFilterDuration", "s", 0...0.1,
      "The same where the recording is long enough for it."),
    Setting(
      "array", "samplesPerCoefficient", "", 1...1000,
      "Samples for each filter coefficient from which filters may be longer."),
    Setting(
      "array", "fewestSamplesPerCoefficient", "", 1...1000,
      "Samples for each filter coefficient below which filters are shortened."),
    Setting(
      "array", "coefficientLimit", "", 16...16384,
      "The most filter coefficients, channels times taps."),
    Setting("array", "batchSize", "", 1...4096, "Candidates searched together in a round."),
    Setting(
      "array", "iterations", "", 1...200, "Fixed-point iterations of each candidate.",
      source: "Holobar and Zazula 2007; Negro et al. 2016"),
    Setting(
      "array", "contrastLimit", "", 0.5...1000,
      "Standard deviations of a source beyond which the contrast is flat."),
    Setting(
      "array", "contrastLimitWithArtefacts", "", 0.5...1000,
      "The same where artefacts were found, and for masked units."),
    Setting(
      "array", "searchDuration", "s", 0.5...3600, "Signal that one fixed-point iteration reads."),
    Setting(
      "array", "roundLimit", "", 1...1000, "The most rounds of the search; half at quick effort."),
    Setting(
      "array", "maskedRoundLimit", "", 0...1000,
      "The most rounds of the search for masked units (thorough effort)."),
    Setting(
      "array", "maskedSeconds", "s", 0...3600,
      "Shortest signal in which masked units are searched (thorough effort)."),
    Setting("array", "maskedStarts", "", 1...65536, "Starts of a round for masked units."),
    Setting(
      "array", "maskedComponents", "", 4...1024,
      "Principal components of the residual in which masked units are searched."),
    Setting(
      "array", "maskedRidge", "", 0.0001...10,
      "Ridge of the joint decision of all trains, relative to that of the search."),
    Setting(
      "array", "jointCrossFitLimit", "", 0...1,
      "Lowest agreement of a unit's halves after the joint decision (thorough effort)."),
    Setting("array", "maskedRank", "", 1...512, "Rank of the potentials in the joint decision."),
    Setting(
      "array", "polishingFilterDuration", "s", 0...0.1,
      "Length of the filters of the last re-estimations."),
    Setting(
      "array", "polishingPasses", "", 0...20, "Re-estimations of all units after the last round."),
    Setting(
      "array", "silhouetteLimit", "", 0.01...0.9999, "Lowest silhouette value of an accepted unit.",
      source: "Negro et al. 2016"),
    Setting(
      "array", "agreementLimit", "", 0...1,
      "Lowest predicted rate of agreement of an accepted unit."),
    Setting("array", "searchAgreementLimit", "", 0...1, "The same during the search."),
    Setting(
      "array", "intervalVariationLimit", "", 0.05...5,
      "Highest coefficient of variation of the intervals of an accepted unit."),
    Setting("array", "lowestRate", "Hz", 0...50, "Lowest mean discharge rate of an accepted unit."),
    Setting("array", "fewestDischarges", "", 2...10000, "Fewest discharges of an accepted unit."),
    Setting(
      "array", "ampleDischarges", "", 2...10000,
      "Discharges from which a unit needs no proof by its halves."),
    Setting(
      "array", "crossFitLimit", "", 0...1,
      "Lowest agreement of a unit of fewer discharges with what its halves find."),
    Setting(
      "array", "refractoryTime", "s", 0.001...0.1,
      "Shortest time between two discharges of one unit."),
    Setting(
      "array", "duplicateShare", "", 0.01...1,
      "Share of common discharges from which two trains are one unit."),
    Setting(
      "array", "partShare", "", 0.01...1,
      "Share of a train in a longer one from which it is a part of that one."),
    Setting(
      "array", "followsDrift", "", nil,
      "Whether a recording whose potentials move is decomposed in short segments."),
    Setting(
      "array", "templateDuration", "s", 0.002...0.2,
      "Length of the potentials; by default 0.04 (surface) or 0.02 (intramuscular)."),
    Setting("array", "seed", "", nil, "Seed of the random choice of starting points."),
  ]
}

extension Setting {
  /// How long array recordings are cut (`SegmentConfiguration`).
  static let segments: [Setting] = [
    Setting("segments", "length", "s", 5...3600, "Longest segment of a long recording."),
    Setting(
      "segments", "overlap", "s", 1...600,
      "Common stretch of neighbouring segments, over which units are linked."),
    Setting(
      "segments", "automaticAbove", "s", 5...1000000, "Length above which a recording is cut."),
    Setting(
      "segments", "surfaceLengthWithDrift", "s", 5...3600,
      "Longest segment where potentials on the skin move."),
    Setting("segments", "intramuscularLengthWithDrift", "s", 2...3600, "The same in the muscle."),
    Setting(
      "segments", "steadinessLimit", "", 0.5...1,
      "Steadiness of potentials within a segment below which they move."),
    Setting(
      "segments", "similarityLimit", "", 0...1,
      "Lowest cosine of two potentials that meet for one unit."),
    Setting(
      "segments", "continuedSimilarityLimit", "", 0...1,
      "The same for a unit that was looked for by the other potential."),
    Setting(
      "segments", "looksBack", "", nil,
      "Whether units are also looked for in segments before theirs."),
    Setting(
      "segments", "agreementLimit", "", 0...1,
      "Agreement of two trains over the overlap from which they are one unit."),
    Setting(
      "segments", "knownLimit", "", 1...10000,
      "The most units that are looked for again in each segment."),
    Setting(
      "segments", "fewestCommon", "", 1...1000,
      "Fewest discharges of each train over the overlap that decide by themselves."),
    Setting(
      "segments", "endDischarges", "", 2...10000,
      "The most discharges that the potential at an end of a train is averaged over."),
    Setting("segments", "fewestEndDischarges", "", 1...10000, "The fewest of them."),
    Setting(
      "segments", "steadyShift", "samples", 0...1000,
      "How far the potential at one end may follow that at the other."),
    Setting(
      "segments", "leastSteadyCosine", "", 0...1,
      "Cosine of discharges taken in turns below which a unit tells nothing of steadiness."),
    Setting(
      "segments", "fewestSteadyUnits", "", 1...1000,
      "Fewest units that tell the steadiness of a recording."),
    Setting(
      "segments", "driftLengthShare", "", 0...1,
      "Segments for moving potentials over those of now above which nothing is cut anew."),
  ]
}

extension Setting {
  /// How signals are followed as they arrive (`StreamingDecomposer.Configuration`).
  static let streaming: [Setting] = [
    Setting(
      "streaming", "heightRate", "", 0...1,
      "Weight of each new peak in the heights that set the thresholds; 0 keeps those of the filters."
    ),
    Setting(
      "streaming", "lowestAgreement", "", 0...1,
      "Lowest agreement, in the recording of the filters, of a unit that is followed."),
    Setting(
      "streaming", "updatesFilters", "", nil, "Whether potentials and filters follow the signal."),
    Setting(
      "streaming", "templateRate", "", 0...1,
      "Weight of each discharge in the potential of its unit.",
      source: "Widrow and Stearns 1985"),
    Setting("streaming", "covarianceTime", "s", 0.1...100000, "Time constant of the covariance."),
    Setting(
      "streaming", "updateInterval", "s", 0.05...100000, "Time between two updates of the filters."),
    Setting(
      "streaming", "unsubtractedWeight", "", 0...1,
      "Weight of a discharge that was not subtracted over that of one that was."),
    Setting(
      "streaming", "restAfter", "s", 0.01...3600,
      "Time after the last discharge from which no covariance is taken."),
  ]
}
