import Testing

@testable import Progression

/// Every reference fit of lme4, lmerTest and pbkrtest.
@Suite struct MixedModelTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let file: String
    let model: MixedModel
    /// lme4's theta in the order of ours: for each of our parameters the position in the file.
    var order: [Int]?
    /// Positions of parameters on the boundary, which agree to 1e-4 absolute.
    var boundary: Set<Int> = []
    var testDescription: String { file }
  }

  static let cases: [Case] = [
    Case(file: "sleepstudy_reml.json", model: MixedModel(randomEffects: .m1)),
    Case(file: "sleepstudy_uncorr_reml.json", model: MixedModel(randomEffects: .uncorrelated)),
    Case(file: "orthodont_age_reml.json", model: MixedModel(randomEffects: .m1)),
    Case(
      file: "orthodont_cage_sex_reml.json",
      model: MixedModel(randomEffects: .m1, covariates: ["male", "t:male"])),
    Case(file: "oxboys_reml.json", model: MixedModel(randomEffects: .m1)),
    Case(file: "als40_m1_reml.json", model: MixedModel(randomEffects: .m1)),
    Case(file: "als40_m2_full_reml.json", model: MixedModel(randomEffects: .m2), boundary: [5]),
    Case(file: "als40_m3_indep_reml.json", model: MixedModel(), boundary: [3]),
    Case(file: "als40_dropout_reml.json", model: MixedModel()),
    Case(file: "als60_reml.json", model: MixedModel(armEffects: .slopeChange)),
    Case(
      file: "als24_muscles_reml.json", model: MixedModel(muscles: true),
      order: [4, 5, 6, 3, 0, 1, 2]),
  ]

  static func table(_ file: String) throws -> LongitudinalTable {
    func build(_ name: String, _ y: String, _ t: String, _ id: String) throws -> LongitudinalTable {
      try LongitudinalTable(
        ReferenceData.csv(name).map {
          LongitudinalTable.Row(
            subject: $0[id] ?? "", time: ReferenceData.number($0[t]),
            value: ReferenceData.number($0[y]))
        })
    }
    switch file {
    case "sleepstudy_reml.json", "sleepstudy_uncorr_reml.json":
      return try build("sleepstudy.csv", "Reaction", "Days", "Subject")
    case "orthodont_age_reml.json": return try build("orthodont.csv", "distance", "age", "Subject")
    case "orthodont_cage_sex_reml.json":
      return try LongitudinalTable(
        ReferenceData.csv("orthodont.csv").map {
          LongitudinalTable.Row(
            subject: $0["Subject"] ?? "", time: ReferenceData.number($0["age"]) - 11,
            value: ReferenceData.number($0["distance"]),
            covariates: ["male": $0["Sex"] == "Male" ? 1 : 0])
        })
    case "oxboys_reml.json": return try build("oxboys.csv", "height", "age", "Subject")
    case "als40_dropout_reml.json": return try ReferenceData.cohort("als40_dropout.csv")
    case "als60_reml.json": return try ReferenceData.cohort("als60_two_arm.csv", arm: true)
    case "als24_muscles_reml.json":
      return try ReferenceData.cohort("als24_muscles.csv", muscle: true)
    default: return try ReferenceData.cohort("als40.csv")
    }
  }

  @Test(arguments: cases) func reproducesRestrictedFit(_ item: Case) throws {
    let reference = try ReferenceData.json(item.file)
    let table = try Self.table(item.file)
    let fit = try item.model.fit(table)
    #expect(abs(fit.criterion - ReferenceData.number(reference["criterion"])) < 1e-6)
    #expect(fit.criterion <= ReferenceData.number(reference["criterion"]) + 1e-7)
    #expect(agree(fit.sigma, ReferenceData.number(reference["sigma"]), relative: 1e-6))
    let theta = ReferenceData.numbers(reference["theta"])
    for (index, value) in fit.theta.enumerated() {
      let expected = theta[item.order?[index] ?? index]
      #expect(
        agree(
          value, expected, relative: 1e-5, absolute: item.boundary.contains(index) ? 1e-4 : 1e-6),
        "theta \(index): \(value) \(expected)")
    }
    #expect(fit.isSingular == !item.boundary.isEmpty)
    for (name, estimate) in fit.waldEffects() {
      let index = fit.effectNames.firstIndex(of: name) ?? 0
      #expect(estimate.value == fit.coefficients[index] && estimate.degreesOfFreedom.isInfinite)
    }
    check(fit.satterthwaite, reference["satterthwaite"], fit, relative: 1e-4)
    if reference["kenward_roger"] != nil {
      check(fit.kenwardRoger, reference["kenward_roger"], fit, relative: 1e-4)
    }
    #expect(agree(fit.logLikelihood, ReferenceData.number(reference["logLik"]), relative: 1e-7))
  }

  @Test(arguments: cases) func reproducesFullLikelihoodFit(_ item: Case) throws {
    let reference = try ReferenceData.json(item.file)
    let table = try Self.table(item.file)
    var model = item.model
    model.criterion = .full
    let fit = try model.fit(table)
    let ml = ReferenceData.object(reference["ml"])
    let deviance = ReferenceData.number(ml["deviance"])
    #expect(fit.criterion <= deviance + 1e-7)
    // Some of the reference's full-likelihood fits stopped up to 6e-6 above the optimum; at its own
    // theta the criterion is the same.
    #expect(abs(fit.criterion - deviance) < 1e-5)
    let theta = ReferenceData.numbers(ml["theta"])
    let layout = fit.design.layout
    let scaled = layout.places.enumerated().map { index, place in
      theta[item.order?[index] ?? index]
        * fit.design.scales[layout.terms[place.term].copies[0][place.row]]
    }
    let there = try #require(MixedModelCriterion(fit.design).value(scaled))
    #expect(abs(there - deviance) < 1e-7)
    #expect(agree(fit.sigma, ReferenceData.number(ml["sigma"]), relative: 1e-4))
    let fixed = ReferenceData.object(ml["fixef"])
    #expect(fixed.count == fit.effectNames.count)
    for (name, value) in zip(fit.effectNames, fit.coefficients) {
      let expected = fixed.values.map { ReferenceData.number($0) }
      #expect(expected.contains { agree(value, $0, relative: 1e-4) }, "\(name) \(value)")
    }
  }

  private func check(
    _ estimates: () throws -> KenwardRoger, _ expected: Any?, _ fit: MixedModelFit, relative: Double
  ) {
    compare((try? estimates().effects) ?? [], expected, fit, relative)
  }

  private func check(
    _ estimates: () throws -> Satterthwaite, _ expected: Any?, _ fit: MixedModelFit,
    relative: Double
  ) {
    compare((try? estimates().effects) ?? [], expected, fit, relative)
  }

  private func compare(
    _ effects: [(name: String, estimate: Estimate)], _ expected: Any?, _ fit: MixedModelFit,
    _ relative: Double
  ) {
    let rows = expected as? [[String: Any]] ?? []
    #expect(effects.count == rows.count && !rows.isEmpty)
    for ((name, estimate), row) in zip(effects, rows) {
      let note = "\(name) \(row["term"] ?? "") \(estimate.degreesOfFreedom) \(row["df"] ?? "")"
      let comment = Comment(rawValue: note)
      #expect(
        agree(estimate.value, ReferenceData.number(row["est"]), relative: 1e-6), comment)
      #expect(
        agree(estimate.standardError, ReferenceData.number(row["se"]), relative: relative), comment)
      #expect(
        agree(estimate.degreesOfFreedom, ReferenceData.number(row["df"]), relative: relative),
        comment)
      #expect(agree(estimate.p, ReferenceData.number(row["p"]), relative: 1e-2), comment)
    }
  }
}
