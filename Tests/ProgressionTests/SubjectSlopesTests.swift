import Testing

@testable import Progression

@Suite struct SubjectSlopesTests {
  @Test func reproducesTheReferencePosterior() throws {
    let table = try ReferenceData.cohort("als40_dropout.csv")
    let expected = try ReferenceData.jsonArray("als40_dropout_eb_posterior.json")
    let slopes = try MixedModel().fit(table).subjectSlopes()
    #expect(expected.count == 5)
    for row in expected {
      let one = try #require(slopes.first { $0.subject == row["patient"] as? String })
      func same(_ value: Double, _ key: String) {
        #expect(agree(value, ReferenceData.number(row[key]), relative: 1e-5), "\(key) \(value)")
      }
      same(one.slope, "pre_slope")
      same(one.slopeSD, "pre_sd")
      same(one.change, "delta")
      same(one.changeSD, "sd")
      same(one.covariance, "cov_pre_delta")
      same(one.probabilityOfSlowing, "p_slowing")
    }
  }

  @Test(arguments: MixedModelTests.cases)
  func reproducesConditionalModes(_ item: MixedModelTests.Case) throws {
    let reference = try ReferenceData.json(item.file)
    let table = try MixedModelTests.table(item.file)
    let modes = try item.model.fit(table).randomEffects()
    let rows = reference["ranef"] as? [[String: Any]] ?? []
    #expect(!rows.isEmpty)
    // Modes on the boundary follow theta, which the reference holds to 1e-4 there.
    let tolerance = item.boundary.isEmpty ? 1e-5 : 1e-3
    let scale = rows.map { abs(ReferenceData.number($0["mode"])) }.max() ?? 1
    for row in rows {
      let level = row["level"] as? String ?? ""
      let name = row["term"] as? String ?? ""
      let isNested = row["grp"] as? String == "pm"
      let effect = ["(Intercept)", "post"].contains(name) ? name : "t"
      let found = modes.filter {
        $0.effect == effect && ($0.muscle != nil) == isNested
          && (isNested ? "\($0.subject).\($0.muscle ?? "")" == level : $0.subject == level)
      }
      #expect(found.count == 1)
      let one = try #require(found.first)
      #expect(
        agree(
          one.mode, ReferenceData.number(row["mode"]), relative: tolerance,
          absolute: tolerance * 1e-2 * scale))
      #expect(
        agree(
          one.conditionalSD, ReferenceData.number(row["condsd"]), relative: tolerance,
          absolute: 1e-6 * scale))
      #expect(one.predictionSD >= one.conditionalSD)
    }
  }

  @Test func undoingAShareUsesTheJointPosterior() throws {
    let one = SubjectSlopes.example(slope: -0.04, change: 0.02)
    #expect(agree(one.probability(ofUndoing: 0.5), 0.5, relative: 1e-12))
    #expect(agree(one.probability(ofUndoing: 0), one.probabilityOfSlowing, relative: 1e-12))
  }
}

extension SubjectSlopes {
  /// A posterior with SDs of .01 and a covariance of -5e-5, as every fit of few visits has one.
  static func example(slope: Double, change: Double) -> SubjectSlopes {
    SubjectSlopes(
      subject: "A", slope: slope, slopeSD: 0.01, change: change, changeSD: 0.01, covariance: -5e-5)
  }
}
