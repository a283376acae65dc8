import Foundation
import Tables

// Reading single cells; what is wrong with one becomes a problem of its row.
extension TableImport {
  func cell(_ row: DelimitedTable.Row, column: String?) -> String? {
    guard let column, let index = indexes[column] else { return nil }
    return meaning(cell(row, at: index), column)
  }

  func cell(_ row: DelimitedTable.Row, _ field: ImportField) -> String? {
    guard let index = places[field] else { return nil }
    return meaning(cell(row, at: index), profile.columns[field])
  }

  /// What a data dictionary says that a cell's text means.
  private func meaning(_ text: String?, _ column: String?) -> String? {
    guard let text, !rules.isEmpty, let column, let rule = rules[column] else { return text }
    if rule.missing?.contains(text) == true { return nil }
    return rule.choices?[text] ?? text
  }

  private func cell(_ row: DelimitedTable.Row, at index: Int) -> String? {
    let text = DelimitedTable.trimmed(row.cells[index])
    if text.isEmpty { return nil }
    return text.utf8.count <= missingLength && missing.contains(text.lowercased()) ? nil : text
  }

  mutating func note(
    _ row: DelimitedTable.Row, _ column: String?, _ message: String,
    _ severity: ImportProblem.Severity = .error
  ) {
    problems.append(
      SourcePlace(file: file, line: row.line).problem(message, column: column, severity: severity))
  }

  mutating func date(_ row: DelimitedTable.Row, _ field: ImportField) -> CivilDate? {
    guard let text = cell(row, field) else { return nil }
    let known = knownDates[text] ?? parsedDate(text)
    knownDates[text] = .some(known)
    if let date = known { return date }
    note(
      row, profile.columns[field],
      "found \"\(text.prefix(40))\", expected a date in the order \(profile.dateFormat.rawValue)")
    return nil
  }

  /// A date, also one followed by a time of day.
  func parsedDate(_ text: String) -> CivilDate? {
    let day = text.split { $0 == "T" || $0 == " " }.first.map(String.init) ?? text
    return CivilDate(day, format: profile.dateFormat)
  }

  mutating func number(_ row: DelimitedTable.Row, column: String?) -> Double? {
    guard let text = cell(row, column: column) else { return nil }
    let plain = profile.decimalComma ? text.replacingOccurrences(of: ",", with: ".") : text
    if plain.utf8.allSatisfy(Self.isNumeric),
      let number = Double(plain), number.isFinite
    {
      if let column, let rule = rules[column],
        number < rule.minimum ?? number || number > rule.maximum ?? number
      {
        let limits =
          "\(rule.minimum.map { "\($0)" } ?? "") to \(rule.maximum.map { "\($0)" } ?? "")"
        note(row, column, "\(text) is outside the dictionary's limits \(limits)", .warning)
      }
      return number
    }
    let hint = text.contains(",") && !profile.decimalComma ? " (a decimal comma? set it)" : ""
    note(row, column, "found \"\(text.prefix(40))\", expected a number\(hint)")
    return nil
  }

  /// Whether a byte may stand in a number: digits, signs, point and exponent.
  private static func isNumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"),
      UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
      true
    default: false
    }
  }

  mutating func choice<Value: RawRepresentable & CaseIterable>(
    _ row: DelimitedTable.Row, _ field: ImportField, _ type: Value.Type
  ) -> Value? where Value.RawValue == String {
    guard let text = cell(row, field) else { return nil }
    if let value = Value(rawValue: text.lowercased()) { return value }
    let names = Value.allCases.map(\.rawValue).joined(separator: ", ")
    note(row, profile.columns[field], "found \"\(text.prefix(40))\", expected one of: \(names)")
    return nil
  }

  mutating func side(_ row: DelimitedTable.Row, _ field: ImportField = .side) -> BodySide? {
    guard let text = cell(row, field) else { return nil }
    if let side = BodySide(reading: text) { return side }
    note(row, profile.columns[field], "found \"\(text.prefix(40))\", expected left or right")
    return nil
  }
}
