import Analyses
import ArgumentParser
import Foundation
import Recordings
import Reports
import UnitNumber

/// `motorpool mune`: unit number from graded stimulation.
struct Mune: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mune",
    abstract: "Estimate the number of motor units from single-unit responses and a CMAP.",
    discussion: """
      Each method reads a text table of measured responses; a first line of names is optional. \
      The estimate is the CMAP over the mean unit.

      Examples:
        motorpool mune incremental levels.csv --cmap-mv 8.4
        motorpool mune multipoint sites.csv --cmap-mv 8.4
        motorpool mune mps units.csv --cmap-mv 8.4 --json
        motorpool mune statistical runs.csv --cmap-mv 8.4
      """,
    subcommands: [
      MuneIncremental.self, MuneMultipoint.self, MuneMPS.self, MuneStatistical.self,
    ])
}

/// Arguments that all stimulation methods share.
struct MuneArguments: ParsableArguments {
  @Argument(help: "Text table of responses, CSV or TSV.")
  var file: String

  @Option(
    name: .customLong("cmap-mv"), help: "CMAP amplitude, baseline to negative peak, in mV.")
  var cmapMillivolts: Double

  @Option(name: .customLong("cmap-error"), help: "Relative standard error of the CMAP.")
  var cmapError = 0.03

  @Option(help: "Seed of the bootstrap.")
  var seed: UInt64 = 1

  @Flag(help: "Print JSON instead of text.")
  var json = false

  func validate() throws {
    guard cmapMillivolts.isFinite, cmapMillivolts > 0 else {
      throw ValidationError("--cmap-mv \(cmapMillivolts): expected a CMAP above 0 mV")
    }
    guard (0...1).contains(cmapError) else {
      throw ValidationError("--cmap-error \(cmapError): expected 0 to 1")
    }
  }

  /// The error model of these arguments.
  var errors: UnitNumberErrorModel {
    var model = UnitNumberErrorModel()
    model.cmapRelativeError = cmapError
    model.seed = seed
    return model
  }

  /// Reads the table, estimates and prints; errors name the file.
  func run(columns: [String], _ method: (ResponseTable) throws -> UnitNumberEstimate) throws {
    let table = try ResponseTable(file, columns: columns)
    let estimate: UnitNumberEstimate
    do {
      estimate = try method(table)
    } catch let error as UnitNumberError {
      throw Failure.Message("\(table.file): \(error.description)")
    }
    let source = RecordingSource(path: file, formatName: "response table")
    let summary = MuneSummary(estimate: estimate, file: table.file, sha256: try source.inputHash())
    print(json ? try JSONText.of(summary) : text(estimate), terminator: json ? "" : "\n")
  }

  private func text(_ estimate: UnitNumberEstimate) -> String {
    var table = TextTable(["Value", "Estimate", "90 % interval"])
    table.add([
      "Motor units", NumberText.significant(estimate.unitCount, 3),
      ScanAnalysis.interval(estimate.interval90),
    ])
    table.add(["Mean unit (uV)", NumberText.significant(estimate.meanUnitMicrovolts, 3), "-"])
    table.add(["CMAP (mV)", NumberText.significant(estimate.cmapMillivolts, 3), "-"])
    var lines = [table.text, "\(estimate.unitsUsed) sizes used (\(estimate.method))"]
    lines += estimate.rejected.map { "Left out: entry \($0.index + 1): \($0.reason)" }
    lines += estimate.flags.map { "Flag: \($0)" }
    return (lines + ["", ScanWording.estimate]).joined(separator: "\n")
  }
}
