/// Draws new values for the rows of a fitted cohort from its own estimates.
struct FittedSimulation {
  private let fit: MixedModelFit
  private let lambda: [Double]

  init(_ fit: MixedModelFit) throws {
    guard fit.design.hasTherapy else {
      throw ProgressionError.notEstimable(
        effect: "the chance responder rate", reason: "no row has a therapy time")
    }
    self.fit = fit
    lambda = fit.objective.lambda(fit.parameters)
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
    let root = fit.scale.squareRoot()
    var beta = fit.coefficients
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
      let z = (0..<q).map { _ in generator.nextNormal() }
      let u = (0..<q).map { i in (0...i).reduce(0.0) { $0 + lambda[i * q + $1] * z[$1] } }
      for row in design.starts[subject]..<design.starts[subject + 1] {
        var value = root * (variances?[row] ?? 1).squareRoot() * generator.nextNormal()
        for k in 0..<p { value += design.orthonormal[row * p + k] * rotated[k] }
        for i in 0..<q { value += root * design.random[row * q + i] * u[i] }
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
