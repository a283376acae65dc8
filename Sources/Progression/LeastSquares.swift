/// An ordinary or weighted least-squares fit of a small design.
///
/// The design is orthogonalised by modified Gram-Schmidt applied twice, which keeps the accuracy of
/// a QR factorisation, and not by normal equations.
struct LeastSquares: Sendable {
  /// Estimates, one for each column.
  let coefficients: [Double]
  /// (X'WX)^-1, row-major.
  let inverseCross: [Double]
  /// Residuals of the rows in the units of y (not multiplied by the weights).
  let residuals: [Double]
  /// Leverages of the rows.
  let leverages: [Double]
  /// The weighted residual sum of squares.
  let residualSumOfSquares: Double
  /// Rows less columns.
  let residualDegreesOfFreedom: Int

  /// Fits y on the columns; nil where the columns are linearly dependent to about 1e-10.
  init?(columns: [[Double]], y: [Double], weights: [Double]? = nil) {
    let n = y.count
    let p = columns.count
    precondition(columns.allSatisfy { $0.count == n }, "columns and y have the same length")
    guard n >= p, p > 0 else { return nil }
    let roots = weights?.map { $0.squareRoot() } ?? [Double](repeating: 1, count: n)
    var q: [[Double]] = []
    var r = [Double](repeating: 0, count: p * p)
    for j in 0..<p {
      var v = columns[j]
      for i in 0..<n { v[i] *= roots[i] }
      let before = LeastSquares.dot(v, v).squareRoot()
      for _ in 0..<2 {
        for k in 0..<j {
          let projection = LeastSquares.dot(q[k], v)
          r[k * p + j] += projection
          for i in 0..<n { v[i] -= projection * q[k][i] }
        }
      }
      let norm = LeastSquares.dot(v, v).squareRoot()
      guard norm > 1e-10 * before else { return nil }
      r[j * p + j] = norm
      for i in 0..<n { v[i] /= norm }
      q.append(v)
    }
    var target = y
    for i in 0..<n { target[i] *= roots[i] }
    var rest = target
    var projections = [Double](repeating: 0, count: p)
    for _ in 0..<2 {
      for k in 0..<p {
        let projection = LeastSquares.dot(q[k], rest)
        projections[k] += projection
        for i in 0..<n { rest[i] -= projection * q[k][i] }
      }
    }
    func back(_ b: [Double]) -> [Double] {
      var x = b
      for i in (0..<p).reversed() {
        for k in i + 1..<max(p, i + 1) { x[i] -= r[i * p + k] * x[k] }
        x[i] /= r[i * p + i]
      }
      return x
    }
    coefficients = back(projections)
    var inverseR = [Double](repeating: 0, count: p * p)
    for j in 0..<p {
      var unit = [Double](repeating: 0, count: p)
      unit[j] = 1
      let column = back(unit)
      for i in 0..<p { inverseR[i * p + j] = column[i] }
    }
    var cross = [Double](repeating: 0, count: p * p)
    for i in 0..<p {
      for j in 0..<p {
        for k in 0..<p { cross[i * p + j] += inverseR[i * p + k] * inverseR[j * p + k] }
      }
    }
    inverseCross = cross
    residuals = (0..<n).map { roots[$0] > 0 ? rest[$0] / roots[$0] : 0 }
    leverages = (0..<n).map { i in q.reduce(0) { $0 + $1[i] * $1[i] } }
    residualSumOfSquares = LeastSquares.dot(rest, rest)
    residualDegreesOfFreedom = n - p
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for i in 0..<a.count { sum += a[i] * b[i] }
    return sum
  }
}
