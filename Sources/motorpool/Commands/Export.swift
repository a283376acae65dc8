import ArgumentParser
import Foundation
import Recordings
import Registry

/// `motorpool export`: the registry's values for other programs.
struct Export: ParsableCommand {
  /// The formats values are written in.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case long
    case wide
    case redcap
    case bids
    case fhir
  }

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
  var format: Format = .long

  @Option(help: "One patient; can be repeated (default: all).")
  var patient: [String] = []

  @Option(
    name: .customLong("shift-dates"),
    help: "File with a secret of at least 8 characters; moves all dates into the past.")
  var shiftDates: String?

  @OptionGroup var registry: RegistryArguments

  @OptionGroup var printing: PrintArguments

  func run() throws {
    struct Summary: Encodable {
      let path: String
      let format: String
      let patients: Int
      let visits: Int
      let values: Int
      let eventOrder: [String]?
      let leftOut: [String]
    }
    let document = try registry.open().exportDocument(
      subjects: patient, dateShift: try shiftDates.map(Self.shift))
    var events: [String]?
    switch format {
    case .long: try AtomicFile.write(TableExport.long(document).text(), to: output)
    case .wide: try AtomicFile.write(TableExport.wide(document).text(), to: output)
    case .redcap:
      let redcap = REDCapTable(document)
      events = redcap.eventOrder
      try AtomicFile.write(redcap.table.text(), to: output)
    case .bids: try BIDSTables(document).write(to: output)
    case .fhir: try AtomicFile.write(try FHIRBundle.text(document), to: output)
    }
    let isTable = format == .long || format == .wide
    let leftOut = isTable ? TableExport.leftOut(document, wide: format == .wide) : []
    let patients =
      switch format {
      case .long: Set(document.values.map(\.subject)).count
      case .wide: Set(document.visits.filter { $0.date != nil }.map(\.subject)).count
      default: document.subjects.count
      }
    let summary = Summary(
      path: output, format: format.rawValue, patients: patients,
      visits: document.visits.count, values: document.values.count, eventOrder: events,
      leftOut: leftOut)
    var lines = [
      "\(output): \(summary.patients) patients, \(summary.values) values (\(summary.format))"
    ]
    if let events { lines.append("Order of events: \(events.joined(separator: ", "))") }
    if !leftOut.isEmpty {
      lines.append(
        "Left out: \(leftOut.joined(separator: ", ")); redcap, bids and fhir hold everything")
    }
    try printing.write(summary, text: lines.joined(separator: "\n"))
  }

  private static func shift(_ path: String) throws -> DateShift {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Failure.Message("\(path): cannot be read", code: Failure.noInput)
    }
    let secret = String(decoding: data, as: UTF8.self).trimmingCharacters(
      in: .whitespacesAndNewlines)
    return try DateShift(secret: secret)
  }
}
