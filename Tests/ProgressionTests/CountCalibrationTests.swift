import TestSupport
import Testing

@testable import Progression

/// The level of models of counts in small cohorts.
@Suite struct CountCalibrationTests {
  @Test(.enabled(if: TestTier.isLong)) func smallCohortsKeepTheLevel() {
    var random = TestGenerator(730_311)
    for row in CountCalibration(patients: [12], replicates: 400).run(using: &random) {
      // The counts' own test: within four standard errors of .05, its errors as wide as the estimates scatter.
      #expect(abs(row.typeIErrors[2] - 0.05) < 4 * row.standardError)
      #expect(abs(row.errorRatios[2] - 1) < 0.12)
      #expect(row.failures == 0)
    }
  }
}
