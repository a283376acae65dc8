import Foundation

/// What a column of a table can hold.
public enum ImportField: String, Sendable, Codable, CaseIterable, CodingKeyRepresentable {
  /// Pseudonym; needed.
  case subject
  /// Name of the study.
  case study
  /// Name of the site.
  case site
  /// Treatment arm.
  case arm
  /// First day of symptoms.
  case onsetDate = "onset_date"
  /// Where symptoms began.
  case onsetSite = "onset_site"
  /// Name of the visit in the protocol (REDCap: the event).
  case visit
  /// Day of the visit.
  case date
  /// `done`, `partial`, `missed` or `planned`.
  case visitStatus = "visit_status"
  /// Why a visit is missing.
  case missingReason = "missing_reason"
  /// Kind of measurement.
  case kind
  /// Value.
  case value
  /// Unit.
  case unit
  /// Standard error.
  case standardError = "standard_error"
  /// `below` or `above`.
  case censored
  /// `pass`, `warn` or `fail`.
  case quality
  /// Number of the repetition.
  case replicate
  /// Muscle.
  case muscle
  /// Side.
  case side
  /// Conditions as a JSON object.
  case conditions
  /// Kind of intervention.
  case therapyKind = "therapy_kind"
  /// Product or protocol.
  case therapyName = "therapy_name"
  /// First dose.
  case therapyStart = "therapy_start"
  /// Last dose.
  case therapyStop = "therapy_stop"
  /// Amount of one dose.
  case therapyDose = "therapy_dose"
  /// Unit of the dose.
  case therapyDoseUnit = "therapy_dose_unit"
  /// Muscle that it was given into.
  case therapyMuscle = "therapy_muscle"
  /// Side that it was given on.
  case therapySide = "therapy_side"
  /// Kind of a clinical event.
  case eventKind = "event_kind"
  /// Day of a clinical event.
  case eventDate = "event_date"
  /// More about a clinical event.
  case eventDetail = "event_detail"
}

/// How the columns of a table are to be read; saved as JSON and used again.
public struct ImportProfile: Sendable, Equatable, Codable {
  /// How a table says to which visit a row belongs.
  public enum Layout: String, Sendable, Codable {
    /// Subject and date stand in every row.
    case table
    /// REDCap: rows of one record and event belong together, the date stands in one of them.
    case redcap
  }

  /// A column of a wide table: the values of one kind, muscle and side.
  public struct ValueColumn: Sendable, Equatable, Codable {
    /// Name of the column.
    public var column: String
    /// What it holds.
    public var kind: MeasurementKind
    /// Muscle, if it concerns one.
    public var muscle: String?
    /// Side, if it concerns one.
    public var side: BodySide?
    /// Number of the repetition.
    public var replicate: Int?
    /// Column of the standard errors.
    public var standardErrorColumn: String?
    /// What values and errors are multiplied by to come to the kind's unit.
    public var factor: Double?

    /// A column with its meaning.
    public init(
      column: String, kind: MeasurementKind, muscle: String? = nil, side: BodySide? = nil,
      replicate: Int? = nil, standardErrorColumn: String? = nil, factor: Double? = nil
    ) {
      self.column = column
      self.kind = kind
      self.muscle = muscle.map(MuscleName.canonical)
      self.side = side
      self.replicate = replicate
      self.standardErrorColumn = standardErrorColumn
      self.factor = factor
    }
  }

  /// Name for people.
  public var name: String
  /// How rows belong to visits.
  public var layout: Layout
  /// `,`, `;` or a tab; nil takes the one that the header holds most often.
  public var separator: String?
  /// Whether numbers are written with a decimal comma.
  public var decimalComma: Bool
  /// Order of the parts of a date.
  public var dateFormat: CivilDateFormat
  /// Texts that mean that there is no value, whatever their case.
  public var missingValues: [String]
  /// Column names by what they hold.
  public var columns: [ImportField: String]
  /// Column names of further covariates of the subject, by the covariate's name.
  public var attributeColumns: [String: String]
  /// Columns of a wide table.
  public var valueColumns: [ValueColumn]
  /// Identifiers of kinds by what the table calls them.
  public var kindNames: [String: String]
  /// Kind of intervention where the table has a start but no kind.
  public var defaultTherapyKind: String
  /// Names of the visits in the order of the protocol (REDCap: of the events); empty if unknown.
  public var visitOrder: [String]
  /// How cells of a column are to be read, by its name; nil where no data dictionary told.
  public var columnRules: [String: ColumnRule]?

  /// A profile; by default every column bears the name of what it holds.
  public init(
    name: String = "table", layout: Layout = .table, separator: String? = nil,
    decimalComma: Bool = false, dateFormat: CivilDateFormat = .yearMonthDay,
    missingValues: [String] = ["", "NA", "n/a", "NaN", "NULL", "."],
    columns: [ImportField: String] = ImportProfile.ownColumns,
    attributeColumns: [String: String] = [:], valueColumns: [ValueColumn] = [],
    kindNames: [String: String] = [:], defaultTherapyKind: String = "therapy",
    visitOrder: [String] = []
  ) {
    self.name = name
    self.layout = layout
    self.separator = separator
    self.decimalComma = decimalComma
    self.dateFormat = dateFormat
    self.missingValues = missingValues
    self.columns = columns
    self.attributeColumns = attributeColumns
    self.valueColumns = valueColumns
    self.kindNames = kindNames
    self.defaultTherapyKind = defaultTherapyKind
    self.visitOrder = visitOrder
  }

  /// Every column by its own name, as the exports write them.
  public static let ownColumns: [ImportField: String] = Dictionary(
    uniqueKeysWithValues: ImportField.allCases.map { ($0, $0.rawValue) })

  /// Reads a saved profile; throws `RegistryError.unreadable` where it is none.
  public static func load(path: String) throws -> ImportProfile {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw RegistryError.unreadable(
        source: path, line: nil, found: "no such file", expected: "an import profile")
    }
    do {
      return try JSONDecoder().decode(ImportProfile.self, from: data)
    } catch {
      throw RegistryError.unreadable(
        source: path, line: nil, found: "\(error)", expected: "an import profile in JSON")
    }
  }

  /// Saves the profile as JSON; throws `RegistryError.fileExists` rather than overwriting.
  public func save(path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(self), as: UTF8.self)
    try NewFile.write(text + "\n", to: path)
  }
}
