import Testing

@testable import Progression

/// Correlated residuals and variance functions against nlme 3.1-162 (Scripts/references/trial.R).
@Suite struct ResidualModelTests {
  private func expect(
    _ fit: ResidualModel.Fit, criterion: Double, sigma: Double, effects: [Double], errors: [Double]
  ) {
    #expect(agree(fit.marginal.criterion, criterion, relative: 0, absolute: 2e-6))
    #expect(agree(fit.sigma, sigma, relative: 1e-4))
    for k in 0..<3 {
      #expect(agree(fit.marginal.coefficients[k], effects[k], relative: 1e-4))
      #expect(agree(fit.marginal.covariance[k][k].squareRoot(), errors[k], relative: 2e-4))
    }
  }

  @Test func continuousAutoregressionAsInNLME() throws {
    let fit = try ResidualModel(MixedModel()).fit(ReferenceTrial.correlated())
    expect(
      fit, criterion: -45.78395843723683, sigma: 0.163826506697,
      effects: [3.97904773257447, -0.05331555135307, 0.03131379290662],
      errors: [0.09523360315639, 0.01169789896336, 0.01478797982223])
    #expect(agree(try #require(fit.phi), 0.46579, relative: 1e-3))
  }

  @Test func groupVariancesAsInNLME() throws {
    let table = try ReferenceTrial.correlated()
    let groups = ResidualModel.Variance.groups(covariate: "group")
    let fit = try ResidualModel(MixedModel(), hasCorrelation: false, variance: groups).fit(table)
    expect(
      fit, criterion: -51.7173026180605, sigma: 0.11321694730655,
      effects: [3.97969735959482, -0.05416306264424, 0.03157733386269],
      errors: [0.09491793165505, 0.00931706644532, 0.01187996708988])
    #expect(agree(fit.ratios[0], 1.687312, relative: 1e-4) && fit.phi == nil)
    let both = try ResidualModel(MixedModel(), variance: groups).fit(table)
    // nlme stops 7e-5 above the optimum.
    #expect(both.marginal.criterion < -59.94882207191978)
    #expect(agree(both.marginal.criterion, -59.94882207, relative: 0, absolute: 1e-4))
    #expect(agree(both.sigma, 0.1332800864089, relative: 1e-3))
    #expect(agree(both.marginal.coefficients[2], 0.02951071806452, relative: 1e-3))
    #expect(agree(both.marginal.covariance[2][2].squareRoot(), 0.01269367897939, relative: 1e-3))
    #expect(agree(try #require(both.phi), 0.500549, relative: 2e-3))
  }

  /// Bias-reduced sandwich errors against clubSandwich 0.5.8 (CR2, Satterthwaite).
  @Test func robustErrorsAsInClubSandwich() throws {
    let table = try ReferenceTrial.correlated()
    let fit = try ResidualModel(MixedModel(randomEffects: .m1)).fit(table).marginal
    let references = [
      (0.0957457696018, 18.99958284), (0.0119331927178, 17.54853124),
      (0.0151531629733, 16.28894256),
    ]
    for (k, (error, df)) in references.enumerated() {
      let robust = try fit.robustEstimate((0..<3).map { $0 == k ? 1 : 0 })
      #expect(agree(robust.standardError, error, relative: 2e-4))
      #expect(agree(robust.degreesOfFreedom, df, relative: 2e-3))
    }
  }

  /// Without correlation it is the mixed model, with the same Kenward-Roger inference.
  @Test func plainModelIsTheMixedModel() throws {
    let table = try ReferenceTrial.correlated()
    let plain = try MixedModel().fit(table)
    let fit = try ResidualModel(MixedModel(), hasCorrelation: false).fit(table)
    #expect(agree(fit.marginal.criterion, plain.criterion, relative: 1e-9))
    let exact = try plain.kenwardRoger().effects[2].estimate
    let own = fit.marginal.estimate([0, 0, 1])
    #expect(agree(own.value, exact.value, relative: 1e-6))
    #expect(agree(own.standardError, exact.standardError, relative: 1e-5))
    #expect(agree(own.degreesOfFreedom, exact.degreesOfFreedom, relative: 1e-3))
  }

  /// Independent errors: the correlation ends on its boundary or is not chosen, and nothing is undefined.
  @Test func independentErrorsKeepThePlainModel() throws {
    var cohort = CohortSimulation(patients: 24)
    var chosen = 0
    var moved = 0
    for (seed, correlation) in [(1, 0.0), (2, 0), (3, 0), (4, 0), (5, 0.6), (6, 0.6)] {
      cohort.residualCorrelation = correlation
      var generator = TestGenerator(UInt64(seed))
      let table = cohort.table(using: &generator)
      let found = try ResidualComparison(table, plain: MixedModel().fit(table))
      for line in found.lines {
        let estimate = try #require(line.estimate)
        #expect(estimate.p.isFinite && estimate.standardError > 0)
        #expect(try #require(line.robust).standardError > 0)
      }
      if correlation > 0 { moved += found.chosen } else { chosen += found.chosen }
    }
    // Random slopes of 24 patients can take up a correlation, so that not every cohort shows it.
    #expect(chosen <= 2 && moved >= 1)
  }

  @Test func derivativesAreThoseOfTheCriterion() throws {
    let table = try ReferenceTrial.correlated()
    let fit = try ResidualModel(MixedModel(), variance: .groups(covariate: "group")).fit(table)
    let plain = try MixedModel().fit(table)
    let design = plain.design
    let blocks = design.starts.indices.dropLast().map { patient in
      let rows = design.starts[patient]..<design.starts[patient + 1]
      return ResidualCovariance.Block(
        random: Array(design.random[rows.lowerBound * 3..<rows.upperBound * 3]),
        times: Array(design.times[rows]),
        levels: rows.map { table.rows[design.order[$0]].covariates["group"] ?? 0 },
        muscles: rows.map { _ in 0 })
    }
    let structure = ResidualCovariance(
      layout: design.layout, blocks: blocks, hasCorrelation: true, gap: 1.3, groups: 1,
      hasPower: false)
    let objective = MarginalCriterion(fit.marginal.design, structure)
    let parameters = [0.4, -0.02, 0.1, 0.05, -3.9, -0.6, 0.4]
    let at = try #require(objective.evaluate(structure.components(parameters), order: 2))
    let sums = objective.sums(at)
    let exact = structure.chain(
      parameters, SafeguardedNewton.Derivatives(gradient: sums.gradient, hessian: sums.hessian))
    let numeric = try #require(
      NumericalDerivatives.central(parameters, step: [Double](repeating: 1e-4, count: 7)) {
        objective.evaluate(structure.components($0))?.value
      })
    for k in 0..<7 {
      #expect(agree(exact.gradient[k], numeric.gradient[k], relative: 1e-5, absolute: 1e-4))
      for l in 0..<7 {
        #expect(
          agree(
            exact.hessian[k * 7 + l], numeric.hessian[k * 7 + l], relative: 1e-3, absolute: 0.02))
      }
    }
  }

  @Test func unusableRequestsAreRefused() throws {
    let table = try ReferenceTrial.correlated()
    #expect(throws: ProgressionError.self) {
      try ResidualModel(MixedModel(), variance: .groups(covariate: "none")).fit(table)
    }
    let twice = try LongitudinalTable(table.rows + [table.rows[0]])
    #expect(throws: ProgressionError.self) { try ResidualModel(MixedModel()).fit(twice) }
    var full = MixedModel()
    full.criterion = .full
    #expect(throws: ProgressionError.self) { try ResidualModel(full).fit(table) }
  }
}
