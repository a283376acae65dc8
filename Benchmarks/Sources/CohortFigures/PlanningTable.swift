import Progression

/// The table of planned and simulated power of docs/statistics.md, from a fixed seed.
public enum PlanningTable {
  /// Runs a study and gives one Markdown line for each trial.
  public static func markdown(replicates: Int, seed: UInt64) throws -> [String] {
    var generator = BenchmarkGenerator(state: seed)
    let rows = try PlanningCalibration(replicates: replicates).run(using: &generator)
    return [
      "| trial | patients | planned power | simulated | type I error | patients planned | used | failures |",
      "|---|---|---|---|---|---|---|---|",
    ]
      + rows.map { row in
        "| \(row.name) | \(row.patients) | \(rounded(row.planned)) "
          + "| \(rounded(row.power)) ± \(rounded(row.powerError)) "
          + "| \(rounded(row.level)) ± \(rounded(row.levelError)) "
          + "| \(rounded(row.plannedPatients, 10)) | \(rounded(row.meanPatients, 10)) "
          + "| \(row.failures) |"
      }
  }

  private static func rounded(_ x: Double, _ scale: Double = 1_000) -> Double {
    (x * scale).rounded() / scale
  }
}
