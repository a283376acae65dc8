import RealModule

/// Draws from the posterior of the means and the covariance of the visits, missing values included.
///
/// Y = X B + E with one row for each patient, rows of E normal with an unstructured covariance S; Jeffreys'
/// prior |S|^-(V+1)/2. Data augmentation (Schafer 1997): given all values S is inverse Wishart and B
/// normal; given both the missing values of a patient are normal about what was seen of it.
struct VisitPosterior {
  /// Patients with the same missing visits.
  struct Pattern {
    let observed: [Int]
    let missing: [Int]
    let patients: [Int]
  }

  /// The design, one row for each patient, row-major n x p.
  let x: [Double]
  let n: Int
  let p: Int
  let visits: Int
  let patterns: [Pattern]
  private let inverseCross: [Double]
  private let factor: [Double]
  /// Values, row-major n x visits, missing ones as last drawn.
  private(set) var y: [Double]
  /// Coefficients, row-major p x visits.
  private(set) var b: [Double]
  /// Covariance of the visits.
  private(set) var covariance: [Double]

  /// Starts with missing values at the mean of the visit in the patients of the same first columns.
  ///
  /// - Throws: `ProgressionError.notEstimable` where the values do not determine the posterior.
  init(columns: [[Double]], names: [String], values: [[Double?]], visits: Int) throws {
    n = values.count
    p = columns.count
    self.visits = visits
    let zero = [Double](repeating: 0, count: n)
    guard let fit = LeastSquares(columns: columns, y: zero) else {
      throw ProgressionError.notEstimable(
        effect: "the imputation",
        reason: "the effects \(names.joined(separator: ", ")) depend on "
          + "one another")
    }
    inverseCross = fit.inverseCross
    guard let factor = SymmetricMatrix.cholesky(inverseCross, p) else {
      throw ProgressionError.notEstimable(
        effect: "the imputation", reason: "its effects depend on one another")
    }
    self.factor = factor
    x = (0..<n).flatMap { i in columns.map { $0[i] } }
    // A visit is drawn by regression on the effects and the other visits, which has to be determined.
    for visit in 0..<visits {
      let seen = values.count { $0[visit] != nil }
      guard seen > p + visits else {
        throw ProgressionError.notEstimable(
          effect: "the imputation of visit \(visit + 1)",
          reason:
            "\(seen) patients with a value do not determine its regression on \(p) effects and "
            + "\(visits - 1) other visits; leave late visits out")
      }
    }
    // Along a direction that patients with every visit fit exactly the posterior has no bound: the
    // covariance would become singular.
    let complete = values.count { own in own.allSatisfy { $0 != nil } }
    guard complete > p + visits else {
      let seen = (0..<visits).map { visit in values.count { $0[visit] != nil } }
      let fewest = seen.indices.min { seen[$0] < seen[$1] } ?? 0
      throw ProgressionError.notEstimable(
        effect: "the imputation",
        reason:
          "\(complete) patients with all \(visits) visits do not determine how the visits hang "
          + "together, which takes more than \(p + visits); visit \(fewest + 1) has "
          + "\(seen[fewest]) of \(n): leave out the visits that few have")
    }
    var groups: [[Int]: [Int]] = [:]
    for (i, own) in values.enumerated() {
      groups[(0..<visits).filter { own[$0] == nil }, default: []].append(i)
    }
    patterns = groups.sorted { $0.value[0] < $1.value[0] }.map { missing, patients in
      Pattern(
        observed: (0..<visits).filter { !missing.contains($0) }, missing: missing,
        patients: patients)
    }
    y = [Double](repeating: 0, count: n * visits)
    for visit in 0..<visits {
      let seen = (0..<n).filter { values[$0][visit] != nil }
      let line = LeastSquares(
        columns: columns.map { column in seen.map { column[$0] } },
        y: seen.map { values[$0][visit] ?? 0 })
      let mean = seen.reduce(0) { $0 + (values[$1][visit] ?? 0) } / Double(seen.count)
      for i in 0..<n {
        y[i * visits + visit] =
          values[i][visit]
          ?? line.map { line in
            columns.indices.reduce(0) { $0 + columns[$1][i] * line.coefficients[$1] }
          } ?? mean
      }
    }
    b = [Double](repeating: 0, count: p * visits)
    covariance = [Double](repeating: 0, count: visits * visits)
  }

  /// The mean of a patient's visits under a row of the design.
  func mean(_ row: [Double]) -> [Double] {
    (0..<visits).map { visit in
      (0..<p).reduce(0) { $0 + row[$1] * b[$1 * visits + visit] }
    }
  }

  /// The row of the design of a patient.
  func row(_ patient: Int) -> [Double] { Array(x[patient * p..<(patient + 1) * p]) }

  /// One sweep: covariance, coefficients, missing values.
  ///
  /// - Throws: `ProgressionError.noConvergence` where the scatter matrix is singular.
  mutating func sweep(using generator: inout some RandomNumberGenerator) throws {
    let v = visits
    // Least squares of all visits at once.
    var cross = [Double](repeating: 0, count: p * v)
    for i in 0..<n {
      for a in 0..<p {
        let xa = x[i * p + a]
        if xa == 0 { continue }
        for k in 0..<v { cross[a * v + k] += xa * y[i * v + k] }
      }
    }
    var mean = [Double](repeating: 0, count: p * v)
    for a in 0..<p {
      for c in 0..<p {
        for k in 0..<v { mean[a * v + k] += inverseCross[a * p + c] * cross[c * v + k] }
      }
    }
    var scatter = [Double](repeating: 0, count: v * v)
    var rest = [Double](repeating: 0, count: v)
    for i in 0..<n {
      for k in 0..<v {
        rest[k] = y[i * v + k]
        for a in 0..<p { rest[k] -= x[i * p + a] * mean[a * v + k] }
      }
      for k in 0..<v {
        for l in 0...k { scatter[k * v + l] += rest[k] * rest[l] }
      }
    }
    for k in 0..<v { for l in 0..<k { scatter[l * v + k] = scatter[k * v + l] } }
    guard let root = SymmetricMatrix.cholesky(scatter, v) else {
      throw ProgressionError.noConvergence(found: "visits that depend on one another")
    }
    // Scatter = R R'; S = R T^-T T^-1 R' with T the lower Bartlett factor of a standard Wishart.
    var t = [Double](repeating: 0, count: v * v)
    for k in 0..<v {
      t[k * v + k] = generator.nextChiSquare(Double(n - p - k)).squareRoot()
      for l in 0..<k { t[k * v + l] = generator.nextNormal() }
    }
    // H = R T^-T, so that S = H H'; row by row H T' = R.
    var h = [Double](repeating: 0, count: v * v)
    for i in 0..<v {
      for k in 0..<v {
        var sum = root[i * v + k]
        for l in 0..<k { sum -= h[i * v + l] * t[k * v + l] }
        h[i * v + k] = sum / t[k * v + k]
      }
    }
    for i in 0..<v {
      for j in 0..<v {
        covariance[i * v + j] = (0..<v).reduce(0.0) { $0 + h[i * v + $1] * h[j * v + $1] }
      }
    }
    // B = mean + C Z H' with C C' = (X'X)^-1.
    let z = (0..<p * v).map { _ in generator.nextNormal() }
    for a in 0..<p {
      var mixed = [Double](repeating: 0, count: v)
      for c in 0...a {
        for k in 0..<v { mixed[k] += factor[a * p + c] * z[c * v + k] }
      }
      for k in 0..<v {
        b[a * v + k] =
          mean[a * v + k] + (0..<v).reduce(0.0) { $0 + h[k * v + $1] * mixed[$1] }
      }
    }
    for pattern in patterns where !pattern.missing.isEmpty {
      let conditional = try Conditional(covariance, v, pattern)
      for i in pattern.patients {
        let own = self.mean(row(i))
        conditional.draw(&y, at: i * v, about: own, seen: own, using: &generator)
      }
    }
  }

  /// The regression of missing visits on those seen.
  struct Conditional {
    let observed: [Int]
    let missing: [Int]
    private let weights: [Double]
    private let root: [Double]

    init(_ covariance: [Double], _ visits: Int, _ pattern: Pattern) throws {
      let (observed, missing) = (pattern.observed, pattern.missing)
      let (m, o) = (missing.count, observed.count)
      var inner = [Double](repeating: 0, count: o * o)
      for i in 0..<o {
        for j in 0..<o { inner[i * o + j] = covariance[observed[i] * visits + observed[j]] }
      }
      guard let factor = SymmetricMatrix.cholesky(inner, o) else {
        throw ProgressionError.noConvergence(found: "visits that depend on one another")
      }
      var weights: [Double] = []
      var rest = [Double](repeating: 0, count: m * m)
      for a in 0..<m {
        let column = observed.map { covariance[missing[a] * visits + $0] }
        let own = SymmetricMatrix.solve(factor: factor, o, column)
        weights += own
        for c in 0..<m {
          var value = covariance[missing[a] * visits + missing[c]]
          for k in 0..<o { value -= own[k] * covariance[observed[k] * visits + missing[c]] }
          rest[a * m + c] = value
        }
      }
      guard let root = SymmetricMatrix.cholesky(rest, m) else {
        throw ProgressionError.noConvergence(found: "visits that depend on one another")
      }
      self.observed = observed
      self.missing = missing
      self.weights = weights
      self.root = root
    }

    /// Draws the missing visits of the patient whose values start at `start`.
    ///
    /// - Parameters:
    ///   - mean: means of all visits of which the missing ones count.
    ///   - seen: means that the values seen are compared with.
    func draw(
      _ y: inout [Double], at start: Int, about mean: [Double], seen: [Double],
      using generator: inout some RandomNumberGenerator
    ) {
      let (m, o) = (missing.count, observed.count)
      let z = (0..<m).map { _ in generator.nextNormal() }
      for a in 0..<m {
        var value = mean[missing[a]]
        for k in 0..<o {
          value += weights[a * o + k] * (y[start + observed[k]] - seen[observed[k]])
        }
        for c in 0...a { value += root[a * m + c] * z[c] }
        y[start + missing[a]] = value
      }
    }
  }
}

extension RandomNumberGenerator {
  /// A chi-square number of more than 0 degrees of freedom (Marsaglia and Tsang 2000).
  mutating func nextChiSquare(_ degrees: Double) -> Double {
    precondition(degrees > 0, "more than 0 degrees of freedom")
    let shape = degrees / 2
    // Below one the next shape, brought back by a power of a uniform number.
    let d = (shape < 1 ? shape + 1 : shape) - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let z = nextNormal()
      let root = 1 + c * z
      if root <= 0 { continue }
      let v = root * root * root
      let u = 1 - nextUniform()
      if Double.log(u) < 0.5 * z * z + d - d * v + d * Double.log(v) {
        let boost = shape < 1 ? Double.pow(1 - nextUniform(), 1 / shape) : 1
        return 2 * d * v * boost
      }
    }
  }
}
