import RealModule

/// Predicts how well a train that was decided jointly with all others agrees with the true one.
///
/// Against what all others leave, any train of the right shape stands out, so the silhouette says
/// less than it does in a search; whether the halves of a train find each other says more, and of a
/// few discharges less than of many. A logistic model of the rate of agreement on silhouette,
/// variability of the intervals, agreement of the halves (`CrossFit`, by rank) and number of
/// discharges.
public struct JointAgreementPrediction: Sendable, Equatable, Codable {
  /// Constant term.
  public var constant = -9.361
  /// Weight of -ln(1.001 - silhouette).
  public var silhouetteWeight = 1.129
  /// Weight of the coefficient of variation of the intervals.
  public var variationWeight = -12.565
  /// Weight of the agreement of the halves.
  public var crossFitWeight = 5.109
  /// Weight of the logarithm of the number of discharges.
  public var dischargesWeight = 1.202
  /// Number of discharges from which more say no more: the recordings of the fit had no longer trains.
  public var ampleDischarges = 150

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
    try read(&ampleDischarges, .ampleDischarges)
    // Laws that were kept before the number of discharges took part did without it.
    if values.contains(.constant) && !values.contains(.dischargesWeight) { dischargesWeight = 0 }
    try read(&dischargesWeight, .dischargesWeight)
  }

  /// The predicted rate of agreement TP / (TP + FP + FN), 0...1.
  ///
  /// - Parameters:
  ///   - silhouette: silhouette value of the discharges after the joint decision.
  ///   - variation: coefficient of variation of the intervals, as a fraction.
  ///   - crossFit: agreement of the train with what the filters of its halves find, 0...1.
  ///   - dischargeCount: number of discharges.
  public func agreement(
    silhouette: Double, variation: Double, crossFit: Double, dischargeCount: Int
  ) -> Double {
    let clearness = -Double.log(1.001 - min(1, max(0, silhouette)))
    let logit =
      constant + silhouetteWeight * clearness + variationWeight * variation
      + crossFitWeight * crossFit
      + dischargesWeight * Double.log(Double(min(ampleDischarges, max(1, dischargeCount))))
    return 1 / (1 + Double.exp(-logit))
  }
}
