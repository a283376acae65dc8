import Progression

/// The table of models of small counts of docs/statistics.md, from a fixed seed.
public enum CountTable {
  /// Runs a study and gives one Markdown line for each cell.
  ///
  /// - Parameters:
  ///   - patients: cohort sizes.
  ///   - scatters: SDs of ln of the mean beside a patient's own course.
  public static func markdown(
    replicates: Int, seed: UInt64, patients: [Int], scatters: [Double]
  ) -> [String] {
    var generator = BenchmarkGenerator(state: seed)
    let rows = CountCalibration(patients: patients, replicates: replicates, scatters: scatters)
      .run(using: &generator)
    return [
      "| scatter | patients | ln of counts | its chosen residuals | counts | SE ratio of counts | negative binomial | SE | failures |",
      "|---|---|---|---|---|---|---|---|---|",
    ]
      + rows.map { row in
        let shares = row.typeIErrors.map { "\(rounded($0))" }.joined(separator: " | ")
        return "| \(row.scatter) | \(row.patients) | \(shares) | \(rounded(row.errorRatios[2])) "
          + "| \(rounded(row.negativeBinomialShare)) | \(rounded(row.standardError)) | \(row.failures) |"
      }
  }

  private static func rounded(_ x: Double) -> Double { (x * 1_000).rounded() / 1_000 }
}

/// The coverage of the patients' posterior over measures, from a fixed seed.
public enum PosteriorTable {
  /// Runs a study and gives one Markdown line for each cell.
  public static func markdown(seed: UInt64) -> [String] {
    var generator = BenchmarkGenerator(state: seed)
    let rows = PosteriorCalibration().run(using: &generator)
    return [
      "| measure | patients | coverage | boundary fits | failures |", "|---|---|---|---|---|",
    ]
      + rows.map { row in
        "| \(row.measure) | \(row.patients) | \(rounded(row.coverage)) ± \(rounded(row.standardError)) "
          + "| \(rounded(row.boundaryShare)) | \(row.failures) |"
      }
  }

  private static func rounded(_ x: Double) -> Double { (x * 1_000).rounded() / 1_000 }
}

/// Responders by chance as told and as they are, from a fixed seed.
public enum ChanceTable {
  /// Runs a study and gives one Markdown line for each cell.
  ///
  /// - Parameters:
  ///   - patients: cohort sizes.
  ///   - correlations: correlations of errors of neighbouring visits.
  public static func markdown(
    replicates: Int, seed: UInt64, patients: [Int], correlations: [Double]
  ) -> [String] {
    var generator = BenchmarkGenerator(state: seed)
    let rows = ChanceCalibration(
      patients: patients, replicates: replicates, correlations: correlations
    ).run(using: &generator)
    return [
      "| correlation | patients | called | told, independent residuals | told, chosen residuals | failures |",
      "|---|---|---|---|---|---|",
    ]
      + rows.map { row in
        let shares = zip([row.called, row.plain, row.chosen], row.standardErrors)
          .map { "\(rounded($0)) ± \(rounded($1))" }.joined(separator: " | ")
        return "| \(row.correlation) | \(row.patients) | \(shares) | \(row.failures) |"
      }
  }

  private static func rounded(_ x: Double) -> Double { (x * 10_000).rounded() / 10_000 }
}
