import RealModule

/// Predicts how well a found train agrees with the true one, from figures that need no truth.
///
/// A logistic model of the rate of agreement on the silhouette value, the variability of the
/// intervals (wrong and missed discharges make intervals irregular) and the number of discharges.
/// It was fitted to units found in simulated recordings of two different simulators with 16 to 65
/// channels, 1 to 2 kHz, 10 to 30 dB and 10 to 50 % of maximal force; the command that makes the
/// table and the fit stands in the benchmark notes.
public struct AgreementPrediction: Sendable, Equatable, Codable {
  /// Constant term.
  public var constant = 1.13
  /// Weight of -ln(1.001 - silhouette).
  public var silhouetteWeight = 0.68
  /// Weight of the coefficient of variation of the intervals.
  public var variationWeight = -11.0
  /// Weight of ln(discharges per second of recording).
  public var densityWeight = -0.23
  /// Weight of ln(discharges).
  public var countWeight = 0.52

  /// The fitted model.
  public init() {}

  /// The predicted rate of agreement, 0...1.
  ///
  /// - Parameters:
  ///   - silhouette: silhouette value of the discharges.
  ///   - variation: coefficient of variation of the intervals, as a fraction.
  ///   - count: number of discharges.
  ///   - duration: length of the recording in seconds.
  public func agreement(
    silhouette: Double, variation: Double, count: Int, duration: Double
  ) -> Double {
    if count < 2 || duration <= 0 { return 0 }
    let clearness = -Double.log(1.001 - min(1, max(0, silhouette)))
    let logit =
      constant + silhouetteWeight * clearness + variationWeight * variation
      + densityWeight * Double.log(Double(count) / duration)
      + countWeight * Double.log(Double(count))
    return 1 / (1 + Double.exp(-logit))
  }
}
