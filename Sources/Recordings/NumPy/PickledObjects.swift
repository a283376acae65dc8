/// Values out of the objects that NumPy pickles into arrays of objects: arrays of numbers, texts and lists.
///
/// Nothing of a file is ever run: the only two functions that are known by name rebuild an array and a
/// number, and anything else is refused. Source: the opcodes of Python's pickletools, protocols 2 to 4.
struct PickledObjects {
  /// The bytes are no pickle, or one that asks for more than is known here.
  struct Refused: Error {}

  /// A value, which a pickle may fill after it has named it.
  final class Value {
    enum Content {
      case none
      case number(Double)
      case text(String)
      case bytes([UInt8])
      case list([Value])
      /// A function or class by its name, without the module.
      case name(String)
      case call(String, [Value])
      case mark
    }
    var content: Content
    /// What a rebuilt object was given as its state.
    var state: [Value] = []
    init(_ content: Content) { self.content = content }

    var items: [Value]? { if case .list(let items) = content { items } else { nil } }
    var number: Double? { if case .number(let number) = content { number } else { nil } }
    var text: String? { if case .text(let text) = content { text } else { nil } }
  }

  private static let stepLimit = 2_000_000
  private static let names: Set<String> = ["_reconstruct", "ndarray", "dtype", "scalar"]

  private let bytes: ArraySlice<UInt8>
  private var at: Int
  private var stack: [Value] = []
  private var memo: [Int: Value] = [:]

  /// The value that a pickle holds; throws `Refused`.
  static func value(_ bytes: ArraySlice<UInt8>) throws -> Value {
    var reading = PickledObjects(bytes)
    return try reading.run()
  }

  private init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    at = bytes.startIndex
  }

  // MARK: Steps

  private mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
    guard count >= 0, count <= bytes.endIndex - at else { throw Refused() }
    at += count
    return bytes[at - count..<at]
  }

  private mutating func whole(_ count: Int) throws -> Int {
    var value: UInt64 = 0
    for (index, byte) in try take(count).enumerated() { value |= UInt64(byte) << UInt64(8 * index) }
    guard let result = Int(exactly: value) else { throw Refused() }
    return result
  }

  private mutating func signed(_ count: Int) throws -> Double {
    if count == 0 { return 0 }
    guard count <= 8 else { throw Refused() }
    var value: UInt64 = 0
    for (index, byte) in try take(count).enumerated() { value |= UInt64(byte) << UInt64(8 * index) }
    let shift = UInt64(64 - 8 * count)
    return Double(Int64(bitPattern: value << shift) >> Int64(shift))
  }

  private mutating func line() throws -> String {
    guard let end = bytes[at...].firstIndex(of: 10) else { throw Refused() }
    let text = String(decoding: bytes[at..<end], as: UTF8.self)
    at = end + 1
    return text
  }

  private mutating func pop() throws -> Value {
    guard let value = stack.popLast() else { throw Refused() }
    return value
  }

  private mutating func popToMark() throws -> [Value] {
    guard let place = stack.lastIndex(where: { if case .mark = $0.content { true } else { false } })
    else { throw Refused() }
    let values = Array(stack[(place + 1)...])
    stack.removeSubrange(place...)
    return values
  }

  private mutating func push(_ content: Value.Content) { stack.append(Value(content)) }

  private mutating func run() throws -> Value {
    for _ in 0..<Self.stepLimit {
      let code = try take(1).first ?? 0
      switch code {
      case UInt8(ascii: "."): return try pop()
      case 0x80: _ = try take(1)
      case 0x95: _ = try take(8)
      case UInt8(ascii: "("): push(.mark)
      case UInt8(ascii: "N"): push(.none)
      case 0x88: push(.number(1))
      case 0x89: push(.number(0))
      case UInt8(ascii: "K"): push(.number(Double(try whole(1))))
      case UInt8(ascii: "M"): push(.number(Double(try whole(2))))
      case UInt8(ascii: "J"): push(.number(try signed(4)))
      case 0x8A: push(.number(try signed(try whole(1))))
      case UInt8(ascii: "G"):
        let bits = try take(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        push(.number(Double(bitPattern: bits)))
      case 0x8C: push(.text(String(decoding: try take(try whole(1)), as: UTF8.self)))
      case UInt8(ascii: "X"): push(.text(String(decoding: try take(try whole(4)), as: UTF8.self)))
      case UInt8(ascii: "C"), UInt8(ascii: "U"): push(.bytes(Array(try take(try whole(1)))))
      case UInt8(ascii: "B"), UInt8(ascii: "T"): push(.bytes(Array(try take(try whole(4)))))
      case 0x8E: push(.bytes(Array(try take(try whole(8)))))
      default: try structure(code)
      }
    }
    throw Refused()
  }

  private mutating func structure(_ code: UInt8) throws {
    switch code {
    case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): push(.list([]))
    case 0x85, 0x86, 0x87:
      let count = Int(code) - 0x84
      guard stack.count >= count else { throw Refused() }
      let values = Array(stack.suffix(count))
      stack.removeLast(count)
      push(.list(values))
    case UInt8(ascii: "t"), UInt8(ascii: "l"):
      let values = try popToMark()
      push(.list(values))
    case UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "s"), UInt8(ascii: "u"):
      let values: [Value]
      switch code {
      case UInt8(ascii: "a"): values = [try pop()]
      case UInt8(ascii: "s"):
        let value = try pop()
        values = [try pop(), value]
      default: values = try popToMark()
      }
      guard let target = stack.last, let items = target.items else { throw Refused() }
      target.content = .list(items + values)
    case UInt8(ascii: "c"):
      _ = try line()
      push(.name(try line()))
    case 0x93:
      guard let name = try pop().text, try pop().text != nil else { throw Refused() }
      push(.name(name))
    case UInt8(ascii: "R"):
      guard let arguments = try pop().items, case .name(let name) = try pop().content,
        Self.names.contains(name)
      else { throw Refused() }
      push(.call(name, arguments))
    case UInt8(ascii: "b"):
      let state = try pop()
      guard let target = stack.last else { throw Refused() }
      target.state = state.items ?? [state]
    case UInt8(ascii: "q"): memo[try whole(1)] = stack.last
    case UInt8(ascii: "r"): memo[try whole(4)] = stack.last
    case 0x94: memo[memo.count] = stack.last
    case UInt8(ascii: "h"), UInt8(ascii: "j"):
      guard let value = memo[try whole(code == UInt8(ascii: "h") ? 1 : 4)] else { throw Refused() }
      stack.append(value)
    case UInt8(ascii: "0"): _ = try pop()
    default: throw Refused()
    }
  }
}

extension PickledObjects.Value {
  /// The entries of an array of objects; nil where the value is none.
  var objects: [PickledObjects.Value]? {
    guard case .call("_reconstruct", _) = content, state.count == 5 else { return items }
    return state[4].items
  }

  /// The numbers of an array of numbers or a list of them; nil where the value is none.
  var numbers: [Double]? {
    if let number { return [number] }
    if let items {
      let values = items.compactMap(\.number)
      return values.count == items.count ? values : nil
    }
    guard case .call("_reconstruct", _) = content, state.count == 5,
      case .call("dtype", let arguments) = state[2].content, let code = arguments.first?.text,
      case .bytes(let raw) = state[4].content
    else { return nil }
    // The byte order stands in the state of the type.
    let order = state[2].state.count > 1 ? state[2].state[1].text ?? "<" : "<"
    let header =
      "{'descr': '\(order == ">" ? ">" : "<")\(code)', 'fortran_order': False, 'shape': ()}"
    let bytes = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0]
    return NumPyArray(bytes + Array(header.utf8))?.numbers(raw[...])
  }
}
