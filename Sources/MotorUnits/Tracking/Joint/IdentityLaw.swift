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

/// The law that tells from two visits as a whole which share of their candidates is true.
///
/// Leads and similarities of single pairs mean less where two visits have few units in common, and
/// nothing where they have none (other muscles, or the arrays elsewhere).
public struct SharedUnitsLaw: Sendable, Equatable, Codable {
  /// Weighs mutual best pairs over the units of the smaller visit, their mean lead, the median of
  /// the distance of their gains from the typical one, and the logarithm of the units of the smaller
  /// visit over 16, at most 0.
  public var law = LogisticLaw(intercept: -2.115, weights: [4.102, 1.553, -4.844, 0.940])
  /// Largest log odds, either way.
  public var limit = 3.0

  /// The law fitted on simulated muscles, alone and mixed with others; see the page on unit tracking.
  public init() {}

  /// A law with the limit in use.
  public init(law: LogisticLaw) {
    self.law = law
  }
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

  /// The lead over a middling rival, who is imagined where there is hardly another unit.
  private var imaginedLead: Double {
    UnitMatchEvidence.combined(similarity, referencedSimilarity) - 1.7
  }

  /// The lower of both leads, between -3 and 3.
  var lowerLead: Double { max(-3, min(3, rowMargin, columnMargin, imaginedLead)) }

  /// The values of a pair that the law of pairs weighs: `atanh` of both similarities, lower and
  /// higher lead, gain, noise in tens of dB, and the logarithm of the electrodes below 48.
  public var features: [Double] {
    [
      Double.atanh(max(-0.999, min(0.999, similarity))),
      Double.atanh(max(-0.999, min(0.999, referencedSimilarity))),
      lowerLead, max(-3, min(3, max(rowMargin, columnMargin), imaginedLead)),
      min(abs(excessLogGain), 3), min(max(signalToNoise, 0), 40) / 10,
      min(0, Double.log(max(coveredElectrodes, 1) / 48)),
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
