import RealModule

/// A restricted-likelihood fit of correlated rows with Kenward-Roger inference.
///
/// Kenward and Roger 1997 with the term of the second derivatives of V, which makes the correction the
/// same in every parametrisation of the covariance.
public struct MarginalFit: Sendable {
  /// Names of the fixed effects.
  public let names: [String]
  /// Estimates of the fixed effects.
  public let coefficients: [Double]
  /// Covariance of the estimates without a small-sample correction.
  public let covariance: [[Double]]
  /// Covariance corrected after Kenward and Roger.
  public let adjustedCovariance: [[Double]]
  /// -2 ln of the restricted likelihood.
  public let criterion: Double
  /// Names of the covariance components.
  public let componentNames: [String]
  /// The covariance components.
  public let components: [Double]
  /// Newton iterations.
  public let iterations: Int

  let design: MarginalDesign
  let evaluation: MarginalCriterion.Evaluation
  private let inverse: [Double]
  private let products: [[Double]]
  private let weights: [Double]

  /// The Akaike criterion of the restricted likelihood, for models of the same fixed effects.
  public var aic: Double { criterion + 2 * Double(components.count) }

  /// Minimises the criterion from parameters that are possible.
  ///
  /// - Throws: `ProgressionError.noConvergence`.
  init(
    _ design: MarginalDesign, _ structure: any CovarianceStructure, start: [Double]
  ) throws {
    let objective = MarginalCriterion(design, structure)
    let optimum = try SafeguardedNewton().minimise(
      from: start,
      value: { objective.evaluate(structure.components($0))?.value },
      derivatives: { parameters in
        let components = structure.components(parameters)
        guard let at = objective.evaluate(components, order: 2) else { return nil }
        let sums = objective.sums(at)
        return structure.chain(
          parameters,
          SafeguardedNewton.Derivatives(gradient: sums.gradient, hessian: sums.hessian))
      })
    try self.init(
      objective, components: structure.components(optimum.parameters),
      iterations: optimum.iterations)
  }

  /// The inference at components that are optimal by some criterion.
  ///
  /// - Throws: `ProgressionError.noConvergence` where they are impossible.
  init(_ objective: MarginalCriterion, components: [Double], iterations: Int) throws {
    let (design, structure) = (objective.design, objective.structure)
    guard let at = objective.evaluate(components, order: 2) else {
      throw ProgressionError.noConvergence(found: "criterion undefined at the optimum")
    }
    let (p, count) = (design.p, structure.count)
    let sums = objective.sums(at)
    let weights = KenwardRoger.inverse(sums.information, count)
    var correction = [Double](repeating: 0, count: p * p)
    for (pattern, members) in design.members.enumerated() {
      let (size, own) = (design.sizes[pattern], at.matrices[pattern])
      let w = at.inverses[pattern]
      // The weighted sum of W V_r W V_s W - W V_rs W / 4 over all pairs, which needs one pass only.
      var inner = [Double](repeating: 0, count: size * size)
      for r in 0..<count {
        var column = [Double](repeating: 0, count: size * size)
        for s in 0..<count {
          for k in column.indices { column[k] += weights[r * count + s] * own.first[s][k] }
          if s <= r, let second = own.second[r * count + s] {
            let factor = (r == s ? 0.25 : 0.5) * weights[r * count + s]
            for k in inner.indices { inner[k] -= factor * second[k] }
          }
        }
        let term = SymmetricMatrix.product(
          SymmetricMatrix.product(own.first[r], w, size), column, size)
        for k in inner.indices { inner[k] += term[k] }
      }
      let outer = SymmetricMatrix.product(SymmetricMatrix.product(w, inner, size), w, size)
      for patient in members {
        objective.addCross(outer, size, design.starts[patient], &correction)
      }
    }
    let phi = at.phi
    for r in 0..<count {
      let left = SymmetricMatrix.product(sums.crosses[r], phi, p)
      var column = [Double](repeating: 0, count: p * p)
      for s in 0..<count {
        for k in column.indices { column[k] += weights[r * count + s] * sums.crosses[s][k] }
      }
      let product = SymmetricMatrix.product(left, column, p)
      for k in product.indices { correction[k] -= product[k] }
    }
    let outer = SymmetricMatrix.product(SymmetricMatrix.product(phi, correction, p), phi, p)
    var adjusted = phi
    for i in 0..<p {
      for j in 0..<p { adjusted[i * p + j] += outer[i * p + j] + outer[j * p + i] }
    }
    var inverse = [Double](repeating: 0, count: p * p)
    for j in 0..<p {
      var unit = [Double](repeating: 0, count: p)
      unit[j] = 1
      let column = OrthonormalColumns.back(design.triangle, p, unit)
      for i in 0..<p { inverse[i * p + j] = column[i] }
    }
    names = design.names
    coefficients = zip(
      design.olsCoefficients, OrthonormalColumns.back(design.triangle, p, at.beta)
    ).map(+)
    covariance = MixedModelFit.transform(phi, inverse, p, scale: 1)
    adjustedCovariance = MixedModelFit.transform(adjusted, inverse, p, scale: 1)
    criterion = at.value
    componentNames = structure.names
    self.components = components
    self.iterations = iterations
    self.design = design
    evaluation = at
    self.inverse = inverse
    products = sums.crosses.map {
      SymmetricMatrix.product(SymmetricMatrix.product(phi, $0, p), phi, p)
    }
    self.weights = weights
  }

  /// One linear combination of the fixed effects, with Kenward-Roger error and degrees of freedom.
  public func estimate(_ contrast: [Double], confidenceLevel: Double = 0.95) -> Estimate {
    let (p, count) = (names.count, components.count)
    precondition(contrast.count == p, "one weight for each fixed effect")
    let l = basis(contrast)
    let plain = SymmetricMatrix.form(evaluation.phi, p, l, l)
    let shares = products.map { SymmetricMatrix.form($0, p, l, l) / plain }
    var a = 0.0
    for r in 0..<count {
      for s in 0..<count { a += weights[r * count + s] * shares[r] * shares[s] }
    }
    var variance = 0.0
    for i in 0..<p {
      for j in 0..<p { variance += contrast[i] * adjustedCovariance[i][j] * contrast[j] }
    }
    return Estimate(
      value: zip(contrast, coefficients).reduce(0) { $0 + $1.0 * $1.1 },
      standardError: variance.squareRoot(), degreesOfFreedom: a > 0 ? 2 / a : .infinity,
      confidenceLevel: confidenceLevel)
  }

  /// The scaled F test that several linear combinations are all zero.
  ///
  /// - Throws: `ProgressionError.notEstimable` where the combinations depend on one another.
  public func test(_ contrasts: [[Double]]) throws -> LinearHypothesis {
    try LinearHypothesis(
      contrasts, rows: contrasts.map(basis), coefficients: coefficients,
      covariance: adjustedCovariance, phi: evaluation.phi, products: products, weights: weights)
  }

  /// The effect of a name; nil where the model has none of it.
  public func effect(_ name: String) -> Estimate? {
    names.firstIndex(of: name).map { index in
      estimate(names.indices.map { $0 == index ? 1 : 0 })
    }
  }

  /// R^-T l: a contrast in the orthonormal basis.
  func basis(_ contrast: [Double]) -> [Double] {
    let p = names.count
    return (0..<p).map { j in (0..<p).reduce(0.0) { $0 + inverse[$1 * p + j] * contrast[$1] } }
  }
}
