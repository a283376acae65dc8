/// Where the header of a text table is, and what its columns are called.
///
/// Spreadsheets put titles above a header, or write it in two lines: groups that span several
/// columns (`APB left`, then empty cells) above what each column holds (`MUNIX`, `CMAP`).
struct TableHeader: Equatable {
  /// Rows up to and with the header: they hold no data.
  var rowCount: Int
  /// Column names; a column without one is empty.
  var names: [String]

  /// Rows that are looked at.
  static let reach = 30

  /// Finds the header among the first rows of a table.
  ///
  /// It stands above the first row that holds a number or a date, and of the rows there it is the
  /// first with the most cells that are not empty. Without such a row it is the first row.
  init(_ rows: [DelimitedTable.Row]) {
    let cells = rows.prefix(Self.reach).map { $0.cells.map(DelimitedTable.trimmed) }
    let data = cells.firstIndex { row in
      row.count { !$0.isEmpty } > 1 && row.contains(where: Self.isNumberOrDate)
    }
    let above = cells.prefix(data ?? 0)
    let filled = above.map { row in row.count { !$0.isEmpty } }
    let most = filled.max() ?? 0
    let place = most > 1 ? filled.firstIndex(of: most) ?? 0 : 0
    var header = cells[place]
    rowCount = place + 1
    if place + 1 < above.count, Self.isContinued(header, by: above[place + 1]) {
      header = Self.joined(groups: header, names: above[place + 1])
      rowCount += 1
    } else if place > 0, Self.repeats(header) {
      header = Self.joined(groups: above[place - 1], names: header)
    }
    while header.count > 1, header.last?.isEmpty == true { header.removeLast() }
    names = header
  }

  /// Whether the row below names the columns that a group spans.
  private static func isContinued(_ groups: [String], by names: [String]) -> Bool {
    let gaps = groups.indices.filter { groups[$0].isEmpty && $0 > 0 }
    return !gaps.isEmpty
      && gaps.allSatisfy { $0 < names.count && !names[$0].isEmpty }
  }

  private static func repeats(_ names: [String]) -> Bool {
    let given = names.filter { !$0.isEmpty }
    return Set(given).count < given.count
  }

  /// `MUNIX APB left` for the column MUNIX below the group `APB left`.
  private static func joined(groups: [String], names: [String]) -> [String] {
    var group = ""
    return names.indices.map { index in
      if index < groups.count, !groups[index].isEmpty { group = groups[index] }
      let name = names[index]
      if name.isEmpty { return index < groups.count ? groups[index] : "" }
      return group.isEmpty ? name : name + " " + group
    }
  }

  /// Whether a cell is nothing but a number or a date, with points, commas, slashes or dashes.
  static func isNumberOrDate(_ cell: String) -> Bool {
    var digits = 0
    for byte in cell.utf8 {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digits += 1
      case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: "/"), UInt8(ascii: "-"),
        UInt8(ascii: "+"), UInt8(ascii: ":"), UInt8(ascii: "e"), UInt8(ascii: "E"),
        UInt8(ascii: "T"), UInt8(ascii: "Z"), UInt8(ascii: " "), UInt8(ascii: "%"):
        continue
      default: return false
      }
    }
    return digits > 0
  }
}
