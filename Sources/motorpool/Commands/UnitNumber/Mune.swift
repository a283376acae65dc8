import Analyses
import ArgumentParser
import Foundation
import Recordings
import Terminal
import UnitNumber

extension StimulationMethod: ExpressibleByArgument {}

/// `motorpool mune`: unit number from graded stimulation.
struct Mune: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mune",
    abstract: "Estimate the number of motor units from single-unit responses and a CMAP.",
    discussion: """
      Each method reads a text table of measured responses; a first line of names is optional. \
      The estimate is the CMAP over the mean unit.

      \(methods)

      Examples:
      \(examples)
      """)

  private static let methods = StimulationMethod.allCases.map { method in
    let facts = method.facts
    return "\(method.rawValue), columns \(facts.columns.joined(separator: ",")): "
      + "\(facts.summary) \(facts.explanation)"
  }.joined(separator: "\n\n")

  private static let examples = StimulationMethod.allCases.map {
    "  motorpool mune \($0.rawValue) \($0.facts.example) --cmap-mv 8.4"
  }.joined(separator: "\n")

  @Argument(help: "The method.")
  var method: StimulationMethod

  @Argument(help: "Text table of responses, CSV or TSV.")
  var file: String

  @Option(
    name: .customLong("cmap-mv"), help: "CMAP amplitude, baseline to negative peak, in mV.")
  var cmapMillivolts: Double

  @Option(name: .customLong("cmap-error"), help: "Relative standard error of the CMAP.")
  var cmapError = 0.03

  @Option(
    name: .customLong("minimum-uv"),
    help: "Smallest increment or unit that counts, in microvolts (not of every method).")
  var minimum: Double?

  @Option(
    name: .customLong("noise-uv"),
    help: "SD of the recording noise in microvolts (statistical; default: 5).")
  var noise: Double?

  @Option(help: "Seed of the bootstrap.")
  var seed: UInt64 = 1

  @OptionGroup var settings: ConfigurationArguments

  @OptionGroup var printing: PrintArguments

  func validate() throws {
    guard cmapMillivolts.isFinite, cmapMillivolts > 0 else {
      throw ValidationError("--cmap-mv \(cmapMillivolts): expected a CMAP above 0 mV")
    }
    guard (0...1).contains(cmapError) else {
      throw ValidationError("--cmap-error \(cmapError): expected 0 to 1")
    }
    _ = try changes()
  }

  /// The error model of these arguments.
  private var errors: UnitNumberErrorModel {
    var model = UnitNumberErrorModel()
    model.cmapRelativeError = cmapError
    model.seed = seed
    return model
  }

  /// Settings of the method that the arguments change.
  private func changes() throws -> ConfigurationChanges {
    var assignments: [String] = []
    for (option, value, name) in [
      ("--minimum-uv", minimum, method.facts.least), ("--noise-uv", noise, method.facts.noise),
    ] {
      guard let value else { continue }
      guard let name else {
        throw ValidationError("\(option): the method \(method.rawValue) has no such setting")
      }
      assignments.append("\(method.rawValue).\(name)=\(value)")
    }
    let changes = try settings.changes(of: [method.rawValue])
    return try ConfigurationChanges(assignments).merging(changes)
  }

  func run() throws {
    let meter = ProgressMeter("estimating from \((file as NSString).lastPathComponent)")
    let summary = try MuneSummary(
      file, method: method, cmapMillivolts: cmapMillivolts, errors: errors,
      changes: try changes(), progress: meter.show)
    meter.finish()
    try printing.write(
      summary, from: .run("mune", seed: seed, files: [file]), text: summary.text)
  }
}
