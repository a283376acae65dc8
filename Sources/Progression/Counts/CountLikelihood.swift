import RealModule

/// -2 ln of the likelihood of counts, the random effects of each patient integrated out.
///
/// With z standard normal and eta = X b + Z Lambda z, every patient's integrand is log-concave; its mode
/// is found by Newton's method, and the integral about it by Gauss-Hermite nodes scaled by the observed
/// curvature there. One node is Laplace's approximation.
struct CountLikelihood: Sendable {
  let design: MixedModelDesign
  let hasSize: Bool
  /// Counts in the order of the design.
  let counts: [Double]
  /// Sum of ln y!.
  private let constant: Double
  /// Points of the grid, one after another, and the logarithms of their weights plus half their square.
  private let points: [Double]
  private let logWeights: [Double]

  /// Fixed effects, then the factors of the random effects, then the root of 1 / size.
  var parameterCount: Int { design.p + design.layout.count + (hasSize ? 1 : 0) }

  init(
    _ design: MixedModelDesign, counts: [Double], family: CountModel.Family, nodes: Int
  ) {
    self.design = design
    self.counts = counts
    hasSize = family == .negativeBinomial
    constant = counts.reduce(0) { $0 + Double.logGamma($1 + 1) }
    let rule = GaussHermite.nodes(nodes)
    var grid: [(point: [Double], logWeight: Double)] = [([], 0)]
    for _ in 0..<design.q {
      grid = grid.flatMap { own in
        rule.map { node in
          (own.point + [node.x], own.logWeight + Double.log(node.weight) + 0.5 * node.x * node.x)
        }
      }
    }
    points = grid.flatMap(\.point)
    logWeights = grid.map(\.logWeight)
  }

  /// Where an optimiser may start: ln(y + 1/2) on the fixed effects, moderate variation.
  var start: [Double] {
    let p = design.p
    var result = [Double](repeating: 0, count: p)
    for (i, count) in counts.enumerated() {
      let value = Double.log(count + 0.5)
      for k in 0..<p { result[k] += design.orthonormal[i * p + k] * value }
    }
    result += design.layout.places.map { place in
      place.row != place.column ? 0 : place.row == 0 ? 0.3 : 0.15
    }
    if hasSize { result.append(0.2) }
    return result
  }

  /// Nil where the parameters are beyond the arithmetic.
  func value(_ parameters: [Double]) -> Double? {
    let (p, q) = (design.p, design.q)
    let lambda = design.layout.lambda(Array(parameters[p..<p + design.layout.count]))
    let alpha = hasSize ? parameters[parameterCount - 1] * parameters[parameterCount - 1] : 0
    let rising = Self.risingSums(alpha, counts)
    var total = 2 * constant
    var work = Work(q: q)
    for subject in 0..<design.starts.count - 1 {
      let (first, end) = (design.starts[subject], design.starts[subject + 1])
      work.fixed.removeAll(keepingCapacity: true)
      work.random.removeAll(keepingCapacity: true)
      for i in first..<end {
        var eta = 0.0
        for k in 0..<p { eta += design.orthonormal[i * p + k] * parameters[k] }
        work.fixed.append(eta)
        for b in 0..<q {
          var sum = 0.0
          for a in b..<q { sum += design.random[i * q + a] * lambda[a * q + b] }
          work.random.append(sum)
        }
      }
      guard let own = integral(first..<end, alpha: alpha, rising: rising, work: &work) else {
        return nil
      }
      total -= 2 * own
    }
    return total.isFinite ? total : nil
  }

  private struct Work {
    var fixed: [Double] = []
    var random: [Double] = []
    var z: [Double]
    var trial: [Double]
    var gradient: [Double]
    var curvature: [Double]

    init(q: Int) {
      z = [Double](repeating: 0, count: q)
      trial = z
      gradient = z
      curvature = [Double](repeating: 0, count: q * q)
    }
  }

  /// ln of the integral over the random effects of one patient.
  private func integral(
    _ rows: Range<Int>, alpha: Double, rising: [Double], work: inout Work
  ) -> Double? {
    let q = design.q
    for k in 0..<q { work.z[k] = 0 }
    var current = joint(rows, work.z, alpha: alpha, rising: rising, work: &work)
    guard current.isFinite else { return nil }
    var factor: [Double] = []
    for _ in 0..<100 {
      for k in 0..<q { work.gradient[k] = -work.z[k] }
      for k in 0..<q * q { work.curvature[k] = 0 }
      for k in 0..<q { work.curvature[k * q + k] = 1 }
      for (place, i) in rows.enumerated() {
        let mean = Double.exp(eta(place, work.z, work))
        let scale = 1 + alpha * mean
        let slope = (counts[i] - mean) / scale
        let weight = (1 + alpha * counts[i]) * mean / (scale * scale)
        for a in 0..<q {
          let x = work.random[place * q + a]
          work.gradient[a] += slope * x
          for b in 0...a { work.curvature[a * q + b] += weight * x * work.random[place * q + b] }
        }
      }
      for a in 0..<q {
        for b in 0..<a { work.curvature[b * q + a] = work.curvature[a * q + b] }
      }
      guard let lower = SymmetricMatrix.cholesky(work.curvature, q) else { return nil }
      factor = lower
      let step = SymmetricMatrix.solve(factor: lower, q, work.gradient)
      var decrement = 0.0
      for k in 0..<q { decrement += step[k] * work.gradient[k] }
      if decrement < 1e-22 { break }
      var share = 1.0
      var isLower = false
      for _ in 0..<40 {
        for k in 0..<q { work.trial[k] = work.z[k] + share * step[k] }
        let next = joint(rows, work.trial, alpha: alpha, rising: rising, work: &work)
        // Close to the mode the gain is below rounding, and the full step is right.
        if next >= current + 1e-4 * share * decrement || decrement < 1e-9 {
          swap(&work.z, &work.trial)
          current = next
          isLower = true
          break
        }
        share *= 0.5
      }
      if !isLower { break }
    }
    var logDeterminant = 0.0
    for k in 0..<q { logDeterminant += Double.log(factor[k * q + k]) }
    if logWeights.count == 1 { return current - logDeterminant }
    // z = mode + L'^-1 x; scaled by the mode's own value against overflow.
    var sum = 0.0
    for (node, logWeight) in logWeights.enumerated() {
      for k in (0..<q).reversed() {
        var x = points[node * q + k]
        for j in k + 1..<max(q, k + 1) { x -= factor[j * q + k] * (work.trial[j] - work.z[j]) }
        work.trial[k] = work.z[k] + x / factor[k * q + k]
      }
      let value = joint(rows, work.trial, alpha: alpha, rising: rising, work: &work)
      sum += Double.exp(value - current + logWeight)
    }
    return current + Double.log(sum) - logDeterminant
  }

  private func eta(_ place: Int, _ z: [Double], _ work: Work) -> Double {
    var result = work.fixed[place]
    for k in 0..<design.q { result += work.random[place * design.q + k] * z[k] }
    return result
  }

  /// ln f(y | z) - |z|^2 / 2, without ln y!.
  private func joint(
    _ rows: Range<Int>, _ z: [Double], alpha: Double, rising: [Double], work: inout Work
  ) -> Double {
    var sum = 0.0
    for k in 0..<design.q { sum -= 0.5 * z[k] * z[k] }
    for (place, i) in rows.enumerated() {
      sum += Self.logDensity(
        counts[i], eta: eta(place, z, work), alpha: alpha, rising: rising)
    }
    return sum
  }

  /// ln of the density of a count whose mean has the logarithm eta, without ln y!.
  static func logDensity(_ y: Double, eta: Double, alpha: Double, rising: [Double]) -> Double {
    let mean = Double.exp(eta)
    guard mean.isFinite else { return -.infinity }
    guard alpha != 0 else { return y * eta - mean }
    let x = alpha * mean
    // ln(1 + x) / alpha without loss as alpha goes to zero.
    let log = Double.log(onePlus: x)
    let share = x < 1e-5 ? mean * (1 - x / 2 + x * x / 3) : log / alpha
    return rising[Int(y)] + y * (eta - log) - share
  }

  /// ln of the product of (1 + alpha j) for j below each count.
  static func risingSums(_ alpha: Double, _ counts: [Double]) -> [Double] {
    guard alpha > 0 else { return [] }
    let largest = Int(counts.max() ?? 0)
    var result = [Double](repeating: 0, count: largest + 1)
    for j in 0..<largest {
      result[j + 1] = result[j] + Double.log(onePlus: alpha * Double(j))
    }
    return result
  }
}
