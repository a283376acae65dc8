/// The values that a comparison of randomised arms is fitted to, for other programs to fit the same.
public struct TrialRows: Sendable, Equatable {
  /// One value.
  public struct Row: Sendable, Equatable {
    /// The patient.
    public let subject: String
    /// Place of the arm, 0 for the control.
    public let arm: Int
    /// Number of the visit after baseline, from 1; 0 is baseline itself.
    public let visit: Int
    /// Change from baseline, or the value itself where baseline is a visit.
    public let value: Double
    /// Baseline less its mean; nil where baseline is a visit.
    public let baseline: Double?
    /// Covariates less their means.
    public let covariates: [Double]
  }

  /// The arms, the control first.
  public let arms: [String]
  /// Times of the visits after baseline.
  public let visits: [Double]
  /// Names of the covariates.
  public let covariateNames: [String]
  /// The values, patient by patient in order of the visits.
  public let rows: [Row]
}

extension RandomisedArms {
  /// The values that `fit` uses.
  ///
  /// - Throws: what `fit` throws where a table has no arms, no baseline or no visit after it.
  public func rows(_ table: LongitudinalTable) throws -> TrialRows {
    let data = try TrialData(table, self)
    let isConstrained = method == .clda
    return TrialRows(
      arms: data.arms, visits: data.visits, covariateNames: data.covariateNames,
      rows: data.patients.flatMap { patient in
        patient.course(hasBaselineVisit: isConstrained).map { place, value in
          TrialRows.Row(
            subject: patient.subject, arm: patient.arm, visit: place + (isConstrained ? 0 : 1),
            value: value,
            baseline: isConstrained ? nil : patient.baseline.map { $0 - data.meanBaseline },
            covariates: patient.covariates)
        }
      })
  }
}
