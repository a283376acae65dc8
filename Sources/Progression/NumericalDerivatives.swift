import RealModule

/// Gradient and Hessian by central differences, for likelihoods without analytic ones.
enum NumericalDerivatives {
  /// Nil where the function is undefined within a step of the point.
  static func central(
    _ x: [Double], step: [Double], _ function: ([Double]) -> Double?
  ) -> SafeguardedNewton.Derivatives? {
    let n = x.count
    func f(_ moves: [(Int, Double)]) -> Double {
      var y = x
      for (k, sign) in moves { y[k] += sign * step[k] }
      return function(y) ?? .nan
    }
    let centre = f([])
    let up = (0..<n).map { f([($0, 1)]) }
    let down = (0..<n).map { f([($0, -1)]) }
    var gradient = [Double](repeating: 0, count: n)
    var hessian = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      gradient[i] = (up[i] - down[i]) / (2 * step[i])
      hessian[i * n + i] = (up[i] - 2 * centre + down[i]) / (step[i] * step[i])
      for j in 0..<i {
        let rising = f([(i, 1), (j, 1)]) + f([(i, -1), (j, -1)])
        let mixed = rising - f([(i, 1), (j, -1)]) - f([(i, -1), (j, 1)])
        hessian[i * n + j] = mixed / (4 * step[i] * step[j])
        hessian[j * n + i] = hessian[i * n + j]
      }
    }
    guard gradient.allSatisfy(\.isFinite), hessian.allSatisfy(\.isFinite) else { return nil }
    return SafeguardedNewton.Derivatives(gradient: gradient, hessian: hessian)
  }

  /// Twice the inverse Hessian of -2 ln L, without directions of no curvature.
  static func covariance(_ hessian: [Double], _ n: Int) -> [Double] {
    let scale = (0..<n).map { max(abs(hessian[$0 * n + $0]), 1e-12).squareRoot() }
    var scaled = hessian
    for i in 0..<n {
      for j in 0..<n { scaled[i * n + j] /= scale[i] * scale[j] }
    }
    let (values, vectors) = SymmetricMatrix.eigen(scaled, n)
    var result = [Double](repeating: 0, count: n * n)
    for c in 0..<n where values[c] > 1e-7 {
      for i in 0..<n {
        for j in 0..<n {
          result[i * n + j] +=
            2 * vectors[i * n + c] * vectors[j * n + c] / values[c] / (scale[i] * scale[j])
        }
      }
    }
    return result
  }
}
