import Foundation
import Recordings

/// Bytes that cross between the program and the process that reads MAT files for it.
///
/// Numbers are little-endian. The reading side trusts nothing: each count is compared with the
/// bytes that are left before anything is allocated.
struct MATMessage {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ value: UInt8) { bytes.append(value) }

  mutating func append(_ value: Int) {
    withUnsafeBytes(of: UInt64(bitPattern: Int64(value)).littleEndian) { bytes += $0 }
  }

  mutating func append(_ value: Bool) { bytes.append(value ? 1 : 0) }

  mutating func append(_ text: String) {
    let units = Array(text.utf8)
    append(units.count)
    bytes += units
  }

  mutating func append(_ values: [Int]) {
    append(values.count)
    for value in values { append(value) }
  }

  mutating func append(_ values: [Double]) {
    append(values.count)
    values.withUnsafeBytes { bytes += $0 }
  }

  mutating func append(_ values: [Float]) {
    append(values.count)
    values.withUnsafeBytes { bytes += $0 }
  }

  mutating func append(_ value: MATValue) {
    switch value {
    case .numbers(let values, let dimensions):
      append(UInt8(0))
      append(dimensions)
      append(values)
    case .large(let dimensions):
      append(UInt8(1))
      append(dimensions)
    case .text(let rows):
      append(UInt8(2))
      append(rows.count)
      for row in rows { append(row) }
    case .cells(let values, let dimensions):
      append(UInt8(3))
      append(dimensions)
      append(values.count)
      for value in values { append(value) }
    case .structure(let fields):
      append(UInt8(4))
      append(fields.count)
      for (name, value) in fields {
        append(name)
        append(value)
      }
    case .other(let text):
      append(UInt8(5))
      append(text)
    }
  }

  mutating func append(_ path: MATPath) {
    append(path.variable)
    append(path.steps.count)
    for step in path.steps {
      switch step {
      case .cell(let index):
        append(UInt8(0))
        append(index)
      case .field(let name):
        append(UInt8(1))
        append(name)
      }
    }
  }
}

/// Takes a message apart; throws `MATMessageError` where it is not one.
struct MATMessageReader {
  private let bytes: ArraySlice<UInt8>
  private var at: Int
  /// Values that may still be made of the message: each costs more than its bytes.
  private var budget = 300_000

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    at = bytes.startIndex
  }

  private mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
    guard count >= 0, count <= bytes.endIndex - at else { throw MATMessageError() }
    defer { at += count }
    return bytes[at..<at + count]
  }

  mutating func byte() throws -> UInt8 { try take(1).first ?? 0 }

  mutating func bool() throws -> Bool { try byte() != 0 }

  mutating func int() throws -> Int {
    let value = try take(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard let exact = Int(exactly: Int64(bitPattern: value)) else { throw MATMessageError() }
    return exact
  }

  /// A number of things of at least `size` bytes each that are still to come.
  private mutating func count(of size: Int) throws -> Int {
    let count = try int()
    guard count >= 0, count <= (bytes.endIndex - at) / size, size > 1 || count < budget * 64 else {
      throw MATMessageError()
    }
    return count
  }

  mutating func string() throws -> String {
    let count = try count(of: 1)
    return String(decoding: try take(count), as: UTF8.self)
  }

  mutating func ints() throws -> [Int] {
    try (0..<(try count(of: 8))).map { _ in try int() }
  }

  /// Dimensions of an array: as many as an array has, none negative, their product within reason.
  mutating func dimensions() throws -> [Int] {
    let found = try ints()
    var product = 1
    for dimension in found {
      guard let next = Int.product(product, dimension, atMost: 1 << 40) else {
        throw MATMessageError()
      }
      product = next
    }
    guard found.count <= 64 else { throw MATMessageError() }
    return found
  }

  private mutating func numbers<Number: BitwiseCopyable>(_ zero: Number) throws -> [Number] {
    let size = MemoryLayout<Number>.size
    let count = try count(of: size)
    let part = try take(count * size)
    return [Number](unsafeUninitializedCapacity: count) { buffer, filled in
      _ = UnsafeMutableRawBufferPointer(buffer).initializeMemory(as: UInt8.self, from: part)
      filled = count
    }
  }

  mutating func doubles() throws -> [Double] { try numbers(0) }

  mutating func floats() throws -> [Float] { try numbers(0) }

  mutating func value(depth: Int = 0) throws -> MATValue {
    budget -= 1
    guard depth < 20, budget > 0 else { throw MATMessageError() }
    switch try byte() {
    case 0:
      let dimensions = try dimensions()
      let values = try doubles()
      guard dimensions.reduce(1, *) == values.count else { throw MATMessageError() }
      return .numbers(values, dimensions: dimensions)
    case 1: return .large(dimensions: try dimensions())
    case 2: return .text(try (0..<min(budget, try count(of: 8))).map { _ in try string() })
    case 3:
      let dimensions = try dimensions()
      let cells = try (0..<(try count(of: 1))).map { _ in try value(depth: depth + 1) }
      guard dimensions.reduce(1, *) == cells.count else { throw MATMessageError() }
      return .cells(cells, dimensions: dimensions)
    case 4:
      var fields: [String: MATValue] = [:]
      for _ in 0..<(try count(of: 9)) {
        let name = try string()
        fields[name] = try value(depth: depth + 1)
      }
      return .structure(fields)
    case 5: return .other(try string())
    default: throw MATMessageError()
    }
  }

  mutating func path() throws -> MATPath {
    var path = MATPath(variable: try string())
    for _ in 0..<(try count(of: 9)) {
      path.steps.append(try byte() == 0 ? .cell(try int()) : .field(try string()))
    }
    return path
  }
}

/// A message that is cut or holds what no message holds.
struct MATMessageError: Error {}

/// What the reading process is asked for.
enum MATRequest {
  case variables
  case value(name: String, limit: Int)
  case channels(MATPath, channelsAreColumns: Bool)
  case part(name: String, channels: [Int], range: Range<Int>, channelsAreColumns: Bool)
  case nwbContents
  case nwbSamples(series: String, channels: [Int], range: Range<Int>)
  case nwbUnits
  case vectors(MATPath)

  /// The request behind limits on processor time (seconds in all, or from now on) and memory
  /// (bytes beyond those of the empty process).
  func message(seconds: Int, fromNow: Bool, memory: Int) -> MATMessage {
    var message = MATMessage()
    message.append(seconds)
    message.append(fromNow)
    message.append(memory)
    switch self {
    case .variables: message.append(UInt8(1))
    case .value(let name, let limit):
      message.append(UInt8(2))
      message.append(name)
      message.append(limit)
    case .channels(let path, let channelsAreColumns):
      message.append(UInt8(3))
      message.append(path)
      message.append(channelsAreColumns)
    case .part(let name, let channels, let range, let channelsAreColumns):
      message.append(UInt8(4))
      message.append(name)
      message.append(channels)
      message.append(range.lowerBound)
      message.append(range.upperBound)
      message.append(channelsAreColumns)
    case .nwbContents: message.append(UInt8(16))
    case .nwbSamples(let series, let channels, let range):
      message.append(UInt8(17))
      message.append(series)
      message.append(channels)
      message.append(range.lowerBound)
      message.append(range.upperBound)
    case .nwbUnits: message.append(UInt8(18))
    case .vectors(let path):
      message.append(UInt8(5))
      message.append(path)
    }
    return message
  }

  init(_ reader: inout MATMessageReader) throws {
    switch try reader.byte() {
    case 1: self = .variables
    case 2: self = .value(name: try reader.string(), limit: try reader.int())
    case 3: self = .channels(try reader.path(), channelsAreColumns: try reader.bool())
    case 4:
      let name = try reader.string()
      let channels = try reader.ints()
      let (start, end) = (try reader.int(), try reader.int())
      guard start >= 0, end >= start else { throw MATMessageError() }
      self = .part(
        name: name, channels: channels, range: start..<end, channelsAreColumns: try reader.bool())
    case 16: self = .nwbContents
    case 17:
      let series = try reader.string()
      let channels = try reader.ints()
      let (start, end) = (try reader.int(), try reader.int())
      guard start >= 0, end >= start else { throw MATMessageError() }
      self = .nwbSamples(series: series, channels: channels, range: start..<end)
    case 18: self = .nwbUnits
    case 5: self = .vectors(try reader.path())
    default: throw MATMessageError()
    }
  }
}
