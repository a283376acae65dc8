import Testing

@testable import Progression

@Suite struct PatternMixtureTests {
  @Test func averagesThePatterns() throws {
    let table = try ReferenceData.cohort("als40_dropout.csv")
    let survival = try ReferenceData.csv("als40_survival.csv")
    let dead = Set(survival.filter { $0["death"] == "1" }.compactMap { $0["patient"] })
    let result = try PatternMixture(
      table, leavers: dead, deltas: [-0.005, -0.01, -0.02, -0.04])
    #expect(result.leavers == 11 && result.completers == 29)
    let expected = result.completerChange.value * 29 / 40 + result.leaverChange.value * 11 / 40
    #expect(agree(result.average.value, expected, relative: 1e-10))
    #expect(result.adjusted.count == 4)
    #expect(
      agree(
        result.adjusted[0].estimate.value, result.average.value - 0.005 * 11 / 40, relative: 1e-10))
    if let tip = result.tippingPoint { #expect(tip < 0) }
    #expect(throws: ProgressionError.self) { try PatternMixture(table, leavers: []) }
  }

  /// With arms the effect is the difference between the arms, each with its own share of leavers.
  @Test func averagesWithinTheArms() throws {
    let table = try ReferenceData.cohort("als60_two_arm.csv", arm: true)
    let arms = Dictionary(
      table.rows.map { ($0.subject, $0.arm ?? "") }, uniquingKeysWith: { first, _ in first })
    let treated = arms.filter { $0.value == "1" }.keys.sorted()
    let controls = arms.filter { $0.value == "0" }.keys.sorted()
    let leavers = Set(treated.prefix(6) + controls.prefix(4))
    let model = MixedModel(armEffects: .slopeChange)
    let result = try PatternMixture(
      table, model: model, leavers: leavers, deltas: [-0.005, -0.01])
    #expect(result.effect == "post:arm" && result.leavers == 10)
    // The same by hand: cell means of the change of slope from a model with a slope for every cell.
    let marked = table.mapRows { row in
      var row = row
      row.covariates["left"] = leavers.contains(row.subject) ? 1 : 0
      row.covariates["both"] =
        leavers.contains(row.subject) && arms[row.subject] == "1" ? 1 : 0
      return row
    }
    var cells = model
    cells.covariates = ["left", "t:left", "post:left", "post:both"]
    let fit = try cells.fit(marked)
    func effect(_ name: String) throws -> Double {
      fit.coefficients[try #require(fit.effectNames.firstIndex(of: name))]
    }
    let (arm, left, both) = (
      try effect("post:arm"), try effect("post:left"), try effect("post:both")
    )
    let shareTreated = 6 / Double(treated.count)
    let shareControls = 4 / Double(controls.count)
    let expected = arm + shareTreated * (left + both) - shareControls * left
    #expect(agree(result.average.value, expected, relative: 1e-8))
    #expect(agree(result.completerChange.value, arm, relative: 1e-8))
    #expect(agree(result.leaverChange.value, arm + both, relative: 1e-8))
    // Delta worsens the treated leavers only.
    #expect(
      agree(
        result.adjusted[1].estimate.value, expected - 0.01 * shareTreated, relative: 1e-8))
    #expect(throws: ProgressionError.self) {
      try PatternMixture(table, model: model, leavers: Set(treated.prefix(6)))
    }
  }

  /// Controls who leave before their therapy have no change of slope, and that is what is told.
  @Test func leaversNeedValuesAfterTherapy() throws {
    let table = try ReferenceData.cohort("als60_two_arm.csv", arm: true)
    let subjects = table.subjects
    let controls = subjects.filter { $0.rows[0].arm == "0" }.prefix(4).map(\.subject)
    let treated = subjects.filter { $0.rows[0].arm == "1" }.prefix(4).map(\.subject)
    let cut = try #require(
      table.filter { row in
        !controls.contains(row.subject) || row.time <= row.therapyTime ?? 0
      })
    let error = #expect(throws: ProgressionError.self) {
      try PatternMixture(
        cut, model: MixedModel(armEffects: .slopeChange), leavers: Set(controls + treated))
    }
    #expect(error?.description.contains("4 treated and 0 controls who left early") == true)
  }
}
