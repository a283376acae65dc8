/// Draws new values for the rows of a fitted cohort from its own estimates.
struct FittedSimulation {
  private let fit: MixedModelFit
  private let lambda: [Double]
  /// Roots of the covariance of each patient's rows; nil where random effects and residuals are drawn.
  private let roots: [[Double]]?
  private let coefficients: [Double]

  /// - Parameter residual: a fit of the same rows whose effects and covariance are taken instead.
  /// - Throws: `ProgressionError` without therapy times, or where a covariance has no root.
  init(_ fit: MixedModelFit, residual: ResidualModel.Fit? = nil) throws {
    guard fit.design.hasTherapy else {
      throw ProgressionError.notEstimable(
        effect: "the chance responder rate", reason: "no row has a therapy time")
    }
    self.fit = fit
    lambda = fit.objective.lambda(fit.parameters)
    coefficients = residual?.marginal.coefficients ?? fit.coefficients
    roots = try residual.map { residual in
      try fit.design.subjects.indices.map { subject in
        let components = residual.marginal.components
        let size = fit.design.starts[subject + 1] - fit.design.starts[subject]
        guard
          let v = residual.structure.matrices(pattern: subject, components, order: 0)?.v,
          let root = SymmetricMatrix.cholesky(v, size)
        else {
          throw ProgressionError.notEstimable(
            effect: "the chance responder rate", reason: "the residual covariance has no root")
        }
        return root
      }
    }
  }

  /// A table with the same visits.
  ///
  /// `withoutChange` sets every mean effect of the time after therapy to zero; slopes of patients keep
  /// varying as fitted, as they do without any therapy.
  func table(
    withoutChange: Bool, using generator: inout some RandomNumberGenerator
  ) -> LongitudinalTable {
    let design = fit.design
    let (q, p) = (design.q, design.p)
    let variances = MixedModelCriterion.variances(design, residualSD: fit.sigma)
    let scale = fit.scale.squareRoot()
    var beta = coefficients
    if withoutChange {
      for k in 0..<p where fit.effectNames[k].hasPrefix("post") || fit.effectNames[k] == "step" {
        beta[k] = 0
      }
    }
    let rotated = (0..<p).map { i in
      (i..<p).reduce(0.0) { $0 + design.triangle[i * p + $1] * beta[$1] }
    }
    let muscleCount = design.muscles.count
    let stride = fit.model.muscleSlopes ? 2 : 1
    let shared = q - stride * muscleCount
    var rows: [LongitudinalTable.Row] = []
    rows.reserveCapacity(design.n)
    for subject in design.subjects.indices {
      let own = design.starts[subject]..<design.starts[subject + 1]
      let size = own.count
      var deviations = [Double](repeating: 0, count: size)
      if let root = roots?[subject] {
        let z = (0..<size).map { _ in generator.nextNormal() }
        for i in 0..<size {
          for j in 0...i { deviations[i] += root[i * size + j] * z[j] }
        }
      } else {
        let z = (0..<q).map { _ in generator.nextNormal() }
        let u = (0..<q).map { i in (0...i).reduce(0.0) { $0 + lambda[i * q + $1] * z[$1] } }
        for (place, row) in own.enumerated() {
          deviations[place] = scale * (variances?[row] ?? 1).squareRoot() * generator.nextNormal()
          for i in 0..<q { deviations[place] += scale * design.random[row * q + i] * u[i] }
        }
      }
      for (place, row) in own.enumerated() {
        var value = deviations[place]
        for k in 0..<p { value += design.orthonormal[row * p + k] * rotated[k] }
        let muscle = (0..<muscleCount).first { design.random[row * q + shared + stride * $0] != 0 }
        rows.append(
          LongitudinalTable.Row(
            subject: design.subjects[subject], time: design.times[row], value: value,
            therapyTime: design.therapy[subject],
            muscle: muscle.map { design.muscles[$0] }))
      }
    }
    return LongitudinalTable(checked: rows)
  }
}
