import Foundation

/// What the lines above the numbers of a table say about its columns.
///
/// Programs write names, units, rates and the names of sensors on lines of their own, in any order
/// and with a cell more or less than the numbers have.
struct TableHeaderLines {
  /// One for each column of numbers.
  private(set) var columns: [TableHeader.Column]
  /// Whether a line with names was found.
  private(set) var hasNames = false

  /// How many lines above the numbers are looked at.
  private static let lineCount = 8

  /// Reads the lines; `cells` is the number of columns.
  init(_ lines: [ArraySlice<UInt8>], dialect: TableDialect, cells: Int) {
    columns = (0..<cells).map { TableHeader.Column(name: "\($0 + 1)", unit: "") }
    let near = lines.filter { $0.contains { $0 > 32 } }.suffix(Self.lineCount)
    var units: [String]?
    var names: [String]?
    for line in near.reversed() {
      guard let texts = Self.texts(line, dialect: dialect, cells: cells) else { continue }
      if let names {
        // Above the names: a line with one text for several columns, such as sensors.
        if texts.contains(""), names.contains(where: { !$0.isEmpty }) {
          setGroups(texts)
        }
        // A line over all columns that is no name line is the nearest group line, or nothing.
        if columns.contains(where: { !$0.group.isEmpty }) { break }
      } else if setRates(texts) {
        continue
      } else if units == nil, Self.areUnits(texts) {
        units = texts.map { $0.trimmingCharacters(in: CharacterSet(charactersIn: "[]()")) }
      } else {
        names = texts
      }
    }
    // A line of unit words alone may as well be names ("s", "V"): then they are both.
    guard let texts = names ?? units else { return }
    hasNames = true
    for (index, text) in texts.enumerated() {
      let split = TableHeader.splitUnit(text)
      if !split.name.isEmpty { columns[index].name = split.name }
      let stated = names == nil ? "" : units?[index] ?? ""
      columns[index].unit = stated.isEmpty ? split.unit : stated
    }
    tellApart()
  }

  /// The texts of a header line, one a column; nil where it has another number of cells.
  private static func texts(
    _ line: ArraySlice<UInt8>, dialect: TableDialect, cells: Int
  ) -> [String]? {
    // Some programs mark the header as a comment.
    let line = line.first == UInt8(ascii: "#") ? line.dropFirst() : line
    let cellsOfLine = dialect.cells(line)
    guard cellsOfLine.contains(where: { !TableDialect.isMissing($0) }) else { return nil }
    var found = cellsOfLine.map { FileText.decode($0) }
    while found.count > cells, found.last == "" { found.removeLast() }
    // R writes no name above its column of row names.
    if found.count == cells - 1, cells > 2, found.allSatisfy({ !$0.isEmpty }) {
      found.insert("", at: 0)
    }
    return found.count == cells && found.contains { !$0.isEmpty } ? found : nil
  }

  private static func areUnits(_ texts: [String]) -> Bool {
    texts.allSatisfy { name in
      let bare = name.trimmingCharacters(in: CharacterSet(charactersIn: "[]()"))
      if bare.isEmpty { return true }
      guard let unit = PhysicalUnit.parse(bare)?.unit else { return false }
      if case .other = unit { return false }
      // A number alone is a name, not a unit.
      return Double(bare) == nil
    }
  }

  /// Takes a line of rates (`2148.1481 Hz`); returns whether it is one.
  private mutating func setRates(_ texts: [String]) -> Bool {
    let rates = texts.map { text -> Double? in
      guard text.lowercased().hasSuffix("hz") else { return nil }
      let number = text.dropLast(2).trimmingCharacters(in: .whitespaces)
        .replacingOccurrences(of: ",", with: ".")
      return Double(number).flatMap { RecordingLimits.samplingRate.contains($0) ? $0 : nil }
    }
    guard zip(texts, rates).allSatisfy({ $0.isEmpty || $1 != nil }) else { return false }
    for (index, rate) in rates.enumerated() { columns[index].samplingRate = rate }
    return true
  }

  /// Takes a line in which a text stands for its column and the empty ones after it.
  private mutating func setGroups(_ texts: [String]) {
    var current = ""
    for (index, text) in texts.enumerated() {
      if !text.isEmpty { current = text }
      columns[index].group = current
    }
    // One word for all columns tells none apart.
    if Set(columns.map(\.group)).count < 2 {
      for index in columns.indices { columns[index].group = "" }
    }
  }

  /// Puts the group before names that come more than once.
  private mutating func tellApart() {
    let counts = Dictionary(columns.map { ($0.name, 1) }, uniquingKeysWith: +)
    for index in columns.indices
    where counts[columns[index].name, default: 0] > 1 && !columns[index].group.isEmpty {
      columns[index].name = "\(columns[index].group) \(columns[index].name)"
    }
  }
}
