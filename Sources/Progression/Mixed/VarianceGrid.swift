import RealModule

/// A lattice over the posterior of the variance parameters.
///
/// Coordinates: ln SD of every effect, atanh of the correlation of every pair, ln residual SD.
final class VarianceGrid {
  struct Point {
    let position: [Double]
    var weight: Double
  }

  private let fit: MixedModelFit
  private let prior: VariancePrior
  private let objective: MixedModelCriterion
  private let layout: RandomLayout
  private var dimension: Int { layout.count + 1 }

  init(_ fit: MixedModelFit, prior: VariancePrior) throws {
    guard fit.design.standardErrors == nil, fit.design.hasTherapy,
      fit.model.criterion == .restricted, fit.design.layout.terms.allSatisfy({ $0.size <= 2 })
    else {
      throw ProgressionError.notEstimable(
        effect: "the integrated posterior",
        reason: "it needs a restricted-likelihood fit with therapy times of m1, m3 or the "
          + "uncorrelated model, without known errors")
    }
    self.fit = fit
    self.prior = prior
    objective = fit.objective
    layout = fit.design.layout
  }

  /// Theta of the optimiser and the residual variance at a position.
  func parameters(_ position: [Double]) -> (theta: [Double], variance: Double) {
    let s = Double.exp(position[layout.count])
    var theta = [Double](repeating: 0, count: layout.count)
    for (t, term) in layout.terms.enumerated() {
      let scales = term.copies[0].map { fit.design.scales[$0] }
      let first = Double.exp(position[term.offset]) / s * scales[0]
      theta[term.offset] = first
      if term.size == 2 {
        let at = layout.index(t, 1, 1)
        let second = Double.exp(position[at]) / s * scales[1]
        let correlation = Double.tanh(position[layout.index(t, 1, 0)])
        theta[layout.index(t, 1, 0)] = correlation * second
        theta[at] = (1 - correlation * correlation).squareRoot() * second
      }
    }
    return (theta, s * s)
  }

  private func priorMean(_ effect: String) -> Double {
    if effect == "(Intercept)" { return prior.interceptSD }
    return effect == "post" ? prior.changeSD : prior.slopeSD
  }

  /// ln of the posterior density in these coordinates, up to a constant.
  func logDensity(_ position: [Double]) -> Double {
    guard position.allSatisfy({ abs($0) < 30 }) else { return -.infinity }
    let (theta, variance) = parameters(position)
    guard let evaluation = objective.evaluate(theta) else { return -.infinity }
    var sum =
      -0.5
      * (evaluation.logDeterminant + evaluation.logDeterminantX
        + objective.freedom * Double.log(variance) + evaluation.residual / variance)
    for (t, term) in layout.terms.enumerated() {
      for k in 0..<term.size {
        let x = position[layout.index(t, k, k)]
        // The last term is the Jacobian of ln SD.
        sum += VariancePrior.logGamma2(Double.exp(x), mean: priorMean(term.effects[k])) + x
      }
      if term.size == 2 {
        let correlation = Double.tanh(position[layout.index(t, 1, 0)])
        sum += Double.log(max(1e-300, 1 - correlation * correlation))
      }
    }
    let z =
      (position[layout.count] - Double.log(prior.residualSD)) / prior.residualLogSD
    return sum - 0.5 * z * z
  }

  private func start() -> [Double] {
    var position = [Double](repeating: 0, count: dimension)
    for component in fit.varianceComponents.enumerated() {
      let (index, value) = component
      if value.with == nil {
        position[index] = Double.log(
          max(value.value.squareRoot(), 0.3 * priorMean(value.effect)))
      } else {
        position[index] = Double.atanh(
          min(0.9, max(-0.9, value.standardDeviationOrCorrelation ?? 0)))
      }
    }
    position[layout.count] = Double.log(fit.sigma)
    return position
  }

  private func derivatives(_ x: [Double]) -> SafeguardedNewton.Derivatives? {
    NumericalDerivatives.central(x, step: [Double](repeating: 1e-3, count: x.count)) {
      -self.logDensity($0)
    }
  }

  /// The points of the lattice that carry weight; weights sum to one.
  func explore() throws -> [Point] {
    let n = dimension
    var search = SafeguardedNewton()
    search.tolerance = 1e-6
    let mode = try search.minimise(
      from: start(), value: { -self.logDensity($0) }, derivatives: { self.derivatives($0) })
    guard let local = derivatives(mode.parameters) else {
      throw ProgressionError.noConvergence(found: "density not smooth at its mode")
    }
    let (curvatures, axes) = SymmetricMatrix.eigen(local.hessian, n)
    let lengths = curvatures.map { prior.spacing / max($0, 0.05).squareRoot() }
    let top = logDensity(mode.parameters)
    var seen: Set<[Int]> = [[Int](repeating: 0, count: n)]
    var front = Array(seen)
    var points: [Point] = []
    while !front.isEmpty {
      var next: [[Int]] = []
      for node in front {
        var x = mode.parameters
        for k in 0..<n {
          for i in 0..<n { x[i] += Double(node[k]) * lengths[k] * axes[i * n + k] }
        }
        let density = logDensity(x) - top
        guard density > -prior.depth else { continue }
        points.append(Point(position: x, weight: Double.exp(density)))
        for k in 0..<n {
          for step in [-1, 1] {
            var neighbour = node
            neighbour[k] += step
            if abs(neighbour[k]) < 30, seen.insert(neighbour).inserted { next.append(neighbour) }
          }
        }
      }
      front = next
    }
    let total = points.reduce(0) { $0 + $1.weight }
    return points.map { Point(position: $0.position, weight: $0.weight / total) }
  }
}
