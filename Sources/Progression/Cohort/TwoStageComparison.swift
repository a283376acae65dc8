/// The simple cohort table: each patient's own change of slope, then tests over the patients.
///
/// Each patient is fitted alone (`SegmentedRegression`), so that the patients need no common
/// schedule and patients with few visits weigh as much as others. The mixed model is the better
/// analysis; this one needs no model of the variation between patients.
public struct TwoStageComparison: Sendable, Codable, Equatable {
  /// One patient's row.
  public struct Patient: Sendable, Codable, Equatable {
    /// The patient's pseudonym.
    public let subject: String
    /// The fit, absent where the visits did not allow it.
    public let fit: SegmentedRegressionFit?
    /// Why there is no fit.
    public let reason: String?
  }

  /// All patients, in order of first appearance.
  public let patients: [Patient]
  /// Mean change of slope over the fitted patients with its t interval; nil with fewer than two.
  public let meanDifference: Estimate?
  /// Mean slope before therapy.
  public let meanBefore: Estimate?
  /// Mean slope after therapy.
  public let meanAfter: Estimate?
  /// Sign test of the changes of slope; nil without a fitted patient.
  public let signTest: SignTest?
  /// Sign-flip test of the changes of slope; nil without a fitted patient.
  public let signFlipTest: SignFlipTest?

  /// Fits every patient of a table whose values are on the scale of the model.
  ///
  /// Rows without a therapy time make that patient's fit impossible, which is said in `reason`.
  public init(
    _ table: LongitudinalTable, configuration: SegmentedRegression = SegmentedRegression(),
    using generator: inout some RandomNumberGenerator
  ) {
    patients = table.subjects.map { subject, rows in
      TwoStageComparison.fit(subject, rows, configuration)
    }
    let fits = patients.compactMap(\.fit)
    let level = configuration.confidenceLevel
    meanDifference = TwoStageComparison.mean(fits.map(\.difference.value), level)
    meanBefore = TwoStageComparison.mean(fits.map(\.before.value), level)
    meanAfter = TwoStageComparison.mean(fits.map(\.after.value), level)
    let differences = fits.map(\.difference.value)
    signTest = differences.isEmpty ? nil : SignTest(differences)
    signFlipTest = differences.isEmpty ? nil : SignFlipTest(differences, using: &generator)
  }

  private static func fit(
    _ subject: String, _ rows: [LongitudinalTable.Row], _ configuration: SegmentedRegression
  ) -> Patient {
    guard let therapyTime = rows.compactMap(\.therapyTime).first else {
      return Patient(subject: subject, fit: nil, reason: "no therapy date")
    }
    let muscles = rows.compactMap(\.muscle)
    let errors = rows.compactMap(\.standardError)
    do {
      let fit = try configuration.fit(
        times: rows.map(\.time), logValues: rows.map(\.value), therapyTime: therapyTime,
        muscles: muscles.count == rows.count ? muscles : nil,
        standardErrors: errors.count == rows.count ? errors : nil)
      return Patient(subject: subject, fit: fit, reason: nil)
    } catch {
      return Patient(subject: subject, fit: nil, reason: "\(error)")
    }
  }

  private static func mean(_ values: [Double], _ level: Double) -> Estimate? {
    guard values.count > 1 else { return nil }
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return Estimate(
      value: mean, standardError: (squares / (n - 1) / n).squareRoot(), degreesOfFreedom: n - 1,
      confidenceLevel: level)
  }
}
