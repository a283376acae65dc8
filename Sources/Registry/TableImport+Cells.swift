import Foundation

// Reading single cells; what is wrong with one becomes a problem of its row.
extension TableImport {
  func cell(_ row: DelimitedTable.Row, column: String?) -> String? {
    guard let column, let index = indexes[column] else { return nil }
    let text = DelimitedTable.trimmed(row.cells[index])
    return missing.contains(text.lowercased()) || text.isEmpty ? nil : text
  }

  func cell(_ row: DelimitedTable.Row, _ field: ImportField) -> String? {
    cell(row, column: profile.columns[field])
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
    if let date = parsedDate(text) { return date }
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
    if plain.allSatisfy({ $0.isASCII && ($0.isNumber || "+-.eE".contains($0)) }),
      let number = Double(plain), number.isFinite
    {
      return number
    }
    let hint = text.contains(",") && !profile.decimalComma ? " (a decimal comma? set it)" : ""
    note(row, column, "found \"\(text.prefix(40))\", expected a number\(hint)")
    return nil
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

  mutating func side(_ row: DelimitedTable.Row) -> BodySide? {
    guard let text = cell(row, .side) else { return nil }
    if let side = BodySide(reading: text) { return side }
    note(row, profile.columns[.side], "found \"\(text.prefix(40))\", expected left or right")
    return nil
  }
}
