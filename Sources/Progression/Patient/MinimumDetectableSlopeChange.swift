/// What change of slope a visit schedule can detect in one patient.
public enum MinimumDetectableSlopeChange {
  /// z(.975) + z(.80): two-sided 5 %, power 80 % (2.80).
  public static let factor =
    NormalDistribution.quantile(0.975) + NormalDistribution.quantile(0.8)

  /// 2.8 s sqrt([(X'X)^-1]_33) / sqrt(muscles), ln units a month.
  ///
  /// X holds an intercept, time and time after therapy. Nil where the schedule does not determine
  /// both slopes.
  /// - Parameters:
  ///   - visitTimes: months of the visits.
  ///   - therapyTime: month of the first dose.
  ///   - measurementSD: SD of one ln(value) about the patient's own trend.
  ///   - muscles: independent muscles measured at each visit.
  public static func value(
    visitTimes: [Double], therapyTime: Double, measurementSD: Double, muscles: Int = 1
  ) -> Double? {
    precondition(muscles > 0, "at least one muscle")
    return standardError(
      visitTimes: visitTimes, therapyTime: therapyTime, measurementSD: measurementSD,
      muscles: muscles
    ).map { factor * $0 }
  }

  /// The standard error of the change of slope for a schedule and a measurement SD.
  public static func standardError(
    visitTimes: [Double], therapyTime: Double, measurementSD: Double, muscles: Int = 1
  ) -> Double? {
    let ones = [Double](repeating: 1, count: visitTimes.count)
    let post = visitTimes.map { max(0, $0 - therapyTime) }
    guard let fit = LeastSquares(columns: [ones, visitTimes, post], y: ones) else { return nil }
    return measurementSD * (fit.inverseCross[8] / Double(muscles)).squareRoot()
  }
}
