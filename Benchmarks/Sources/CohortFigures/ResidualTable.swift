import Progression

/// The table of correlated, uneven and missing errors of docs/statistics.md, from a fixed seed.
public enum ResidualTable {
  /// Runs a study and gives one Markdown line for each cell.
  public static func markdown(replicates: Int, seed: UInt64) -> [String] {
    var generator = BenchmarkGenerator(state: seed)
    let rows = ResidualCalibration(replicates: replicates).run(using: &generator)
    return [
      "| errors | patients | independent | its robust error | AR(1) always | chosen | moved | SE | failures |",
      "|---|---|---|---|---|---|---|---|---|",
    ]
      + rows.map { row in
        let shares = row.typeIErrors.map { "\(rounded($0))" }.joined(separator: " | ")
        return "| \(row.scenario) | \(row.patients) | \(shares) | \(rounded(row.chosenShare)) "
          + "| \(rounded(row.standardError)) | \(row.failures) |"
      }
  }

  private static func rounded(_ x: Double) -> Double { (x * 1_000).rounded() / 1_000 }
}
