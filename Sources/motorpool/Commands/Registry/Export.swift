import ArgumentParser
import Recordings
import Registry
import Terminal

/// `motorpool export`: the registry's values for other programs.
struct Export: RegistryUse {
  static let configuration = CommandConfiguration(
    abstract: "Export patients, visits and values for other programs.",
    discussion: """
      Formats: long and wide CSV, REDCap CSV, BIDS (participants.tsv, sessions, phenotype, into a \
      folder) and a FHIR R4 bundle. --shift-dates moves the dates of every patient by a number of \
      days of its own that follows from the secret in the named file; intervals stay.

      Examples:
        motorpool export -o values.csv
        motorpool export -o bundle.json --format fhir --patient P001 --patient P002
        motorpool export -o shared --format bids --shift-dates secret.txt
      """)

  @Option(name: .shortAndLong, help: "File to write (a folder for BIDS).")
  var output: String

  @Option(help: "Format: long, wide, redcap, bids or fhir.")
  var format: RegistryExport.Format = .long

  @Option(help: "One patient; can be repeated (default: all).")
  var patient: [String] = []

  @Option(
    name: .customLong("shift-dates"),
    help: "File with a secret of at least 8 characters; moves all dates into the past.")
  var shiftDates: String?

  @OptionGroup var outputs: OutputArguments

  @OptionGroup var registry: RegistryArguments

  func run() throws {
    let inputs = [registry.path] + [shiftDates].compactMap { $0 }
    let place = try place(inputs: inputs)
    let opened = try registry.open()
    let head = try opened.head()
    let export = try RegistryExport(
      try opened.exportDocument(
        subjects: patient, dateShift: try shiftDates.map { try DateShift(file: $0) }),
      format: format)
    if let text = export.text {
      if let place { try place.write(place.origin(ledger: head), text) }
    } else {
      try writeBIDS(BIDSTables(export.document), to: place, head)
    }
    let summary = export.summary(path: output)
    try printing.write(summary, text: summary.text)
  }

  /// The place of the output; nil for tables beside those of a BIDS dataset that is there, each of
  /// which must be new.
  private func place(inputs: [String]) throws -> OutputPlace? {
    guard format == .bids else {
      return try outputs.file(output, of: "export", inputs: inputs)
    }
    do {
      return try outputs.folder(output, of: "export bids", inputs: inputs)
    } catch let error as OutputError where error.canBeForced {
      return nil
    }
  }

  /// A folder of its own, or the tables beside those of a dataset that is there.
  private func writeBIDS(
    _ tables: BIDSTables, to place: OutputPlace?, _ head: LedgerCitation
  ) throws {
    guard let place else { return try tables.write(to: output) }
    OutputPlace.tell(
      kept: try place.writeFolder(place.origin(ledger: head)) { try tables.write(to: $0) })
  }
}

extension RegistryExport.Format: ExpressibleByArgument {}
