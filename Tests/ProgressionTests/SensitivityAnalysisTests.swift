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
    let lag = try #require(result.lines.first { $0.name == "onset after 3 months" }?.estimate)
    #expect(lag.value != first.value)
  }

  /// Visits that end with the onset say nothing of the slope after it.
  @Test func anOnsetWithoutFollowUpHasNoEstimate() throws {
    var generator = TestGenerator(4)
    let simulation = CohortSimulation(
      patients: 20, visitTimes: [-3, -2, -1, 0, 1, 2, 3.02], visitJitter: 0, therapyTimes: [0])
    let result = SensitivityAnalysis(simulation.table(using: &generator), model: MixedModel())
    let late = try #require(result.lines.first { $0.name == "onset after 3 months" })
    #expect(late.estimate == nil && late.reason?.contains("half a month") == true)
    let early = try #require(result.lines.first { $0.name == "onset after 1 month" })
    #expect(abs(try #require(early.estimate).value) < 0.2)
  }

  /// Months are months whatever the unit of the times; unknown units are told.
  @Test func lagsAreInMonths() throws {
    var generator = TestGenerator(4)
    let months = CohortSimulation(patients: 20).table(using: &generator)
    let days = months.mapRows { row in
      var row = row
      row.time *= 30.4375
      row.therapyTime = row.therapyTime.map { $0 * 30.4375 }
      return row
    }
    let first = SensitivityAnalysis(months, model: MixedModel())
    let second = SensitivityAnalysis(days, model: MixedModel(), month: 30.4375)
    #expect(first.lines.map(\.name) == second.lines.map(\.name))
    for (a, b) in zip(first.lines, second.lines) {
      let (x, y) = (try #require(a.estimate), try #require(b.estimate))
      #expect(agree(x.value, 30.4375 * y.value, relative: 1e-5), "\(a.name)")
    }
    let unknown = SensitivityAnalysis(days, model: MixedModel(), month: nil)
    #expect(unknown.lines.contains { $0.name.contains("which is not known") })
  }

  /// Zeros at half the smallest value are a line of their own.
  @Test func zerosAtHalfTheLimit() throws {
    var generator = TestGenerator(6)
    let table = CohortSimulation(patients: 20).table(using: &generator)
    let half = table.mapRows { row in
      var row = row
      if row.time > 12 { row.value -= 1 }
      return row
    }
    let result = SensitivityAnalysis(table, model: MixedModel(), halfDetectionLimit: half)
    let line = try #require(result.lines.first { $0.name.hasPrefix("zeros at half") })
    #expect(line.estimate?.value != result.lines[0].estimate?.value)
  }
}
