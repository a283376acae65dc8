import RealModule

/// Predicts how well a train that was decided jointly with all others agrees with the true one.
///
/// Against what all others leave, any train of the right shape stands out, so the silhouette says
/// less than it does in a search; whether the halves of a train find each other says more. A
/// logistic model of the rate of agreement on silhouette, variability of the intervals and that
/// agreement of the halves (`CrossFit`, by rank).
public struct JointAgreementPrediction: Sendable, Equatable, Codable {
  /// Constant term.
  public var constant = -4.503
  /// Weight of -ln(1.001 - silhouette).
  public var silhouetteWeight = 0.336
  /// Weight of the coefficient of variation of the intervals.
  public var variationWeight = -11.768
  /// Weight of the agreement of the halves.
  public var crossFitWeight = 8.992

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
    try read(&crossFitWeight, .crossFitWeight)
  }

  /// The predicted rate of agreement TP / (TP + FP + FN), 0...1.
  ///
  /// - Parameters:
  ///   - silhouette: silhouette value of the discharges after the joint decision.
  ///   - variation: coefficient of variation of the intervals, as a fraction.
  ///   - crossFit: agreement of the train with what the filters of its halves find, 0...1.
  public func agreement(silhouette: Double, variation: Double, crossFit: Double) -> Double {
    let clearness = -Double.log(1.001 - min(1, max(0, silhouette)))
    let logit =
      constant + silhouetteWeight * clearness + variationWeight * variation
      + crossFitWeight * crossFit
    return 1 / (1 + Double.exp(-logit))
  }
}
