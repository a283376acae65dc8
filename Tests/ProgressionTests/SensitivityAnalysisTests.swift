import Testing

@testable import Progression

@Suite struct SensitivityAnalysisTests {
  @Test func repeatsTheModel() throws {
    let table = try ReferenceData.cohort("als60_two_arm.csv", arm: true)
    let model = MixedModel(armEffects: .slopeChange)
    let result = SensitivityAnalysis(table, model: model)
    #expect(result.effect == "post:arm")
    #expect(result.lines.count >= 7 && result.lines.allSatisfy { $0.estimate != nil })
    let first = try #require(result.lines[0].estimate)
    #expect(agree(first.standardError, 0.00904538234421603, relative: 1e-4))
    let lag = try #require(result.lines.first { $0.name == "onset after 3.0 months" }?.estimate)
    #expect(lag.value != first.value)
  }

  /// Visits that end with the onset say nothing of the slope after it.
  @Test func anOnsetWithoutFollowUpHasNoEstimate() throws {
    var generator = TestGenerator(4)
    let simulation = CohortSimulation(
      patients: 20, visitTimes: [-3, -2, -1, 0, 1, 2, 3.02], visitJitter: 0, therapyTimes: [0])
    let result = SensitivityAnalysis(simulation.table(using: &generator), model: MixedModel())
    let late = try #require(result.lines.first { $0.name == "onset after 3.0 months" })
    #expect(late.estimate == nil && late.reason?.contains("half a month") == true)
    let early = try #require(result.lines.first { $0.name == "onset after 1.0 months" })
    #expect(abs(try #require(early.estimate).value) < 0.2)
  }
}
