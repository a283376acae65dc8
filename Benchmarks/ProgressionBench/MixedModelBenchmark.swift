import Foundation
import Progression

/// Times the mixed model at cohort sizes of 50, 1,000 and 10,000 patients with 8 visits.
public enum MixedModelBenchmark {
  /// One line of results, CPU milliseconds of the best of several runs.
  public struct Timing: Sendable {
    /// Patients of 8 visits.
    public let patients: Int
    /// Design, fit and residual variance.
    public let fit: Double
    /// Kenward-Roger covariance and degrees of freedom of every effect, apart from the fit.
    public let kenwardRoger: Double
    /// Newton iterations of the fit.
    public let iterations: Int
    /// REML criterion.
    public let criterion: Double
    /// Kenward-Roger degrees of freedom of the change of slope.
    public let degreesOfFreedom: Double
  }

  /// The cohort of a benchmark: model M3, one seed for each size.
  public static func cohort(patients: Int, seed: UInt64 = 1) -> LongitudinalTable {
    var generator = BenchmarkGenerator(state: seed &+ UInt64(patients))
    return CohortSimulation(patients: patients).table(using: &generator)
  }

  /// Times one size.
  public static func measure(patients: Int, repeats: Int = 15) throws -> Timing {
    let table = cohort(patients: patients)
    let model = MixedModel()
    var fitTime = Double.infinity
    var correctionTime = Double.infinity
    var fit = try model.fit(table)
    var df = 0.0
    for _ in 0..<repeats {
      let start = processorTime()
      fit = try model.fit(table)
      fitTime = min(fitTime, processorTime() - start)
      let second = processorTime()
      df = try fit.kenwardRoger().effects[2].estimate.degreesOfFreedom
      correctionTime = min(correctionTime, processorTime() - second)
    }
    return Timing(
      patients: patients, fit: 1_000 * fitTime, kenwardRoger: 1_000 * correctionTime,
      iterations: fit.iterations, criterion: fit.criterion, degreesOfFreedom: df)
  }

  /// Writes a cohort as CSV, for peers.
  public static func csv(_ table: LongitudinalTable) -> String {
    var lines = ["id,t,T,post,y"]
    for row in table.rows {
      let therapy = row.therapyTime ?? 0
      lines.append(
        "\(row.subject),\(row.time),\(therapy),\(max(0, row.time - therapy)),\(row.value)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func processorTime() -> Double {
    var now = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now)
    return Double(now.tv_sec) + 1e-9 * Double(now.tv_nsec)
  }
}

/// SplitMix64, so that the cohorts of a benchmark never change.
struct BenchmarkGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
