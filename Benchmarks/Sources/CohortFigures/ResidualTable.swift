import Progression

/// The table of correlated, uneven and missing errors of docs/statistics.md, from a fixed seed.
public enum ResidualTable {
  /// Runs a study and gives one Markdown line for each cell.
  ///
  /// - Parameters:
  ///   - scenario: number of the one kind of errors to run, from 1; nil for all.
  ///   - patients: cohort sizes.
  public static func markdown(
    replicates: Int, seed: UInt64, scenario: Int? = nil, patients: [Int] = [12, 20, 40]
  ) -> [String] {
    var generator = BenchmarkGenerator(state: seed)
    let rows = ResidualCalibration(
      patients: patients, replicates: replicates, onlyScenario: scenario.map { $0 - 1 }
    ).run(using: &generator)
    return [
      "| errors | patients | independent | its robust error | AR(1) always | chosen | moved | error ratio | SE | failures |",
      "|---|---|---|---|---|---|---|---|---|---|",
    ]
      + rows.map { row in
        let shares = row.typeIErrors.map { "\(rounded($0))" }.joined(separator: " | ")
        return "| \(row.scenario) | \(row.patients) | \(shares) | \(rounded(row.chosenShare)) "
          + "| \(rounded(row.errorRatio)) | \(rounded(row.standardError)) | \(row.failures) |"
      }
  }

  private static func rounded(_ x: Double) -> Double { (x * 1_000).rounded() / 1_000 }
}
