import RealModule

extension MarginalFit {
  /// A linear combination with the cluster-robust error CR2 and its degrees of freedom.
  ///
  /// The sandwich over patients, bias-reduced for the fitted covariance as working model (Bell and
  /// McCaffrey 2002; Pustejovsky and Tipton 2018), t with Satterthwaite degrees of freedom. It holds
  /// whatever the true covariance within patients, at the price of power in small cohorts.
  ///
  /// - Throws: `ProgressionError.notEstimable` for fewer patients than fixed effects plus one.
  public func robustEstimate(_ contrast: [Double], confidenceLevel: Double = 0.95) throws
    -> Estimate
  {
    let p = names.count
    let patients = design.patterns.count
    guard patients > p else {
      throw ProgressionError.notEstimable(
        effect: "the robust standard error",
        reason: "\(patients) patients for \(p) fixed effects")
    }
    let l = basis(contrast)
    let direction = (0..<p).map { a in
      (0..<p).reduce(0.0) { $0 + evaluation.phi[a * p + $1] * l[$1] }
    }
    var variance = 0.0
    var diagonal: [Double] = []
    var loads: [[Double]] = []
    for patient in 0..<patients {
      let pattern = design.patterns[patient]
      let (size, start) = (design.sizes[pattern], design.starts[patient])
      let w = evaluation.inverses[pattern]
      let v = evaluation.matrices[pattern].v
      // W X Phi l, then A' of it.
      var weights = [Double](repeating: 0, count: size)
      for i in 0..<size {
        var fitted = 0.0
        for a in 0..<p { fitted += design.orthonormal[(start + i) * p + a] * direction[a] }
        for j in 0..<size { weights[j] += w[j * size + i] * fitted }
      }
      let moved = try adjusted(weights, v: v, size: size, start: start)
      var score = 0.0
      var load = [Double](repeating: 0, count: p)
      for i in 0..<size {
        score += moved[i] * evaluation.residuals[start + i]
        for a in 0..<p { load[a] += design.orthonormal[(start + i) * p + a] * moved[i] }
      }
      variance += score * score
      diagonal.append(SymmetricMatrix.form(v, size, moved, moved))
      loads.append(load)
    }
    // tr M and tr M^2 of M = diag(d) - U Phi U'.
    var cross = [Double](repeating: 0, count: p * p)
    var trace = 0.0
    var square = 0.0
    for (d, load) in zip(diagonal, loads) {
      let own = SymmetricMatrix.form(evaluation.phi, p, load, load)
      trace += d - own
      square += d * d - 2 * d * own
      for a in 0..<p {
        for b in 0..<p { cross[a * p + b] += load[a] * load[b] }
      }
    }
    let product = SymmetricMatrix.product(evaluation.phi, cross, p)
    square += MarginalCriterion.transposedTrace(product, product, p)
    return Estimate(
      value: zip(contrast, coefficients).reduce(0) { $0 + $1.0 * $1.1 },
      standardError: variance.squareRoot(), degreesOfFreedom: trace * trace / square,
      confidenceLevel: confidenceLevel)
  }

  /// A_i x with A_i = C' B^-1/2 C, B = C (V_i - X_i Phi X_i') C' and V_i = C'C; A_i is symmetric.
  private func adjusted(
    _ x: [Double], v: [Double], size: Int, start: Int
  ) throws -> [Double] {
    let p = names.count
    guard let lower = SymmetricMatrix.cholesky(v, size) else {
      throw ProgressionError.notEstimable(
        effect: "the robust standard error", reason: "a patient's covariance is degenerate")
    }
    var rest = v
    for i in 0..<size {
      for j in 0..<size {
        for a in 0..<p {
          for b in 0..<p {
            rest[i * size + j] -=
              design.orthonormal[(start + i) * p + a] * evaluation.phi[a * p + b]
              * design.orthonormal[(start + j) * p + b]
          }
        }
      }
    }
    var upper = [Double](repeating: 0, count: size * size)
    for i in 0..<size {
      for j in 0..<size { upper[i * size + j] = lower[j * size + i] }
    }
    let b = SymmetricMatrix.product(SymmetricMatrix.product(upper, rest, size), lower, size)
    let (values, vectors) = SymmetricMatrix.eigen(b, size)
    let largest = values.last ?? 0
    var y = [Double](repeating: 0, count: size)
    for i in 0..<size {
      for j in 0..<size { y[i] += upper[i * size + j] * x[j] }
    }
    var rooted = [Double](repeating: 0, count: size)
    // A patient who determines an effect alone leaves a direction without scatter.
    for k in 0..<size where values[k] > 1e-10 * largest {
      var projection = 0.0
      for i in 0..<size { projection += vectors[i * size + k] * y[i] }
      projection /= values[k].squareRoot()
      for i in 0..<size { rooted[i] += projection * vectors[i * size + k] }
    }
    return (0..<size).map { i in
      (0..<size).reduce(0.0) { $0 + lower[i * size + $1] * rooted[$1] }
    }
  }
}
