import Tables

extension StoredRecord {
  /// The values on one line, by name.
  public var valuesText: String { Self.text(of: values) }

  /// Values on one line, by name; those with blanks in quotation marks.
  package static func text(of values: [String: String]) -> String {
    values.sorted { $0.key < $1.key }.map { name, value in
      "\(name)=" + (value.contains(" ") ? "\"\(value)\"" : value)
    }.joined(separator: " ")
  }

  /// Records as a table for people.
  public static func text(_ records: [StoredRecord]) -> String {
    var table = TextTable(["Number", "Table", "Values"])
    for record in records {
      table.add([String(record.id), record.table.rawValue, record.valuesText])
    }
    return table.text
  }
}
