import RealModule

/// Fixed-effect columns made orthonormal, and y freed of its least-squares fit on them.
///
/// The criterion of a large cohort is a small difference of large sums when raw cross-products are
/// used; orthonormal columns and least-squares residuals keep about eight more digits.
struct OrthonormalColumns {
  /// Row-major n x p.
  let rows: [Double]
  /// Row-major upper triangle R with X = rows * R.
  let triangle: [Double]
  /// y less its fit.
  let residual: [Double]
  /// The least-squares coefficients in the basis of the original columns.
  let coefficients: [Double]

  /// - Throws: `ProgressionError.notEstimable`, naming the first column that depends on earlier
  ///   ones.
  init(_ columns: [[Double]], names: [String], y: [Double]) throws {
    let n = y.count
    let p = columns.count
    var q = columns
    var r = [Double](repeating: 0, count: p * p)
    for j in 0..<p {
      let before = OrthonormalColumns.dot(q[j], q[j]).squareRoot()
      for _ in 0..<2 {
        for k in 0..<j {
          let projection = OrthonormalColumns.dot(q[k], q[j])
          r[k * p + j] += projection
          OrthonormalColumns.subtract(projection, q[k], from: &q[j])
        }
      }
      let norm = OrthonormalColumns.dot(q[j], q[j]).squareRoot()
      guard norm > 1e-9 * before, before > 0 else {
        throw ProgressionError.notEstimable(
          effect: names[j],
          reason: before == 0
            ? "it is zero in every row" : "it is a combination of the effects before it")
      }
      r[j * p + j] = norm
      for i in 0..<n { q[j][i] /= norm }
    }
    var rest = y
    var projections = [Double](repeating: 0, count: p)
    for _ in 0..<2 {
      for k in 0..<p {
        let projection = OrthonormalColumns.dot(q[k], rest)
        projections[k] += projection
        OrthonormalColumns.subtract(projection, q[k], from: &rest)
      }
    }
    var packed = [Double](repeating: 0, count: n * p)
    for k in 0..<p {
      for i in 0..<n { packed[i * p + k] = q[k][i] }
    }
    rows = packed
    triangle = r
    residual = rest
    coefficients = OrthonormalColumns.back(r, p, projections)
    let scale = OrthonormalColumns.dot(y, y)
    // Sums of squares of such values overflow, or vanish.
    let largest = y.reduce(0) { max($0, abs($1)) }
    guard scale.isFinite, largest == 0 || scale > 1e-250 else {
      throw ProgressionError.notEstimable(
        effect: "the trend",
        reason:
          "values of about \(largest) are beyond the arithmetic, give them in "
          + "another unit")
    }
    guard OrthonormalColumns.dot(rest, rest) > 1e-20 * scale else {
      throw ProgressionError.notEstimable(
        effect: "the residual variance", reason: "the values lie on the fixed effects exactly")
    }
  }

  /// Solves R x = b for an upper triangle.
  static func back(_ r: [Double], _ p: Int, _ b: [Double]) -> [Double] {
    var x = b
    for i in (0..<p).reversed() {
      for k in i + 1..<max(p, i + 1) { x[i] -= r[i * p + k] * x[k] }
      x[i] /= r[i * p + i]
    }
    return x
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    // Four partial sums: plain `+=` is bound by the latency of one addition.
    var sums = SIMD4<Double>.zero
    let whole = a.count & ~3
    var i = 0
    while i < whole {
      let x = SIMD4<Double>(a[i], a[i + 1], a[i + 2], a[i + 3])
      let y = SIMD4<Double>(b[i], b[i + 1], b[i + 2], b[i + 3])
      sums += x * y
      i += 4
    }
    var sum = sums.sum()
    while i < a.count {
      sum += a[i] * b[i]
      i += 1
    }
    return sum
  }

  private static func subtract(_ factor: Double, _ b: [Double], from a: inout [Double]) {
    for i in 0..<a.count { a[i] -= factor * b[i] }
  }
}
