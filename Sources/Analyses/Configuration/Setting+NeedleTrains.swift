extension Setting {
  /// Settings of the needle decomposition that decide about intervals, firings and trains.
  static let needleTrains: [Setting] =
    [
      Setting(
        "needle", "intervals.shortest", "s", 0.001...0.1,
        "Intervals up to this length enter no fit."),
      Setting(
        "needle", "intervals.longest", "s", 0.2...10,
        "Intervals from this length on enter no fit, and no train goes on over them."),
      Setting(
        "needle", "intervals.fewest", "", 2...100,
        "Fewest intervals of a fit."),
      Setting(
        "needle", "intervals.leastMean", "s", 0.001...0.2,
        "Mean of a single interval up to which a fit counts as failed."),
      Setting(
        "needle", "intervals.irregularShare", "", 0...1,
        "Share of the intervals that follow no law."),
      Setting(
        "needle", "intervals.leastVariation", "", 0.001...1,
        "Least coefficient of variation of a fit."),
      Setting(
        "needle", "intervals.greatestVariation", "", 0.01...2,
        "Greatest coefficient of variation of a fit."),
      Setting(
        "needle", "intervals.leastMissRate", "", 0...1,
        "Least share of missing firings of a fit."),
      Setting(
        "needle", "intervals.greatestMissRate", "", 0...1,
        "Greatest share of missing firings of a fit."),
      Setting(
        "needle", "intervals.fewestJudged", "", 2...1000,
        "Fewest intervals from which regularity is judged."),
      Setting(
        "needle", "intervals.randomDeadTime", "s", 0...0.1,
        "Dead time of the random train that regularity is told against."),
      Setting(
        "needle", "intervals.randomShortShare", "", 0.001...1,
        "Density of its shorter intervals over that of a random train."),
      Setting(
        "needle", "intervals.expectedLeastVariation", "", 0.001...1,
        "Least coefficient of variation that the search for firings expects."),
      Setting(
        "needle", "intervals.expectedWidening", "", 0.5...5,
        "How much wider intervals are expected than they were found."),
      Setting(
        "needle", "intervals.expectedLeastMissRate", "", 0...1,
        "Least share of missing firings that is expected."),
      Setting(
        "needle", "intervals.expectedGreatestMissRate", "", 0...1,
        "Greatest share of missing firings that is expected."),
      Setting(
        "needle", "intervals.deadTime", "s", 0.001...0.1,
        "Time after a firing in which none can follow."),
      Setting(
        "needle", "intervals.deadShare", "", 0...1,
        "The same as a share of the mean interval; the longer one counts."),
      Setting(
        "needle", "intervals.pauseShare", "", 0...1,
        "Weight of pauses among the expected intervals."),
      Setting(
        "needle", "intervals.pauseFrom", "", 0...10,
        "Shortest pause, in mean intervals."),
      Setting(
        "needle", "intervals.pauseLength", "", 0.5...100,
        "Usual length of a pause, in mean intervals."),
      Setting(
        "needle", "intervals.strayShare", "", 0...1,
        "Weight of firings that follow no rhythm."),
      Setting(
        "needle", "intervals.strayLength", "", 0.5...100,
        "Usual interval of such firings, in mean intervals."),
      Setting(
        "needle", "intervals.rampStart", "s", 0...0.1,
        "Interval from which a second firing becomes possible."),
      Setting(
        "needle", "intervals.rampLength", "s", 0.001...0.2,
        "Time over which it becomes so."),
      Setting(
        "needle", "intervals.shortTime", "s", 0.001...0.1,
        "Interval below which a firing counts as too early."),
      Setting(
        "needle", "intervals.shortShare", "", 0...1,
        "The same as a share of the mean interval; the longer one counts."),
      Setting(
        "needle", "intervals.activeSpan", "", 1...20,
        "Interval from which a train pauses, in mean intervals."),
      Setting(
        "needle", "intervals.medianTrust", "", 0...1,
        "How far the median interval may lie from the fitted mean to be the usual one."),
      Setting(
        "needle", "intervals.singleFrom", "", 0...1,
        "Shortest single interval, in usual ones."),
      Setting(
        "needle", "intervals.singleTo", "", 1...3,
        "Longest single interval, in usual ones."),
      Setting(
        "needle", "intervals.fewestSingle", "", 3...1000,
        "Fewest single intervals from which a rhythm is followed."),
      Setting(
        "needle", "intervals.rhythmWidening", "", 0.5...5,
        "How much wider the rhythm is taken than it was found."),
      Setting(
        "needle", "intervals.irregularDecay", "", 0...10,
        "How fast irregular intervals become rare, for each usual interval."),
      Setting(
        "needle", "cleaning.misfitNoise", "", 0.1...20,
        "Energy that a firing may leave, in that of the noise."),
      Setting(
        "needle", "cleaning.misfitShare", "", 0...1,
        "Share of the signal's energy that it may leave besides."),
      Setting(
        "needle", "cleaning.leastAmplitude", "", 0...1,
        "Amplitude over the template up to which a weak unit's firing is dropped."),
      Setting(
        "needle", "cleaning.greatestAmplitude", "", 0...1,
        "The same of a unit far above the noise."),
      Setting(
        "needle", "cleaning.amplitudeMargin", "", 0...20,
        "How many deviations of the noise an amplitude may lack."),
      Setting(
        "needle", "cleaning.amplitudeNoise", "", 0.1...20,
        "Variance of an amplitude over that of white noise."),
      Setting(
        "needle", "cleaning.fewestFirings", "", 2...1000,
        "Fewest firings of a train that is cleaned."),
      Setting(
        "needle", "cleaning.deadTime", "s", 0.001...0.1,
        "Interval below which the worse of two firings is dropped."),
      Setting(
        "needle", "cleaning.deadShare", "", 0...1,
        "The same as a share of the mean interval; the longer one counts."),
      Setting(
        "needle", "matching.tolerance", "s", 0.00001...0.01,
        "How far from their common lag two firings may be."),
      Setting(
        "needle", "matching.longestLag", "s", 0...0.05,
        "Longest lag between trains of one unit."),
      Setting(
        "needle", "matching.lateLongestLag", "s", 0...0.2,
        "Longest lag of a late unit behind one that is there."),
      Setting(
        "needle", "matching.lateShare", "", 0...1,
        "Share of common firings above which a late unit is one that is there."),
      Setting(
        "needle", "merging.unionInterval", "s", 0.001...0.1,
        "Firings of two joined trains that follow within it are one."),
      Setting(
        "needle", "merging.chanceTime", "s", 0.001...0.5,
        "Time around each firing in which chance brings two trains together."),
      Setting(
        "needle", "merging.unionVariation", "", 0.01...2,
        "Coefficient of variation from which the union of two trains is none."),
      Setting(
        "needle", "merging.componentTolerance", "s", 0.00001...0.01,
        "How far from their common lag firings of two components may be."),
      Setting(
        "needle", "merging.componentInterval", "s", 0.001...0.1,
        "Firings of joined components that follow within it are one."),
      Setting(
        "needle", "merging.satelliteTolerance", "s", 0.00001...0.01,
        "How far from their common lag firings of a satellite may be."),
      Setting(
        "needle", "merging.fewestSatelliteFirings", "", 1...1000,
        "Fewest firings of a train that may be a satellite."),
      Setting(
        "needle", "splitting.reach", "s", 0.0005...0.05,
        "How far on either side of the centre potentials are compared."),
      Setting(
        "needle", "splitting.fewestRefined", "", 2...1000,
        "Fewest potentials of a part that is refined further."),
      Setting(
        "needle", "doublets.unexplainedNoise", "", 0.1...20,
        "Energy that it may leave besides, in that of the noise."),
      Setting(
        "needle", "doublets.timeTolerance", "s", 0.00001...0.01,
        "How far a peak may be from the place of such a discharge."),
      Setting(
        "needle", "linking.tolerance", "s", 0.00001...0.01,
        "How far from their common lag two firings may be."),
      Setting(
        "needle", "linking.fewestFirings", "", 1...1000,
        "Fewest firings in the overlap that tell anything."),
      Setting(
        "needle", "decoding.fewestHeights", "", 3...1000,
        "Fewest firings that tell how heights vary."),
      Setting(
        "needle", "decoding.leastExcess", "", 0.01...10,
        "Least mean height of other peaks above the least, in deviations."),
      Setting(
        "needle", "decoding.longestGap", "", 1...50,
        "Gap beyond which a train begins anew, in usual intervals."),
    ]
}
