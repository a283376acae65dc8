import RealModule

/// -2 ln of the restricted likelihood of counts: fixed and random effects are integrated out together.
///
/// Laplace's approximation about the joint mode of both, the fixed effects with a flat prior (Bellio and Brazzale
/// 2011, Stat Comput 21; glmmTMB's `REML = TRUE`). What is left are the variances alone, which are then no longer
/// too small by what the fixed effects took.
final class RestrictedCountLikelihood {
  private let design: MixedModelDesign
  private let counts: [Double]
  private let hasSize: Bool
  private let constant: Double
  /// The last mode, where the next search starts: fixed effects in the orthonormal basis, random effects.
  private var beta: [Double]
  private var modes: [Double]
  private var patients: Int { design.starts.count - 1 }

  /// What one vector of variances gives.
  struct Evaluation {
    let value: Double
    /// The fixed effects in the orthonormal basis.
    let beta: [Double]
    /// Means of the rows, random effects included.
    let means: [Double]
  }

  /// One Newton step from a point, with what the criterion needs there.
  private struct Step {
    var beta: [Double]
    var modes: [Double]
    var decrement: Double
    var logDeterminant: Double
    var means: [Double]
  }

  /// - Parameter beta: fixed effects in the orthonormal basis to start from.
  init(_ likelihood: CountLikelihood, beta: [Double]) {
    design = likelihood.design
    counts = likelihood.counts
    hasSize = likelihood.hasSize
    self.beta = beta
    modes = [Double](repeating: 0, count: (design.starts.count - 1) * design.q)
    let triangle = design.triangle
    let p = design.p
    constant =
      2 * counts.reduce(0) { $0 + Double.logGamma($1 + 1) }
      + (0..<p).reduce(0) { $0 + 2 * Double.log(abs(triangle[$1 * p + $1])) }
      - Double(p) * Double.log(2 * Double.pi)
  }

  /// Nil where the parameters (factors of the random effects, root of 1 / size) are beyond the arithmetic.
  func evaluate(_ parameters: [Double]) -> Evaluation? {
    let q = design.q
    let lambda = design.layout.lambda(Array(parameters.prefix(design.layout.count)))
    let root = hasSize ? parameters[parameters.count - 1] : 0
    let alpha = root * root
    var random = [Double](repeating: 0, count: design.n * q)
    for i in 0..<design.n {
      for b in 0..<q {
        for a in b..<q { random[i * q + b] += design.random[i * q + a] * lambda[a * q + b] }
      }
    }
    let rising = CountLikelihood.risingSums(alpha, counts)
    var current = joint(beta, modes, random, alpha: alpha, rising: rising)
    guard current.isFinite else { return nil }
    for _ in 0..<100 {
      guard let step = step(random, alpha: alpha) else { return nil }
      var share = step.decrement < 1e-20 ? 0 : 1.0
      while share > 1e-12 {
        let nextBeta = zip(beta, step.beta).map { $0 + share * $1 }
        let nextModes = zip(modes, step.modes).map { $0 + share * $1 }
        let next = joint(nextBeta, nextModes, random, alpha: alpha, rising: rising)
        // Close to the mode the gain is below rounding, and the full step is right.
        if next >= current + 1e-4 * share * step.decrement || step.decrement < 1e-9 {
          (beta, modes, current) = (nextBeta, nextModes, next)
          break
        }
        share *= 0.5
      }
      if share <= 1e-12 {
        let value = constant - 2 * current + step.logDeterminant
        return value.isFinite ? Evaluation(value: value, beta: beta, means: step.means) : nil
      }
    }
    return nil
  }

  /// ln f(y | b, z) - |z|^2 / 2, without ln y!.
  private func joint(
    _ beta: [Double], _ z: [Double], _ random: [Double], alpha: Double, rising: [Double]
  ) -> Double {
    let (p, q) = (design.p, design.q)
    var sum = 0.0
    for x in z { sum -= 0.5 * x * x }
    for patient in 0..<patients {
      for i in design.starts[patient]..<design.starts[patient + 1] {
        var eta = 0.0
        for k in 0..<p { eta += design.orthonormal[i * p + k] * beta[k] }
        for k in 0..<q { eta += random[i * q + k] * z[patient * q + k] }
        sum += CountLikelihood.logDensity(counts[i], eta: eta, alpha: alpha, rising: rising)
      }
    }
    return sum
  }

  /// Newton's step for all effects, those of the patients eliminated one patient after the other.
  private func step(_ random: [Double], alpha: Double) -> Step? {
    let (p, q) = (design.p, design.q)
    var result = Step(
      beta: [], modes: [Double](repeating: 0, count: patients * q), decrement: 0,
      logDeterminant: 0, means: [Double](repeating: 0, count: design.n))
    var schur = [Double](repeating: 0, count: p * p)
    var right = [Double](repeating: 0, count: p)
    // H^-1 B of every patient, and H^-1 g.
    var halves = [Double](repeating: 0, count: patients * q * p)
    var x = [Double](repeating: 0, count: p + q)
    for patient in 0..<patients {
      var h = [Double](repeating: 0, count: q * q)
      var b = [Double](repeating: 0, count: q * p)
      var g = (0..<q).map { -modes[patient * q + $0] }
      for k in 0..<q { h[k * q + k] = 1 }
      for i in design.starts[patient]..<design.starts[patient + 1] {
        var eta = 0.0
        for k in 0..<p {
          x[k] = design.orthonormal[i * p + k]
          eta += x[k] * beta[k]
        }
        for k in 0..<q {
          x[p + k] = random[i * q + k]
          eta += x[p + k] * modes[patient * q + k]
        }
        let mean = Double.exp(eta)
        result.means[i] = mean
        let scale = 1 + alpha * mean
        let slope = (counts[i] - mean) / scale
        let weight = (1 + alpha * counts[i]) * mean / (scale * scale)
        for a in 0..<q {
          g[a] += slope * x[p + a]
          for c in 0..<q { h[a * q + c] += weight * x[p + a] * x[p + c] }
          for c in 0..<p { b[a * p + c] += weight * x[p + a] * x[c] }
        }
        for a in 0..<p {
          right[a] += slope * x[a]
          for c in 0..<p { schur[a * p + c] += weight * x[a] * x[c] }
        }
      }
      guard let lower = SymmetricMatrix.cholesky(h, q) else { return nil }
      for k in 0..<q { result.logDeterminant += 2 * Double.log(lower[k * q + k]) }
      let own = SymmetricMatrix.solve(factor: lower, q, g)
      for k in 0..<q {
        result.modes[patient * q + k] = own[k]
        result.decrement += own[k] * g[k]
      }
      for c in 0..<p {
        let column = SymmetricMatrix.solve(factor: lower, q, (0..<q).map { b[$0 * p + c] })
        for k in 0..<q {
          halves[(patient * q + k) * p + c] = column[k]
          right[c] -= column[k] * g[k]
          for a in 0..<p { schur[a * p + c] -= b[k * p + a] * column[k] }
        }
      }
    }
    guard let lower = SymmetricMatrix.cholesky(schur, p) else { return nil }
    for k in 0..<p { result.logDeterminant += 2 * Double.log(lower[k * p + k]) }
    result.beta = SymmetricMatrix.solve(factor: lower, p, right)
    for k in 0..<p { result.decrement += result.beta[k] * right[k] }
    for place in result.modes.indices {
      for c in 0..<p { result.modes[place] -= halves[place * p + c] * result.beta[c] }
    }
    return result
  }
}
