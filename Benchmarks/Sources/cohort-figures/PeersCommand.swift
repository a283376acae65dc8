import ArgumentParser
import CohortFigures
import Foundation

/// Writes the cohorts as CSV and what fitting them took here, for other programs to fit the same.
struct PeersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "peers", abstract: "Write the cohorts and MotorPool's own fits to a folder.")

  @Argument(help: "Folder for cohort-N.csv and motorpool.csv.")
  var folder: String
  @Option(help: "Runs of each fit; the best counts.")
  var repeats = 15

  func validate() throws {
    guard repeats > 0 else { throw ValidationError("--repeats has to be 1 or more") }
  }

  func run() throws {
    let folder = URL(fileURLWithPath: folder)
    var lines = ["program,patients,fit,kr,criterion,change,se,df"]
    for patients in BenchmarkCohort.sizes {
      let table = BenchmarkCohort.table(patients: patients)
      try BenchmarkCohort.csv(table).write(
        to: folder.appendingPathComponent("cohort-\(patients).csv"), atomically: true,
        encoding: .utf8)
      let timing = try FitTiming(table, repeats: repeats)
      let fields = [
        timing.fitSeconds, timing.kenwardRogerSeconds, timing.criterion, timing.slopeChange,
        timing.standardError, timing.degreesOfFreedom,
      ]
      lines.append(
        "MotorPool,\(patients)," + fields.map { "\($0)" }.joined(separator: ","))
    }
    try (lines.joined(separator: "\n") + "\n").write(
      to: folder.appendingPathComponent("motorpool.csv"), atomically: true, encoding: .utf8)
  }
}
