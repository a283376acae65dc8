import Testing

@testable import Progression

/// Counts against lme4's glmer and glmmTMB (Scripts/references/trial.R).
@Suite struct CountModelTests {
  private func model(_ effects: MixedModel.RandomEffects) -> MixedModel {
    MixedModel(randomEffects: effects)
  }

  private func expect(
    _ fit: CountFit, deviance: Double, effects: [Double], errors: [Double], sds: [Double] = [],
    tolerance: Double = 2e-4
  ) {
    #expect(agree(fit.deviance, deviance, relative: 0, absolute: 2e-6))
    for k in effects.indices {
      #expect(agree(fit.coefficients[k], effects[k], relative: tolerance, absolute: 1e-6))
      #expect(agree(fit.covariance[k][k].squareRoot(), errors[k], relative: 1e-3))
    }
    for (own, reference) in zip(fit.randomSDs, sds) {
      #expect(agree(own, reference, relative: 1e-4))
    }
  }

  @Test func poissonAsInLME4() throws {
    let fit = try CountModel(model(.m1)).fit(ReferenceTrial.counts())
    // glmer stops 1.5e-4 above the optimum, so that effects agree to 5e-3 of an error.
    #expect(fit.deviance < 823.512289212714)
    #expect(agree(fit.deviance, 823.512289212714, relative: 0, absolute: 2e-4))
    let errors = [0.089302962718690, 0.033538034395876, 0.057614053125691]
    let effects = [2.007250632953793, -0.052962609026445, 0.001684224475628]
    for k in 0..<3 {
      #expect(agree(fit.coefficients[k], effects[k], relative: 0, absolute: 5e-3 * errors[k]))
      #expect(agree(fit.covariance[k][k].squareRoot(), errors[k], relative: 7e-3))
    }
    // theta of lme4: SD .308433 of the intercepts, row (-.005270, .053633) of the slopes.
    #expect(agree(fit.randomSDs[0], 0.308433476449796, relative: 2e-3))
    #expect(agree(fit.randomSDs[1], 0.0538914974, relative: 2e-3))
    #expect(fit.size == nil && fit.names == ["(Intercept)", "t", "post"])
  }

  @Test func negativeBinomialAsInGLMMTMB() throws {
    let table = try ReferenceTrial.counts(scatter: 0.5)
    let fit = try CountModel(model(.m1), family: .negativeBinomial).fit(table)
    expect(
      fit, deviance: 916.600661694960877,
      effects: [1.763663513044146, -0.010959677067062, 0.011114548935322],
      errors: [0.137029465047284, 0.056198185047664, 0.100186862748826],
      // glmmTMB warns of its convergence; two of its fits of one model differ by 3e-4.
      tolerance: 1e-3)
    #expect(agree(try #require(fit.size), 3.892428428119317, relative: 1e-3))
    #expect(agree(fit.randomSDs[0], 0.377658967898975, relative: 1e-3))
    // A random change of slope adds nothing to it.
    let full = try CountModel(model(.m3), family: .negativeBinomial).fit(table)
    #expect(agree(full.deviance, 916.600661694, relative: 0, absolute: 3e-6))
    #expect(full.aic > fit.aic + 1.9)
  }

  /// Counts that do not scatter end at Poisson's model, whose size is infinite.
  @Test func sizeOfPoissonCountsIsInfinite() throws {
    let table = try ReferenceTrial.counts()
    let poisson = try CountModel(model(.m1)).fit(table)
    let negative = try CountModel(model(.m1), family: .negativeBinomial).fit(table)
    #expect(negative.size == .infinity)
    #expect(agree(negative.deviance, poisson.deviance, relative: 0, absolute: 1e-6))
  }

  /// One random effect: lme4's nAGQ = 25 moves intercept and SD by little, in the same direction.
  @Test func quadratureAsInLME4() throws {
    let table = try ReferenceTrial.counts()
    let laplace = try InterceptCounts(table, nodes: 1)
    // glmmTMB on the same counts, whose size goes to infinity; glmer stops 2e-5 above the optimum.
    #expect(agree(laplace.coefficients[0], 1.996632602592, relative: 1e-6))
    #expect(agree(laplace.sd, 0.3302919994494, relative: 1e-5))
    #expect(agree(laplace.coefficients[0], 1.99664564823332, relative: 1e-4))
    #expect(laplace.deviance < 827.7971800588831)
    #expect(agree(laplace.deviance, 827.7971800588831, relative: 0, absolute: 3e-5))
    let quadrature = try InterceptCounts(table, nodes: 25)
    #expect(agree(quadrature.coefficients[0], 1.99660437618021, relative: 1e-4))
    #expect(agree(quadrature.sd, 0.33060785701220, relative: 1e-4))
    #expect(quadrature.sd > laplace.sd)
  }

  @Test func sharedReferenceAsInLME4AndGLMMTMB() throws {
    let rows = try ReferenceData.csv("counts_ties_raw.csv", folder: "trials")
    let table = try LongitudinalTable(
      rows.map { row in
        LongitudinalTable.Row(
          subject: row["id"] ?? "", time: ReferenceData.number(row["t"]),
          value: ReferenceData.number(row["y"]), therapyTime: ReferenceData.number(row["T"]))
      })
    let poisson = try CountModel().fit(table)
    let expected = [
      (2.09136745, 0.08722467), (-0.11453589, 0.01783904), (0.04567606, 0.02401923),
    ]
    for (k, (value, error)) in expected.enumerated() {
      // lme4's own optimiser stops at 2e-3 of the gradient here.
      #expect(agree(poisson.coefficients[k], value, relative: 2e-3))
      #expect(agree(poisson.covariance[k][k].squareRoot(), error, relative: 2e-2))
    }
    let negative = try CountModel(model(.m1), family: .negativeBinomial).fit(table)
    let size = [(2.09432120, 0.08976535), (-0.11427337, 0.01985827), (0.04491256, 0.02652462)]
    for (k, (value, error)) in size.enumerated() {
      #expect(agree(negative.coefficients[k], value, relative: 2e-3))
      #expect(agree(negative.covariance[k][k].squareRoot(), error, relative: 1e-2))
    }
  }

  /// Restricted likelihood against glmmTMB's `REML = TRUE`, which stops with a warning in the same place.
  @Test func restrictedLikelihoodAsInGLMMTMB() throws {
    let table = try ReferenceTrial.counts(scatter: 0.5)
    let own = try CountModel(model(.m1), family: .negativeBinomial).fit(table).inference()
    #expect(agree(own.criterion, 927.658841827228, relative: 0, absolute: 2e-5))
    #expect(own.criterion < 927.658841827228 + 1e-7)
    let expected = [1.759482655328985, -0.011242333710594, 0.011342321953289]
    for (effect, value) in zip(own.effects, expected) {
      #expect(abs(effect.estimate.value - value) < 5e-3 * effect.estimate.standardError)
    }
    #expect(agree(try #require(own.size), 3.800800722561084, relative: 2e-3))
    #expect(agree(own.randomSDs[0], 0.388371683883258, relative: 2e-3))
    // Maximum likelihood takes the variation between patients smaller.
    let fit = try CountModel(model(.m1), family: .negativeBinomial).fit(table)
    #expect(fit.randomSDs[0] < own.randomSDs[0])
  }

  /// Many large counts: the linear mixed model of their logarithms with errors in proportion to 1 / sqrt(mu),
  /// whose factor 200 patients tell to 2 %.
  @Test func largeCountsAreNormal() throws {
    var random = TestGenerator(61)
    let courses = CohortSimulation(
      patients: 200, intercept: Double.log(5_000), slopeChange: 0.02, sdSlopeChange: 0,
      measurementSD: 0)
    let table = courses.table(using: &random).mapRows { row in
      var row = row
      let mean = Double.exp(row.value)
      row.value = (mean + mean.squareRoot() * random.nextNormal()).rounded()
      return row
    }
    let own = try CountModel(model(.m1)).fit(table).inference()
    let logarithms = try table.logTransformed().table.mapRows { row in
      var row = row
      row.standardError = Double.exp(-0.5 * row.value)
      return row
    }
    var known = model(.m1)
    known.measurementError = .weights
    let exact = try known.fit(logarithms).kenwardRoger().effects
    for (one, other) in zip(own.effects, exact) {
      #expect(abs(one.estimate.value - other.estimate.value) < 0.05 * other.estimate.standardError)
      #expect(agree(one.estimate.standardError, other.estimate.standardError, relative: 0.05))
    }
    #expect(own.effects[1].estimate.degreesOfFreedom > 150)
    #expect(own.effects[1].estimate.degreesOfFreedom < 250)
  }

  @Test func whatIsNoCountIsRefused() throws {
    let table = try ReferenceTrial.counts()
    for value in [2.5, -1, 1e9] {
      let wrong = table.mapRows { row in
        var row = row
        if row.subject == "2" && row.time == 1 { row.value = value }
        return row
      }
      #expect {
        try CountModel().fit(wrong)
      } throws: { error in
        "\(error)".contains("row 9") && "\(error)".contains("a count")
      }
    }
    #expect(throws: ProgressionError.self) { try CountModel(nodes: 99).fit(table) }
    let zeros = table.mapRows { row in
      var row = row
      row.value = 0
      return row
    }
    #expect(throws: ProgressionError.self) { try CountModel().fit(zeros) }
  }
}

/// A random intercept alone, which no model of trends offers, as one parameter of the same likelihood.
private struct InterceptCounts {
  let coefficients: [Double]
  let sd: Double
  let deviance: Double

  init(_ table: LongitudinalTable, nodes: Int) throws {
    let design = try MixedModelDesign(table, model: MixedModel(randomEffects: .m1))
    let likelihood = CountLikelihood(
      design, counts: design.order.map { table.rows[$0].value }, family: .poisson, nodes: nodes)
    let p = design.p
    // theta = (SD, 0, 0): no covariance, no variation of slopes.
    func value(_ x: [Double]) -> Double? { likelihood.value(x + [0, 0]) }
    let optimum = try SafeguardedNewton().minimise(
      from: Array(likelihood.start.prefix(p + 1)), value: value,
      derivatives: {
        NumericalDerivatives.central(
          $0, step: [Double](repeating: 1e-4, count: p + 1), value)
      })
    coefficients = OrthonormalColumns.back(
      design.triangle, p, Array(optimum.parameters.prefix(p)))
    sd = abs(optimum.parameters[p])
    deviance = optimum.value
  }
}
