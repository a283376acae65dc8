import RealModule

/// The joint likelihood of visits and deaths.
final class JointLikelihood {
  private let slopeUnit: Double

  private let fit: MixedModelFit
  private let objective: MixedModelCriterion
  private let survival: [SharedParameterModel.Survival]
  private let kernel: BlockKernel
  private let nodes: [(x: Double, weight: Double)]
  private var p: Int { fit.design.p }
  private var k: Int { fit.design.layout.count }

  init(_ fit: MixedModelFit, survival: [SharedParameterModel.Survival], slopeUnit: Double) {
    self.fit = fit
    self.slopeUnit = slopeUnit
    self.survival = survival
    objective = fit.objective
    kernel = BlockKernel(q: fit.design.q, width: fit.design.p + 1)
    nodes = GaussHermite.nodes(15)
  }

  /// -2 ln L.
  func value(_ x: [Double]) -> Double? {
    let beta = Array(x.prefix(p))
    let theta = Array(x[p..<p + k])
    let variance = Double.exp(2 * x[p + k])
    let (a, g) = (x[p + k + 1], x[p + k + 2])
    guard abs(x[p + k]) < 20, let evaluation = objective.evaluate(theta) else { return nil }
    let contrast = beta.map { -$0 } + [1]
    let residual = SymmetricMatrix.form(evaluation.cross, p + 1, contrast, contrast)
    let n = Double(fit.rowCount)
    var sum =
      evaluation.logDeterminant + n * Double.log(2 * Double.pi * variance) + residual / variance
    let effects = fit.statistics.subjectEffects(
      lambda: objective.lambda(theta), evaluation: evaluation, subjects: survival.count,
      kernel: kernel)
    let q = fit.design.q
    // Without a first dose there is no change of slope that could kill.
    var untreated = [Double](repeating: 0, count: q)
    untreated[1] = 1 / fit.design.scales[1]
    var treated = untreated
    if fit.model.randomEffects != .m1 { treated[2] = 1 / fit.design.scales[2] }
    for (index, record) in survival.enumerated() {
      let direction = fit.design.therapy[index] == nil ? untreated : treated
      var mean = 0.0
      var spread = 0.0
      for i in 0..<q where direction[i] != 0 {
        var mode = effects.modes[index * q + i]
        for c in 0..<p {
          // Modes are at the profiled coefficients; the joint ones differ.
          mode +=
            effects.projection[(index * q + i) * p + c] * (evaluation.beta[c] - beta[c])
        }
        mean += direction[i] * mode
        for j in 0..<q where direction[j] != 0 {
          spread += direction[i] * effects.conditional[(index * q + i) * q + j] * direction[j]
        }
      }
      let sd = (max(0, spread) * variance).squareRoot()
      var likelihood = 0.0
      for node in nodes {
        let w = mean + sd * node.x
        let logHazard = a + g * w / slopeUnit
        guard logHazard < 50 else { continue }
        likelihood +=
          node.weight
          * Double.exp((record.died ? logHazard : 0) - Double.exp(logHazard) * record.time)
      }
      guard likelihood > 0 else { return nil }
      sum -= 2 * Double.log(likelihood)
    }
    return sum.isFinite ? sum : nil
  }

  private func derivatives(_ x: [Double]) -> SafeguardedNewton.Derivatives? {
    NumericalDerivatives.central(x, step: steps(x), isThrifty: true) { self.value($0) }
  }

  /// Steps in proportion to each parameter's own scale.
  private func steps(_ x: [Double]) -> [Double] {
    x.indices.map { index in
      if index < p { return 1e-3 * fit.sigma * (Double(fit.subjects.count)).squareRoot() }
      return 1e-3 * max(0.1, abs(x[index]))
    }
  }

  func maximise() throws -> SafeguardedNewton.Result {
    let deaths = Double(survival.filter(\.died).count)
    let exposure = survival.reduce(0) { $0 + $1.time }
    let start =
      fit.evaluation.beta + fit.parameters
      + [Double.log(fit.sigma), Double.log(deaths / exposure), 0]
    var search = SafeguardedNewton()
    search.tolerance = 1e-6
    let secant = SecantDerivatives()
    return try search.minimise(
      from: start, value: { self.value($0) },
      derivatives: { x in secant.at(x, step: self.steps(x)) { self.value($0) } })
  }

  /// Twice the inverse Hessian of -2 ln L, without directions of no curvature.
  func covariance(_ x: [Double]) throws -> [Double] {
    guard let hessian = derivatives(x)?.hessian else {
      throw ProgressionError.noConvergence(found: "joint likelihood not smooth at its optimum")
    }
    return NumericalDerivatives.covariance(hessian, x.count)
  }
}
