extension UnitIdentities {
  /// How units are followed over visits.
  public struct Configuration: Sendable, Equatable, Codable {
    /// Lowest probability at which two groups are joined.
    public var acceptedFrom = 0.9
    /// Log odds of a pair below which two groups are not considered because of it.
    public var leastLogOdds = -3.0
    /// The law of shares: what two visits as a whole tell of their candidates.
    public var shared = SharedUnitsLaw()
    /// The law of pairs: similarities, leads, gain, noise, electrodes, shared units and number of
    /// units to log odds.
    public var pairLaw = LogisticLaw(
      intercept: -0.573,
      weights: [1.146, -1.509, 2.483, 0.679, -2.146, 0.115, 2, 0.536, 0.953])
    /// The law of joining: what the pairs across two groups say together.
    public var joiningLaw = LogisticLaw(
      intercept: -0.839, weights: [0.529, 0.306, 0.071, 0.030, 0.507, 0.702])

    /// The recommended settings for electrodes on the skin.
    public init() {}
  }
}
