import Testing

@testable import Progression

@Suite("Responders by chance, as told and as they are")
struct ChanceCalibrationTests {
  /// What a cohort is told is near what its patients are called, and the seed decides the table.
  @Test func theRateToldIsNearTheShareCalled() throws {
    let study = ChanceCalibration(
      patients: [40], replicates: 12, correlations: [0.6], simulations: 3)
    var generator = TestGenerator(81)
    let row = try #require(study.run(using: &generator).first)
    #expect(row.failures == 0 && row.patients == 40 && row.correlation == 0.6)
    let error = (row.standardErrors.reduce(0) { $0 + $1 * $1 }).squareRoot()
    #expect(abs(row.chosen - row.called) < 4 * error)
    #expect(row.called > 0.01 && row.called < 0.25)
    var same = TestGenerator(81)
    #expect(study.run(using: &same) == [row])
  }
}
