/// Residuals of a mixed model, their normality and each patient's influence.
public struct ResidualDiagnostics: Sendable, Codable, Equatable {
  /// One row's residual.
  public struct Row: Sendable, Codable, Equatable {
    /// The row of the table, counted from 1.
    public let row: Int
    /// The subject.
    public let subject: String
    /// Value less fixed and predicted random effects.
    public let residual: Double
    /// The residual divided by its own standard deviation.
    public let standardised: Double
    /// Value predicted with the random effects.
    public let fitted: Double
  }

  /// What leaving one patient out does to the fixed effects, with the variances kept.
  public struct Influence: Sendable, Codable, Equatable {
    /// The subject.
    public let subject: String
    /// Change of each fixed effect without this subject.
    public let changes: [Double]
    /// Those changes in standard errors.
    public let standardisedChanges: [Double]
  }

  /// Every row, in the order of the table.
  public let rows: [Row]
  /// Skewness of the standardised residuals.
  public let skewness: Double
  /// Kurtosis of the standardised residuals less 3.
  public let excessKurtosis: Double
  /// Jarque-Bera p value of normality (Jarque and Bera 1980); a guide only in small tables.
  public let normalityP: Double
  /// Rows whose residual is beyond the two-sided 5 % point of the largest of all rows.
  public let outliers: [Row]
  /// Each subject's influence; a subject without whom an effect is not estimable is left out.
  public let influence: [Influence]
}

extension MixedModelFit {
  /// Residuals, normality and influence.
  ///
  /// The residual of a row has the variance of R P R (Haslett and Dillane 2004), so that rows of
  /// patients with few visits are not taken for well-fitted.
  public func residualDiagnostics() -> ResidualDiagnostics {
    let effects = subjectEffects()
    let variances = MixedModelCriterion.variances(design, residualSD: sigma)
    let (q, p) = (design.q, design.p)
    let phi = evaluation.covariance
    let inverse = MixedModelFit.inverseTriangle(design)
    let errors = (0..<p).map { covariance[$0][$0].squareRoot() }
    var rows = [ResidualDiagnostics.Row?](repeating: nil, count: design.n)
    var influence: [ResidualDiagnostics.Influence] = []
    let precision = SymmetricMatrix.cholesky(phi, p, tolerance: 0).map {
      SymmetricMatrix.inverse(factor: $0, p)
    }
    for subject in subjects.indices {
      var crossX = [Double](repeating: 0, count: p * p)
      var crossE = [Double](repeating: 0, count: p)
      for row in design.starts[subject]..<design.starts[subject + 1] {
        let r = variances?[row] ?? 1
        let z = Array(design.random[row * q..<(row + 1) * q])
        let x = Array(design.orthonormal[row * p..<(row + 1) * p])
        var marginal = design.residual[row]
        for k in 0..<p { marginal -= x[k] * evaluation.beta[k] }
        var residual = marginal
        var zmz = 0.0
        var reduced = x
        for i in 0..<q where z[i] != 0 {
          residual -= z[i] * effects.modes[subject * q + i]
          for j in 0..<q { zmz += z[i] * effects.conditional[(subject * q + i) * q + j] * z[j] }
          for k in 0..<p { reduced[k] -= z[i] * effects.projection[(subject * q + i) * p + k] }
        }
        let variance = scale * (r - zmz - SymmetricMatrix.form(phi, p, reduced, reduced))
        let place = design.order[row]
        let fitted = fixedPart(ofSorted: row) + marginal - residual
        rows[place] = ResidualDiagnostics.Row(
          row: place + 1, subject: subjects[subject], residual: residual,
          standardised: variance > 0 ? residual / variance.squareRoot() : 0, fitted: fitted)
        for k in 0..<p {
          crossE[k] += reduced[k] / r * marginal
          for l in 0..<p { crossX[k * p + l] += reduced[k] / r * x[l] }
        }
      }
      guard let precision else { continue }
      var rest = precision
      for k in 0..<p {
        for l in 0..<p {
          rest[k * p + l] -= 0.5 * (crossX[k * p + l] + crossX[l * p + k])
        }
      }
      guard let factor = SymmetricMatrix.cholesky(rest, p, tolerance: 1e-10) else { continue }
      let shift = SymmetricMatrix.solve(factor: factor, p, crossE)
      let changes = (0..<p).map { i in
        -(0..<p).reduce(0.0) { $0 + inverse[i * p + $1] * shift[$1] }
      }
      influence.append(
        ResidualDiagnostics.Influence(
          subject: subjects[subject], changes: changes,
          standardisedChanges: zip(changes, errors).map { $0 / $1 }))
    }
    return summary(rows.compactMap { $0 }, influence)
  }

  /// The fixed part of one sorted row.
  func fixedPart(ofSorted row: Int) -> Double {
    let p = design.p
    var sum = 0.0
    for k in 0..<p {
      var coefficient = evaluation.beta[k]
      for l in k..<p { coefficient += design.triangle[k * p + l] * design.olsCoefficients[l] }
      sum += design.orthonormal[row * p + k] * coefficient
    }
    return sum
  }

  private func summary(
    _ rows: [ResidualDiagnostics.Row], _ influence: [ResidualDiagnostics.Influence]
  ) -> ResidualDiagnostics {
    let n = Double(rows.count)
    let values = rows.map(\.standardised)
    let mean = values.reduce(0, +) / n
    var moments = (second: 0.0, third: 0.0, fourth: 0.0)
    for value in values {
      let d = value - mean
      moments.second += d * d / n
      moments.third += d * d * d / n
      moments.fourth += d * d * d * d / n
    }
    let spread = max(moments.second, 1e-300)
    let skewness = moments.third / (spread * spread.squareRoot())
    let kurtosis = moments.fourth / (spread * spread) - 3
    let statistic = n / 6 * (skewness * skewness + kurtosis * kurtosis / 4)
    let limit = NormalDistribution.quantile(1 - 0.025 / n)
    return ResidualDiagnostics(
      rows: rows, skewness: skewness, excessKurtosis: kurtosis,
      normalityP: ChiSquared.upperTail(statistic, degreesOfFreedom: 2),
      outliers: rows.filter { abs($0.standardised) > limit }, influence: influence)
  }
}
