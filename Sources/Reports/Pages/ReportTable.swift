/// A table of a report.
public struct ReportTable: Sendable, Equatable {
  /// One column.
  public struct Column: Sendable, Equatable {
    /// Heading, with the unit where there is one.
    public var title: String
    /// Whether cells are numbers and stand at the right.
    public var isNumeric: Bool

    /// A column.
    public init(_ title: String, isNumeric: Bool = true) {
      self.title = title
      self.isNumeric = isNumeric
    }
  }

  /// What the table shows.
  public var caption: String
  /// Columns from left to right.
  public var columns: [Column]
  /// Rows of as many cells as there are columns.
  public var rows: [[String]]
  /// Indices of rows that are shown with emphasis, for example tentative ones.
  public var markedRows: Set<Int>
  /// Remarks under the table.
  public var notes: [String]

  /// A table; a row with another number of cells than columns is a programming error.
  public init(
    caption: String, columns: [Column], rows: [[String]], markedRows: Set<Int> = [],
    notes: [String] = []
  ) {
    precondition(
      rows.allSatisfy { $0.count == columns.count }, "a row needs one cell for each column")
    self.caption = caption
    self.columns = columns
    self.rows = rows
    self.markedRows = markedRows
    self.notes = notes
  }

  /// The table as markup.
  func element() -> MarkupElement {
    // Short tables stay on one printed page; long ones repeat their heading.
    var wrapper = MarkupElement("div", ["class": rows.count <= 14 ? "table short" : "table"])
    if rows.isEmpty {
      wrapper.append(MarkupElement("p", ["class": "empty"], text: "\(caption): no entries."))
      return wrapper
    }
    let table = MarkupElement(
      "table",
      [
        MarkupElement("caption", text: caption),
        MarkupElement(
          "thead",
          [
            MarkupElement(
              "tr",
              columns.map { column in
                MarkupElement("th", Self.attributes(column, isHeading: true), text: column.title)
              })
          ]),
        MarkupElement("tbody", rows.enumerated().map { row(at: $0.offset, cells: $0.element) }),
      ])
    wrapper.append(table)
    for note in notes { wrapper.append(MarkupElement("p", ["class": "note"], text: note)) }
    return wrapper
  }

  private func row(at index: Int, cells: [String]) -> MarkupElement {
    var row = MarkupElement("tr")
    if markedRows.contains(index) { row.set("class", "marked") }
    for (place, (cell, column)) in zip(cells, columns).enumerated() {
      var element = MarkupElement(
        "td", Self.attributes(column, isHeading: false),
        text: column.isNumeric ? Self.joined(cell) : cell)
      // A long name would push the last columns off the page.
      if place == 0, cell.count > 24 { element.set("class", "long") }
      row.append(element)
    }
    return row
  }

  /// A numeric cell that breaks only before an interval in parentheses and between values.
  private static func joined(_ cell: String) -> String {
    var result = ""
    for character in cell {
      if character == " ", result.last != ";" {
        result.append("\u{00A0}")
      } else if character == "(", result.last == "\u{00A0}" {
        result.removeLast()
        result += " ("
      } else {
        result.append(character)
      }
    }
    return result
  }

  private static func attributes(
    _ column: Column, isHeading: Bool
  ) -> KeyValuePairs<String, String> {
    switch (column.isNumeric, isHeading) {
    case (true, true): return ["scope": "col", "class": "number"]
    case (false, true): return ["scope": "col"]
    case (true, false): return ["class": "number"]
    case (false, false): return [:]
    }
  }
}
