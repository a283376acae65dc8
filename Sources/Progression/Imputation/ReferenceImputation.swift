import RealModule

/// Multiple imputation of what patients who left would have shown, under stated assumptions.
///
/// The model of the MMRM (arm, baseline and covariates with a coefficient of their own at each visit,
/// unstructured covariance) is drawn from its posterior; visits missed in between are imputed by the
/// patient's own arm, visits after the last one by the rule (Carpenter, Roger and Kenward 2013). Each
/// completed data set is compared by analysis of covariance at each visit, pooled by Rubin's rules with the
/// degrees of freedom of Barnard and Rubin 1999. Patients with a baseline alone are imputed too.
public struct ReferenceImputation: Sendable, Codable, Equatable {
  /// What happens to treated patients after their last visit; controls always follow their own arm.
  public enum Rule: String, Sendable, Codable, CaseIterable {
    /// They go on as their own arm does: missing at random.
    case mar
    /// Their mean jumps to that of the control arm; their own deviation from their arm goes on.
    case jumpToReference = "j2r"
    /// They are taken for patients of the control arm all along.
    case copyReference = "cr"
    /// They keep what they had gained, and change from there as the control arm does.
    case copyIncrements = "cir"

    /// In words.
    public var name: String {
      switch self {
      case .mar: "missing at random"
      case .jumpToReference: "jump to reference"
      case .copyReference: "copy reference"
      case .copyIncrements: "copy increments in reference"
      }
    }
  }

  /// The rule.
  public var rule: Rule
  /// Completed data sets, two or more.
  public var imputations: Int
  /// What is added to each imputed value of a treated patient after its last visit, on the scale of the
  /// values.
  public var delta: Double
  /// Sweeps before the first data set.
  public var burnIn: Int
  /// Sweeps from one data set to the next.
  public var thinning: Int

  /// Makes an imputation.
  public init(
    _ rule: Rule = .jumpToReference, imputations: Int = 100, delta: Double = 0,
    burnIn: Int = 300, thinning: Int = 20
  ) {
    self.rule = rule
    self.imputations = imputations
    self.delta = delta
    self.burnIn = burnIn
    self.thinning = thinning
  }

  /// The arms at one visit.
  public struct Visit: Sendable, Codable, Equatable {
    /// Time of the visit.
    public let time: Double
    /// Imputed values in each arm.
    public let imputed: [Int]
    /// Difference of each further arm from the control.
    public let differences: [RubinPooling]
  }

  /// What the imputation gives.
  public struct Result: Sendable, Codable, Equatable {
    /// The rule.
    public let rule: Rule
    /// Completed data sets.
    public let imputations: Int
    /// What was added to imputed values of treated patients after their last visit.
    public let delta: Double
    /// The arms, the control first.
    public let arms: [String]
    /// Patients of each arm.
    public let patients: [Int]
    /// Patients of each arm without a value at the last visit and after their last one.
    public let leavers: [Int]
    /// Values missed in between, imputed by the patient's own arm.
    public let intermittent: Int
    /// The visits; the last is the primary one.
    public let visits: [Visit]
    /// For each further arm the delta at which the interval of the last visit reaches zero, with the
    /// rule's own imputations shifted; nil where zero is inside without any shift or nobody left.
    public let tippingPoints: [Double?]
    /// What was left out.
    public let remarks: [String]
  }

  /// Imputes and compares; the same generator gives the same result.
  ///
  /// - `arms`: names the control arm and the covariates; its method and covariance are not used.
  /// - Throws: `ProgressionError` for fewer than two arms, no baselines, or visits that too few kept.
  public func fit(
    _ table: LongitudinalTable, arms comparison: RandomisedArms = RandomisedArms(),
    using generator: inout some RandomNumberGenerator
  ) throws -> Result {
    precondition(imputations > 1 && burnIn > 0 && thinning > 0, "two data sets or more")
    var comparison = comparison
    comparison.method = .mmrm
    let data = try TrialData(table, comparison)
    let completed = try CompletedTrial(data)
    var posterior = try completed.posterior()
    for _ in 0..<burnIn { try posterior.sweep(using: &generator) }
    var analyses: [CompletedTrial.Analysis] = []
    for _ in 0..<imputations {
      for _ in 0..<thinning { try posterior.sweep(using: &generator) }
      let y = try completed.impute(posterior, rule: rule, using: &generator)
      analyses.append(completed.analyse(y))
    }
    let last = data.visits.count - 1
    let visits = data.visits.indices.map { visit in
      Visit(
        time: data.visits[visit],
        imputed: data.arms.indices.map { arm in
          data.patients.count { $0.arm == arm && $0.values[visit] == nil }
        },
        differences: (1..<data.arms.count).map { arm in
          completed.pooled(analyses, visit: visit, arm: arm, delta: delta)
        })
    }
    return Result(
      rule: rule, imputations: imputations, delta: delta, arms: data.arms,
      patients: data.arms.indices.map { arm in data.patients.count { $0.arm == arm } },
      leavers: data.arms.indices.map { arm in
        zip(data.patients, completed.last).count { $0.arm == arm && $1 < last }
      }, intermittent: completed.intermittent, visits: visits,
      tippingPoints: (1..<data.arms.count).map {
        completed.tippingPoint(analyses, arm: $0)
      }, remarks: data.remarks)
  }
}

/// A trial whose missing values can be filled in and compared again and again.
struct CompletedTrial {
  let data: TrialData
  /// The last visit seen of each patient; -1 for the baseline alone.
  let last: [Int]
  /// Values missed before the last one seen.
  let intermittent: Int
  private let columns: [[Double]]
  private let names: [String]
  private let inverseCross: [Double]
  /// For each visit 1 for treated patients who had left before.
  private let shifts: [[Double]]
  /// Regression of the shifts: coefficients, and residuals.
  private let shiftFits: [LeastSquares?]
  private let degreesOfFreedom: Double

  init(_ data: TrialData) throws {
    self.data = data
    let visits = data.visits.count
    last = data.patients.map { $0.values.lastIndex { $0 != nil } ?? -1 }
    intermittent = zip(data.patients, last).reduce(0) { sum, item in
      sum + item.0.values.prefix(max(0, item.1 + 1)).count { $0 == nil }
    }
    names =
      ["(Intercept)"] + data.arms.dropFirst().map { "arm \($0)" } + ["baseline"]
      + data.covariateNames
    let own = data.patients
    columns =
      [[Double](repeating: 1, count: own.count)]
      + (1..<data.arms.count).map { arm in own.map { $0.arm == arm ? 1.0 : 0 } }
      + [own.map { ($0.baseline ?? 0) - data.meanBaseline }]
      + data.covariateNames.indices.map { k in own.map { $0.covariates[k] } }
    let zero = [Double](repeating: 0, count: own.count)
    guard own.count > columns.count, let plain = LeastSquares(columns: columns, y: zero) else {
      throw ProgressionError.notEstimable(
        effect: "the difference of the arms",
        reason: "\(own.count) patients do not determine \(names.joined(separator: ", "))")
    }
    inverseCross = plain.inverseCross
    degreesOfFreedom = Double(own.count - columns.count)
    let last = last
    shifts = (0..<visits).map { visit in
      zip(own, last).map { $0.arm > 0 && $1 < visit ? 1 : 0 }
    }
    let columns = columns
    shiftFits = shifts.map { shift in
      shift.contains(1) ? LeastSquares(columns: columns, y: shift) : nil
    }
  }

  /// The posterior of the changes from baseline.
  func posterior() throws -> VisitPosterior {
    try VisitPosterior(
      columns: columns, names: names,
      values: data.patients.map { own in own.values.map { $0.map { $0 - (own.baseline ?? 0) } } },
      visits: data.visits.count)
  }

  /// Changes of one completed data set, patient by patient.
  func impute(
    _ posterior: VisitPosterior, rule: ReferenceImputation.Rule,
    using generator: inout some RandomNumberGenerator
  ) throws -> [Double] {
    let v = posterior.visits
    var y = posterior.y
    for pattern in posterior.patterns {
      // What was missed in between stays as the posterior drew it, by the patient's own arm.
      let last = pattern.observed.last ?? -1
      let after = Array(last + 1..<v)
      if after.isEmpty || rule == .mar { continue }
      let conditional = try VisitPosterior.Conditional(
        posterior.covariance, v,
        .init(observed: Array(0..<last + 1), missing: after, patients: pattern.patients))
      for i in pattern.patients where data.patients[i].arm > 0 {
        let row = posterior.row(i)
        let own = posterior.mean(row)
        var control = row
        for arm in 1..<data.arms.count { control[arm] = 0 }
        let reference = posterior.mean(control)
        var mean = own
        var seen = own
        switch rule {
        case .mar: break
        case .jumpToReference:
          for k in after { mean[k] = reference[k] }
        case .copyReference:
          mean = reference
          seen = reference
        case .copyIncrements:
          let gained = last < 0 ? 0 : own[last] - reference[last]
          for k in after { mean[k] = reference[k] + gained }
        }
        conditional.draw(&y, at: i * v, about: mean, seen: seen, using: &generator)
      }
    }
    return y
  }

  /// Least squares of one completed data set at each visit.
  struct Analysis {
    /// Coefficients of each visit.
    let coefficients: [[Double]]
    /// Residual sum of squares of each visit.
    let squares: [Double]
    /// Products of the residuals with those of the shift.
    let shiftProducts: [Double]
  }

  /// Compares the arms of one completed data set.
  func analyse(_ y: [Double]) -> Analysis {
    let (v, p, n) = (data.visits.count, columns.count, data.patients.count)
    var coefficients: [[Double]] = []
    var squares: [Double] = []
    var products: [Double] = []
    for visit in 0..<v {
      let own = (0..<n).map { y[$0 * v + visit] }
      let cross = columns.map { zip($0, own).reduce(0) { $0 + $1.0 * $1.1 } }
      let beta = (0..<p).map { a in
        (0..<p).reduce(0.0) { $0 + inverseCross[a * p + $1] * cross[$1] }
      }
      var (square, product) = (0.0, 0.0)
      for i in 0..<n {
        var rest = own[i]
        for a in 0..<p { rest -= columns[a][i] * beta[a] }
        square += rest * rest
        if let shift = shiftFits[visit] { product += rest * shift.residuals[i] }
      }
      coefficients.append(beta)
      squares.append(square)
      products.append(product)
    }
    return Analysis(coefficients: coefficients, squares: squares, shiftProducts: products)
  }

  /// The difference of an arm at a visit, values after leaving shifted by delta.
  func pooled(
    _ analyses: [Analysis], visit: Int, arm: Int, delta: Double
  ) -> RubinPooling {
    let shift = shiftFits[visit]
    let own = inverseCross[arm * columns.count + arm]
    return RubinPooling(
      values: analyses.map {
        $0.coefficients[visit][arm] + delta * (shift?.coefficients[arm] ?? 0)
      },
      variances: analyses.map {
        let square =
          $0.squares[visit] + 2 * delta * $0.shiftProducts[visit]
          + delta * delta * (shift?.residualSumOfSquares ?? 0)
        return own * square / degreesOfFreedom
      }, degreesOfFreedom: degreesOfFreedom)
  }

  /// The delta against the effect at which the interval of the last visit reaches zero.
  func tippingPoint(_ analyses: [Analysis], arm: Int) -> Double? {
    let visit = data.visits.count - 1
    guard let shift = shiftFits[visit], shift.coefficients[arm] > 0 else { return nil }
    func edge(_ delta: Double) -> Double {
      let estimate = pooled(analyses, visit: visit, arm: arm, delta: delta).estimate
      return start.value > 0 ? estimate.lower : -estimate.upper
    }
    let start = pooled(analyses, visit: visit, arm: arm, delta: 0).estimate
    guard edge(0) > 0 else { return nil }
    let unit = -start.value / shift.coefficients[arm]
    var (inside, outside) = (0.0, unit)
    // At `unit` the estimate itself is zero.
    for _ in 0..<200 {
      let middle = 0.5 * (inside + outside)
      if edge(middle) > 0 { inside = middle } else { outside = middle }
    }
    return outside
  }
}
