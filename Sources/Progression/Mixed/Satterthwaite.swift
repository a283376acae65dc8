/// Satterthwaite degrees of freedom of a mixed model.
///
/// df = 2 (l'Vl)^2 / (g'Ag) with g the gradient of l'Vl in (theta, s) and A twice the inverse Hessian
/// of the deviance (Fai and Cornelius 1996). Derivatives are exact. A variance on its boundary has
/// g = 0 there and is ignored, which makes the degrees of freedom too large; Kenward-Roger is the
/// default for that reason.
public struct Satterthwaite: Sendable {
  private let fit: MixedModelFit
  private let p: Int
  private let inverse: [Double]
  private let phi: [Double]
  private let products: [[Double]]
  /// d(component)/d(parameter), components by parameters.
  private let jacobian: [Double]
  private let covarianceOfParameters: [Double]
  private let count: Int

  init(_ fit: MixedModelFit) throws {
    let objective = fit.objective
    guard let (evaluation, sums) = objective.sums(fit.parameters, withResidual: true) else {
      throw ProgressionError.noConvergence(found: "derivatives undefined at the optimum")
    }
    let count = sums.count
    let phi = evaluation.covariance
    let restricted = objective.isRestricted
    let scale = fit.scale
    let traceProjected = sums.traceProjected(phi)
    let projected = sums.projected(phi)
    let projectedQuadratic = sums.projectedQuadratic(phi)
    var gradient = [Double](repeating: 0, count: count)
    var hessian = [Double](repeating: 0, count: count * count)
    for r in 0..<count {
      gradient[r] =
        (sums.trace[r] - (restricted ? traceProjected[r] : 0) - sums.quadratic[r] / scale) / scale
      for s in 0..<count {
        let at = r * count + s
        var value = -sums.traceTrace[at]
        if restricted { value += 2 * sums.traceCross[at] - projected[at] }
        value += 2 * (sums.quadraticQuadratic[at] - projectedQuadratic[at]) / scale
        hessian[at] = value / (scale * scale)
      }
    }
    let (jacobian, second) = Satterthwaite.chain(fit, objective.isProfiled, gradient, hessian)
    let (values, vectors) = SymmetricMatrix.eigen(second, count)
    var covariance = [Double](repeating: 0, count: count * count)
    for k in 0..<count where values[k] > 1e-8 {
      for i in 0..<count {
        for j in 0..<count {
          covariance[i * count + j] +=
            2 * vectors[i * count + k] * vectors[j * count + k] / values[k]
        }
      }
    }
    self.fit = fit
    p = sums.p
    inverse = MixedModelFit.inverseTriangle(fit.design)
    self.phi = phi
    products = (0..<count).map { r in
      SymmetricMatrix.product(SymmetricMatrix.product(phi, sums.cross(r), sums.p), phi, sums.p)
    }
    self.jacobian = jacobian
    covarianceOfParameters = covariance
    self.count = count
  }

  /// Jacobian of the variance components and Hessian of the deviance in (s, theta).
  private static func chain(
    _ fit: MixedModelFit, _ isProfiled: Bool, _ gradient: [Double], _ hessian: [Double]
  ) -> (jacobian: [Double], hessian: [Double]) {
    let layout = fit.design.layout
    let k = layout.count
    let size = k + 1
    let s = fit.sigma
    let parameters = Array(fit.parameters.prefix(k))
    let factor = isProfiled ? s * s : 1
    let components = layout.components(parameters)
    let inner = layout.jacobian(parameters)
    var jacobian = [Double](repeating: 0, count: size * size)
    jacobian[0] = 2 * s
    for r in 0..<k {
      if isProfiled { jacobian[(r + 1) * size] = 2 * s * components[r] }
      for c in 0..<k { jacobian[(r + 1) * size + c + 1] = factor * inner[r * k + c] }
    }
    let right = SymmetricMatrix.product(hessian, jacobian, size)
    var result = [Double](repeating: 0, count: size * size)
    for a in 0..<size {
      for b in 0..<size {
        for r in 0..<size { result[a * size + b] += jacobian[r * size + a] * right[r * size + b] }
      }
    }
    let bend = layout.curvature(Array(gradient.dropFirst()))
    result[0] += 2 * gradient[0]
    for a in 0..<k {
      if isProfiled {
        result[0] += 2 * gradient[a + 1] * components[a]
        var mixed = 0.0
        for r in 0..<k { mixed += 2 * s * gradient[r + 1] * inner[r * k + a] }
        result[a + 1] += mixed
        result[(a + 1) * size] += mixed
      }
      for b in 0..<k { result[(a + 1) * size + b + 1] += factor * bend[a * k + b] }
    }
    return (jacobian, result)
  }

  /// One linear combination of the fixed effects.
  public func estimate(_ contrast: [Double], confidenceLevel: Double = 0.95) -> Estimate {
    precondition(contrast.count == p, "one weight for each fixed effect")
    let l = (0..<p).map { j in
      (0..<p).reduce(0.0) { $0 + inverse[$1 * p + j] * contrast[$1] }
    }
    let variance = fit.scale * SymmetricMatrix.form(phi, p, l, l)
    let byComponent = products.map { SymmetricMatrix.form($0, p, l, l) }
    let gradient = (0..<count).map { c in
      (0..<count).reduce(0.0) { $0 + jacobian[$1 * count + c] * byComponent[$1] }
    }
    let spread = SymmetricMatrix.form(covarianceOfParameters, count, gradient, gradient)
    return Estimate(
      value: zip(contrast, fit.coefficients).reduce(0) { $0 + $1.0 * $1.1 },
      standardError: variance.squareRoot(),
      degreesOfFreedom: spread > 0 ? 2 * variance * variance / spread : .infinity,
      confidenceLevel: confidenceLevel)
  }

  /// Every fixed effect.
  public var effects: [(name: String, estimate: Estimate)] {
    let names = fit.effectNames
    return names.indices.map { index in
      (names[index], estimate(names.indices.map { $0 == index ? 1 : 0 }))
    }
  }
}

extension MixedModelFit {
  /// Satterthwaite degrees of freedom.
  public func satterthwaite() throws -> Satterthwaite { try Satterthwaite(self) }
}
