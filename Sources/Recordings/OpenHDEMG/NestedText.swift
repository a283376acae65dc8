import Tables

/// Goes through JSON that stands inside strings of JSON.
struct NestedText {
  private let stream: ByteStream
  private let path: String
  /// Whether the value is a string that holds JSON, and its end has been reached.
  private var isNested = false
  private var isValueDone = true
  private var pending: UInt8?
  private var isFirst = true
  private var word: [UInt8] = []
  private let decimal = DecimalText(acceptsComma: false)

  init(_ stream: ByteStream, path: String) {
    self.stream = stream
    self.path = path
    word.reserveCapacity(64)
  }

  func malformed(_ place: String, _ problem: String) -> RecordingError {
    RecordingError(
      .malformed, path: path, place: place, problem + ": not an openhdemg file, or damaged",
      remedy: "save it again in openhdemg")
  }

  // MARK: The outer object

  mutating func begin() throws {
    guard try outer() == UInt8(ascii: "{") else { throw malformed("", "found no object") }
  }

  /// The next member's name, its value opened; nil at the end of the object.
  mutating func key() throws -> String? {
    var byte = try outer()
    if byte == UInt8(ascii: ","), !isFirst { byte = try outer() }
    if byte == UInt8(ascii: "}") { return nil }
    guard byte == UInt8(ascii: "\"") else { throw malformed("", "found no name of a member") }
    isFirst = false
    isNested = true
    isValueDone = false
    var name: [UInt8] = []
    while let next = try inner() {
      name.append(next)
      guard name.count < 200 else { throw malformed("", "found a name without an end") }
    }
    guard try outer() == UInt8(ascii: ":") else { throw malformed("", "found no value") }
    isValueDone = false
    if try outer() == UInt8(ascii: "\"") {
      isNested = true
    } else {
      isNested = false
      stream.back()
    }
    return String(decoding: name, as: UTF8.self)
  }

  /// Passes over what is left of a value.
  mutating func endValue() throws {
    pending = nil
    if isNested {
      while try inner() != nil {}
      return
    }
    guard !isValueDone else { return }
    // A plain value ends at the comma or brace of its own depth, outside of strings.
    var depth = 0
    var isText = false
    while let byte = try stream.next() {
      if isText {
        if byte == UInt8(ascii: "\\") { _ = try stream.next() }
        if byte == UInt8(ascii: "\"") { isText = false }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isText = true
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ","):
        if depth == 0 {
          stream.back()
          return
        }
        if byte != UInt8(ascii: ",") { depth -= 1 }
      default: break
      }
    }
  }

  private func outer() throws -> UInt8 {
    while let byte = try stream.next() {
      if ![9, 10, 13, 32].contains(byte) { return byte }
    }
    throw malformed("", "ends too early")
  }

  // MARK: The text of a value

  /// The next byte of the value's text, unescaped; nil at its end.
  private mutating func inner() throws -> UInt8? {
    if let byte = pending {
      pending = nil
      return byte
    }
    if isValueDone { return nil }
    guard let byte = try stream.next() else { throw malformed("", "ends too early") }
    guard isNested else { return byte }
    if byte == UInt8(ascii: "\"") {
      isValueDone = true
      return nil
    }
    guard byte == UInt8(ascii: "\\") else { return byte }
    guard let escaped = try stream.next() else { throw malformed("", "ends too early") }
    switch escaped {
    case UInt8(ascii: "n"): return 10
    case UInt8(ascii: "t"): return 9
    case UInt8(ascii: "r"): return 13
    case UInt8(ascii: "b"), UInt8(ascii: "f"): return 32
    case UInt8(ascii: "u"):
      var value: UInt32 = 0
      for _ in 0..<4 {
        guard let digit = try stream.next(),
          let number = Character(Unicode.Scalar(digit)).hexDigitValue
        else { throw malformed("", "found a damaged character") }
        value = value << 4 | UInt32(number)
      }
      return value < 128 ? UInt8(value) : UInt8(ascii: "?")
    default: return escaped
    }
  }

  private mutating func token() throws -> UInt8? {
    while let byte = try inner() {
      if ![9, 10, 13, 32].contains(byte) { return byte }
    }
    return nil
  }

  private mutating func expect(_ wanted: Unicode.Scalar, _ key: String) throws {
    guard try token() == UInt8(ascii: wanted) else {
      throw malformed(key, "found no \(String(wanted).quoted) where one belongs")
    }
  }

  /// The text of the value: a JSON string inside the string, or the string itself.
  mutating func string() throws -> String {
    var result: [UInt8] = []
    while let byte = try inner(), result.count < 1000 { result.append(byte) }
    let text = String(decoding: result, as: UTF8.self).trimmingWhitespace()
    return text.hasPrefix("\"") && text.hasSuffix("\"") && text.count > 1
      ? String(text.dropFirst().dropLast()) : text
  }

  mutating func number(key: String) throws -> Double {
    guard let value = try scalar(key), value.isFinite else {
      throw malformed(key, "found no number")
    }
    return value
  }

  /// A number, nil at the end of a list; null gives NaN.
  private mutating func scalar(_ key: String) throws -> Double? {
    word.removeAll(keepingCapacity: true)
    guard let first = try token() else { return nil }
    if first == UInt8(ascii: "]") { return nil }
    var byte: UInt8? = first
    let isText = first == UInt8(ascii: "\"")
    if isText { byte = try inner() }
    while let next = byte {
      if isText {
        if next == UInt8(ascii: "\"") { break }
      } else if [9, 10, 13, 32, UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}")]
        .contains(next)
      {
        pending = next
        break
      }
      word.append(next)
      guard word.count < 64 else { throw malformed(key, "found a number without an end") }
      byte = try inner()
    }
    if let value = decimal.number(word[...]) { return value }
    switch String(decoding: word, as: UTF8.self) {
    case "null", "NaN", "nan": return .nan
    case "true": return 1
    case "false": return 0
    default:
      if isText { return .nan }
      throw malformed(
        key, "found \(String(decoding: word, as: UTF8.self).quoted), expected a number")
    }
  }

  /// Goes through a list whose `[` has been read; `body` reads one item and is false at its end.
  private mutating func list(_ key: String, _ body: (inout NestedText) throws -> Bool) throws {
    while try body(&self) {
      guard let separator = try token() else { throw malformed(key, "ends inside a list") }
      if separator == UInt8(ascii: "]") { return }
      guard separator == UInt8(ascii: ",") else {
        throw malformed(key, "found no comma between two items")
      }
    }
  }

  /// Lists of numbers, one for each unit; a number alone is a list of one.
  mutating func lists(limit: Int, key: String) throws -> [[Double]] {
    try expect("[", key)
    var result: [[Double]] = []
    var count = 0
    try list(key) { text in
      guard let open = try text.token() else { throw text.malformed(key, "ends inside a list") }
      if open == UInt8(ascii: "]") { return false }
      guard open == UInt8(ascii: "[") else { throw text.malformed(key, "found no list of a unit") }
      var values: [Double] = []
      try text.list(key) { text in
        guard let value = try text.scalar(key) else { return false }
        values.append(value)
        count += 1
        guard count <= limit else { throw text.malformed(key, "holds too many discharges") }
        return true
      }
      result.append(values)
      guard result.count <= RecordingLimits.channelCount.upperBound else {
        throw text.malformed(key, "holds too many units")
      }
      return true
    }
    return result
  }

  mutating func table(keeps: Bool, key: String) throws -> OpenHDEMGJSON.Table {
    var table = OpenHDEMGJSON.Table()
    var index: [Double] = []
    try expect("{", key)
    while true {
      guard var byte = try token() else { throw malformed(key, "ends inside a table") }
      if byte == UInt8(ascii: ",") { byte = try token() ?? 0 }
      if byte == UInt8(ascii: "}") { break }
      guard byte == UInt8(ascii: "\"") else { throw malformed(key, "found no part of a table") }
      var name: [UInt8] = []
      while let next = try inner(), next != UInt8(ascii: "\""), name.count < 64 {
        name.append(next)
      }
      try expect(":", key)
      try expect("[", key)
      switch String(decoding: name, as: UTF8.self) {
      case "columns":
        try list(key) { text in
          guard try text.scalar(key) != nil else { return false }
          table.columnCount += 1
          guard table.columnCount <= RecordingLimits.channelCount.upperBound else {
            throw text.malformed(key, "holds too many columns")
          }
          return true
        }
        if keeps { table.columns = [[Float]](repeating: [], count: table.columnCount) }
      case "index":
        try list(key) { text in
          guard let value = try text.scalar(key) else { return false }
          if keeps { index.append(value) }
          return true
        }
      case "data":
        try list(key) { text in
          guard let open = try text.token() else {
            throw text.malformed(key, "ends inside a table")
          }
          if open == UInt8(ascii: "]") { return false }
          guard open == UInt8(ascii: "[") else { throw text.malformed(key, "found no row") }
          var column = 0
          try text.list(key) { text in
            guard let value = try text.scalar(key) else { return false }
            if keeps, column < table.columnCount { table.columns[column].append(Float(value)) }
            column += 1
            return true
          }
          guard column == table.columnCount else {
            throw text.malformed(
              "\(key), row \(table.rowCount + 1)",
              "found \(column) values, expected \(table.columnCount)")
          }
          table.rowCount += 1
          return true
        }
      case let other: throw malformed(key, "found \(other.quoted), expected columns, index, data")
      }
    }
    order(&table, by: index)
    return table
  }

  /// Rows come in the order of their index, as openhdemg sorts them.
  private func order(_ table: inout OpenHDEMGJSON.Table, by index: [Double]) {
    guard index.count == table.rowCount, zip(index, index.dropFirst()).contains(where: { $0 > $1 })
    else { return }
    let order = index.indices.sorted { (index[$0], $0) < (index[$1], $1) }
    for column in table.columns.indices {
      let values = table.columns[column]
      table.columns[column] = order.map { values[$0] }
    }
  }
}
