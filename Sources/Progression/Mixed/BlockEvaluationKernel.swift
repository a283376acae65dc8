import RealModule

/// The sums over patients that the criterion needs at one value of the parameters.
struct BlockEvaluation: Sendable {
  /// ln|V| over all patients, in units where the residual factor is R.
  let logDeterminant: Double
  /// [X y]'V^-1[X y], row-major, with orthonormalised X and y freed of its least-squares fit.
  let cross: [Double]
  /// (X'V^-1X)^-1.
  let covariance: [Double]
  /// ln|X'V^-1X|.
  let logDeterminantX: Double
  /// The coefficients in the orthonormal basis, to be added to the least-squares fit.
  let beta: [Double]
  /// y'Py.
  let residual: Double

  /// The vector (-beta, 1), which takes [X y] to the residual.
  var contrast: [Double] { beta.map { -$0 } + [1] }

  /// Nil where X'V^-1X is not positive definite to working accuracy.
  init?(logDeterminant: Double, cross: [Double], width: Int) {
    let p = width - 1
    var x = [Double](repeating: 0, count: p * p)
    for i in 0..<p {
      for j in 0..<p { x[i * p + j] = cross[i * width + j] }
    }
    guard logDeterminant.isFinite, let factor = SymmetricMatrix.cholesky(x, p, tolerance: 1e-15)
    else { return nil }
    let xy = (0..<p).map { cross[$0 * width + p] }
    let beta = SymmetricMatrix.solve(factor: factor, p, xy)
    var residual = cross[p * width + p]
    for k in 0..<p { residual -= beta[k] * xy[k] }
    guard residual > 0 else { return nil }
    self.logDeterminant = logDeterminant
    self.cross = cross
    self.beta = beta
    self.residual = residual
    covariance = SymmetricMatrix.inverse(factor: factor, p)
    logDeterminantX = 2 * (0..<p).reduce(0) { $0 + Double.log(factor[$1 * p + $1]) }
  }
}

extension BlockStatistics {
  /// Sums the criterion's parts at a relative factor Lambda; nil where they are not defined.
  func evaluate(lambda: [Double], sumLogVariance: Double, kernel: BlockKernel) -> BlockEvaluation? {
    precondition(lambda.count == q * q && kernel.q == q && kernel.width == width, "sizes agree")
    var sums = [Lanes](repeating: .zero, count: width * (width + 1) / 2)
    var logDeterminant = sumLogVariance
    let triangle = q * (q + 1) / 2
    values.withUnsafeBufferPointer { values in
      lambda.withUnsafeBufferPointer { lambda in
        sums.withUnsafeMutableBufferPointer { sums in
          guard var block = values.baseAddress, let factor = lambda.baseAddress else { return }
          for _ in 0..<groups {
            kernel.prepare(block, lambda: factor, full: false)
            logDeterminant += kernel.logDeterminant()
            let cross = block + triangle
            var index = 0
            for c in 0..<width {
              for d in 0...c {
                var sum = sums[index]
                for r in 0..<q { sum += cross[r * width + c] * kernel.n[r * width + d] }
                sums[index] = sum
                index += 1
              }
            }
            block += stride
          }
        }
      }
    }
    var total = totals
    var index = 0
    for c in 0..<width {
      for d in 0...c {
        total[c * width + d] -= sums[index].sum()
        total[d * width + c] = total[c * width + d]
        index += 1
      }
    }
    return BlockEvaluation(logDeterminant: logDeterminant, cross: total, width: width)
  }
}
