import Progression
import TestSupport
import Testing

@Suite struct CalibrationTests {
  @Test func theSameSeedGivesTheSameTable() {
    let study = Calibration(patients: [8], sdSlopeChanges: [0.01], models: [.m3], replicates: 4)
    var first = TestGenerator(1)
    var second = TestGenerator(1)
    let rows = study.run(using: &first)
    #expect(rows == study.run(using: &second))
    #expect(rows.count == 1 && rows[0].failures == 0)
  }

  @Test(.enabled(if: TestTier.isLong)) func m3KeepsItsLevelAndM1DoesNot() throws {
    let study = Calibration(
      patients: [20], sdSlopeChanges: [0, 0.03], models: [.m3, .m1], replicates: 200)
    var generator = TestGenerator(2)
    let rows = study.run(using: &generator)
    for row in rows where row.model == .m3 {
      // Within three Monte Carlo standard errors (.0154 at a nominal .05) of the nominal level.
      #expect(abs(row.typeIError - 0.05) < 0.047)
      #expect(abs(row.coverage - 0.95) < 0.047)
      #expect(abs(row.standardErrorRatio - 1) < 0.15)
    }
    let boundary = try #require(rows.first { $0.sdSlopeChange == 0 && $0.model == .m3 })
    #expect(boundary.boundaryShare > 0.3)
    let without = try #require(rows.first { $0.sdSlopeChange == 0.03 && $0.model == .m1 })
    #expect(without.typeIError > 0.08)
  }
}
