import ArgumentParser
import Foundation
import Recordings
import Registry

/// `motorpool deidentify`: a copy of a recording without personal fields.
struct Deidentify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Copy a recording without what its header says of the person.",
    discussion: """
      EDF, BDF (also plus) and Qtrac (.MEM). Patient and recording fields, names, operators, comments \
      and the texts of annotations are taken out; samples, channels, times of annotations, age and sex \
      stay. The date is taken out, or with --shift-dates moved by the patient's number of days, the \
      same as in exports with that secret. The name of a file is yours to choose.

      Examples:
        motorpool deidentify recording.edf -o P001-1.edf
        motorpool deidentify scan.MEM -o P001-2.MEM --shift-dates secret.txt \\
          --patient P001
      """)

  @Argument(help: "Recording: EDF, BDF or .MEM.")
  var file: String

  @Option(name: .shortAndLong, help: "File for the copy.")
  var output: String

  @Option(
    name: .customLong("shift-dates"),
    help: "File with a secret of at least 8 characters; moves the date into the past.")
  var shiftDates: String?

  @Option(help: "Pseudonym of the patient, which the shift of the date depends on.")
  var patient: String?

  @OptionGroup var outputs: OutputArguments

  @OptionGroup var printing: PrintArguments

  func validate() throws {
    guard (shiftDates == nil) == (patient == nil) else {
      throw ValidationError("--shift-dates and --patient need each other")
    }
  }

  func run() throws {
    struct Summary: Encodable {
      let path: String
      let removed: [String]
    }
    let place = try outputs.file(
      output, of: "deidentify", inputs: [file] + [shiftDates].compactMap { $0 })
    var days: Int?
    if let shiftDates, let patient {
      days = try Export.shift(shiftDates).days(for: try Pseudonym.validated(patient))
    }
    // Neither the name of the file nor its hash, by which the original could be found.
    let removed = try Deidentification(days: days).copy(
      file, to: place,
      origin: place.origin(
        invocation: CommandText.invocation(hiding: [file] + [shiftDates].compactMap { $0 })))
    try printing.write(
      Summary(path: output, removed: removed),
      text: "\(output): taken out: \(removed.joined(separator: ", "))")
  }
}
