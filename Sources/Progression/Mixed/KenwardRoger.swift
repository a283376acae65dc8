/// Kenward-Roger covariance and degrees of freedom of a restricted-likelihood fit.
///
/// Kenward and Roger 1997, Biometrics 53: W is the inverse of the expected information of the
/// variance components, Phi_A the covariance of the fixed effects corrected for their estimation.
/// It counts a variance on its boundary, which Satterthwaite's method ignores.
public struct KenwardRoger: Sendable {
  /// The corrected covariance Phi_A of the fixed effects.
  public let covariance: [[Double]]
  private let names: [String]
  private let coefficients: [Double]
  private let p: Int
  /// Phi in the orthonormal basis, and the inverse triangle that leads to it.
  private let phi: [Double]
  private let inverse: [Double]
  /// Phi P_r Phi of every component.
  private let products: [[Double]]
  private let weights: [Double]
  private let count: Int

  init(_ fit: MixedModelFit) throws {
    guard fit.model.criterion == .restricted else {
      throw ProgressionError.notEstimable(
        effect: "the Kenward-Roger correction", reason: "it needs a restricted-likelihood fit")
    }
    let objective = fit.objective
    guard let (evaluation, sums) = objective.sums(fit.parameters, withResidual: true) else {
      throw ProgressionError.noConvergence(found: "derivatives undefined at the optimum")
    }
    let count = sums.count
    let p = sums.p
    let phi = evaluation.covariance
    let projected = sums.projected(phi)
    var information = [Double](repeating: 0, count: count * count)
    for k in information.indices {
      information[k] = 0.5 * (sums.traceTrace[k] - 2 * sums.traceCross[k] + projected[k])
    }
    let weights = KenwardRoger.inverse(information, count)
    var correction = fit.statistics.weightedCross(
      weights: weights, lambda: objective.lambda(fit.parameters), evaluation: evaluation,
      pairs: fit.design.layout.pairs, residual: objective.residualComponent(), sums: sums)
    let crosses = (0..<count).map { sums.cross($0) }
    for r in 0..<count {
      let left = SymmetricMatrix.product(crosses[r], phi, p)
      for s in 0..<count {
        let product = SymmetricMatrix.product(left, crosses[s], p)
        for k in product.indices { correction[k] -= weights[r * count + s] * product[k] }
      }
    }
    let outer = SymmetricMatrix.product(SymmetricMatrix.product(phi, correction, p), phi, p)
    var adjusted = phi
    for i in 0..<p {
      for j in 0..<p { adjusted[i * p + j] += outer[i * p + j] + outer[j * p + i] }
    }
    inverse = MixedModelFit.inverseTriangle(fit.design)
    covariance = MixedModelFit.transform(adjusted, inverse, p, scale: fit.scale)
    products = crosses.map { SymmetricMatrix.product(SymmetricMatrix.product(phi, $0, p), phi, p) }
    names = fit.effectNames
    coefficients = fit.coefficients
    self.p = p
    self.phi = phi
    self.weights = weights
    self.count = count
  }

  /// The inverse, leaving out directions of the variance components without information.
  static func inverse(_ information: [Double], _ n: Int) -> [Double] {
    let scale = (0..<n).map { max(information[$0 * n + $0], 1e-300).squareRoot() }
    var scaled = information
    for i in 0..<n {
      for j in 0..<n { scaled[i * n + j] /= scale[i] * scale[j] }
    }
    let (values, vectors) = SymmetricMatrix.eigen(scaled, n)
    var result = [Double](repeating: 0, count: n * n)
    for k in 0..<n where values[k] > 1e-12 {
      for i in 0..<n {
        for j in 0..<n {
          result[i * n + j] +=
            vectors[i * n + k] * vectors[j * n + k] / values[k] / (scale[i] * scale[j])
        }
      }
    }
    return result
  }

  /// One linear combination of the fixed effects.
  public func estimate(_ contrast: [Double], confidenceLevel: Double = 0.95) -> Estimate {
    precondition(contrast.count == p, "one weight for each fixed effect")
    let value = zip(contrast, coefficients).reduce(0) { $0 + $1.0 * $1.1 }
    var variance = 0.0
    for i in 0..<p {
      for j in 0..<p { variance += contrast[i] * covariance[i][j] * contrast[j] }
    }
    let l = basis(contrast)
    let plain = SymmetricMatrix.form(phi, p, l, l)
    let shares = products.map { SymmetricMatrix.form($0, p, l, l) / plain }
    var a = 0.0
    for r in 0..<count {
      for s in 0..<count { a += weights[r * count + s] * shares[r] * shares[s] }
    }
    return Estimate(
      value: value, standardError: variance.squareRoot(), degreesOfFreedom: 2 / a,
      confidenceLevel: confidenceLevel)
  }

  /// Every fixed effect.
  public var effects: [(name: String, estimate: Estimate)] {
    names.indices.map { index in
      (names[index], estimate(names.indices.map { $0 == index ? 1 : 0 }))
    }
  }

  /// The scaled F test that several linear combinations are all zero.
  ///
  /// - Throws: `ProgressionError.notEstimable` where the combinations depend on one another.
  public func test(_ contrasts: [[Double]]) throws -> LinearHypothesis {
    try LinearHypothesis(
      contrasts, rows: contrasts.map(basis), coefficients: coefficients, covariance: covariance,
      phi: phi, products: products, weights: weights)
  }

  /// R^-T l: the contrast in the orthonormal basis.
  private func basis(_ contrast: [Double]) -> [Double] {
    (0..<p).map { j in
      var sum = 0.0
      for i in 0..<p { sum += inverse[i * p + j] * contrast[i] }
      return sum
    }
  }
}

extension MixedModelFit {
  /// Kenward-Roger covariance and degrees of freedom.
  ///
  /// - Throws: `ProgressionError` for a full-likelihood fit.
  public func kenwardRoger() throws -> KenwardRoger { try KenwardRoger(self) }

  var objective: MixedModelCriterion {
    MixedModelCriterion(
      design, statistics: statistics, evaluated: parameters, evaluation: evaluation)
  }
}
