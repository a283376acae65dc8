import RealModule

/// Points over the posterior of the variance parameters, with weights.
///
/// Coordinates: ln SD of every effect, atanh of the partial correlations of a block (they stand where
/// the covariances stand in theta), ln residual SD.
final class VarianceGrid {
  struct Point {
    let position: [Double]
    var weight: Double
  }

  /// How many of the variance parameters are integrated over.
  enum Extent: Sendable, Equatable {
    /// All of them, on a lattice about the mode.
    case lattice
    /// The SD of the change of slope; the others follow it along their regression on it.
    case changeProfile
    /// The SD of the change of slope, the others at their estimates.
    case changeAlone

    /// Cost grows with patients and points while the other variances become certain.
    init(patients: Int) {
      self = patients <= 100 ? .lattice : (patients <= 1_000 ? .changeProfile : .changeAlone)
    }
  }

  private let fit: MixedModelFit
  private let prior: VariancePrior
  let objective: MixedModelCriterion
  private let layout: RandomLayout
  /// For each parameter that is an SD, the information about its effect, in units of the residual.
  private let information: [Double]
  private var dimension: Int { layout.count + 1 }

  init(_ fit: MixedModelFit, prior: VariancePrior) throws {
    guard fit.design.hasTherapy, fit.model.criterion == .restricted else {
      throw ProgressionError.notEstimable(
        effect: "the posterior", reason: "it needs a restricted-likelihood fit with therapy times")
    }
    self.fit = fit
    self.prior = prior
    objective = fit.objective
    layout = fit.design.layout
    let values = EffectInformation(fit).values
    information = fit.design.layout.places.map { place in
      guard place.row == place.column else { return 0 }
      let copies = fit.design.layout.terms[place.term].copies.map { $0[place.row] }
      return copies.reduce(0) { $0 + values[$1] } / Double(copies.count)
    }
  }

  /// The parameters of the criterion and the factor of V at a position.
  func parameters(_ position: [Double]) -> (parameters: [Double], scale: Double) {
    let s = Double.exp(position[layout.count])
    let unit = objective.isProfiled ? s : 1
    var theta = [Double](repeating: 0, count: layout.count)
    for (t, term) in layout.terms.enumerated() {
      for row in 0..<term.size {
        let scale =
          Double.exp(position[layout.index(t, row, row)]) / unit
          * fit.design.scales[term.copies[0][row]]
        var rest = 1.0
        for column in 0..<row {
          let value =
            Double.tanh(position[layout.index(t, row, column)]) * rest.squareRoot()
          theta[layout.index(t, row, column)] = scale * value
          rest -= value * value
        }
        theta[layout.index(t, row, row)] = scale * max(0, rest).squareRoot()
      }
    }
    return objective.isProfiled ? (theta, s * s) : (theta + [s], 1)
  }

  /// ln of the posterior density in these coordinates, up to a constant.
  func logDensity(_ position: [Double]) -> Double {
    guard position.allSatisfy({ abs($0) < 60 }) else { return -.infinity }
    let (values, scale) = parameters(position)
    guard let evaluation = objective.evaluate(values) else { return -.infinity }
    var sum =
      -0.5
      * (evaluation.logDeterminant + evaluation.logDeterminantX
        + objective.freedom * Double.log(scale) + evaluation.residual / scale)
    let s = Double.exp(position[layout.count])
    let known = objective.isProfiled ? 0 : fit.meanSquaredError
    let noise = s * s + known
    for (t, term) in layout.terms.enumerated() {
      for row in 0..<term.size {
        let index = layout.index(t, row, row)
        let unit = fit.design.scales[term.copies[0][row]]
        let sd = Double.exp(position[index]) * unit
        sum += prior.logDensity(ratio: information[index] * sd * sd / noise)
        for column in 0..<row {
          // Uniform over correlation matrices (Lewandowski et al. 2009) and the Jacobian of atanh.
          let r = Double.tanh(position[layout.index(t, row, column)])
          sum +=
            (Double(term.size - 2 - column) / 2 + 1) * Double.log(max(1e-300, 1 - r * r))
        }
      }
    }
    // Beside known errors a residual SD of zero is possible, and the prior has to stay proper there.
    if known > 0 { sum += Double.log(s * s / noise) }
    return sum.isNaN ? -.infinity : sum
  }

  private func start() -> [Double] {
    var position = [Double](repeating: 0, count: dimension)
    let noise = max(fit.sigma * fit.sigma, 0.01 * fit.meanSquaredError)
    for (t, term) in layout.terms.enumerated() {
      let size = term.size
      for row in 0..<size {
        let index = layout.index(t, row, row)
        let unit = fit.design.scales[term.copies[0][row]]
        let floor =
          (0.3 * (noise + fit.meanSquaredError) / max(information[index], 1e-300)).squareRoot()
          / unit
        let component = fit.varianceComponents[index].value.squareRoot()
        position[index] = Double.log(max(component, floor))
        for column in 0..<row where size == 2 {
          let found = fit.varianceComponents[layout.index(t, row, column)]
          position[layout.index(t, row, column)] = Double.atanh(
            min(0.9, max(-0.9, found.standardDeviationOrCorrelation ?? 0)))
        }
      }
    }
    position[layout.count] = Double.log(noise.squareRoot())
    return position
  }

  private func derivatives(_ x: [Double]) -> SafeguardedNewton.Derivatives? {
    NumericalDerivatives.central(x, step: [Double](repeating: 1e-3, count: x.count)) {
      -self.logDensity($0)
    }
  }

  /// The points that carry weight; weights sum to one.
  func explore(_ extent: Extent) throws -> [Point] {
    let points: [Point]
    switch extent {
    case .lattice: points = try lattice()
    case .changeProfile: points = try profile()
    case .changeAlone:
      var direction = [Double](repeating: 0, count: dimension)
      guard let index = changeIndex else { return [Point(position: start(), weight: 1)] }
      direction[index] = 1
      points = try line(from: start(), along: direction)
    }
    let total = points.reduce(0) { $0 + $1.weight }
    return points.map { Point(position: $0.position, weight: $0.weight / total) }
  }

  /// The parameter of the SD of the change of slope.
  private var changeIndex: Int? {
    for (t, term) in layout.terms.enumerated() {
      if let row = term.effects.firstIndex(of: "post") { return layout.index(t, row, row) }
    }
    return nil
  }

  private func mode() throws -> (position: [Double], curvatures: [Double], axes: [Double]) {
    var search = SafeguardedNewton()
    search.tolerance = 1e-6
    let mode = try search.minimise(
      from: start(), value: { self.finite($0) }, derivatives: { self.derivatives($0) })
    guard let local = derivatives(mode.parameters) else {
      throw ProgressionError.noConvergence(found: "density not smooth at its mode")
    }
    let (curvatures, axes) = SymmetricMatrix.eigen(local.hessian, dimension)
    return (mode.parameters, curvatures, axes)
  }

  private func finite(_ x: [Double]) -> Double? {
    let value = logDensity(x)
    return value.isFinite ? -value : nil
  }

  private func lattice() throws -> [Point] {
    let n = dimension
    let (mode, curvatures, axes) = try self.mode()
    let lengths = curvatures.map { prior.spacing / max($0, 0.05).squareRoot() }
    let top = logDensity(mode)
    var seen: Set<[Int]> = [[Int](repeating: 0, count: n)]
    var front = Array(seen)
    var points: [Point] = []
    while !front.isEmpty {
      var next: [[Int]] = []
      for node in front {
        var x = mode
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
    return points
  }

  private func profile() throws -> [Point] {
    let n = dimension
    let (mode, curvatures, axes) = try self.mode()
    guard let index = changeIndex else { return [Point(position: mode, weight: 1)] }
    var direction = [Double](repeating: 0, count: n)
    for k in 0..<n {
      let share = axes[index * n + k] / max(curvatures[k], 0.05)
      for i in 0..<n { direction[i] += share * axes[i * n + k] }
    }
    let length = direction[index]
    return try line(from: mode, along: direction.map { $0 / length })
  }

  /// Points on a line through a start near the mode, at equal steps in ln SD.
  private func line(from start: [Double], along direction: [Double]) throws -> [Point] {
    let step = 0.3
    func at(_ k: Int) -> [Double] { zip(start, direction).map { $0 + Double(k) * step * $1 } }
    var densities: [Int: Double] = [0: logDensity(start)]
    var best = densities[0] ?? -.infinity
    guard best.isFinite else {
      throw ProgressionError.noConvergence(found: "density undefined at the start")
    }
    for sign in [1, -1] {
      for k in 1...60 {
        let density = logDensity(at(sign * k))
        densities[sign * k] = density
        best = max(best, density)
        if density < best - prior.depth { break }
      }
    }
    return densities.filter { $0.value > best - prior.depth }.sorted { $0.key < $1.key }.map {
      Point(position: at($0.key), weight: Double.exp($0.value - best))
    }
  }
}
