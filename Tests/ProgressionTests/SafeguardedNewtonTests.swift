import Foundation
import TestSupport
import Testing

@testable import Progression

@Suite struct SafeguardedNewtonTests {
  /// A large criterion has rounding errors above the tolerance: the optimum counts as reached all
  /// the same, whatever the gradient's own error.
  @Test(arguments: [1e3, 3.2e5, 1e7, -4e8]) func largeCriteriaEnd(_ level: Double) throws {
    // The gradient's rounding error changes from step to step and never lets the decrement vanish.
    let noise = (160 * max(1e-11, 2 * abs(level).ulp)).squareRoot()
    var sign = 1.0
    let result = try SafeguardedNewton().minimise(
      from: [1.5], value: { level + 40 * ($0[0] - 1) * ($0[0] - 1) },
      derivatives: {
        sign = -sign
        return .init(gradient: [80 * ($0[0] - 1) + sign * noise], hessian: [80])
      })
    #expect(abs(result.parameters[0] - 1) < 3 * noise / 80)
    #expect(result.iterations < 20)
  }

  /// A cohort whose scatter is small beside the differences between patients.
  @Test(.enabled(if: TestTier.isLong))
  func aLargeCohortOfSmoothCoursesIsFitted() throws {
    var rows: [LongitudinalTable.Row] = []
    for patient in 0..<10_000 {
      for visit in 0..<8 {
        let slope = -0.05 + 0.002 * Double(patient % 31 - 15)
        let wave = 0.1 * sin(12.9898 * Double(patient * 8 + visit))
        rows.append(
          LongitudinalTable.Row(
            subject: "C\(patient)", time: Double(30 * visit) * 12 / 365.25,
            value: 4.5 + 0.01 * Double(patient % 97 - 48) + slope * Double(visit) + wave,
            therapyTime: 1_200 / 365.25))
      }
    }
    let fit = try MixedModel().fit(LongitudinalTable(rows))
    let sorted = try MixedModel().fit(LongitudinalTable(rows.sorted { $0.subject < $1.subject }))
    #expect(fit.iterations < 50)
    #expect(abs(fit.criterion - sorted.criterion) < 1e-6 && fit.criterion < -319_838)
  }
}
