import Progression

/// The calibration table of docs/statistics.md, from a fixed seed.
public enum CalibrationTable {
  /// Runs a study and gives one Markdown line for each cell.
  public static func markdown(replicates: Int, seed: UInt64 = 2_026) -> [String] {
    var generator = BenchmarkGenerator(state: seed)
    let rows = Calibration(replicates: replicates).run(using: &generator)
    return [
      "| patients | SD of u2 | model | type I error | coverage | boundary fits | SE ratio | failures |",
      "|---|---|---|---|---|---|---|---|",
    ]
      + rows.map { row in
        "| \(row.patients) | \(row.sdSlopeChange) | \(row.model.rawValue) "
          + "| \(rounded(row.typeIError)) ± \(rounded(row.typeIErrorSE)) "
          + "| \(rounded(row.coverage)) ± \(rounded(row.coverageSE)) "
          + "| \(rounded(row.boundaryShare)) | \(rounded(row.standardErrorRatio)) | \(row.failures) |"
      }
  }

  private static func rounded(_ x: Double) -> Double { (x * 10_000).rounded() / 10_000 }
}
