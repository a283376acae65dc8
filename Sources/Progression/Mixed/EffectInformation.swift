/// How well the visits of one patient determine each of its random effects.
///
/// For effect k the mean over patients of z_k' V_k^-1 z_k, with V_k the variance of a patient's values
/// in units of the residual variance when effect k is left out. Its reciprocal is the sampling variance
/// that a patient's own effect is shrunk with, the natural unit of the effect's variance.
struct EffectInformation {
  /// One value for each of the q columns of a patient, in the scaled columns of the optimiser.
  let values: [Double]

  /// Patients beyond which a mean over more says nothing new.
  private static let sample = 200

  init(_ fit: MixedModelFit) {
    let design = fit.design
    let q = design.q
    let objective = fit.objective
    let lambda = objective.lambda(fit.parameters)
    // In absolute parameters the residual is s^2, not one.
    let unit = objective.isProfiled ? 1 : max(fit.sigma * fit.sigma, fit.meanSquaredError)
    var d = [Double](repeating: 0, count: q * q)
    for i in 0..<q {
      for j in 0..<q {
        for k in 0..<q { d[i * q + j] += lambda[i * q + k] * lambda[j * q + k] / unit }
      }
    }
    var sums = [Double](repeating: 0, count: q)
    var counts = sums
    let step = max(1, design.subjects.count / Self.sample)
    for subject in stride(from: 0, to: design.subjects.count, by: step) {
      var s = [Double](repeating: 0, count: q * q)
      for row in design.starts[subject]..<design.starts[subject + 1] {
        for i in 0..<q {
          for j in 0..<q { s[i * q + j] += design.random[row * q + i] * design.random[row * q + j] }
        }
      }
      for k in 0..<q where s[k * q + k] > 0 {
        let information = Self.information(s, d, q, without: k)
        guard information > 0 else { continue }
        sums[k] += information
        counts[k] += 1
      }
    }
    values = zip(sums, counts).map { $1 > 0 ? $0 / $1 : 0 }
  }

  /// s_kk - s_k' D_k (I + S D_k)^-1 s_k, with D_k the covariance without row and column k.
  private static func information(_ s: [Double], _ d: [Double], _ q: Int, without k: Int) -> Double
  {
    var rest = d
    for i in 0..<q {
      rest[i * q + k] = 0
      rest[k * q + i] = 0
    }
    // Solve (I + S D) x = s_k by elimination with pivots.
    let width = q + 1
    var a = [Double](repeating: 0, count: q * width)
    for i in 0..<q {
      for j in 0..<q {
        var sum = i == j ? 1.0 : 0
        for r in 0..<q { sum += s[i * q + r] * rest[r * q + j] }
        a[i * width + j] = sum
      }
      a[i * width + q] = s[i * q + k]
    }
    for column in 0..<q {
      var pivot = column
      for row in column..<q where abs(a[row * width + column]) > abs(a[pivot * width + column]) {
        pivot = row
      }
      guard a[pivot * width + column] != 0 else { return 0 }
      if pivot != column {
        for j in 0..<width { a.swapAt(pivot * width + j, column * width + j) }
      }
      for row in column + 1..<max(q, column + 1) {
        let factor = a[row * width + column] / a[column * width + column]
        if factor == 0 { continue }
        for j in column..<width { a[row * width + j] -= factor * a[column * width + j] }
      }
    }
    var x = [Double](repeating: 0, count: q)
    for row in (0..<q).reversed() {
      var sum = a[row * width + q]
      for j in row + 1..<max(q, row + 1) { sum -= a[row * width + j] * x[j] }
      x[row] = sum / a[row * width + row]
    }
    var result = s[k * q + k]
    for i in 0..<q {
      for j in 0..<q { result -= s[k * q + i] * rest[i * q + j] * x[j] }
    }
    return result
  }
}

extension MixedModelFit {
  /// The mean square of the known standard errors; zero without them.
  var meanSquaredError: Double {
    guard let errors = design.standardErrors else { return 0 }
    return errors.reduce(0) { $0 + $1 * $1 } / Double(max(1, errors.count))
  }
}
