import RealModule

/// Predicts how well a found train agrees with the true one, from figures that need no truth.
///
/// A logistic model of the rate of agreement on the silhouette value and the variability of the
/// intervals: wrong and missed discharges make intervals irregular. It was fitted to 598 units
/// found in 28 simulated recordings of two simulators that share neither the law of potentials nor
/// that of sizes, with 16 to 256 channels on the skin and in the muscle, 1 to 10 kHz, 10 to 30 dB
/// and 10 to 60 % of maximal force; over the 204 units of ten other recordings the prediction errs
/// by 0.048 on average. Units that truly fire irregularly are predicted too low.
public struct AgreementPrediction: Sendable, Equatable, Codable {
  /// Constant term.
  public var constant = 1.840
  /// Weight of -ln(1.001 - silhouette).
  public var silhouetteWeight = 0.876
  /// Weight of the coefficient of variation of the intervals.
  public var variationWeight = -10.568

  /// The fitted model.
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
    try read(&constant, .constant)
    try read(&silhouetteWeight, .silhouetteWeight)
    try read(&variationWeight, .variationWeight)
  }

  /// The predicted rate of agreement TP / (TP + FP + FN), 0...1.
  ///
  /// - Parameters:
  ///   - silhouette: silhouette value of the discharges.
  ///   - variation: coefficient of variation of the intervals, as a fraction.
  public func agreement(silhouette: Double, variation: Double) -> Double {
    let clearness = -Double.log(1.001 - min(1, max(0, silhouette)))
    let logit = constant + silhouetteWeight * clearness + variationWeight * variation
    return 1 / (1 + Double.exp(-logit))
  }
}
