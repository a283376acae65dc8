import RealModule

/// Random effects of a patient beside residuals that are correlated in time and vary in size.
///
/// V = Z D Z' + s^2 G R G with R = phi^(time apart) and G the relative SDs of the rows. The components are
/// those of D, s^2 and the correlation at the typical gap between visits (in which V is linear or nearly so,
/// as Kenward and Roger's correction likes it), and the logarithms of the variance function, so that all
/// derivatives are products. Parameters are theta of Lambda (whose boundary is an ordinary point), the
/// logarithms of s^2 and of the correlation, and the rest as it is.
struct ResidualCovariance: CovarianceStructure {
  /// One patient's columns.
  struct Block: Sendable {
    /// Random-effect columns, row-major.
    let random: [Double]
    let times: [Double]
    /// Logarithm of the variance covariate, or the group (0 for the first) as a number.
    let levels: [Double]
    let muscles: [Int]
  }

  let layout: RandomLayout
  let blocks: [Block]
  let hasCorrelation: Bool
  /// Typical time between the visits of a patient.
  let gap: Double
  /// Groups beside the first whose SD is estimated relative to it.
  let groups: Int
  let hasPower: Bool

  var count: Int { layout.count + residualCount }
  /// Residual components whose logarithms are the parameters.
  private var logarithms: Int { hasCorrelation ? 2 : 1 }
  private var residualCount: Int { 1 + (hasCorrelation ? 1 : 0) + groups + (hasPower ? 1 : 0) }

  var names: [String] {
    layout.places.map { place in
      let term = layout.terms[place.term]
      return "\(term.grouping) \(term.effects[place.row])"
        + (place.row == place.column ? "" : ", \(term.effects[place.column])")
    } + ["residual variance"] + (hasCorrelation ? ["correlation of neighbours"] : [])
      + (0..<groups).map { "ln SD ratio \($0 + 2)" } + (hasPower ? ["power"] : [])
  }

  func matrices(pattern: Int, _ components: [Double], order: Int) -> CovarianceMatrices? {
    let block = blocks[pattern]
    let (n, q, k) = (block.times.count, layout.q, layout.count)
    var effects = [Double](repeating: 0, count: q * q)
    for (index, pairs) in layout.pairs.enumerated() {
      for (a, b) in pairs { effects[a * q + b] = components[index] }
    }
    let residual = Array(components[k...])
    guard residual[0] > 0, !hasCorrelation || residual[1] > 0 && residual[1] < 1 else {
      return nil
    }
    // exp of the sum of component times its factor, for every pair of rows.
    var errors = [Double](repeating: 0, count: n * n)
    var factors = [[Double]](
      repeating: [Double](repeating: 0, count: n * n), count: residualCount)
    for i in 0..<n {
      for j in 0..<n {
        let at = i * n + j
        let apart = abs(block.times[i] - block.times[j])
        // Rows of different muscles, and different rows without correlation, share no residual.
        guard i == j || hasCorrelation && block.muscles[i] == block.muscles[j] else { continue }
        var exponent = 0.0
        factors[0][at] = 1 / residual[0]
        var next = 1
        if hasCorrelation {
          factors[next][at] = apart / gap / residual[next]
          exponent += Double.log(residual[next]) * apart / gap
          next += 1
        }
        for group in 0..<groups {
          let own =
            (block.levels[i] == Double(group + 1) ? 1.0 : 0)
            + (block.levels[j] == Double(group + 1) ? 1.0 : 0)
          factors[next][at] = own
          exponent += residual[next] * own
          next += 1
        }
        if hasPower {
          factors[next][at] = block.levels[i] + block.levels[j]
          exponent += residual[next] * factors[next][at]
        }
        errors[at] = residual[0] * Double.exp(exponent)
      }
    }
    var v = errors
    for i in 0..<n {
      for j in 0..<n {
        for a in 0..<q {
          for b in 0..<q where effects[a * q + b] != 0 {
            v[i * n + j] +=
              block.random[i * q + a] * effects[a * q + b] * block.random[j * q + b]
          }
        }
      }
    }
    var result = CovarianceMatrices(v: v)
    guard order > 0 else { return result }
    for pairs in layout.pairs {
      var d = [Double](repeating: 0, count: n * n)
      for (a, b) in pairs {
        for i in 0..<n {
          for j in 0..<n { d[i * n + j] += block.random[i * q + a] * block.random[j * q + b] }
        }
      }
      result.first.append(d)
    }
    for factor in factors { result.first.append(zip(errors, factor).map(*)) }
    guard order > 1 else { return result }
    for r in 1..<max(1, residualCount) {
      for s in 0...r {
        var second = zip(result.first[k + r], factors[s]).map(*)
        // A power of the correlation is not log-linear in it.
        if hasCorrelation, r == 1, s == 1 {
          for at in second.indices { second[at] -= result.first[k + 1][at] / residual[1] }
        }
        result.second[(k + r) * count + k + s] = second
      }
    }
    return result
  }

  func components(_ parameters: [Double]) -> [Double] {
    layout.components(Array(parameters.prefix(layout.count)))
      + parameters.dropFirst(layout.count).enumerated().map { index, value in
        index < logarithms ? Double.exp(value) : value
      }
  }

  func chain(
    _ parameters: [Double], _ derivatives: SafeguardedNewton.Derivatives
  ) -> SafeguardedNewton.Derivatives {
    let (k, size) = (layout.count, count)
    let theta = Array(parameters.prefix(k))
    let inner = layout.jacobian(theta)
    var jacobian = [Double](repeating: 0, count: size * size)
    for r in 0..<k {
      for c in 0..<k { jacobian[r * size + c] = inner[r * k + c] }
    }
    for r in k..<size { jacobian[r * size + r] = 1 }
    for r in k..<k + logarithms { jacobian[r * size + r] = Double.exp(parameters[r]) }
    var gradient = [Double](repeating: 0, count: size)
    for c in 0..<size {
      for r in 0..<size { gradient[c] += derivatives.gradient[r] * jacobian[r * size + c] }
    }
    let right = SymmetricMatrix.product(derivatives.hessian, jacobian, size)
    var hessian = [Double](repeating: 0, count: size * size)
    for a in 0..<size {
      for b in 0..<size {
        for r in 0..<size { hessian[a * size + b] += jacobian[r * size + a] * right[r * size + b] }
      }
    }
    let bend = layout.curvature(Array(derivatives.gradient.prefix(k)))
    for a in 0..<k {
      for b in 0..<k { hessian[a * size + b] += bend[a * k + b] }
    }
    for r in k..<k + logarithms {
      hessian[r * size + r] += derivatives.gradient[r] * Double.exp(parameters[r])
    }
    return SafeguardedNewton.Derivatives(gradient: gradient, hessian: hessian)
  }
}
