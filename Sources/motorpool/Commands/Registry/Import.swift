import ArgumentParser
import Foundation
import Recordings
import Registry
import Tables

/// `motorpool import`: tables, BIDS folders and FHIR bundles into the registry.
struct Import: ParsableCommand {
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

  @OptionGroup var printing: PrintArguments

  func run() throws {
    let place = try saveProfile.map {
      try outputs.file(
        $0, of: "import --save-profile",
        inputs: [source, registry.path] + [profile, dictionary].compactMap { $0 })
    }
    let codes = missing?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } ?? []
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
      // A registry is not made for a file that cannot be stored.
      let errors = input.problems.filter { $0.severity == .error }
      if !exists && !errors.isEmpty && !preview {
        throw RegistryError.importRefused(source: name, problems: errors)
      }
      let report =
        preview
        ? try previewed(input, exists: exists)
        : try registry.open(creating: true).importDocument(
          input.document, source: name, problems: input.problems, acceptsDoubts: accept)
      try printing.write(report, text: text(report, input))
    } catch RegistryError.importRefused(let name, let problems) {
      for problem in problems.prefix(20) { print(problem.description) }
      if problems.count > 20 { print("and \(problems.count - 20) more problems") }
      throw RegistryError.importRefused(source: name, problems: problems)
    }
  }

  /// The preview; where there is no registry yet, against an empty one that is thrown away.
  private func previewed(_ input: ImportSource, exists: Bool) throws -> ImportReport {
    if exists {
      return try registry.open().previewImport(
        input.document, problems: input.problems, acceptsDoubts: accept)
    }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "motorpool-preview-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let empty = try PatientRegistry.open(path: folder.appendingPathComponent("empty.sqlite").path)
    return try empty.previewImport(
      input.document, problems: input.problems, acceptsDoubts: accept)
  }

  private func text(_ report: ImportReport, _ input: ImportSource) -> String {
    var lines: [String] = []
    if preview, let profile = input.profile {
      let found = profile.description(header: input.header)
      lines += found.columns.map { "column \($0)" }
      if profile.decimalComma { lines.append("numbers with a decimal comma") }
      if !found.unused.isEmpty {
        lines.append("columns not used: \(found.unused.joined(separator: ", "))")
      }
      lines.append("")
    }
    let errors = report.errors.count
    let what =
      report.isStored
      ? "stored"
      : errors == 0
        ? "would be stored" : "nothing would be stored before \(errors) errors are mended; then"
    lines += [
      "\(what): \(report.newSubjects) patients, \(report.newVisits) visits, "
        + "\(report.newMeasurements) measurements, \(report.newOutcomes) outcomes, "
        + "\(report.newInterventions) therapies, \(report.newEvents) events; "
        + "\(report.unchanged) known already"
    ]
    lines += report.problems.prefix(50).map(\.description)
    if report.problems.count > 50 { lines.append("and \(report.problems.count - 50) more") }
    return lines.joined(separator: "\n")
  }
}

/// What is imported, recognised by what it is: a folder, a JSON file or a table.
struct ImportSource {
  let document: InterchangeDocument
  let problems: [ImportProblem]
  /// The profile of a table; nil for other sources.
  let profile: ImportProfile?
  /// The columns of a table; none for other sources.
  var header: [String] = []

  /// Reads a source.
  ///
  /// - Throws: `Failure.Message` where it cannot be opened, `RegistryError.unreadable`.
  init(
    _ path: String, profile profilePath: String?, dictionary: String? = nil, missing: [String] = []
  ) throws {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw Failure.Message("\(path): no such file or folder", code: Failure.noInput)
    }
    let isTable = !isFolder.boolValue && !path.lowercased().hasSuffix(".json")
    if !isTable, dictionary != nil || !missing.isEmpty {
      throw Failure.Message("\(path): --dictionary and --missing are for tables", code: 64)
    }
    if isFolder.boolValue {
      let bids = try BIDSImport(folder: path)
      (document, problems, profile) = (bids.document, bids.problems, nil)
      return
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Failure.Message("\(path): cannot be read", code: Failure.noInput)
    }
    if path.lowercased().hasSuffix(".json") {
      let bundle = try FHIRImport(data: data, source: path)
      (document, problems, profile) = (bundle.document, bundle.problems, nil)
      return
    }
    let saved = try profilePath.map { try ImportProfile.load(path: $0) }
    let table = try DelimitedTable(
      data: data, source: path, separator: saved?.separator?.first)
    var used = saved ?? ImportProfile.guess(table: table)
    used.missingValues += missing
    var notes: [String] = []
    if let dictionary {
      guard let text = FileManager.default.contents(atPath: dictionary) else {
        throw Failure.Message("\(dictionary): cannot be read", code: Failure.noInput)
      }
      let fields = try REDCapDictionary(
        DelimitedTable(data: text, source: dictionary), source: dictionary)
      notes = used.apply(fields, header: table.header)
      if saved == nil { used.takeStyles(of: table) }
    }
    let name = URL(fileURLWithPath: path).lastPathComponent
    let read = try TableImport(table, profile: used, file: name)
    var problems = read.problems
    problems += notes.map { ImportProblem(file: name, severity: .warning, message: $0) }
    if saved == nil, let date = used.ambiguousDate(in: table) {
      problems.insert(
        ImportProblem(
          file: name, severity: .error,
          message:
            "dates such as \(date) can have the day or the month first; save a profile and set "
            + "its dateFormat to DMY or MDY"), at: 0)
    }
    (document, self.problems, profile) = (read.document, problems, used)
    header = table.header
  }
}
