extension Setting {
  /// What an array decomposition does to channels ahead of the search.
  static let signal: [Setting] =
    hum("array") + [
      Setting(
        "array", "artefacts.order", "", 4...256,
        "Order of the autoregressive process that says what a sample should be."),
      Setting(
        "array", "artefacts.largestValue", "", 1...1000,
        "Robust standard deviations to which values are limited where that process is fitted."),
      Setting(
        "array", "artefacts.lowestDeviation", "", 1...1000,
        "Least deviation of an artefact in robust standard deviations of the deviations."),
      Setting(
        "array", "artefacts.quantileRatio", "", 0...100,
        "Least deviation over that which one of a hundred samples exceeds."),
      Setting(
        "array", "artefacts.unmistakable", "", 1...1000,
        "Deviation, over the least one, that no potential causes."),
      Setting(
        "array", "artefacts.aloneFactor", "", 1...100,
        "The same over it where several channels, not all, show it."),
      Setting(
        "array", "artefacts.reach", "", 0...1000,
        "Deviation down to which an artefact reaches, in robust standard deviations."),
      Setting(
        "array", "artefacts.pulseLength", "samples", 1...1000, "Longest pulse without a tail."),
      Setting("array", "artefacts.longest", "s", 0.001...1, "Longest artefact."),
      Setting(
        "array", "artefacts.passes", "", 0...100, "The most searches of the whole recording."),
      Setting(
        "array", "artefacts.highestRate", "1/s", 0...1000,
        "The most artefacts a second; more are activity."),
      Setting(
        "array", "artefacts.fewShare", "", 0...1,
        "Share of the channels that an artefact of single channels is on at most."),
      Setting(
        "array", "artefacts.energyShare", "", 0...1,
        "Share of its energy that is on the channels that show it."),
      Setting(
        "array", "artefacts.commonShare", "", 0...1,
        "Share of its energy that is alike on all channels for one on all of them."),
      Setting(
        "array", "artefacts.jumpShare", "", 0...1,
        "Share of its height reached from one sample to the next, in the muscle."),
      Setting(
        "array", "artefacts.mostParts", "", 0...100,
        "The most parts that are taken out of one on all channels."),
      Setting(
        "array", "artefacts.overActivity", "", 0...1000,
        "Energy of a part over the strongest of activity from which it is the artefact."),
      Setting(
        "array", "artefacts.quietShare", "", 0.1...1,
        "Share of the samples, those of least energy, that tell how activity is spread over the channels."
      ),
      Setting(
        "array", "artefacts.whiteningRidge", "", 1e-6...1,
        "Ridge of that spread over the mean square of the channels."),
      Setting(
        "array", "artefacts.tailLength", "s", 0...1,
        "Time after an artefact of one channel in which what stands off there is its tail."),
      Setting(
        "array", "artefacts.neighbourShare", "", 0...1,
        "Deviation of a second channel, over that of the first, up to which the first alone has an artefact that its neighbours do not tell."
      ),
      Setting(
        "array", "artefacts.heightOverRest", "", 0...1000,
        "Height of an artefact in the muscle over the 99.9 % quantile of all else on its channel."),
      Setting(
        "array", "artefacts.trainAgreement", "", 0...1,
        "Cosine of two courses in the muscle from which they may be those of one unit."),
      Setting(
        "array", "artefacts.trainShare", "", 0...1,
        "Share of such courses in steady rhythm from which they are the discharges of a unit."),
      Setting(
        "array", "filling.neighbours", "", 1...512,
        "The most channels that a channel is predicted from."),
      Setting(
        "array", "filling.reach", "samples", 0...32,
        "Samples before and after that take part."),
      Setting(
        "array", "filling.fitted", "samples", 100...10000000,
        "The most samples that weights are fitted to."),
      Setting(
        "array", "filling.ridge", "", 0.000001...10,
        "Ridge of the fit over the mean square of the channels."),
      Setting(
        "array", "filling.samplesPerWeight", "samples", 1...1000,
        "Fewest samples for each weight."),
      Setting("array", "filling.sweeps", "", 0...20, "Sweeps over the channels that lack samples."),
      Setting(
        "array", "swings.lowest", "Hz", 0.1...100,
        "Lower edge of the band in which swings are looked for."),
      Setting("array", "swings.highest", "Hz", 1...200, "Upper edge of that band."),
      Setting(
        "array", "swings.restEdge", "Hz", 1...500,
        "Frequency from which on power is that of the muscle."),
      Setting(
        "array", "swings.edge", "Hz", 1...500,
        "Frequency below which everything is taken out where there is movement."),
      Setting(
        "array", "swings.ratio", "", 0.1...10000,
        "Slow power over that of the muscle from which a stretch is movement."),
      Setting("array", "swings.stretch", "s", 0.01...10, "Length of a stretch."),
      Setting(
        "array", "lost.shortestRun", "s", 0.0005...1,
        "Shortest run of one value that is a gap."),
      Setting(
        "array", "lost.heapWidth", "", 0.000001...0.1,
        "Width of the heap of values at a limit, as a share of the range of the channel."),
      Setting(
        "array", "lost.fewestClipped", "samples", 1...1000000,
        "Fewest samples of such a heap."),
      Setting(
        "array", "lost.silentShare", "", 0...1,
        "Share of the channels that lack a sample from which nothing was recorded there."),
      Setting(
        "array", "screening.outlierDeviations", "", 1...1000,
        "Robust standard deviations of log power beyond which a channel is left out."),
      Setting(
        "array", "screening.outlierFactor", "", 1...1000000, "Least factor in power for that."),
      Setting(
        "array", "screening.clippedShare", "", 0...1,
        "Share of samples at the limits from which a channel is left out."),
      Setting(
        "array", "screening.lostShare", "", 0...1,
        "Share of lost samples from which a channel is left out."),
      Setting(
        "array", "screening.artefactRatio", "", 1...1000000,
        "Largest value over the usual amplitude from which a channel is left out."),
    ]

  /// What is mains hum, of an array or a needle.
  static func hum(_ group: String) -> [Setting] {
    [
      Setting(
        group, "hum.peakRatio", "", 1...1000,
        "Power around a harmonic over that beside it from which it is hum."),
      Setting(
        group, "hum.halfWidth", "Hz", 0.1...10,
        "Half of the width over which the power around a harmonic is taken."),
      Setting(
        group, "hum.nearest", "Hz", 0.1...50,
        "Nearest distance at which the power beside it is taken."),
      Setting(group, "hum.farthest", "Hz", 0.2...50, "Farthest such distance."),
    ]
  }
}
