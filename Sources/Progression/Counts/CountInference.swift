import RealModule

/// Tests of a model of counts that hold their level in small cohorts.
///
/// Variances by restricted likelihood (`RestrictedCountLikelihood`); then Kenward and Roger's error and degrees of
/// freedom for the linearised model at its mode, ln mu + (y - mu) / mu with variance Z D Z' + 1 / mu + 1 / size, as
/// for the pseudo-data of a generalised linear mixed model (Schaalje, McBride and Fellingham 2002; Stroup 2013).
/// Maximum likelihood takes variances too small, and t with patients less effects counts Poisson's scatter, which
/// is known, as estimated.
public struct CountInference: Sendable {
  /// -2 ln of the restricted likelihood.
  public let criterion: Double
  /// Names of the random effects, with their groupings.
  public let randomNames: [String]
  /// SDs of the random effects on the log scale.
  public let randomSDs: [Double]
  /// Size of the negative binomial; infinite where counts scatter no more than Poisson's, nil for Poisson's.
  public let size: Double?
  private let fit: MarginalFit

  /// Names of the fixed effects.
  public var names: [String] { fit.names }

  /// The fixed effects on the log scale.
  public var effects: [(name: String, estimate: Estimate)] {
    names.indices.map { index in
      (names[index], estimate(names.indices.map { $0 == index ? 1 : 0 }))
    }
  }

  /// One linear combination of the fixed effects on the log scale.
  public func estimate(_ contrast: [Double], confidenceLevel: Double = 0.95) -> Estimate {
    fit.estimate(contrast, confidenceLevel: confidenceLevel)
  }

  init(_ likelihood: CountLikelihood, start: [Double]) throws {
    let design = likelihood.design
    let p = design.p
    let restricted = RestrictedCountLikelihood(likelihood, beta: Array(start.prefix(p)))
    let begin = Array(start[p...])
    let optimum = try SafeguardedNewton().minimise(
      from: begin, value: { restricted.evaluate($0)?.value },
      derivatives: { x in
        NumericalDerivatives.central(x, step: [Double](repeating: 1e-3, count: x.count)) {
          restricted.evaluate($0)?.value
        }
      })
    guard let at = restricted.evaluate(optimum.parameters) else {
      throw ProgressionError.noConvergence(found: "restricted likelihood undefined at its optimum")
    }
    let count = design.layout.count
    let root = likelihood.hasSize ? optimum.parameters[count] : 0
    let structure = CountCovariance(
      layout: design.layout, starts: design.starts, random: design.random, means: at.means,
      hasSize: likelihood.hasSize)
    // The mode solves the linearised model: no residual is left for its fixed effects.
    let marginal = MarginalDesign(
      names: design.names, starts: design.starts,
      patterns: Array(0..<design.starts.count - 1), orthonormal: design.orthonormal,
      triangle: design.triangle, residual: [Double](repeating: 0, count: design.n),
      olsCoefficients: OrthonormalColumns.back(design.triangle, p, at.beta))
    fit = try MarginalFit(
      MarginalCriterion(marginal, structure),
      components: design.layout.components(Array(optimum.parameters.prefix(count)))
        + (likelihood.hasSize ? [root * root] : []), iterations: optimum.iterations)
    criterion = at.value
    (randomNames, randomSDs, _) = CountFit.random(
      design, Array(optimum.parameters.prefix(count)))
    size = likelihood.hasSize ? CountFit.size(root) : nil
  }
}

/// Covariance of the linearised counts of a patient: Z D Z' + diag(1 / mu) + 1 / size.
struct CountCovariance: CovarianceStructure {
  let layout: RandomLayout
  let starts: [Int]
  /// Random-effect columns of all rows.
  let random: [Double]
  /// Means of all rows.
  let means: [Double]
  let hasSize: Bool

  var count: Int { layout.count + (hasSize ? 1 : 0) }

  var names: [String] {
    layout.places.map { place in
      let term = layout.terms[place.term]
      return "\(term.grouping) \(term.effects[place.row]), \(term.effects[place.column])"
    } + (hasSize ? ["1 / size"] : [])
  }

  func matrices(pattern: Int, _ components: [Double], order: Int) -> CovarianceMatrices? {
    let (start, q) = (starts[pattern], layout.q)
    let size = starts[pattern + 1] - start
    var result = CovarianceMatrices(v: [Double](repeating: 0, count: size * size))
    for (component, pairs) in layout.pairs.enumerated() {
      var own = [Double](repeating: 0, count: size * size)
      for (a, b) in pairs {
        for i in 0..<size {
          for j in 0..<size {
            own[i * size + j] += random[(start + i) * q + a] * random[(start + j) * q + b]
          }
        }
      }
      for k in own.indices { result.v[k] += components[component] * own[k] }
      if order > 0 { result.first.append(own) }
    }
    let excess = hasSize ? components[layout.count] : 0
    for i in 0..<size { result.v[i * size + i] += 1 / means[start + i] + excess }
    if hasSize, order > 0 {
      var own = [Double](repeating: 0, count: size * size)
      for i in 0..<size { own[i * size + i] = 1 }
      result.first.append(own)
    }
    return result
  }
}
