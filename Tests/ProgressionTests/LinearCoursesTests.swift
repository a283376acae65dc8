import Foundation
import Testing

@testable import Progression

/// Courses that are lines but for rounding.
@Suite struct LinearCoursesTests {
  private func fit(patients: Int, decimals: Double) throws -> MixedModelFit {
    let rows = (0..<patients).flatMap { patient in
      (0..<8).map { visit in
        let log = 4 + 0.2 * Double(patient) - (0.03 + 0.01 * Double(patient)) * Double(visit)
        let value = (exp(log) * decimals).rounded() / decimals
        return LongitudinalTable.Row(
          subject: "P\(patient)", time: Double(visit), value: value, therapyTime: 3)
      }
    }
    return try MixedModel().fit(LongitudinalTable(rows).logTransformed().table)
  }

  /// Values to three decimals scatter by 1e-5 about their lines: small, but a scatter.
  @Test(arguments: [4, 12]) func roundedLinesAreFitted(_ patients: Int) throws {
    let fit = try fit(patients: patients, decimals: 1e3)
    #expect(fit.sigma > 1e-6 && fit.sigma < 1e-4)
    #expect(abs(fit.coefficients[2]) < 1e-4)
  }

  @Test func linesToManyDigitsAreRefusedWithTheReason() throws {
    for decimals in [1e8, 1e14] {
      do {
        _ = try fit(patients: 4, decimals: decimals)
        Issue.record("fitted")
      } catch let error as ProgressionError {
        #expect(error.description.contains("its own line"), "\(error)")
      }
    }
  }
}
