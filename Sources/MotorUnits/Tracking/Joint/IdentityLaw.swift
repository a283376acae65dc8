import RealModule

/// A logistic law over a few values: the constant term and a weight for each.
public struct LogisticLaw: Sendable, Equatable, Codable {
  /// Constant term.
  public var intercept: Double
  /// Weights of the values, in their order.
  public var weights: [Double]

  /// A law from its coefficients.
  public init(intercept: Double, weights: [Double]) {
    self.intercept = intercept
    self.weights = weights
  }

  /// Natural logarithm of the odds, between -30 and 30.
  public func logOdds(_ values: [Double]) -> Double {
    precondition(values.count == weights.count, "a law weighs as many values as it has weights")
    let sum = zip(weights, values).reduce(intercept) { $0 + $1.0 * $1.1 }
    return max(-30, min(30, sum))
  }

  static func probability(logOdds: Double) -> Double { 1 / (1 + Double.exp(-logOdds)) }
}

/// What is known of one pair of units of two visits.
public struct VisitPairEvidence: Sendable, Equatable, Codable {
  /// Normalised cross-correlation of the two templates over all covered electrodes, -1...1.
  public var similarity: Double
  /// The same after removing the mean over the electrodes, -1...1.
  public var referencedSimilarity: Double
  /// Lead over the best other unit of the second visit for the first unit; negative if behind.
  public var rowMargin: Double
  /// Lead over the best other unit of the first visit for the second unit; negative if behind.
  public var columnMargin: Double
  /// Natural logarithm of the amplitude ratio against the median of the mutual best pairs.
  public var excessLogGain: Double
  /// Signal-to-noise ratio of the weaker template in dB, at most 40.
  public var signalToNoise: Double
  /// Covered electrodes, weighted by reliability.
  public var coveredElectrodes: Double

  /// The values that the law of pairs weighs: `atanh` of both similarities, lower and higher lead,
  /// gain, noise in tens of dB, and the logarithm of the electrodes below 48.
  public var features: [Double] {
    let stable = UnitMatchEvidence.combined(similarity, referencedSimilarity)
    // Where there is hardly another unit a lead says little: a middling rival is always imagined.
    let low = min(rowMargin, columnMargin, stable - 1.7)
    let high = min(max(rowMargin, columnMargin), stable - 1.7)
    return [
      Double.atanh(max(-0.999, min(0.999, similarity))),
      Double.atanh(max(-0.999, min(0.999, referencedSimilarity))),
      max(-3, min(3, low)), max(-3, min(3, high)), min(abs(excessLogGain), 3),
      min(max(signalToNoise, 0), 40) / 10, min(0, Double.log(max(coveredElectrodes, 1) / 48)),
    ]
  }
}

/// What is known of two groups of units, each taken for one motor unit, when they are joined.
public struct JoiningEvidence: Sendable, Equatable {
  /// Mean, largest and smallest log odds of the pairs across the groups.
  public var meanLogOdds: Double
  /// Largest log odds of a pair across the groups.
  public var largestLogOdds: Double
  /// Smallest log odds of a pair across the groups.
  public var smallestLogOdds: Double
  /// Lead of the mean over the best group that would have to be refused for this one.
  public var margin: Double
  /// Pairs of units across the groups.
  public var pairs: Int
  /// Mean over the pairs of visits of the log odds that a candidate is true.
  public var sharedLogOdds: Double

  /// The values that the law of joining weighs.
  public var features: [Double] {
    [
      meanLogOdds, largestLogOdds, smallestLogOdds, max(-8, min(8, margin)),
      Double.log(Double(max(pairs, 1))), sharedLogOdds,
    ]
  }
}
