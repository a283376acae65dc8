import RealModule

/// Comparison of randomised arms visit by visit.
///
/// - `mmrm`: the change from baseline at every visit, with arm, baseline and their interactions with the
///   visit as fixed effects and correlated visits within a patient (Mallinckrodt et al. 2008).
/// - `clda`: baseline is a visit among the others, whose mean the arms share (Liang and Zeger 2000); patients
///   without a baseline or without a later visit stay in.
/// - `ancova`: the change at each visit alone, by least squares.
public struct RandomisedArms: Sendable, Codable, Equatable {
  /// How the arms are compared.
  public enum Method: String, Codable, Sendable, CaseIterable {
    /// Mixed model for repeated measures.
    case mmrm
    /// Constrained longitudinal data analysis.
    case clda
    /// Analysis of covariance at each visit.
    case ancova
  }

  /// The method.
  public var method: Method
  /// The covariance of the visits; not used by `ancova`.
  public var covariance: VisitCovariance
  /// The arm that others are compared with; by default that of `MixedModel.control`.
  public var controlArm: String?
  /// Covariates of the table that enter as main effects.
  public var covariates: [String]
  /// Whether the slope of the values before therapy enters as a covariate.
  public var includesPreSlope: Bool
  /// Times of the visits after baseline; nil to find them from the times of the values.
  public var visits: [Double]?

  /// Makes a comparison.
  public init(
    _ method: Method = .mmrm, covariance: VisitCovariance = .unstructured,
    controlArm: String? = nil, covariates: [String] = [], includesPreSlope: Bool = false,
    visits: [Double]? = nil
  ) {
    self.method = method
    self.covariance = covariance
    self.controlArm = controlArm
    self.covariates = covariates
    self.includesPreSlope = includesPreSlope
    self.visits = visits
  }

  /// The arms at one visit.
  public struct Visit: Sendable, Codable, Equatable {
    /// Time of the visit from therapy, or from the first visit.
    public let time: Double
    /// Patients with a value in each arm.
    public let patients: [Int]
    /// Least-squares mean of the change from baseline in each arm, at the mean of the covariates.
    public let means: [Estimate]
    /// Difference of each further arm from the control.
    public let differences: [Estimate]
    /// Difference in percent of the control's change with Fieller's interval.
    public let slowing: [FiellerInterval]
  }

  /// What the comparison gives.
  public struct Result: Sendable, Codable, Equatable {
    /// The arms, the control first.
    public let arms: [String]
    /// The visits in order; the last is the primary one.
    public let visits: [Visit]
    /// The model in words.
    public let formula: String
    /// How degrees of freedom were found.
    public let inference: String
    /// -2 ln of the restricted likelihood; nil for `ancova`.
    public let criterion: Double?
    /// Names and values of the covariance components.
    public let componentNames: [String]
    /// The covariance components.
    public let components: [Double]
    /// What was left out.
    public let remarks: [String]
  }

  /// Compares the arms of a table whose values are on the scale of the model.
  ///
  /// Time counts from each patient's therapy where there is one, else from the first visit of all.
  /// - Throws: `ProgressionError` for fewer than two arms, no baseline, or effects that the visits do not
  ///   determine.
  public func fit(_ table: LongitudinalTable) throws -> Result {
    let data = try TrialData(table, self)
    return method == .ancova ? try ancova(data) : try longitudinal(data)
  }

  // MARK: - Correlated visits

  private func longitudinal(_ data: TrialData) throws -> Result {
    let visits = data.visits.count
    let arms = data.arms.count
    let isConstrained = method == .clda
    let model = try VisitModel(data, self)
    let fit = model.fit
    let results = (0..<visits).map { visit -> Visit in
      let control = model.mean(visit, arm: 0)
      return Visit(
        time: data.visits[visit], patients: data.counts(visit),
        means: (0..<arms).map { fit.estimate(model.mean(visit, arm: $0)) },
        differences: (1..<arms).map { fit.estimate(model.difference(visit, arm: $0)) },
        slowing: (1..<arms).map { arm in
          let own = model.difference(visit, arm: arm)
          func form(_ a: [Double], _ b: [Double]) -> Double {
            var sum = 0.0
            for i in a.indices where a[i] != 0 {
              for j in b.indices { sum += a[i] * fit.adjustedCovariance[i][j] * b[j] }
            }
            return sum
          }
          let (mean, change) = (fit.estimate(control), fit.estimate(own))
          return FiellerInterval(
            slope: mean.value, change: change.value, slopeVariance: form(control, control),
            changeVariance: form(own, own), covariance: form(control, own),
            degreesOfFreedom: change.degreesOfFreedom)
        })
    }
    let extra = data.covariateNames.map { " + \($0)" }.joined()
    return Result(
      arms: data.arms, visits: results,
      formula: (isConstrained
        ? "value ~ visit + arm:(visit after baseline)"
        : "change ~ visit + arm:visit + baseline:visit")
        + extra + ", \(covariance.rawValue) covariance of the visits within a patient",
      inference: "restricted likelihood, Kenward-Roger", criterion: fit.criterion,
      componentNames: fit.componentNames, components: fit.components, remarks: data.remarks)
  }

  // MARK: - One visit

  private func ancova(_ data: TrialData) throws -> Result {
    let arms = data.arms.count
    let results = try data.visits.indices.map { visit -> Visit in
      let own = data.patients.filter { $0.values[visit] != nil && $0.baseline != nil }
      let names =
        ["(Intercept)"] + (1..<arms).map { "arm\($0)" } + ["baseline"] + data.covariateNames
      let columns =
        [[Double](repeating: 1, count: own.count)]
        + (1..<arms).map { arm in own.map { $0.arm == arm ? 1.0 : 0 } }
        + [own.map { ($0.baseline ?? 0) - data.meanBaseline }]
        + data.covariateNames.indices.map { k in own.map { $0.covariates[k] } }
      let y = own.map { ($0.values[visit] ?? 0) - ($0.baseline ?? 0) }
      guard own.count > names.count, let fit = LeastSquares(columns: columns, y: y) else {
        throw ProgressionError.notEstimable(
          effect: "the difference at visit \(visit + 1)",
          reason: "\(own.count) patients do not determine \(names.count) effects")
      }
      let df = Double(fit.residualDegreesOfFreedom)
      let variance = fit.residualSumOfSquares / df
      let p = names.count
      func covariance(_ a: [Int], _ b: [Int]) -> Double {
        variance * a.reduce(0) { sum, i in sum + b.reduce(0) { $0 + fit.inverseCross[i * p + $1] } }
      }
      func estimate(_ places: [Int]) -> Estimate {
        Estimate(
          value: places.reduce(0) { $0 + fit.coefficients[$1] },
          standardError: covariance(places, places).squareRoot(), degreesOfFreedom: df)
      }
      return Visit(
        time: data.visits[visit], patients: data.counts(visit),
        means: (0..<arms).map { estimate($0 == 0 ? [0] : [0, $0]) },
        differences: (1..<arms).map { estimate([$0]) },
        slowing: (1..<arms).map { arm in
          FiellerInterval(
            slope: fit.coefficients[0], change: fit.coefficients[arm],
            slopeVariance: covariance([0], [0]), changeVariance: covariance([arm], [arm]),
            covariance: covariance([0], [arm]), degreesOfFreedom: df)
        })
    }
    return Result(
      arms: data.arms, visits: results,
      formula: "change ~ arm + baseline" + data.covariateNames.map { " + \($0)" }.joined()
        + ", each visit alone", inference: "least squares, t", criterion: nil, componentNames: [],
      components: [], remarks: data.remarks)
  }
}
