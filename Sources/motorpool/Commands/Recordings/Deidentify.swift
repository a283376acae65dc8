import Analyses
import ArgumentParser
import Foundation
import MATFiles
import Recordings
import Registry
import Terminal

/// `motorpool deidentify`: a copy of a recording without personal fields.
struct Deidentify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Copy a recording without what its header says of the person.",
    discussion: """
      EDF, BDF (also plus), WFDB and Qtrac (.MEM). Patient and recording fields, names, operators, \
      comments and the texts of annotations are taken out; samples, channels, times of annotations, age \
      and sex stay. Of a WFDB record name the header (.hea); its signal files are copied beside the \
      copy. Of a MAT file samples, channels and rate are written anew and all else stays behind. The \
      date is taken out, or with --shift-dates moved by the patient's number of days, the same as in \
      exports with that secret. The name of a file is yours to choose.

      Examples:
        motorpool deidentify recording.edf -o P001-1.edf
        motorpool deidentify record.hea -o P001-3.hea
        motorpool deidentify scan.MEM -o P001-2.MEM --shift-dates secret.txt \\
          --patient P001
      """)

  @Argument(help: "Recording: EDF, BDF, WFDB (.hea), MAT or .MEM.")
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
    let place = try outputs.file(
      output, of: "deidentify", inputs: [file] + [shiftDates].compactMap { $0 })
    var days: Int?
    if let shiftDates, let patient {
      days = try DateShift(file: shiftDates).days(for: try Pseudonym.validated(patient))
    }
    // Neither the name of the file nor its hash, by which the original could be found.
    let origin = place.origin(
      invocation: CommandText.invocation(hiding: [file] + [shiftDates].compactMap { $0 }))
    let rules = Deidentification(days: days)
    let removed =
      Deidentification.isMAT(file)
      ? try rules.copyMAT(try opened(), to: place, origin: origin)
      : try rules.copy(file, to: place, origin: origin)
    let summary = Deidentification.Summary(path: output, removed: removed)
    try printing.write(summary, text: summary.text)
  }

  /// The recording of a MAT file.
  private func opened() throws -> Recording {
    do {
      return try RecordingReading().open(file)
    } catch let error as RecordingError
      where error.kind == .missingSamplingRate || error.kind == .missingUnit
    {
      throw Failure.Message(
        "\(file): \(error.problem); state what is missing with motorpool convert FILE -o COPY.mat, "
          + "which copies no other variables either", code: Failure.refused)
    }
  }
}
