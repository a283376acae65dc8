import Progression

private func rounded(_ x: Double, _ scale: Double = 1_000) -> Double {
  (x * scale).rounded() / scale
}

/// The table of subgroups of docs/statistics.md, from a fixed seed.
public enum SubgroupTable {
  /// Runs a study and gives one Markdown line for each cell.
  public static func markdown(replicates: Int, seed: UInt64) -> [String] {
    var generator = BenchmarkGenerator(state: seed)
    return [
      "| analysis | subgroups | patients | type I error of the interaction | coverage | failures |",
      "|---|---|---|---|---|---|",
    ]
      + SubgroupCalibration(replicates: replicates).run(using: &generator).map { row in
        "| \(row.analysis) | \(row.groups) | \(row.patients) "
          + "| \(rounded(row.typeIError)) ± \(rounded(row.standardError)) | \(rounded(row.coverage)) "
          + "| \(row.failures) |"
      }
  }
}

/// The table of historical controls of docs/statistics.md, from a fixed seed.
public enum HistoryTable {
  /// Runs a study and gives one Markdown line for each cell.
  public static func markdown(replicates: Int, seed: UInt64) throws -> [String] {
    var generator = BenchmarkGenerator(state: seed)
    return [
      "| weight | drift (SDs) | worth (patients) | false slowing planned | simulated | power planned "
        + "| simulated | vague | conflict | failures |",
      "|---|---|---|---|---|---|---|---|---|---|",
    ]
      + (try HistoricalCalibration(replicates: replicates).run(using: &generator)).map { row in
        let cells = (0..<2).map { k in
          "| \(rounded(row.planned[k])) | \(rounded(row.simulated[k])) ± \(rounded(row.standardErrors[k])) "
        }
        let start = "| \(row.weight) | \(row.drift) | \(rounded(row.effectiveSampleSize, 10)) "
        return start + cells.joined()
          + "| \(rounded(row.vagueWeight, 100)) | \(rounded(row.conflictShare)) | \(row.failures) |"
      }
  }
}

/// The table of joint models of docs/statistics.md, from a fixed seed.
public enum JointTable {
  /// Runs a study and gives one Markdown line for each cell.
  public static func markdown(replicates: Int, seed: UInt64) -> [String] {
    var generator = BenchmarkGenerator(state: seed)
    var lines = [
      "| hazard follows | died | quantity | true | mean | coverage | failures |",
      "|---|---|---|---|---|---|---|",
    ]
    for row in JointCalibration(replicates: replicates).run(using: &generator) {
      let names = ["arms, change of slope", "ln HR, value", "ln HR, slope"]
      for (name, own) in zip(names, row.found) {
        let mean = "\(rounded(own[1], 10_000)) ± \(rounded(own[2], 10_000))"
        lines.append(
          "| \(row.scenario) | \(rounded(row.deaths, 100)) | \(name) | \(rounded(own[0])) | \(mean) "
            + "| \(rounded(own[3])) | \(row.failures) |")
      }
      let truth = rounded(row.found[0][0])
      lines.append(
        "| \(row.scenario) | | arms, missing at random | \(truth) | \(rounded(row.plain[0], 10_000)) "
          + "| \(rounded(row.plain[1])) | |")
    }
    return lines
  }
}
