/// Responders of the treated against those of the controls.
public struct ResponderContrast: Sendable, Codable, Equatable {
  /// Responders among the treated.
  public let responders: Int
  /// Treated patients.
  public let treated: Int
  /// Responders among the controls.
  public let controlResponders: Int
  /// Controls.
  public let controls: Int
  /// Fisher's exact test of the proportions.
  public let fisher: FisherExactTest
  /// ln of the odds ratio by Firth's logistic regression, which is finite where a cell is empty.
  public let logOddsRatio: Estimate
  /// Lower end of its 95 % interval by the penalised likelihood, as `logisticP` is; the error of
  /// `logOddsRatio` is that of the information alone.
  public let logOddsLower: Double
  /// Upper end of that interval.
  public let logOddsUpper: Double
  /// p value of its likelihood-ratio test.
  public let logisticP: Double

  /// Compares counts; nil where an arm has no patient.
  public init?(responders: Int, treated: Int, controlResponders: Int, controls: Int) {
    guard treated > 0, controls > 0 else { return nil }
    self.responders = responders
    self.treated = treated
    self.controlResponders = controlResponders
    self.controls = controls
    fisher = FisherExactTest(responders, of: treated, against: controlResponders, of: controls)
    let outcomes =
      (0..<treated).map { $0 < responders } + (0..<controls).map { $0 < controlResponders }
    let columns = [
      [Double](repeating: 1, count: outcomes.count),
      outcomes.indices.map { $0 < treated ? 1.0 : 0 },
    ]
    let names = ["(Intercept)", "arm"]
    guard
      let fit = try? LogisticRegression(
        outcomes, columns: columns, names: names, isPenalised: true),
      let p = try? LogisticRegression.likelihoodRatioP(
        outcomes, columns: columns, names: names, effect: 1, isPenalised: true),
      let interval = try? LogisticRegression.profileInterval(
        outcomes, columns: columns, names: names, effect: 1, isPenalised: true)
    else { return nil }
    logOddsLower = interval.lower
    logOddsUpper = interval.upper
    logOddsRatio = Estimate(
      value: fit.coefficients[1], standardError: fit.standardErrors[1],
      degreesOfFreedom: .infinity)
    logisticP = p
  }
}
