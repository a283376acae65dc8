import ArgumentParser
import Foundation
import Recordings
import Registry
import Terminal

/// `motorpool import`: tables, BIDS folders and FHIR bundles into the registry.
struct Import: RegistryUse {
  static let configuration = CommandConfiguration(
    abstract: "Import patients, visits and values from a table, a BIDS folder or a FHIR bundle.",
    discussion: """
      Tables are long (one value a row) or wide (one column for each measure), also as REDCap \
      writes them. Columns are recognised by their usual names; --save-profile writes down how, \
      --profile uses a profile that was looked at. An import is one transaction: any row that is \
      not valid stops it whole. Rows that are stored already are passed over.

      Examples:
        motorpool import values.csv --preview
        motorpool import values.csv --save-profile profile.json --preview
        motorpool import redcap.csv --profile profile.json
        motorpool import redcap.csv --dictionary fields.csv --missing -99,UNK
        motorpool import bids-folder
        motorpool import bundle.json
      """)

  @Argument(help: "Table (CSV, TSV), BIDS folder with participants.tsv, or FHIR bundle (JSON).")
  var source: String

  @Option(help: "Saved profile that says what the columns hold.")
  var profile: String?

  @Option(
    name: .customLong("save-profile"), help: "New file for the profile guessed from the header.")
  var saveProfile: String?

  @Option(
    help: """
      Data dictionary of the REDCap project: columns by their labels, units, codes of choices and missing \
      values, limits. Fields that identify a person are not read.
      """)
  var dictionary: String?

  @Option(help: "Further codes that mean that there is no value, such as -99,UNK.")
  var missing: String?

  @OptionGroup var outputs: OutputArguments

  @Flag(help: "Say what would be stored, with every problem, and store nothing.")
  var preview = false

  @Flag(
    help: """
      Store what may be a mistake (a name as a pseudonym, a visit in the future, an implausible value); \
      each doubt is kept as a warning until it is accepted (registry accept).
      """)
  var accept = false

  @OptionGroup var registry: RegistryArguments

  func run() throws {
    let place = try saveProfile.map {
      try outputs.file(
        $0, of: "import --save-profile",
        inputs: [source, registry.path] + [profile, dictionary].compactMap { $0 })
    }
    if !ImportSource.isTable(source), dictionary != nil || missing != nil {
      throw Failure.Message("\(source): --dictionary and --missing are for tables", code: 64)
    }
    let codes = NameList.names(missing)
    let input = try ImportSource(
      source, profile: profile, dictionary: dictionary, missing: codes.filter { !$0.isEmpty })
    if let place {
      guard let used = input.profile else {
        throw Failure.Message("\(source): only tables have a profile", code: 64)
      }
      try place.write(place.origin()) { try used.save(path: $0) }
    }
    let exists = FileManager.default.fileExists(atPath: registry.path)
    let name = URL(fileURLWithPath: source).lastPathComponent
    do {
      let report =
        preview
        ? try input.preview(in: exists ? try registry.open() : nil, acceptsDoubts: accept)
        : try input.store(as: name, exists: exists, acceptsDoubts: accept) {
          try registry.open(creating: true)
        }
      try printing.write(report, text: report.text(previewOf: preview ? input : nil))
    } catch RegistryError.importRefused(let name, let problems) {
      for problem in problems.prefix(20) { print(problem.description) }
      if problems.count > 20 { print("and \(problems.count - 20) more problems") }
      throw RegistryError.importRefused(source: name, problems: problems)
    }
  }
}
