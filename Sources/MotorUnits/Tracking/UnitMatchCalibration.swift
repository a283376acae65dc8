import RealModule

/// What the probability of a link is computed from.
public struct UnitMatchEvidence: Sendable, Equatable, Codable {
  /// Normalised cross-correlation of the two templates over all covered electrodes, -1...1.
  public var similarity: Double
  /// The same after removing the mean over the electrodes, -1...1.
  public var referencedSimilarity: Double
  /// Distance to the better runner-up of either unit, in units of `combined`.
  public var margin: Double
  /// Natural logarithm of the amplitude ratio against the median of all candidate pairs.
  public var excessLogGain: Double
  /// Signal-to-noise ratio of the weaker template in dB, at most 40; 40 where it is not known.
  public var signalToNoise: Double
  /// Covered electrodes, weighted by reliability.
  public var coveredElectrodes: Double
  /// Log odds that a candidate of these two recordings is true, by all of them together.
  public var sharedLogOdds: Double
  /// Natural logarithm of the units of the recording with fewer over 16, at most 0.
  public var scarcity: Double

  /// Evidence from its parts.
  public init(
    similarity: Double, referencedSimilarity: Double, margin: Double, excessLogGain: Double,
    signalToNoise: Double, coveredElectrodes: Double, sharedLogOdds: Double, scarcity: Double
  ) {
    self.similarity = similarity
    self.referencedSimilarity = referencedSimilarity
    self.margin = margin
    self.excessLogGain = excessLogGain
    self.signalToNoise = signalToNoise
    self.coveredElectrodes = coveredElectrodes
    self.sharedLogOdds = sharedLogOdds
    self.scarcity = scarcity
  }

  /// The evidence of a mutual best pair of two visits.
  init(_ pair: VisitPairEvidence, shared: Double, scarcity: Double) {
    self.init(
      similarity: pair.similarity, referencedSimilarity: pair.referencedSimilarity,
      margin: min(pair.rowMargin, pair.columnMargin), excessLogGain: pair.excessLogGain,
      signalToNoise: pair.signalToNoise, coveredElectrodes: pair.coveredElectrodes,
      sharedLogOdds: shared, scarcity: scarcity)
  }

  /// The variance-stabilised similarities together (Fisher 1915: atanh of a correlation).
  static func combined(_ similarity: Double, _ referenced: Double) -> Double {
    Double.atanh(max(-0.999, min(0.999, similarity)))
      + Double.atanh(max(-0.999, min(0.999, referenced)))
  }

  /// The values that the calibration weighs.
  public var features: [Double] {
    [
      Double.atanh(max(-0.999, min(0.999, similarity))),
      Double.atanh(max(-0.999, min(0.999, referencedSimilarity))),
      // Where there is hardly another unit a margin says little: a middling rival is imagined.
      min(margin, 3, Self.combined(similarity, referencedSimilarity) - 1.7),
      min(abs(excessLogGain), 3), min(max(signalToNoise, 0), 40) / 10,
      Double.log(max(coveredElectrodes, 1)), sharedLogOdds, scarcity,
    ]
  }
}

/// The logistic law that turns evidence into the probability that two units are the same.
///
/// Fitted on candidate pairs (mutual best) of simulated muscles with re-mounted arrays, where the
/// truth is known, and of recordings without a common unit; see the page on unit tracking.
public struct UnitMatchCalibration: Sendable, Equatable, Codable {
  /// Constant term.
  public var intercept: Double
  /// Weights of `UnitMatchEvidence.features`, in their order.
  public var weights: [Double]

  /// A law from its coefficients.
  public init(intercept: Double, weights: [Double]) {
    self.intercept = intercept
    self.weights = weights
  }

  /// The law fitted on simulated surface arrays.
  public static let surface = UnitMatchCalibration(
    intercept: -18.207, weights: [2.283, 0.344, 1.160, -3.380, -0.558, 3.742, 0.838, 0.281])

  /// The probability that a candidate pair is one unit, 0...1.
  public func probability(_ evidence: UnitMatchEvidence) -> Double {
    let sum = zip(weights, evidence.features).reduce(intercept) { $0 + $1.0 * $1.1 }
    return 1 / (1 + Double.exp(-max(-60, min(60, sum))))
  }
}
