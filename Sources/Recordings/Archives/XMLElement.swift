/// A small XML document as a tree, for the headers that recordings keep in this form.
///
/// Elements, attributes, text, CDATA, comments, processing instructions, character references and the
/// five named entities. A document type is refused, and with it every entity of its own, so that a
/// file of a few lines cannot grow to gigabytes or read other files.
/// Source: W3C, Extensible Markup Language (XML) 1.0, fifth edition.
struct XMLElement: Sendable, Hashable {
  /// Why a text is no such document.
  struct Problem: Error {
    var line: Int
    var text: String
  }

  private static let depthLimit = 64
  private static let elementLimit = 200_000

  var name: String
  var attributes: [String: String] = [:]
  var children: [XMLElement] = []
  /// The text directly inside, trimmed.
  var text = ""

  /// Reads a document in UTF-8, UTF-16 (with a byte-order mark) or Latin-1; throws `Problem`.
  static func parse(_ bytes: [UInt8]) throws -> XMLElement {
    var parser = Parser(Array(decoded(bytes).utf8))
    return try parser.document()
  }

  /// The first child of this name, whatever its namespace and capitals.
  subscript(name: String) -> XMLElement? { children.first { $0.isNamed(name) } }

  /// The text of the first child of this name, nil where there is none or it is empty.
  func text(of name: String) -> String? {
    self[name].flatMap { $0.text.isEmpty ? nil : $0.text }
  }

  /// An attribute, whatever its capitals; nil where it is missing or empty.
  func attribute(_ name: String) -> String? {
    let value =
      attributes[name]
      ?? attributes.first { $0.key.lowercased() == name.lowercased() }?.value
    return value.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// This element and all inside it that have a name, in their order.
  func all(_ name: String) -> [XMLElement] {
    (isNamed(name) ? [self] : []) + children.flatMap { $0.all(name) }
  }

  func isNamed(_ wanted: String) -> Bool {
    let local = name.split(separator: ":").last.map { String($0) } ?? name
    return local.lowercased() == wanted.lowercased()
  }

  private static func decoded(_ bytes: [UInt8]) -> String {
    func wide(isLittle: Bool) -> String {
      let units = stride(from: 2, to: bytes.count - 1, by: 2).map { index in
        isLittle
          ? UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8
          : UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1])
      }
      return String(decoding: units, as: UTF16.self)
    }
    if bytes.starts(with: [0xFF, 0xFE]) { return wide(isLittle: true) }
    if bytes.starts(with: [0xFE, 0xFF]) { return wide(isLittle: false) }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return FileText.decode(bytes.dropFirst(3)) }
    return FileText.decode(bytes)
  }

  // MARK: Parser

  private struct Parser {
    private let bytes: [UInt8]
    private var at = 0
    private var count = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() throws -> XMLElement {
      var open: [XMLElement] = []
      while at < bytes.count {
        guard bytes[at] == UInt8(ascii: "<") else {
          let text = try characters()
          if open.isEmpty {
            guard text.trimmingWhitespace().isEmpty else { throw problem("text outside elements") }
          } else {
            open[open.count - 1].text += text
          }
          continue
        }
        if skip("<!--") {
          try pass("-->")
        } else if skip("<![CDATA[") {
          let start = at
          try pass("]]>")
          guard !open.isEmpty else { throw problem("text outside elements") }
          open[open.count - 1].text += String(decoding: bytes[start..<at - 3], as: UTF8.self)
        } else if skip("<?") {
          try pass("?>")
        } else if skip("<!") {
          throw problem("a document type, which no recording needs")
        } else if skip("</") {
          let name = try self.name()
          blanks()
          guard skip(">"), var last = open.popLast(), last.name == name else {
            throw problem("an end of \(name.quoted) that does not fit")
          }
          last.text = last.text.trimmingWhitespace()
          if open.isEmpty { return last }
          open[open.count - 1].children.append(last)
        } else {
          at += 1
          count += 1
          guard count <= elementLimit, open.count < depthLimit else {
            throw problem("more or deeper elements than a header has")
          }
          var element = XMLElement(name: try name())
          let isEmpty = try attributes(of: &element)
          if !isEmpty {
            open.append(element)
          } else if open.isEmpty {
            return element
          } else {
            open[open.count - 1].children.append(element)
          }
        }
      }
      throw problem(open.last.map { "no end of \($0.name.quoted)" } ?? "no element")
    }

    /// Reads attributes up to the end of a tag; true where the tag closes its element.
    private mutating func attributes(of element: inout XMLElement) throws -> Bool {
      while true {
        blanks()
        if skip("/>") { return true }
        if skip(">") { return false }
        let name = try self.name()
        blanks()
        guard skip("=") else { throw problem("attribute \(name.quoted) without a value") }
        blanks()
        guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") || bytes[at] == UInt8(ascii: "'"),
          let end = bytes[(at + 1)...].firstIndex(of: bytes[at])
        else { throw problem("attribute \(name.quoted) without quotes") }
        guard element.attributes.count < 256 else { throw problem("too many attributes") }
        element.attributes[name] = try resolved(bytes[(at + 1)..<end]).trimmingWhitespace()
        at = end + 1
      }
    }

    private mutating func characters() throws -> String {
      let end = bytes[at...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
      defer { at = end }
      return try resolved(bytes[at..<end])
    }

    /// The text with its references replaced.
    private func resolved(_ part: ArraySlice<UInt8>) throws -> String {
      guard part.contains(UInt8(ascii: "&")) else { return String(decoding: part, as: UTF8.self) }
      var result = ""
      var rest = part
      while let mark = rest.firstIndex(of: UInt8(ascii: "&")) {
        result += String(decoding: rest[..<mark], as: UTF8.self)
        guard let end = rest[mark...].prefix(12).firstIndex(of: UInt8(ascii: ";")) else {
          throw problem("an \"&\" that starts no reference")
        }
        let name = String(decoding: rest[(mark + 1)..<end], as: UTF8.self)
        guard let character = Self.reference(name) else {
          throw problem("an unknown reference \("&\(name);".quoted)")
        }
        result.unicodeScalars.append(character)
        rest = rest[(end + 1)...]
      }
      return result + String(decoding: rest, as: UTF8.self)
    }

    private static func reference(_ name: String) -> Unicode.Scalar? {
      switch name {
      case "lt": return "<"
      case "gt": return ">"
      case "amp": return "&"
      case "quot": return "\""
      case "apos": return "'"
      default:
        guard name.hasPrefix("#") else { return nil }
        let digits = name.dropFirst()
        let value =
          digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        return value.flatMap { Unicode.Scalar($0) }
      }
    }

    private mutating func name() throws -> String {
      let start = at
      let ends = Array(" \t\r\n/>=<\"'&".utf8)
      while at < bytes.count, !ends.contains(bytes[at]) { at += 1 }
      guard at > start, at - start <= 256 else { throw problem("no name of an element") }
      return String(decoding: bytes[start..<at], as: UTF8.self)
    }

    private mutating func blanks() {
      while at < bytes.count, [9, 10, 13, 32].contains(bytes[at]) { at += 1 }
    }

    private mutating func skip(_ text: String) -> Bool {
      guard bytes[at...].starts(with: text.utf8) else { return false }
      at += text.utf8.count
      return true
    }

    private mutating func pass(_ text: String) throws {
      let pattern = Array(text.utf8)
      while at + pattern.count <= bytes.count {
        if bytes[at] == pattern[0], bytes[at...].starts(with: pattern) {
          at += pattern.count
          return
        }
        at += 1
      }
      throw problem("no \(text.quoted)")
    }

    private func problem(_ text: String) -> Problem {
      let line = bytes.prefix(min(at, bytes.count)).count { $0 == 10 } + 1
      return Problem(line: line, text: text)
    }
  }
}

extension MemberArchive {
  /// The document of a member of at most 16 MB; throws `RecordingError` naming the line.
  func document(_ member: Member) throws -> XMLElement {
    let content = try content(member, limit: 16 << 20)
    do {
      return try XMLElement.parse(content)
    } catch let problem as XMLElement.Problem {
      throw RecordingError(
        .malformed, path: bytes.path, place: "member \(member.name), line \(problem.line)",
        "found \(problem.text), expected an XML document")
    }
  }
}
