/// The parameters of a C3D file: values by group and name (C3D file format user guide, 2021).
struct C3DParameters {
  /// A value as it is stored; texts are its rows.
  enum Value {
    case texts([String])
    case numbers([Double])
  }

  /// Most bytes of a parameter section: 255 blocks.
  private static let limit = 255 * 512

  private var values: [String: Value] = [:]
  let order: ByteCursor.Order

  /// Reads the section that starts at a block counted from 1.
  init(_ file: FileBytes, firstBlock: Int) throws {
    func failure(_ problem: String, at offset: Int) -> RecordingError {
      RecordingError(
        .malformed, path: file.path, place: "byte \(offset)", problem,
        remedy: "copy the file again from its origin")
    }
    let start = (firstBlock - 1) * 512
    guard start >= 0, start + 4 <= file.count else {
      throw failure("states parameters beyond its end", at: 0)
    }
    let head = try file.read(at: start, count: 4)
    switch head[3] {
    case 84: order = .little
    case 85: order = .vax
    case 86: order = .big
    default:
      throw failure("found processor type \(head[3]), expected 84, 85 or 86", at: start + 3)
    }
    // Some programs leave the number of blocks at 0: then the end of the list tells.
    let blocks = head[2] == 0 ? Self.limit / 512 : Int(head[2])
    let count = min(file.count - start, blocks * 512)
    var cursor = ByteCursor(try file.read(at: start, count: count), order: order)
    var groups: [Int: String] = [:]
    var entries: [(group: Int, name: String, value: Value)] = []
    do {
      try cursor.go(to: 4)
      while cursor.left >= 2 {
        let length = abs(Int(Int8(bitPattern: try cursor.byte())))
        let id = Int(Int8(bitPattern: try cursor.byte()))
        if length == 0 { break }
        let name = FileText.decode(try cursor.take(length)).uppercased()
        let base = cursor.offset
        let next = Int(try cursor.word())
        if id < 0 {
          groups[-id] = name
        } else if id > 0, let value = try Self.value(&cursor) {
          entries.append((id, name, value))
        }
        if next == 0 { break }
        try cursor.go(to: base + next)
      }
    } catch let end as ByteCursor.End {
      throw failure("the parameters end early", at: start + end.offset)
    }
    for entry in entries {
      guard let group = groups[entry.group] else { continue }
      values["\(group):\(entry.name)"] = entry.value
    }
  }

  /// A value, nil where its type is not known.
  private static func value(_ cursor: inout ByteCursor) throws -> Value? {
    let type = Int(Int8(bitPattern: try cursor.byte()))
    let dimensionCount = Int(try cursor.byte())
    let dimensions = try cursor.take(dimensionCount).map { Int($0) }
    // What is left of the section bounds the product.
    guard
      let count = dimensions.reduce(
        1,
        { product, next -> Int? in
          product.flatMap { Int.product($0, next, atMost: limit) }
        })
    else { throw ByteCursor.End(offset: cursor.offset) }
    switch type {
    case -1:
      let width = dimensions.first ?? 1
      let bytes = Array(try cursor.take(count))
      guard width > 0 else { return .texts([]) }
      return .texts(
        stride(from: 0, to: count, by: width).map {
          FileText.decode(bytes[$0..<min(count, $0 + width)])
        })
    case 1: return .numbers(try cursor.take(count).map { Double(Int8(bitPattern: $0)) })
    case 2: return .numbers(try (0..<count).map { _ in Double(try cursor.int16()) })
    case 4: return .numbers(try (0..<count).map { _ in Double(try cursor.float()) })
    default: return nil
    }
  }

  /// The numbers of a parameter such as `ANALOG:SCALE`; of more than 255 the rest stands in
  /// `ANALOG:SCALE2` and so on.
  func numbers(_ name: String) -> [Double] {
    all(name) { if case .numbers(let numbers) = $0 { numbers } else { [] } }
  }

  /// The texts of a parameter, continued in the same way.
  func texts(_ name: String) -> [String] {
    all(name) { if case .texts(let texts) = $0 { texts } else { [] } }
  }

  /// A single number, nil where there is none.
  func number(_ name: String) -> Double? { numbers(name).first }

  /// A whole number that was stored in 16 bits, which programs fill as if they had no sign.
  func count(_ name: String) -> Int? {
    number(name).flatMap { value in
      Int(bounded: value < 0 ? value + 65536 : value, in: 0...(1 << 31))
    }
  }

  private func all<Element>(_ name: String, _ elements: (Value) -> [Element]) -> [Element] {
    var result = values[name].map(elements) ?? []
    var number = 2
    while !result.isEmpty, let more = values["\(name)\(number)"] {
      result += elements(more)
      number += 1
    }
    return result
  }
}
