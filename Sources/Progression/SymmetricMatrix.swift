import RealModule

/// Dense work on small symmetric matrices (row-major `[Double]`), as regression needs it.
enum SymmetricMatrix {
  /// The lower Cholesky factor (row-major n x n), or nil where the matrix is not positive definite.
  ///
  /// A pivot below `tolerance` times its own diagonal counts as zero: the columns are dependent.
  static func cholesky(_ a: [Double], _ n: Int, tolerance: Double = 1e-13) -> [Double]? {
    var l = [Double](repeating: 0, count: n * n)
    for j in 0..<n {
      var diagonal = a[j * n + j]
      for k in 0..<j { diagonal -= l[j * n + k] * l[j * n + k] }
      guard diagonal > tolerance * abs(a[j * n + j]) && diagonal > 0 else { return nil }
      let root = diagonal.squareRoot()
      l[j * n + j] = root
      for i in j + 1..<max(n, j + 1) {
        var sum = a[i * n + j]
        for k in 0..<j { sum -= l[i * n + k] * l[j * n + k] }
        l[i * n + j] = sum / root
      }
    }
    return l
  }

  /// Solves A x = b from the lower Cholesky factor of A.
  static func solve(factor l: [Double], _ n: Int, _ b: [Double]) -> [Double] {
    var x = b
    for i in 0..<n {
      for k in 0..<i { x[i] -= l[i * n + k] * x[k] }
      x[i] /= l[i * n + i]
    }
    for i in (0..<n).reversed() {
      for k in i + 1..<max(n, i + 1) { x[i] -= l[k * n + i] * x[k] }
      x[i] /= l[i * n + i]
    }
    return x
  }

  /// The inverse from the lower Cholesky factor, exactly symmetric.
  static func inverse(factor l: [Double], _ n: Int) -> [Double] {
    var result = [Double](repeating: 0, count: n * n)
    for j in 0..<n {
      var unit = [Double](repeating: 0, count: n)
      unit[j] = 1
      let column = solve(factor: l, n, unit)
      for i in 0..<n { result[i * n + j] = column[i] }
    }
    for i in 0..<n {
      for j in 0..<i {
        let mean = 0.5 * (result[i * n + j] + result[j * n + i])
        result[i * n + j] = mean
        result[j * n + i] = mean
      }
    }
    return result
  }

  /// Eigenvalues (ascending) and eigenvectors (columns, row-major) by cyclic Jacobi rotations.
  static func eigen(_ a: [Double], _ n: Int) -> (values: [Double], vectors: [Double]) {
    var m = a
    var v = [Double](repeating: 0, count: n * n)
    for i in 0..<n { v[i * n + i] = 1 }
    for _ in 0..<60 {
      var off = 0.0
      var total = 0.0
      for i in 0..<n {
        for j in 0..<n {
          total += m[i * n + j] * m[i * n + j]
          if i != j { off += m[i * n + j] * m[i * n + j] }
        }
      }
      if off <= 1e-32 * total { break }
      for p in 0..<n {
        for q in p + 1..<max(n, p + 1) where m[p * n + q] != 0 {
          let ratio = (m[q * n + q] - m[p * n + p]) / (2 * m[p * n + q])
          let t = (ratio >= 0 ? 1.0 : -1.0) / (abs(ratio) + (ratio * ratio + 1).squareRoot())
          let c = 1 / (t * t + 1).squareRoot()
          let s = t * c
          for k in 0..<n {
            let (x, y) = (m[k * n + p], m[k * n + q])
            m[k * n + p] = c * x - s * y
            m[k * n + q] = s * x + c * y
          }
          for k in 0..<n {
            let (x, y) = (m[p * n + k], m[q * n + k])
            m[p * n + k] = c * x - s * y
            m[q * n + k] = s * x + c * y
          }
          for k in 0..<n {
            let (x, y) = (v[k * n + p], v[k * n + q])
            v[k * n + p] = c * x - s * y
            v[k * n + q] = s * x + c * y
          }
        }
      }
    }
    let order = (0..<n).sorted { m[$0 * n + $0] < m[$1 * n + $1] }
    var vectors = [Double](repeating: 0, count: n * n)
    for (column, source) in order.enumerated() {
      for row in 0..<n { vectors[row * n + column] = v[row * n + source] }
    }
    return (order.map { m[$0 * n + $0] }, vectors)
  }

  /// The product of two square matrices.
  static func product(_ a: [Double], _ b: [Double], _ n: Int) -> [Double] {
    var c = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      for k in 0..<n {
        let factor = a[i * n + k]
        for j in 0..<n { c[i * n + j] += factor * b[k * n + j] }
      }
    }
    return c
  }

  /// The quadratic form x' A y.
  static func form(_ a: [Double], _ n: Int, _ x: [Double], _ y: [Double]) -> Double {
    var sum = 0.0
    for i in 0..<n where x[i] != 0 {
      for j in 0..<n { sum += x[i] * a[i * n + j] * y[j] }
    }
    return sum
  }
}
