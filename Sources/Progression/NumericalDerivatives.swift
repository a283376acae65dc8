import RealModule

/// Gradient and Hessian by central differences, for likelihoods without analytic ones.
enum NumericalDerivatives {
  /// Nil where the function is undefined within a step of the point.
  ///
  /// - Parameter isThrifty: two points for each pair of parameters instead of four; the error is of the
  ///   same order.
  static func central(
    _ x: [Double], step: [Double], isThrifty: Bool = false, _ function: ([Double]) -> Double?
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
        if isThrifty {
          let alone = up[i] + down[i] + up[j] + down[j] - 2 * centre
          hessian[i * n + j] = (rising - alone) / (2 * step[i] * step[j])
        } else {
          let mixed = rising - f([(i, 1), (j, -1)]) - f([(i, -1), (j, 1)])
          hessian[i * n + j] = mixed / (4 * step[i] * step[j])
        }
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

/// Derivatives along a search: one Hessian by differences, then gradients that bend it (BFGS).
///
/// A Hessian takes n (n + 1) values of the function, a gradient 2 n.
final class SecantDerivatives {
  private var last: (x: [Double], derivatives: SafeguardedNewton.Derivatives)?

  /// Nil where the function is undefined within a step of the point.
  func at(
    _ x: [Double], step: [Double], _ function: ([Double]) -> Double?
  ) -> SafeguardedNewton.Derivatives? {
    let found =
      bent(x, step: step, function)
      ?? NumericalDerivatives.central(x, step: step, isThrifty: true, function)
    last = found.map { (x, $0) }
    return found
  }

  /// The Hessian of the last point with what the gradient tells since; nil where it must be made anew.
  private func bent(
    _ x: [Double], step: [Double], _ function: ([Double]) -> Double?
  ) -> SafeguardedNewton.Derivatives? {
    guard let last else { return nil }
    let n = x.count
    var gradient = [Double](repeating: 0, count: n)
    for i in 0..<n {
      var y = x
      y[i] = x[i] + step[i]
      let up = function(y) ?? .nan
      y[i] = x[i] - step[i]
      gradient[i] = (up - (function(y) ?? .nan)) / (2 * step[i])
    }
    guard gradient.allSatisfy(\.isFinite) else { return nil }
    let moved = zip(x, last.x).map { $0 - $1 }
    let turned = zip(gradient, last.derivatives.gradient).map { $0 - $1 }
    var hessian = last.derivatives.hessian
    let expected = (0..<n).map { i in (0..<n).reduce(0.0) { $0 + hessian[i * n + $1] * moved[$1] } }
    let curvature = zip(moved, turned).reduce(0) { $0 + $1.0 * $1.1 }
    let known = zip(moved, expected).reduce(0) { $0 + $1.0 * $1.1 }
    guard known > 0, curvature > 1e-3 * known else { return nil }
    for i in 0..<n {
      for j in 0..<n {
        hessian[i * n + j] +=
          turned[i] * turned[j] / curvature - expected[i] * expected[j] / known
      }
    }
    return SafeguardedNewton.Derivatives(gradient: gradient, hessian: hessian)
  }
}
