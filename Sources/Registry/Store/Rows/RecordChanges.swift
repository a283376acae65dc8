import Foundation

/// Changes of a record's values, read from text by the fields of its table.
struct RecordChanges {
  let table: RecordTable
  let id: RecordID
  let writer: RecordWriter

  /// The fields with the changes: a value by field name, empty for none.
  ///
  /// - Throws: `RegistryError.invalid` for a field that the table does not have or a value that
  ///   cannot be read, and `.notFound` for a visit that is not there.
  func applied(_ changes: [String: String], to fields: RecordFields) throws -> RecordFields {
    var result = fields
    let known = RecordField.all(of: table)
    guard !known.isEmpty else {
      throw refuse("values", "the work of an analysis", "a retraction, and the analysis run again")
    }
    for (name, text) in changes.sorted(by: { $0.key < $1.key }) {
      let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
      guard let field = known.first(where: { $0.name == parts.first }) else {
        throw refuse("field", "\"\(name)\"", known.map(\.name).joined(separator: ", "))
      }
      if case .entry(let isNumber) = field.form {
        guard parts.count == 2, !parts[1].isEmpty else {
          throw refuse("field", "\"\(name)\"", "\(field.name).NAME")
        }
        try setEntry(parts[1], text, field.column, isNumber: isNumber, &result)
      } else {
        guard parts.count == 1 else { throw refuse("field", "\"\(name)\"", field.name) }
        try set(field, text, &result)
      }
    }
    return result
  }

  private func set(_ field: RecordField, _ text: String, _ fields: inout RecordFields) throws {
    guard !text.isEmpty else {
      fields[field.column] = nil
      return
    }
    switch field.form {
    case .text, .entry: fields.set(field.column, text)
    case .muscle: fields.set(field.column, MuscleName.canonical(text))
    case .number:
      try fields.set(field.column, number(text, field.name), table: table)
    case .integer:
      guard let value = Int(text) else { throw refuse(field.name, "\"\(text)\"", "1, 2, ...") }
      fields.set(field.column, value)
    case .date:
      guard let date = CivilDate(text) else {
        throw refuse(field.name, "\"\(text)\"", "a date written YYYY-MM-DD")
      }
      fields.set(field.column, date)
    case .side:
      guard let side = BodySide(reading: text) else {
        throw refuse(field.name, "\"\(text)\"", "left, right or midline")
      }
      fields.set(field.column, side.rawValue)
    case .choice(let names):
      guard names.contains(text) else {
        throw refuse(field.name, "\"\(text)\"", names.joined(separator: ", "))
      }
      fields.set(field.column, text)
    case .group(let group):
      let found =
        try group == .study ? NamedGroups.study(text, writer) : NamedGroups.site(text, writer)
      fields.set(field.column, id: found)
    case .visit: fields.set(field.column, id: try visit(text, fields))
    }
  }

  /// The visit of another day of the same subject.
  private func visit(_ text: String, _ fields: RecordFields) throws -> RecordID {
    guard let date = CivilDate(text) else {
      throw refuse("visit", "\"\(text)\"", "the day of a visit, written YYYY-MM-DD")
    }
    guard fields.integer("run") == nil else {
      throw refuse("visit", "a value of an analysis", "the visit of its recording corrected")
    }
    let own = try CurrentRecords.fetch(
      Visit.self, writer.db, where: "r.origin = ?", [fields.integer("visit")])
    guard let subject = own.first?.subject,
      let visit = try VisitQuery.visit(subject, date, writer.db)
    else {
      throw RegistryError.notFound(table: RecordTable.visit.rawValue, key: "of \(date)")
    }
    return visit.id
  }

  private func setEntry(
    _ name: String, _ text: String, _ column: String, isNumber: Bool, _ fields: inout RecordFields
  ) throws {
    if isNumber {
      var entries =
        try fields.text(column).map { try JSONText.decode([String: Double].self, from: $0) } ?? [:]
      entries[name] = text.isEmpty ? nil : try number(text, name)
      fields.set(column, entries.isEmpty ? nil : try JSONText.encode(entries))
      // The total is that of the items, unless it is corrected itself.
      if fields.text("instrument") == "ALSFRS-R" {
        let total = Outcome.alsfrs(visit: 0, items: entries).total
        try fields.set("total", total, table: table)
      }
    } else {
      var entries = try fields.json(column)
      entries[name] = text.isEmpty ? nil : text
      try fields.set(column, json: entries)
    }
  }

  private func number(_ text: String, _ name: String) throws -> Double {
    guard let value = Double(text), value.isFinite else {
      throw refuse(name, "\"\(text.prefix(40))\"", "a number")
    }
    return value
  }

  private func refuse(_ field: String, _ found: String, _ expected: String) -> RegistryError {
    .invalid(table: "\(table.rawValue) \(id)", field: field, found: found, expected: expected)
  }
}
