extension Setting {
  /// Groups of settings of the needle decomposition, by the part of the search that they decide.
  static let needleGroups: [Setting] =
    hum("needle") + [
      Setting(
        "needle", "comparison.spikeDistance", "s", 0.0001...0.01,
        "How far on either side a spike is the largest peak."),
      Setting(
        "needle", "comparison.mostSpikes", "", 100...100000,
        "The most spikes that are compared, the largest ones."),
      Setting(
        "needle", "comparison.shiftReach", "s", 0...0.002,
        "The largest shift at which two spikes are compared."),
      Setting(
        "needle", "comparison.neighbourMisfit", "", 0.1...20,
        "Distance of two like spikes that is due to noise, in its degrees of freedom."),
      Setting(
        "needle", "comparison.neighbourVariation", "", 0...1,
        "Distance that is due to the potential's own variability, a share of the smaller energy."),
      Setting(
        "needle", "comparison.neighbourShare", "", 0.01...2,
        "Greatest distance of two like spikes, a share of the smaller energy."),
      Setting(
        "needle", "comparison.memberMisfit", "", 0.1...20,
        "The same as neighbourMisfit for a spike and the mean of its cluster."),
      Setting(
        "needle", "comparison.memberVariation", "", 0...1,
        "The same as neighbourVariation for a spike and the mean of its cluster."),
      Setting(
        "needle", "comparison.memberShare", "", 0.01...2,
        "The same as neighbourShare for a spike and the mean of its cluster."),
      Setting(
        "needle", "comparison.fuseShare", "", 0...1,
        "Distance of two clusters below which they are one, a share of the smaller energy."),
      Setting(
        "needle", "regularity.fewestFirings", "", 2...1000,
        "Fewest firings of a train that is looked at again."),
      Setting(
        "needle", "regularity.leastEnergy", "", 0...100000,
        "Least energy of its template over the noise."),
      Setting(
        "needle", "regularity.plausibleShortShare", "", 0...1,
        "Share of short intervals from which a train is not looked at again."),
      Setting(
        "needle", "regularity.promisingShortShare", "", 0...1,
        "The same for a train that is kept beyond its patience."),
      Setting(
        "needle", "regularity.promisingCompleteness", "", 0...1,
        "Least completeness of such a train."),
      Setting(
        "needle", "regularity.promisingRegularity", "nats", -5...5,
        "Least regularity of such a train for each interval."),
      Setting(
        "needle", "regularity.promisingEvidence", "nats", 0...1000,
        "Least evidence of such a train."),
      Setting(
        "needle", "regularity.shortShare", "", 0...1,
        "Share of short intervals from which a train is not a unit's."),
      Setting(
        "needle", "regularity.variation", "", 0.01...2,
        "Greatest coefficient of variation of single intervals."),
      Setting(
        "needle", "regularity.completeness", "", 0...1,
        "Least share of the expected firings that were found."),
      Setting(
        "needle", "regularity.regularity", "nats", -5...5,
        "Least regularity for each interval over a random train."),
      Setting(
        "needle", "regularity.evidence", "nats", 0...1000,
        "Least evidence of the whole train over a random one."),
      Setting(
        "needle", "merging.mostDistance", "", 0...2,
        "Distance of two templates above which trains stay apart, a share of the smaller energy."),
      Setting(
        "needle", "merging.sameDistance", "", 0...1000,
        "Distance over the noise below which templates cannot be told apart."),
      Setting(
        "needle", "merging.togetherInterval", "s", 0.001...0.1,
        "Interval below which firings of two trains are together."),
      Setting(
        "needle", "merging.togetherShare", "", 0...10,
        "Share of what chance brings together above which trains stay apart."),
      Setting(
        "needle", "merging.fragmentDistance", "", 0...2,
        "Distance of two templates below which they may be one unit's, early and late."),
      Setting(
        "needle", "merging.fragmentEvidence", "", 0...2,
        "Evidence of the union over that of both from which they are."),
      Setting(
        "needle", "merging.componentLag", "s", 0.0005...0.05,
        "Longest lag between the components of one potential."),
      Setting(
        "needle", "merging.componentShare", "", 0...1,
        "Share of common firings from which two trains are such components."),
      Setting(
        "needle", "merging.fewestComponentFirings", "", 1...1000,
        "Fewest common firings of such components."),
      Setting(
        "needle", "merging.satelliteLag", "s", 0.0005...0.1,
        "Longest lag of a satellite behind its potential."),
      Setting(
        "needle", "merging.satelliteShare", "", 0...1,
        "Share of common firings above which a train is a satellite."),
      Setting(
        "needle", "restarts.convincingResidual", "", 0...1,
        "Share of the spikes' energy above which another band is searched."),
      Setting(
        "needle", "restarts.convincingRegularity", "nats", -5...5,
        "Regularity of a train up to which another band is searched."),
      Setting(
        "needle", "restarts.weakEnergy", "", 0...100000,
        "Template energy over the noise below which that of a train does not count."),
      Setting(
        "needle", "restarts.sameUnitShare", "", 0...1,
        "Share of common firings above which a unit of another band is one that is there."),
      Setting(
        "needle", "restarts.betterEvidence", "", 0.1...10,
        "Evidence of such a unit over the one that is there from which it is tried."),
      Setting(
        "needle", "restarts.leastGain", "nats", 0...1000,
        "Evidence of all trains that a unit of another band has to add."),
      Setting(
        "needle", "decoding.decidableShare", "", 0...1,
        "Unexplained share of the spikes' energy above which no train is decided."),
      Setting(
        "needle", "decoding.leastRegularity", "nats", -5...5,
        "Regularity below which a train is not decided but looked for anew."),
      Setting(
        "needle", "decoding.fewestFirings", "", 2...1000,
        "Fewest firings of a train that is decided."),
      Setting(
        "needle", "decoding.leastGrowth", "", 0...1,
        "Least number of firings of a decided train over that before."),
      Setting(
        "needle", "decoding.greatestGrowth", "", 1...10,
        "Greatest number of firings of a decided train over that before."),
      Setting(
        "needle", "decoding.allowance", "", 0...1,
        "Share of the spikes' energy that a decided train may leave more than the one before."),
      Setting("needle", "decoding.beginningCost", "nats", -100...0, "What a train costs to begin."),
      Setting(
        "needle", "decoding.restartCost", "nats", -100...0,
        "What a train costs to begin anew after a pause."),
      Setting(
        "needle", "decoding.tolerance", "s", 0.0001...0.01,
        "How far a firing may lie from the peak that stands for it."),
      Setting(
        "needle", "decoding.refractoryTime", "s", 0.001...0.1,
        "Time around a firing in which other peaks are not counted."),
      Setting(
        "needle", "decoding.leastHeight", "", 0...1,
        "Least height of a peak that is looked at, over the template."),
      Setting(
        "needle", "decoding.leastDeviation", "", 0...1,
        "Least deviation of heights, however little noise there is."),
      Setting(
        "needle", "decoding.peakDistance", "s", 0.0001...0.01,
        "Least distance of two peaks."),
      Setting(
        "needle", "decoding.leastShadow", "", 0...1,
        "Share of a firing in the height of a peak near it that counts."),
      Setting(
        "needle", "decoding.missRate", "", 0.0001...0.9,
        "Share of the firings that cannot be seen at all."),
      Setting(
        "needle", "decoding.irregularShare", "", 0.00001...0.9,
        "Share of the intervals that follow no rhythm."),
      Setting(
        "needle", "decoding.neighbours", "", 1...1000,
        "Single intervals on either side over which the usual one is taken."),
      Setting(
        "needle", "decoding.leastSpread", "", 0.001...2,
        "Least deviation of the logarithms of intervals from the usual one."),
      Setting("needle", "decoding.greatestSpread", "", 0.001...5, "Greatest such deviation."),
      Setting(
        "needle", "decoding.fewestVarying", "", 2...10000,
        "Fewest firings that tell how a potential varies."),
      Setting(
        "needle", "decoding.varyingMargin", "", 1...100,
        "Level of a potential over its quiet part that is variation."),
      Setting(
        "needle", "decoding.varyingLength", "s", 0.0001...0.01,
        "How far the variation of a potential is alike."),
      Setting("needle", "late.mostUnits", "", 0...100, "The most units that are added."),
      Setting(
        "needle", "late.threshold", "SD", 1...20,
        "Height of spikes over noise and variability together."),
      Setting(
        "needle", "late.fewestSpikes", "", 4...1000,
        "Fewest spikes of a cluster: fewer tell no law of heights."),
      Setting(
        "needle", "late.rounds", "", 1...50,
        "How often a new unit's train and template are estimated in turn."),
      Setting(
        "needle", "late.leastRegularity", "nats", -5...5,
        "Least regularity of such a train for each interval."),
      Setting("needle", "late.leastCompleteness", "", 0...1, "Least completeness of such a train."),
      Setting(
        "needle", "acceptance.leastAgreement", "", 0...1,
        "Predicted agreement below which a train is not returned.", source: "docs/needle.md"),
      Setting(
        "needle", "acceptance.certainAgreement", "", 0...1,
        "Predicted agreement below which a unit is tentative.", source: "docs/needle.md"),
      Setting(
        "needle", "acceptance.leastAmplitude", "", 0...100,
        "Peak-to-peak amplitude over the rms of the signal below which a unit is tentative.",
        source: "docs/needle.md"),
      Setting(
        "needle", "acceptance.leastSeparation", "", 0...1,
        "Distance to the most similar template, a share of the own energy, below which a unit is tentative.",
        source: "docs/needle.md"),
      Setting(
        "needle", "acceptance.largestMisfit", "", 0...10,
        "Unexplained share of the potential's energy above which a unit is tentative.",
        source: "docs/needle.md"),
      Setting(
        "needle", "acceptance.largestSpread", "", 0...10,
        "Spread of the firings' amplitudes above which a unit is tentative.",
        source: "docs/needle.md"),
      Setting(
        "needle", "acceptance.fewestFirings", "", 1...10000,
        "Firings below which a unit is tentative.", source: "docs/needle.md"),
      Setting(
        "needle", "acceptance.largestVariation", "", 0...10,
        "Coefficient of variation of the intervals above which a unit is tentative.",
        source: "docs/needle.md"),
      Setting(
        "needle", "prediction.intercept", "", -20...20,
        "Logit of a unit with the reference values.",
        source: "regression on 1207 simulated units, docs/needle.md"),
      Setting(
        "needle", "prediction.regularity", "", -20...20,
        "Weight of the regularity in nats for each interval.",
        source: "regression on 1207 simulated units, docs/needle.md"),
      Setting(
        "needle", "prediction.amplitude", "", -20...20,
        "Weight of ln(amplitude over rms of the signal / 2.5).",
        source: "regression on 1207 simulated units, docs/needle.md"),
      Setting(
        "needle", "prediction.energy", "", -20...20,
        "Weight of ln(template energy over noise / 1000).",
        source: "regression on 1207 simulated units, docs/needle.md"),
      Setting(
        "needle", "prediction.separation", "", -20...20,
        "Weight of ln(distance to the most similar template).",
        source: "regression on 1207 simulated units, docs/needle.md"),
      Setting(
        "needle", "prediction.misfit", "", -20...20,
        "Weight of the unexplained share of the potential's energy.",
        source: "regression on 1207 simulated units, docs/needle.md"),
      Setting(
        "needle", "prediction.completeness", "", -20...20,
        "Weight of the completeness less 0.97.",
        source: "regression on 1207 simulated units, docs/needle.md"),
      Setting(
        "needle", "prediction.amplitudeSpread", "", -20...20,
        "Weight of the spread of amplitudes less 0.06.",
        source: "regression on 1207 simulated units, docs/needle.md"),
      Setting(
        "needle", "prediction.unexplained", "", -20...20,
        "Weight of the unexplained share of the spikes' energy.",
        source: "regression on 1207 simulated units, docs/needle.md"),
      Setting(
        "needle", "prediction.spikeRate", "", -20...20,
        "Weight of ln(1 + spikes a second / 100).",
        source: "regression on 1207 simulated units, docs/needle.md"),
      Setting(
        "needle", "splitting.fewestFirings", "", 4...10000,
        "Fewest firings of a train that is looked at."),
      Setting(
        "needle", "splitting.leastEnergy", "", 0...100000,
        "Least energy of its template over the noise."),
      Setting(
        "needle", "splitting.clearRegularity", "nats", -5...5,
        "Regularity above which a train of little variation is not parted."),
      Setting(
        "needle", "splitting.clearVariation", "", 0...2,
        "Variation of intervals below which a train of clear regularity is not parted."),
      Setting(
        "needle", "splitting.leastGain", "nats", 0...5,
        "Regularity that the parts have to gain over the whole for each interval."),
      Setting("needle", "splitting.fewestInPart", "", 2...1000, "Fewest firings of either part."),
      Setting(
        "needle", "recovery.leastGain", "nats", -10...100,
        "Evidence that each further firing has to add to its train."),
      Setting(
        "needle", "recovery.leastAmplitude", "", 0...1,
        "Least amplitude of a firing over its template: below it, leaving it out explains as much."),
      Setting(
        "needle", "recovery.greatestGrowth", "", 1...10,
        "Greatest number of firings of a train over that before."),
      Setting(
        "needle", "doublets.shortestInterval", "s", 0.001...0.02,
        "Shortest interval of a doublet."),
      Setting(
        "needle", "doublets.longestInterval", "s", 0.003...0.05,
        "Longest interval of a doublet."),
      Setting("needle", "doublets.most", "", 0...1000, "The most doublets of a stretch."),
      Setting(
        "needle", "doublets.leastEnergy", "", 0...100000,
        "Least energy of a template over the noise whose doublets are looked for."),
      Setting(
        "needle", "doublets.leastAmplitude", "", 0...1,
        "Least amplitude of such a discharge over its template."),
      Setting(
        "needle", "doublets.greatestAmplitude", "", 1...5,
        "Greatest amplitude of such a discharge over its template."),
      Setting(
        "needle", "doublets.unexplained", "", 0...1,
        "Share of the potential's energy that it may leave unexplained."),
      Setting(
        "needle", "doublets.greatestDeviation", "", 0...1,
        "Deviation of its height above which it may be chance."),
      Setting(
        "needle", "doublets.heightTolerance", "", 0...1,
        "How far its height may be from the template's."),
      Setting(
        "needle", "linking.longestLag", "s", 0.0005...0.05,
        "Longest lag between two peaks of one potential."),
      Setting(
        "needle", "linking.sharedShare", "", 0...1,
        "Share of common firings over the overlap above which units are one."),
      Setting(
        "needle", "linking.apartShare", "", 0...1,
        "Share of common firings over the overlap below which they are not."),
      Setting(
        "needle", "linking.leastSimilarity", "", 0...1,
        "Similarity of the potentials above which units may be one."),
    ]
}
