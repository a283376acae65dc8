import RealModule

/// A fitted model of counts.
public struct CountFit: Sendable {
  /// Names of the fixed effects.
  public let names: [String]
  /// Estimates of the fixed effects on the log scale.
  public let coefficients: [Double]
  /// Their covariance: the inverse of the observed information of all parameters.
  public let covariance: [[Double]]
  /// -2 ln of the maximised likelihood.
  public let deviance: Double
  /// Parameters that were estimated.
  public let parameterCount: Int
  /// Names of the random effects, with their groupings.
  public let randomNames: [String]
  /// SDs of the random effects on the log scale.
  public let randomSDs: [Double]
  /// Covariance of the random effects of each term, row-major.
  public let randomCovariances: [[Double]]
  /// Size of the negative binomial, variance mean + mean^2 / size; infinite where counts scatter no
  /// more than Poisson's, nil for a Poisson model.
  public let size: Double?
  /// Values of zero, which a model of logarithms would leave out.
  public let zeroCount: Int
  /// Newton iterations.
  public let iterations: Int
  /// Patients.
  public let subjects: Int
  /// The likelihood and its optimum, where restricted likelihood starts.
  private let likelihood: CountLikelihood
  private let parameters: [Double]

  /// The Akaike criterion.
  public var aic: Double { deviance + 2 * Double(parameterCount) }

  init(_ likelihood: CountLikelihood, subjects: Int) throws {
    let design = likelihood.design
    let (p, count) = (design.p, likelihood.parameterCount)
    func derivatives(_ x: [Double], step: Double) -> SafeguardedNewton.Derivatives? {
      NumericalDerivatives.central(x, step: [Double](repeating: step, count: count)) {
        likelihood.value($0)
      }
    }
    let optimum = try SafeguardedNewton().minimise(
      from: likelihood.start, value: likelihood.value,
      derivatives: { derivatives($0, step: 1e-4) })
    // Wider steps for second derivatives, whose rounding errors grow with the square.
    guard let at = derivatives(optimum.parameters, step: 1e-3) else {
      throw ProgressionError.noConvergence(found: "likelihood undefined at the optimum")
    }
    let (curvatures, directions) = SymmetricMatrix.eigen(at.hessian, count)
    var phi = [Double](repeating: 0, count: p * p)
    for k in 0..<count where curvatures[k] > 1e-8 * curvatures[count - 1] {
      for i in 0..<p {
        for j in 0..<p {
          phi[i * p + j] +=
            2 * directions[i * count + k] * directions[j * count + k] / curvatures[k]
        }
      }
    }
    names = design.names
    coefficients = OrthonormalColumns.back(
      design.triangle, p, Array(optimum.parameters.prefix(p)))
    covariance = MixedModelFit.transform(
      phi, MixedModelFit.inverseTriangle(design), p, scale: 1)
    deviance = optimum.value
    parameterCount = count
    let theta = Array(optimum.parameters[p..<p + design.layout.count])
    (randomNames, randomSDs, randomCovariances) = Self.random(design, theta)
    size = likelihood.hasSize ? Self.size(optimum.parameters[count - 1]) : nil
    zeroCount = likelihood.counts.count { $0 == 0 }
    iterations = optimum.iterations
    self.subjects = subjects
    self.likelihood = likelihood
    parameters = optimum.parameters
  }

  /// Tests that hold their level in small cohorts, by restricted likelihood.
  ///
  /// - Throws: `ProgressionError.noConvergence`.
  public func inference() throws -> CountInference {
    try CountInference(likelihood, start: parameters)
  }

  /// Names, SDs and covariances of the random effects for the factors of their terms.
  static func random(
    _ design: MixedModelDesign, _ theta: [Double]
  ) -> (names: [String], sds: [Double], covariances: [[Double]]) {
    let components = design.layout.components(theta)
    var randomNames: [String] = []
    var sds: [Double] = []
    var covariances: [[Double]] = []
    for (t, term) in design.layout.terms.enumerated() {
      let scales = (term.copies.first ?? []).map { design.scales[$0] }
      var own = [Double](repeating: 0, count: term.size * term.size)
      for i in 0..<term.size {
        for j in 0...i {
          let value = components[design.layout.index(t, i, j)] / (scales[i] * scales[j])
          own[i * term.size + j] = value
          own[j * term.size + i] = value
        }
        randomNames.append("\(term.effects[i]) | \(term.grouping)")
        sds.append(own[i * term.size + i].squareRoot())
      }
      covariances.append(own)
    }
    return (randomNames, sds, covariances)
  }

  /// Size of the negative binomial from the root of 1 / size; below 1e-8 the variance differs from Poisson's by
  /// less than a millionth.
  static func size(_ root: Double) -> Double { root * root < 1e-8 ? .infinity : 1 / (root * root) }

  /// One linear combination of the fixed effects on the log scale.
  ///
  /// - `degreesOfFreedom`: of the t reference; infinite for Wald's z.
  public func estimate(
    _ contrast: [Double], degreesOfFreedom: Double = .infinity, confidenceLevel: Double = 0.95
  ) -> Estimate {
    precondition(contrast.count == names.count, "one weight for each fixed effect")
    var variance = 0.0
    for i in names.indices {
      for j in names.indices { variance += contrast[i] * covariance[i][j] * contrast[j] }
    }
    return Estimate(
      value: zip(contrast, coefficients).reduce(0) { $0 + $1.0 * $1.1 },
      standardError: variance.squareRoot(), degreesOfFreedom: degreesOfFreedom,
      confidenceLevel: confidenceLevel)
  }

  /// The effect of a name; nil where the model has none of it.
  public func effect(_ name: String, degreesOfFreedom: Double = .infinity) -> Estimate? {
    names.firstIndex(of: name).map { index in
      estimate(
        names.indices.map { $0 == index ? 1 : 0 }, degreesOfFreedom: degreesOfFreedom)
    }
  }
}
