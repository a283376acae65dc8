/// The sums over patients from which gradients, Hessians and corrected covariances are made.
///
/// Index 0 is the residual component G_0, index r + 1 the variance component r with G_r = Z E_r Z'.
/// All are relative: V is in units of the residual variance where that is profiled.
struct BlockDerivatives: Sendable {
  /// Components including the residual.
  let count: Int
  /// Fixed effects.
  let p: Int
  /// tr(V^-1 G_r).
  var trace: [Double]
  /// X'V^-1G_rV^-1X, p x p for each r.
  var cross: [Double]
  /// e'V^-1G_rV^-1e with e = y - X beta.
  var quadratic: [Double]
  /// X'V^-1G_rV^-1e, p for each r.
  var gradientX: [Double]
  /// tr(V^-1G_rV^-1G_s), count x count.
  var traceTrace: [Double]
  /// tr(Phi X'V^-1G_rV^-1G_sV^-1X), count x count.
  var traceCross: [Double]
  /// e'V^-1G_rV^-1G_sV^-1e, count x count.
  var quadraticQuadratic: [Double]
  /// X'V^-1G_0V^-1G_0V^-1X of the residual component, p x p.
  var residualSecond: [Double]

  init(count: Int, p: Int) {
    self.count = count
    self.p = p
    trace = [Double](repeating: 0, count: count)
    cross = [Double](repeating: 0, count: count * p * p)
    quadratic = trace
    gradientX = [Double](repeating: 0, count: count * p)
    traceTrace = [Double](repeating: 0, count: count * count)
    traceCross = traceTrace
    quadraticQuadratic = traceTrace
    residualSecond = [Double](repeating: 0, count: p * p)
  }

  /// X'V^-1G_rV^-1X of one component.
  func cross(_ r: Int) -> [Double] { Array(cross[r * p * p..<(r + 1) * p * p]) }

  /// X'V^-1G_rV^-1e of one component.
  func gradientX(_ r: Int) -> [Double] { Array(gradientX[r * p..<(r + 1) * p]) }

  /// tr(Phi P_r Phi P_s), count x count.
  func projected(_ phi: [Double]) -> [Double] {
    let products = (0..<count).map { SymmetricMatrix.product(phi, cross($0), p) }
    var result = [Double](repeating: 0, count: count * count)
    for r in 0..<count {
      for s in 0...r {
        var sum = 0.0
        for i in 0..<p {
          for j in 0..<p { sum += products[r][i * p + j] * products[s][j * p + i] }
        }
        result[r * count + s] = sum
        result[s * count + r] = sum
      }
    }
    return result
  }

  /// h_r' Phi h_s, count x count.
  func projectedQuadratic(_ phi: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: count * count)
    for r in 0..<count {
      for s in 0...r {
        let value = SymmetricMatrix.form(phi, p, gradientX(r), gradientX(s))
        result[r * count + s] = value
        result[s * count + r] = value
      }
    }
    return result
  }

  /// tr(Phi P_r).
  func traceProjected(_ phi: [Double]) -> [Double] {
    (0..<count).map { r in
      var sum = 0.0
      for i in 0..<p {
        for j in 0..<p { sum += phi[i * p + j] * cross[r * p * p + j * p + i] }
      }
      return sum
    }
  }
}
