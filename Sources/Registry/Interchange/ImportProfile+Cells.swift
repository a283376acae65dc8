import Tables

extension ImportProfile {
  /// A profile for a table from its header, the order of its dates and the commas of its numbers.
  ///
  /// It is meant to be looked at before it is used; see also `ambiguousDate(in:)`.
  public static func guess(table: DelimitedTable) -> ImportProfile {
    var profile = guess(header: table.header)
    profile.takeStyles(of: table)
    return profile
  }

  /// Takes the order of dates and the decimal sign from the cells of the columns that are used.
  public mutating func takeStyles(of table: DelimitedTable) {
    dateFormat = likelyDateFormat(in: table).format
    decimalComma = table.writesDecimalCommas(in: numberColumns)
  }

  /// A date of the table that can be read with the day or with the month first, where no other date
  /// tells which it is; nil where there is no doubt.
  public func ambiguousDate(in table: DelimitedTable) -> String? {
    likelyDateFormat(in: table).doubt
  }

  private static let dateFields: [ImportField] = [
    .date, .onsetDate, .therapyStart, .therapyStop, .eventDate,
  ]

  /// The order that reads the most dates; days come first where dots separate the parts.
  private func likelyDateFormat(
    in table: DelimitedTable
  ) -> (format: CivilDateFormat, doubt: String?) {
    // Every date once: tables repeat them by the thousand.
    let texts = Set(table.cells(of: Self.dateFields.compactMap { columns[$0] })).sorted()
    let cells = texts.map { cell in
      cell.split { $0 == "T" || $0 == " " }.first.map(String.init) ?? cell
    }
    func count(_ format: CivilDateFormat) -> Int {
      cells.count { CivilDate($0, format: format) != nil }
    }
    let (year, day, month) = (count(.yearMonthDay), count(.dayMonthYear), count(.monthDayYear))
    if year >= max(day, month) { return (.yearMonthDay, nil) }
    if day != month { return (day > month ? .dayMonthYear : .monthDayYear, nil) }
    if cells.allSatisfy({ !$0.contains("/") && !$0.contains("-") }) { return (.dayMonthYear, nil) }
    // A day that is its own month (03/03) is in no doubt.
    let doubtful = cells.first {
      let first = CivilDate($0, format: .dayMonthYear)
      return first != nil && first != CivilDate($0, format: .monthDayYear)
    }
    return (.dayMonthYear, doubtful)
  }

  /// The columns whose cells are numbers.
  private var numberColumns: [String] {
    [ImportField.value, .standardError, .therapyDose].compactMap { columns[$0] }
      + valueColumns.flatMap { [$0.column, $0.standardErrorColumn].compactMap { $0 } }
  }

  /// What is read from which column, one line each, and the columns that are not used.
  public func description(header: [String]) -> (columns: [String], unused: [String]) {
    var lines: [String: String] = [:]
    for (field, column) in columns where header.contains(column) {
      let isDate = Self.dateFields.contains(field)
      lines[column] = field.rawValue + (isDate ? " (\(dateFormat.rawValue))" : "")
    }
    for (name, column) in attributeColumns { lines[column] = "attribute \(name)" }
    for value in valueColumns {
      lines[value.column] = [value.kind.id, value.muscle, value.side?.rawValue].compactMap { $0 }
        .joined(separator: ", ")
      if let error = value.standardErrorColumn {
        lines[error] = "standard error of \(value.column)"
      }
    }
    // REDCap's own columns are read by their names.
    let own = layout == .redcap ? header.filter { $0.hasPrefix("redcap_") } : []
    return (
      header.compactMap { column in lines[column].map { "\(column): \($0)" } },
      header.filter { lines[$0] == nil && !own.contains($0) }
    )
  }
}
