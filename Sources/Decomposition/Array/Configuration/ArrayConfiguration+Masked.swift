extension ArrayConfiguration {
  /// How units are searched that others mask, at thorough effort.
  ///
  /// The defaults were chosen on simulated recordings.
  public struct Masked: Codable, Sendable, Equatable {
    /// Batches that the starts are taken in.
    public var batches = 4
    /// Fixed-point iterations.
    public var iterations = 6
    /// Refinements among the principal components.
    public var componentRefinements = 4
    /// Refinements in all dimensions after them.
    public var refinements = 3
    /// The refinement from which on the rhythm has a say, counted from 0.
    public var firstWithRhythm = 2
    /// Shortest distance of two starts, in seconds.
    public var startDistance = 0.003
    /// Share of the local maxima of energy, the highest, from which starts are drawn.
    public var startShare = 2.0 / 3
    /// Share of the instants, the strongest, that the fixed point does not see.
    public var leftOutShare = 0.03
    /// Quantile of the heights of peaks to which higher ones are taken down.
    public var heightQuantile = 0.97
    /// Cosine of two weights from which they are one.
    public var sameCosine: Float = 0.85
    /// Agreement from which two candidates are one.
    public var sameShare = 0.5
    /// Lowest predicted agreement of a candidate that is refined in all dimensions.
    public var firstPredicted = 0.01
    /// Lowest predicted agreement of one that is refined on there.
    public var laterPredicted = 0.03
    /// Fewest discharges of a candidate.
    public var fewestDischarges = 20
    /// Columns iterated beside the wanted principal components.
    public var spareColumns = 16
    /// Iterations that find the principal components.
    public var powerIterations = 8
    /// Least variance of a component over the ridge.
    public var leastComponent: Float = 1.5
    /// Lowest height of a discharge in the joint decision, over that of the potential.
    public var jointHeight: Float = 0.5
    /// Lowest predicted agreement of a candidate that becomes a unit.
    public var candidatePredicted = 0.3
    /// Lowest agreement of its halves.
    public var candidateCrossFit = 0.5
    /// Silhouette value from which a candidate becomes a unit whatever its rhythm.
    public var clearSilhouette = 0.97
    /// Lowest agreement of the halves of such a candidate.
    public var clearCrossFit = 0.9
    /// Lowest predicted agreement of a unit between rounds.
    public var betweenPredicted = 0.1
    /// Silhouette value above which a unit stays between rounds whatever its rhythm.
    public var betweenSilhouette = 0.96
    /// Lowest agreement of the halves of a masked unit between rounds.
    public var betweenCrossFit = 0.6
    /// Rounds in a row that add no unit after which the search ends.
    public var emptyRounds = 2

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
      try read(&batches, .batches)
      try read(&iterations, .iterations)
      try read(&componentRefinements, .componentRefinements)
      try read(&refinements, .refinements)
      try read(&firstWithRhythm, .firstWithRhythm)
      try read(&startDistance, .startDistance)
      try read(&startShare, .startShare)
      try read(&leftOutShare, .leftOutShare)
      try read(&heightQuantile, .heightQuantile)
      try read(&sameCosine, .sameCosine)
      try read(&sameShare, .sameShare)
      try read(&firstPredicted, .firstPredicted)
      try read(&laterPredicted, .laterPredicted)
      try read(&fewestDischarges, .fewestDischarges)
      try read(&spareColumns, .spareColumns)
      try read(&powerIterations, .powerIterations)
      try read(&leastComponent, .leastComponent)
      try read(&jointHeight, .jointHeight)
      try read(&candidatePredicted, .candidatePredicted)
      try read(&candidateCrossFit, .candidateCrossFit)
      try read(&clearSilhouette, .clearSilhouette)
      try read(&clearCrossFit, .clearCrossFit)
      try read(&betweenPredicted, .betweenPredicted)
      try read(&betweenSilhouette, .betweenSilhouette)
      try read(&betweenCrossFit, .betweenCrossFit)
      try read(&emptyRounds, .emptyRounds)
    }
  }
}
