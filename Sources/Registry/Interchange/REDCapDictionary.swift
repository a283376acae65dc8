import Foundation
import Tables

/// The data dictionary of a REDCap project: what each of its fields means.
///
/// Read as REDCap's own page and its programming interface write it. Source: REDCap help, "Data Dictionary".
public struct REDCapDictionary: Sendable, Equatable {
  /// A field of the project.
  public struct Field: Sendable, Equatable {
    /// Name of its column.
    public var name: String
    /// Its type: `text`, `calc`, `slider`, `radio`, `dropdown`, `yesno`, `checkbox` and others.
    public var type: String
    /// The question as people see it.
    public var label: String
    /// The note beside it.
    public var note: String
    /// Labels by code, for fields with choices.
    public var choices: [String: String]
    /// What a text must be: `number`, `integer`, `date_dmy` and others; empty where any text is taken.
    public var validation: String
    /// Least value that the project takes without asking.
    public var minimum: Double?
    /// Largest value that the project takes without asking.
    public var maximum: Double?
    /// Whether the project marks it as a fact that identifies a person.
    public var isIdentifier: Bool
  }

  /// The fields in the order of the file.
  public let fields: [Field]

  /// Reads a dictionary.
  ///
  /// - Throws: `RegistryError.unreadable` where the columns of a dictionary are missing.
  public init(_ table: DelimitedTable, source: String) throws {
    func column(_ beginnings: [String]) -> Int? {
      table.header.firstIndex { name in
        let folded = name.lowercased().filter { $0.isLetter || $0 == "_" || $0 == " " }
        return beginnings.contains { folded.hasPrefix($0) }
      }
    }
    guard let name = column(["variable", "field_name"]),
      let type = column(["field type", "field_type"]),
      let label = column(["field label", "field_label"])
    else {
      throw RegistryError.unreadable(
        source: source, line: 1, found: "no columns for field name, type and label",
        expected: "a data dictionary as REDCap writes it")
    }
    let choices = column(["choices", "select_choices"])
    let note = column(["field note", "field_note"])
    let validation = column(["text validation type", "text_validation_type"])
    let minimum = column(["text validation min", "text_validation_min"])
    let maximum = column(["text validation max", "text_validation_max"])
    let identifier = column(["identifier"])
    fields = table.rows.compactMap { row in
      func text(_ index: Int?) -> String {
        index.map { DelimitedTable.trimmed(row.cells[$0]) } ?? ""
      }
      guard !text(name).isEmpty else { return nil }
      let kind = text(type).lowercased()
      return Field(
        name: text(name), type: kind, label: Self.plain(text(label)), note: Self.plain(text(note)),
        choices: ["calc", "slider"].contains(kind) ? [:] : Self.choices(text(choices)),
        validation: text(validation).lowercased(), minimum: Double(text(minimum)),
        maximum: Double(text(maximum)), isIdentifier: text(identifier).lowercased().hasPrefix("y"))
    }
  }

  /// Labels by code of `1, Left | 2, Right`.
  static func choices(_ text: String) -> [String: String] {
    var found: [String: String] = [:]
    for part in text.split(whereSeparator: { $0 == "|" || $0.isNewline }) {
      let pair = part.split(separator: ",", maxSplits: 1).map { DelimitedTable.trimmed(String($0)) }
      guard pair.count == 2, !pair[0].isEmpty else { continue }
      found[pair[0]] = plain(pair[1])
    }
    return found
  }

  /// A label without the tags and line ends that projects put into it.
  private static func plain(_ text: String) -> String {
    text.replacing(#/<[^>]{0,200}>/#, with: " ").split(whereSeparator: \.isWhitespace)
      .joined(separator: " ")
  }

  /// Texts that say in a list of choices that there is no value.
  static func meansMissing(_ label: String) -> Bool {
    label.wholeMatch(
      of:
        #/(?i)(missing|unknown|n\/?a|not (done|asked|known|applicable|available|assessed|tested)|refused|invalid)\b.*/#
    ) != nil
  }
}

extension ImportProfile {
  /// How the cells of a column are to be read; what a data dictionary tells of it.
  public struct ColumnRule: Sendable, Equatable, Codable {
    /// Labels by code.
    public var choices: [String: String]?
    /// Further texts that mean that there is no value.
    public var missing: [String]?
    /// Least value that is taken without a warning.
    public var minimum: Double?
    /// Largest value that is taken without a warning.
    public var maximum: Double?
  }

  /// Takes from a data dictionary what the header of a table does not tell: columns by their labels,
  /// units, codes of choices and of missing values, limits.
  ///
  /// Fields that identify a person are read for the pseudonym and for days only.
  ///
  /// - Returns: What was not understood or left out, a sentence each.
  public mutating func apply(_ dictionary: REDCapDictionary, header: [String]) -> [String] {
    var notes: [String] = []
    var rules = columnRules ?? [:]
    let present = Set(header)
    for field in dictionary.fields where present.contains(field.name) {
      if !isUsed(field.name) { notes += use(field) }
      if field.isIdentifier, columns[.subject] != field.name,
        !Self.dateColumns(self).contains(field.name)
      {
        forget(field.name)
        notes.append("\(field.name): identifies a person by the dictionary; not read")
        continue
      }
      guard isUsed(field.name) else { continue }
      var rule = rules[field.name] ?? ColumnRule()
      let absent = field.choices.filter { REDCapDictionary.meansMissing($0.value) }
      if !absent.isEmpty { rule.missing = absent.keys.sorted() }
      if valueColumns.contains(where: { $0.column == field.name }) {
        rule.minimum = field.minimum
        rule.maximum = field.maximum
      } else {
        let labels = field.choices.filter { absent[$0.key] == nil }
        if !labels.isEmpty { rule.choices = labels }
      }
      if rule != ColumnRule() { rules[field.name] = rule }
    }
    columnRules = rules.isEmpty ? nil : rules
    return notes
  }

  private static func dateColumns(_ profile: ImportProfile) -> [String] {
    [ImportField.date, .onsetDate, .therapyStart, .therapyStop, .eventDate].compactMap {
      profile.columns[$0]
    }
  }

  private func isUsed(_ column: String) -> Bool {
    columns.values.contains(column) || attributeColumns.values.contains(column)
      || valueColumns.contains { $0.column == column || $0.standardErrorColumn == column }
  }

  private mutating func forget(_ column: String) {
    columns = columns.filter { $0.value != column }
    attributeColumns = attributeColumns.filter { $0.value != column }
    valueColumns.removeAll { $0.column == column }
  }

  /// Uses a field for what its label says; returns what stands in the way.
  private mutating func use(_ field: REDCapDictionary.Field) -> [String] {
    if let known = Self.field(named: field.label), columns[known] == nil {
      columns[known] = field.name
      return []
    }
    let isNumber =
      ["calc", "slider"].contains(field.type)
      || field.type == "text" && !field.validation.hasPrefix("date") && field.validation != "email"
        && field.validation != "phone" && field.validation != "time"
    let unit = Self.unit(in: field.label) ?? Self.unit(in: "(\(field.note))")
    guard isNumber, var column = Self.valueColumn(label: field.label, unit: unit) else { return [] }
    column.column = field.name
    if let unit, unit != column.kind.unit {
      guard let factor = Self.factor(from: unit, to: column.kind.unit) else {
        return [
          "\(field.name): its label says \(unit), \(column.kind.id) is in \(column.kind.unit); not read"
        ]
      }
      column.factor = factor
    }
    valueColumns.append(column)
    return []
  }

  /// Kind, muscle and side that the words of a label name, in any order; nil where it names no kind.
  ///
  /// `unit`: tells kinds of one name apart (vital capacity in per cent or as a volume).
  static func valueColumn(label: String, unit: String? = nil) -> ValueColumn? {
    let bare = label.replacing(#/\([^)]*\)|\[[^\]]*\]/#, with: " ")
    var words = bare.lowercased().split { !($0.isLetter || $0.isNumber || $0 == "-") }.map(
      String.init)
    var side: BodySide?
    if let place = words.firstIndex(where: { ["left", "right", "links", "rechts"].contains($0) }) {
      side = BodySide(reading: words.remove(at: place))
    }
    var muscle: String?
    for name in MuscleName.abbreviations.values.sorted(by: { ($0.count, $0) > ($1.count, $1) }) {
      let parts = name.split(separator: " ").map(String.init)
      guard let place = words.indices.first(where: { words[$0...].starts(with: parts) }) else {
        continue
      }
      muscle = name
      words.removeSubrange(place..<(place + parts.count))
      break
    }
    if muscle == nil,
      let place = words.indices.dropFirst().last(where: {
        MuscleName.abbreviations[words[$0]] != nil
      })
    {
      muscle = words.remove(at: place)
    }
    let filling: Set = ["of", "the", "in", "at", "m", "muscle", "value", "side", "result", "-"]
    let name = words.filter { !filling.contains($0) }.joined(separator: "-")
    let named = MeasurementKind.known.filter {
      let plain = $0.displayName.lowercased().replacing(#/\([^)]*\)/#, with: " ")
      return plain.split { $0 == " " || $0 == "," }.joined(separator: "-") == name
    }
    let fitting = named.first { kind in unit.map { factor(from: $0, to: kind.unit) != nil } ?? true
    }
    let known = (fitting ?? named.first).map { ValueColumn(column: label, kind: $0) }
    guard var column = known ?? Self.valueColumn(name), column.muscle == nil, column.side == nil
    else { return nil }
    if column.kind.isOutcome && (muscle != nil || side != nil) { return nil }
    column.muscle = muscle.map(MuscleName.canonical)
    column.side = side
    return column
  }

  /// A unit in brackets at the end of a label: `CMAP amplitude (mV)`.
  private static func unit(in label: String) -> String? {
    guard
      let match = label.firstMatch(
        of: #/[\(\[]\s*([µμu]V(?: ms)?|mV(?: ms)?|V|%|Hz|ml|mL|l|L)\s*[\)\]]/#)
    else { return nil }
    let text = String(match.1).replacing("µ", with: "u").replacing("μ", with: "u")
    return ["l": "L", "ml": "mL"][text] ?? text
  }

  private static func factor(from unit: String, to own: String) -> Double? {
    if unit == own { return 1 }
    let volts = ["uV": 1e-6, "mV": 1e-3, "V": 1]
    let areas = ["uV ms": 1e-6, "mV ms": 1e-3]
    let litres = ["mL": 1e-3, "L": 1]
    for scale in [volts, areas, litres] {
      if let from = scale[unit], let to = scale[own] { return from / to }
    }
    return nil
  }
}
