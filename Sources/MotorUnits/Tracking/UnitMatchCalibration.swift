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

  /// Evidence from its parts.
  public init(
    similarity: Double, referencedSimilarity: Double, margin: Double, excessLogGain: Double,
    signalToNoise: Double, coveredElectrodes: Double
  ) {
    self.similarity = similarity
    self.referencedSimilarity = referencedSimilarity
    self.margin = margin
    self.excessLogGain = excessLogGain
    self.signalToNoise = signalToNoise
    self.coveredElectrodes = coveredElectrodes
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
      min(margin, 3), min(abs(excessLogGain), 3), min(max(signalToNoise, 0), 40) / 10,
      Double.log(max(coveredElectrodes, 1)),
    ]
  }
}

/// The logistic law that turns evidence into the probability that two units are the same.
///
/// Fitted on candidate pairs (mutual best) of simulated muscles with re-mounted arrays, where the
/// truth is known; see the page on unit tracking for the muscles it was fitted and judged on.
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
    intercept: -16.32, weights: [1.658, 0.546, 1.428, -6.824, -0.010, 3.742])

  /// The probability that a candidate pair is one unit, 0...1.
  public func probability(_ evidence: UnitMatchEvidence) -> Double {
    let sum = zip(weights, evidence.features).reduce(intercept) { $0 + $1.0 * $1.1 }
    return 1 / (1 + Double.exp(-max(-60, min(60, sum))))
  }
}
