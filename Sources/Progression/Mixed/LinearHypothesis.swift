/// An F test that several linear combinations of fixed effects are zero.
public struct LinearHypothesis: Sendable, Codable, Equatable {
  /// The (scaled) F statistic.
  public let f: Double
  /// Numerator degrees of freedom.
  public let numerator: Double
  /// Denominator degrees of freedom.
  public let denominator: Double
  /// The p value.
  public let p: Double

  /// Scales a Wald statistic by the moments of Kenward and Roger 1997, section 3.
  init(wald: Double, numerator q: Int, a1: Double, a2: Double) {
    let l = Double(q)
    let b = (a1 + 6 * a2) / (2 * l)
    let g = ((l + 1) * a1 - (l + 4) * a2) / ((l + 2) * a2)
    let d = 3 * l + 2 * (1 - g)
    let c1 = g / d
    let c2 = (l - g) / d
    let c3 = (l + 2 - g) / d
    let mean = 1 / (1 - a2 / l)
    let variance = 2 / l * (1 + c1 * b) / ((1 - c2 * b) * (1 - c2 * b) * (1 - c3 * b))
    let rho = variance / (2 * mean * mean)
    let m = 4 + (l + 2) / (l * rho - 1)
    let scale = m / (mean * (m - 2))
    f = scale * wald
    numerator = l
    denominator = m
    p = FDistribution.upperTail(scale * wald, numerator: l, denominator: m)
  }
}

extension LinearHypothesis {
  /// Wald's F test that several values are zero.
  ///
  /// - Throws: `ProgressionError.notEstimable` where the values depend on one another.
  init(wald values: [Double], covariance: [Double], degreesOfFreedom: Double) throws {
    let q = values.count
    guard q > 0, let factor = SymmetricMatrix.cholesky(covariance, q, tolerance: 1e-10) else {
      throw Self.dependent
    }
    let solved = SymmetricMatrix.solve(factor: factor, q, values)
    f = zip(values, solved).reduce(0) { $0 + $1.0 * $1.1 } / Double(q)
    numerator = Double(q)
    denominator = degreesOfFreedom
    p = FDistribution.upperTail(f, numerator: numerator, denominator: denominator)
  }

  private static let dependent = ProgressionError.notEstimable(
    effect: "the joint test", reason: "its combinations depend on one another")

  /// The scaled F test of Kenward and Roger 1997 that several linear combinations are zero.
  ///
  /// - Parameters:
  ///   - rows: the contrasts in the orthonormal basis.
  ///   - covariance: the corrected covariance of the coefficients.
  ///   - phi: the plain covariance in the orthonormal basis.
  ///   - products: Phi P_r Phi of every component of the variance.
  ///   - weights: the inverse information of the components, row by row.
  init(
    _ contrasts: [[Double]], rows: [[Double]], coefficients: [Double], covariance: [[Double]],
    phi: [Double], products: [[Double]], weights: [Double]
  ) throws {
    let p = coefficients.count
    let count = products.count
    let q = rows.count
    var plain = [Double](repeating: 0, count: q * q)
    var adjusted = plain
    for i in 0..<q {
      for j in 0..<q {
        plain[i * q + j] = SymmetricMatrix.form(phi, p, rows[i], rows[j])
        for a in 0..<p {
          for b in 0..<p {
            adjusted[i * q + j] += contrasts[i][a] * covariance[a][b] * contrasts[j][b]
          }
        }
      }
    }
    guard q > 0, let plainFactor = SymmetricMatrix.cholesky(plain, q, tolerance: 1e-10),
      let factor = SymmetricMatrix.cholesky(adjusted, q, tolerance: 1e-10)
    else {
      throw Self.dependent
    }
    let plainInverse = SymmetricMatrix.inverse(factor: plainFactor, q)
    // (L Phi L')^-1 L Phi P_r Phi L' of every component; traces of these and of their products.
    let maps = products.map { product -> [Double] in
      var inner = [Double](repeating: 0, count: q * q)
      for i in 0..<q {
        for j in 0..<q { inner[i * q + j] = SymmetricMatrix.form(product, p, rows[i], rows[j]) }
      }
      return SymmetricMatrix.product(plainInverse, inner, q)
    }
    var a1 = 0.0
    var a2 = 0.0
    for r in 0..<count {
      for s in 0..<count {
        var traceR = 0.0
        var traceS = 0.0
        var both = 0.0
        for i in 0..<q {
          traceR += maps[r][i * q + i]
          traceS += maps[s][i * q + i]
          for j in 0..<q { both += maps[r][i * q + j] * maps[s][j * q + i] }
        }
        a1 += weights[r * count + s] * traceR * traceS
        a2 += weights[r * count + s] * both
      }
    }
    let estimates = contrasts.map { zip($0, coefficients).reduce(0) { $0 + $1.0 * $1.1 } }
    let solved = SymmetricMatrix.solve(factor: factor, q, estimates)
    let wald = zip(estimates, solved).reduce(0) { $0 + $1.0 * $1.1 } / Double(q)
    self.init(wald: wald, numerator: q, a1: a1, a2: a2)
  }
}
