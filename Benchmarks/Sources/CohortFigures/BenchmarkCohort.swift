import Foundation
import Progression

/// The simulated cohorts that every fitting program is timed on.
public enum BenchmarkCohort {
  /// Patients of 8 visits each.
  public static let sizes = [50, 1_000, 10_000]

  /// A cohort of model M3; the same size and seed give the same cohort.
  public static func table(patients: Int, seed: UInt64 = 1) -> LongitudinalTable {
    var generator = BenchmarkGenerator(state: seed &+ UInt64(patients))
    return CohortSimulation(patients: patients).table(using: &generator)
  }

  /// The cohort as CSV for other programs: id, t, post, y with every digit of the numbers.
  public static func csv(_ table: LongitudinalTable) -> String {
    var lines = ["id,t,post,y"]
    for row in table.rows {
      let post = row.therapyTime.map { max(0, row.time - $0) } ?? 0
      lines.append("\(row.subject),\(row.time),\(post),\(row.value)")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
