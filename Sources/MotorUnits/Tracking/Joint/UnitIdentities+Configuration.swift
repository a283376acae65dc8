extension UnitIdentities {
  /// How units are followed over visits.
  public struct Configuration: Sendable, Equatable, Codable {
    /// Lowest probability at which two groups are joined.
    public var acceptedFrom = 0.9
    /// Log odds of a pair below which two groups are not considered because of it.
    public var leastLogOdds = -3.0
    /// Share of the mutual best pairs that are true where the laws were fitted.
    public var baseShare = 0.891
    /// Imagined pairs that hold the share of two visits to that one.
    public var baseStrength = 4.0
    /// The law of pairs: similarities, margins, gain, noise and electrodes to log odds.
    public var pairLaw = LogisticLaw(
      intercept: 0.310, weights: [-0.141, -0.056, 2.760, 0.567, -2.858, 0.157, 2])
    /// The law of joining: what the pairs across two groups say together.
    public var joiningLaw = LogisticLaw(
      intercept: 0.774, weights: [0.554, 0.267, 0.040, 0.159, -0.451, 0.078])

    /// The recommended settings for electrodes on the skin.
    public init() {}
  }
}
