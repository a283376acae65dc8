extension Setting {
  /// Groups of settings of the array decomposition, by the part that they decide.
  static let arrayGroups: [Setting] =
    signal + [
      Setting(
        "array", "search.ridgeFactor", "", 0.001...1000,
        "Ridge of the covariance over its lower eigenvalues; by default 5 (surface) or 10."),
      Setting(
        "array", "search.projections", "", 1...4096,
        "Random directions in which activity is measured for the starts."),
      Setting(
        "array", "search.startDistance", "s", 0.0001...0.1, "Shortest distance of two starts."),
      Setting(
        "array", "search.startShare", "", 0.001...1,
        "Share of the local maxima of activity, the highest, from which starts are drawn."),
      Setting(
        "array", "search.startsPerCandidate", "", 1...1000,
        "Local maxima for each candidate from which starts are drawn at least."),
      Setting("array", "search.refinements", "", 1...100, "The most refinements of a candidate."),
      Setting(
        "array", "search.firstSilhouette", "", 0...1,
        "Silhouette value that a candidate must exceed at its first refinement."),
      Setting("array", "search.laterSilhouette", "", 0...1, "The same at later refinements."),
      Setting(
        "array", "search.sameShare", "", 0.01...1,
        "Agreement from which two candidates are one."),
      Setting(
        "array", "search.longestLag", "s", 0.001...0.5,
        "Longest lag of two trains that are one."),
      Setting(
        "array", "search.passes", "", 1...20, "Re-estimations of a new unit within its round."),
      Setting(
        "array", "search.crossFitTolerance", "samples", 0...20,
        "Largest distance of a discharge that the filter of the other half finds again."),
      Setting(
        "array", "search.emptyRounds", "", 1...100,
        "Rounds in a row that add no unit after which the search ends."),
      Setting(
        "array", "decoding.lowestHeight", "", 0...1,
        "Lowest height of a peak that is looked at, over the mean discharge."),
      Setting(
        "array", "decoding.peakDistance", "s", 0.0005...0.05,
        "Shortest distance of two peaks."),
      Setting(
        "array", "decoding.irregularShare", "", 0.0001...0.9,
        "Share of intervals that follow no rhythm, of 1 s on average."),
      Setting(
        "array", "decoding.neighbours", "", 1...1000,
        "Intervals on either side over which the usual interval is taken."),
      Setting(
        "array", "decoding.fewestDischarges", "", 5...10000,
        "Fewest discharges that show a rhythm."),
      Setting("array", "decoding.passes", "", 0...20, "Fits of the laws of heights and intervals."),
      Setting(
        "array", "decoding.leastDeviation", "", 0.001...1,
        "Least standard deviation of the heights of discharges."),
      Setting(
        "array", "decoding.leastExcess", "", 0.001...1,
        "Least mean height of other peaks above the lowest."),
      Setting(
        "array", "decoding.leastSpread", "", 0.001...2,
        "Least deviation of the logarithms of intervals from the usual one."),
      Setting("array", "decoding.greatestSpread", "", 0.001...5, "Greatest such deviation."),
      Setting(
        "array", "decoding.longestInterval", "", 1...100,
        "Longest interval with a rhythm, in usual intervals."),
      Setting(
        "array", "missed.lowestHeight", "", 0...1,
        "Lowest height of such a peak over the mean discharge."),
      Setting(
        "array", "missed.lowestNoiseRatio", "", 0...100,
        "Lowest height of such a peak over the standard deviation of the source elsewhere."),
      Setting(
        "array", "missed.searchShare", "", 0...0.5,
        "How far from the expected time it is looked for, as a share of the interval."),
      Setting(
        "array", "missed.fewestDischarges", "", 3...10000,
        "Fewest discharges of a train that is looked at."),
      Setting(
        "array", "missed.mostMissing", "", 0...100,
        "The most discharges missing in a row; a longer silence is a pause."),
      Setting(
        "array", "pieces.lowestSimilarity", "", 0...1,
        "Lowest cosine of the potentials where the rhythm goes on."),
      Setting(
        "array", "pieces.similarityAcrossPause", "", 0...1,
        "Lowest cosine of the potentials across a pause."),
      Setting(
        "array", "pieces.changeShare", "", 0...1,
        "Changes between the trains over those that two unrelated trains would show."),
      Setting(
        "array", "pieces.intervalRatio", "", 1...100,
        "Largest ratio of the usual intervals on either side of a change."),
      Setting(
        "array", "pieces.longestBreak", "", 0...1000,
        "Longest break at a change, in usual intervals."),
      Setting("array", "pieces.fewestDischarges", "", 2...10000, "Fewest discharges of a piece."),
      Setting(
        "array", "pieces.commonAgreement", "", 0.01...1,
        "Agreement over a common stretch from which two trains are one."),
      Setting(
        "array", "pieces.similarityInTurns", "", 0...1,
        "Lowest cosine of two potentials whose trains take turns."),
      Setting(
        "array", "pieces.fewestTurns", "", 1...10000,
        "Fewest changes between trains that take turns."),
      Setting(
        "array", "pieces.shortInterval", "", 0...1,
        "Interval of both together, in usual ones, below which a change comes early."),
      Setting(
        "array", "pieces.shortShare", "", 0...1,
        "The most such changes of trains that take turns, as a share; two units show about 0.3."),
      Setting(
        "array", "pieces.shortFactor", "", 1...100,
        "The same over that share before the lag of the trains is known."),
      Setting(
        "array", "pieces.neighbours", "", 1...1000,
        "Intervals on either side of a change from which the usual one is taken."),
      Setting(
        "array", "pieces.passes", "", 0...100,
        "The most joins in a row that make one track of a long recording."),
      Setting(
        "array", "known.rounds", "", 1...100,
        "The most rounds over the units that are not found yet."),
      Setting(
        "array", "known.lowestSimilarity", "", 0...1,
        "Lowest cosine of the potential found with the known one for the same unit."),
      Setting(
        "array", "completeness.window", "s", 0.05...60,
        "Length over which a train is active or silent."),
      Setting(
        "array", "completeness.missedWeight", "", 0...100,
        "Weight of silent windows stronger than the median of the active ones."),
      Setting(
        "array", "kept.excerptSeconds", "s", 3...3600,
        "Stretch of the recording that thresholds and filters for signals as they arrive are taken from."
      ),
      Setting(
        "array", "kept.subtractedFrom", "", 0...1,
        "Agreement of the first pass with the train of a unit from which its discharges are subtracted."
      ),
      Setting("array", "masked.batches", "", 1...1000, "Batches that the starts are taken in."),
      Setting("array", "masked.iterations", "", 1...200, "Fixed-point iterations."),
      Setting(
        "array", "masked.componentRefinements", "", 1...100,
        "Refinements among the principal components."),
      Setting(
        "array", "masked.refinements", "", 0...100,
        "Refinements in all dimensions after them."),
      Setting(
        "array", "masked.firstWithRhythm", "", 0...100,
        "The refinement from which on the rhythm has a say, counted from 0."),
      Setting(
        "array", "masked.startDistance", "s", 0.0001...0.1, "Shortest distance of two starts."),
      Setting(
        "array", "masked.startShare", "", 0.001...1,
        "Share of the local maxima of energy, the highest, from which starts are drawn."),
      Setting(
        "array", "masked.leftOutShare", "", 0...0.9,
        "Share of the instants, the strongest, that the fixed point does not see."),
      Setting(
        "array", "masked.heightQuantile", "", 0.5...1,
        "Quantile of the heights of peaks to which higher ones are taken down."),
      Setting(
        "array", "masked.sameCosine", "", 0...1,
        "Cosine of two weights from which they are one."),
      Setting(
        "array", "masked.sameShare", "", 0.01...1,
        "Agreement from which two candidates are one."),
      Setting(
        "array", "masked.firstPredicted", "", 0...1,
        "Lowest predicted agreement of a candidate that is refined in all dimensions."),
      Setting(
        "array", "masked.laterPredicted", "", 0...1,
        "Lowest predicted agreement of one that is refined on there."),
      Setting(
        "array", "masked.fewestDischarges", "", 5...10000, "Fewest discharges of a candidate."),
      Setting(
        "array", "masked.spareColumns", "", 0...1024,
        "Columns iterated beside the wanted principal components."),
      Setting(
        "array", "masked.powerIterations", "", 1...1000,
        "Iterations that find the principal components."),
      Setting(
        "array", "masked.leastComponent", "", 1...1000,
        "Least variance of a component over the ridge."),
      Setting(
        "array", "masked.jointHeight", "", 0...1,
        "Lowest height of a discharge in the joint decision, over that of the potential."),
      Setting(
        "array", "masked.candidatePredicted", "", 0...1,
        "Lowest predicted agreement of a candidate that becomes a unit."),
      Setting("array", "masked.candidateCrossFit", "", 0...1, "Lowest agreement of its halves."),
      Setting(
        "array", "masked.clearSilhouette", "", 0...1,
        "Silhouette value from which a candidate becomes a unit whatever its rhythm."),
      Setting(
        "array", "masked.clearCrossFit", "", 0...1,
        "Lowest agreement of the halves of such a candidate."),
      Setting(
        "array", "masked.betweenPredicted", "", 0...1,
        "Lowest predicted agreement of a unit between rounds."),
      Setting(
        "array", "masked.betweenSilhouette", "", 0...1,
        "Silhouette value above which a unit stays between rounds whatever its rhythm."),
      Setting(
        "array", "masked.betweenCrossFit", "", 0...1,
        "Lowest agreement of the halves of a masked unit between rounds."),
      Setting(
        "array", "masked.emptyRounds", "", 1...100,
        "Rounds in a row that add no unit after which the search ends."),
      Setting(
        "array", "prediction.constant", "", -100...100,
        "Constant term of the logistic law that predicts agreement.",
        source: "598 units of 28 simulated recordings"),
      Setting(
        "array", "prediction.silhouetteWeight", "", -100...100,
        "Weight of -ln(1.001 - silhouette) in it.", source: "598 units of 28 simulated recordings"),
      Setting(
        "array", "prediction.variationWeight", "", -1000...1000,
        "Weight of the coefficient of variation of the intervals in it.",
        source: "598 units of 28 simulated recordings"),
      Setting(
        "array", "jointPrediction.constant", "", -100...100,
        "The same after a joint decision (thorough effort): constant term.",
        source: "docs/effort.md"),
      Setting(
        "array", "jointPrediction.silhouetteWeight", "", -100...100,
        "Weight of -ln(1.001 - silhouette).", source: "docs/effort.md"),
      Setting(
        "array", "jointPrediction.variationWeight", "", -1000...1000,
        "Weight of the coefficient of variation of the intervals.", source: "docs/effort.md"),
      Setting(
        "array", "jointPrediction.crossFitWeight", "", -100...100,
        "Weight of the agreement of the halves.", source: "docs/effort.md"),
      Setting(
        "array", "jointPrediction.dischargesWeight", "", -100...100,
        "Weight of the logarithm of the number of discharges.", source: "docs/effort.md"),
      Setting(
        "array", "jointPrediction.ampleDischarges", "", 1...100_000,
        "Number of discharges from which more say no more.", source: "docs/effort.md"),
    ]
}
