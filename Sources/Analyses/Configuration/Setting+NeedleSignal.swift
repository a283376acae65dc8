extension Setting {
  /// Settings of the needle decomposition that decide how a signal is conditioned and searched.
  static let needleSignal: [Setting] =
    [
      Setting(
        "needle", "inspection.shortest", "s", 0.5...60,
        "Shortest signal: in less no train can be told from chance."),
      Setting(
        "needle", "inspection.largest", "", 1...1e30,
        "Absolute value above which a sample is no measurement, in the units of the recording."),
      Setting(
        "needle", "inspection.invalidShare", "", 0...1,
        "Share of unusable samples above which a signal is refused."),
      Setting(
        "needle", "inspection.clippedShare", "", 0...1,
        "Share of samples at the input's limits above which that is said."),
      Setting(
        "needle", "inspection.saturatedShare", "", 0...1,
        "Share of such samples above which a signal is refused."),
      Setting(
        "needle", "conditioning.highPassWidth", "", 0.001...1,
        "Width of the lower edge of the band, a share of the high-pass."),
      Setting(
        "needle", "conditioning.lowPassWidth", "", 0.0001...0.1,
        "Width of the upper edge of the band, a share of the sampling rate."),
      Setting(
        "needle", "conditioning.usableBand", "", 0.1...0.5,
        "Highest frequency that is used, a share of the sampling rate."),
      Setting(
        "needle", "conditioning.levelWindow", "s", 0.001...1,
        "Length of the windows whose level tells the noise."),
      Setting(
        "needle", "conditioning.levelQuantile", "", 0...1,
        "Share of the windows that is taken for quiet."),
      Setting(
        "needle", "conditioning.levelScale", "", 0.5...5,
        "Noise over the level of quiet windows."),
      Setting(
        "needle", "conditioning.largestQuantile", "", 0.5...1,
        "Share of the samples below what counts as the largest one."),
      Setting(
        "needle", "conditioning.shapeWindow", "s", 0.0001...0.05,
        "How far on either side of a firing the signal makes it vary."),
      Setting(
        "needle", "conditioning.whiteningWindow", "s", 0.001...1,
        "Length of the windows over which the spectrum of the noise is taken."),
      Setting(
        "needle", "conditioning.whiteningFewest", "", 1...1000,
        "Fewest windows from which it is taken."),
      Setting(
        "needle", "conditioning.whiteningShare", "", 0.01...1,
        "Share of the windows that enter, the quietest ones."),
      Setting(
        "needle", "conditioning.whiteningBand", "", 0.1...1,
        "Share of the band over which its level is taken."),
      Setting(
        "needle", "conditioning.whiteningLeast", "", 0.01...1,
        "Least gain of the whitening."),
      Setting(
        "needle", "conditioning.whiteningGreatest", "", 1...100,
        "Greatest gain of the whitening."),
      Setting(
        "needle", "discovery.fewestPeaks", "", 2...1000,
        "Fewest spikes among which clusters are looked for."),
      Setting(
        "needle", "discovery.fewestSpikes", "", 1...1000,
        "Expected size of a cluster in a short signal."),
      Setting(
        "needle", "discovery.spikesPerSecond", "1/s", 0.01...50,
        "Expected spikes of a cluster for each second."),
      Setting(
        "needle", "discovery.fewestNeighbours", "", 1...1000,
        "Fewest like spikes of one that begins a cluster."),
      Setting(
        "needle", "discovery.neighbourShare", "", 0...1,
        "The same as a share of the expected size; the larger one counts."),
      Setting(
        "needle", "discovery.clusterShare", "", 0...1,
        "Share of the expected size below which a cluster is left."),
      Setting(
        "needle", "discovery.fewestMembers", "", 2...100,
        "Fewest spikes from which a cluster's potential is averaged."),
      Setting(
        "needle", "discovery.nearShare", "", 1...10,
        "Distance up to which spikes are taken away with a cluster, in that of its members."),
      Setting(
        "needle", "discovery.fuseInterval", "s", 0.0001...0.05,
        "Firings of joined clusters that follow within it are one."),
      Setting(
        "needle", "discovery.fewestIntervals", "", 1...1000,
        "Fewest intervals of a cluster that is tried as a unit."),
      Setting(
        "needle", "discovery.shortInterval", "s", 0.001...0.2,
        "Interval below which spikes of a cluster are too close for one unit."),
      Setting(
        "needle", "discovery.greatestShortShare", "", 0...1,
        "Share of such intervals above which a cluster is not tried."),
      Setting(
        "needle", "discovery.leastEnergy", "", 0...100000,
        "Energy over the noise up to which a cluster is not tried."),
      Setting(
        "needle", "discovery.firstPriorScale", "", 0...10,
        "Weight of the intervals in the first pass."),
      Setting(
        "needle", "discovery.laterPriorScale", "", 0...10,
        "Weight of the intervals of new units in later passes."),
      Setting(
        "needle", "discovery.evidenceGain", "", 0.5...10,
        "Evidence over the best so far from which a pass has brought something."),
      Setting(
        "needle", "discovery.mostFailures", "", 1...100,
        "Passes in a row without gain after which the search ends."),
      Setting(
        "needle", "discovery.quietSpikes", "", 0...10000,
        "Spikes below which a signal without units is taken for silent."),
      Setting(
        "needle", "templates.fewestFirings", "", 2...1000,
        "Fewest firings from which a potential is averaged."),
      Setting(
        "needle", "templates.trim", "", 0...0.5,
        "Share of the values left out at either end of an average."),
      Setting(
        "needle", "templates.firstTrim", "", 0...0.5,
        "The same for a first average; at 0.5 it is the median."),
      Setting(
        "needle", "templates.supportSmoothing", "s", 0.00001...0.01,
        "Time over which the level of a potential is smoothed."),
      Setting(
        "needle", "templates.supportLevel", "", 0.1...20,
        "Level over the error of the average up to which a potential is cut off."),
      Setting(
        "needle", "templates.supportFirings", "", 1...1000,
        "Fewest firings that the error of an average is told for."),
      Setting(
        "needle", "templates.supportGap", "s", 0...0.02,
        "How far a potential may be below that level within."),
      Setting(
        "needle", "templates.supportTaper", "s", 0...0.01,
        "Length of the tapers at its ends."),
      Setting(
        "needle", "templates.wideHighPass", "Hz", 0.1...100,
        "High-pass of the signal from which potentials are measured."),
      Setting(
        "needle", "templates.wideHalfWidth", "s", 0.002...0.1,
        "Half the length of a potential that is measured."),
      Setting(
        "needle", "templates.wideFewest", "", 1...1000,
        "Fewest firings from which such a potential is averaged."),
    ]
}
