/// Rows of patients with correlated values: y = X b + e, covariance of a patient's rows by its pattern.
struct MarginalDesign: Sendable {
  /// Names of the fixed effects.
  let names: [String]
  /// The first row of each patient, and the end.
  let starts: [Int]
  /// The pattern of each patient's covariance.
  let patterns: [Int]
  /// Patients of each pattern.
  let members: [[Int]]
  /// Rows of a patient of each pattern.
  let sizes: [Int]
  /// Fixed-effect columns, row-major n x p, orthonormalised: X = orthonormal * triangle.
  let orthonormal: [Double]
  /// The upper triangular factor.
  let triangle: [Double]
  /// y less its least-squares fit.
  let residual: [Double]
  /// The least-squares coefficients.
  let olsCoefficients: [Double]

  var n: Int { residual.count }
  var p: Int { names.count }

  /// Makes a design of columns whose rows stand patient by patient.
  ///
  /// - Throws: `ProgressionError.notEstimable` for dependent columns.
  init(
    columns: [[Double]], names: [String], y: [Double], starts: [Int], patterns: [Int]
  ) throws {
    guard y.count > names.count else {
      throw ProgressionError.invalidTable(
        found: "\(y.count) rows for \(names.count) fixed effects",
        expected: "more rows than fixed effects")
    }
    let fixed = try OrthonormalColumns(columns, names: names, y: y)
    self.init(
      names: names, starts: starts, patterns: patterns, orthonormal: fixed.rows,
      triangle: fixed.triangle, residual: fixed.residual, olsCoefficients: fixed.coefficients)
  }

  init(
    names: [String], starts: [Int], patterns: [Int], orthonormal: [Double], triangle: [Double],
    residual: [Double], olsCoefficients: [Double]
  ) {
    self.names = names
    self.starts = starts
    self.patterns = patterns
    var members = [[Int]](repeating: [], count: (patterns.max() ?? -1) + 1)
    for (patient, pattern) in patterns.enumerated() { members[pattern].append(patient) }
    self.members = members
    sizes = members.map { own in own.first.map { starts[$0 + 1] - starts[$0] } ?? 0 }
    self.orthonormal = orthonormal
    self.triangle = triangle
    self.residual = residual
    self.olsCoefficients = olsCoefficients
  }
}
