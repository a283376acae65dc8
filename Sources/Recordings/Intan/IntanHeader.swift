import Foundation

/// The header of an Intan RHD2000 file, of all versions (Intan Technologies, RHD data file formats).
struct IntanHeader {
  /// What a channel records, numbered as in the file.
  enum Kind: Int, Sendable {
    case amplifier = 0
    case auxiliaryInput, supplyVoltage, boardADC, digitalInput, digitalOutput
  }

  struct Channel: Sendable {
    var kind: Kind
    var nativeName: String
    var customName: String
    /// Place within its kind: of digital channels the bit of the word.
    var nativeOrder: Int

    /// The name the user gave, else the amplifier's own.
    var name: String { customName.isEmpty ? nativeName : customName }
  }

  static let magic: [UInt8] = [0x02, 0x27, 0x91, 0xC6]
  /// Most bytes that a header has: ten thousand channels with long names.
  private static let limit = 4 << 20

  let major: Int
  let minor: Int
  let samplingRate: Double
  /// Mains frequency of the notch filter, nil where it was off.
  let notchFrequency: Int?
  /// Lower and upper edge of the amplifiers' band in Hz.
  let bandwidth: (low: Double, high: Double)
  let notes: [String]
  let temperatureSensorCount: Int
  let boardMode: Int
  let referenceChannel: String
  /// The enabled channels in the order of the file.
  let channels: [Channel]
  /// Bytes of the header.
  let byteCount: Int

  /// Samples of an amplifier in one block.
  var samplesPerBlock: Int { major >= 2 ? 128 : 60 }

  init(_ file: FileBytes) throws {
    var cursor = ByteCursor(try file.head(Self.limit))
    do {
      _ = try cursor.take(4)
      major = try cursor.int16()
      minor = try cursor.int16()
      guard (1...99).contains(major), (0...999).contains(minor) else {
        throw RecordingError(
          .unsupported, path: file.path, place: "byte 4",
          "states version \(major).\(minor); versions from 1.0 on can be read")
      }
      samplingRate = Double(try cursor.float())
      _ = try cursor.take(2 + 4)
      let low = Double(try cursor.float())
      bandwidth = (low, Double(try cursor.float()))
      _ = try cursor.take(3 * 4)
      let notch = try cursor.int16()
      notchFrequency = [1: 50, 2: 60][notch]
      _ = try cursor.take(2 * 4)
      notes = [try Self.text(&cursor), try Self.text(&cursor), try Self.text(&cursor)]
        .filter { !$0.isEmpty }
      let version = (major, minor)
      temperatureSensorCount = version >= (1, 1) ? try cursor.int16() : 0
      boardMode = version >= (1, 3) ? try cursor.int16() : 0
      referenceChannel = version >= (2, 0) ? try Self.text(&cursor) : ""
      channels = try Self.channels(&cursor, path: file.path)
      byteCount = cursor.offset
    } catch let end as ByteCursor.End {
      throw RecordingError(
        .truncated, path: file.path, place: "byte \(end.offset)",
        "ends inside its header", remedy: "copy the file again from its origin")
    }
    guard RecordingLimits.samplingRate.contains(samplingRate) else {
      throw RecordingError(
        .malformed, path: file.path, place: "byte 8",
        "states a sampling rate of \(samplingRate) Hz, expected 0.001 to 1e7")
    }
    guard (0...1000).contains(temperatureSensorCount) else {
      throw RecordingError(
        .malformed, path: file.path, place: "Intan header",
        "states \(temperatureSensorCount) temperature sensors")
    }
  }

  private static func channels(_ cursor: inout ByteCursor, path: String) throws -> [Channel] {
    var result: [Channel] = []
    let groupCount = try cursor.int16()
    for _ in 0..<max(0, groupCount) {
      let name = try text(&cursor)
      _ = try text(&cursor)
      let isEnabled = try cursor.int16() > 0
      let count = try cursor.int16()
      _ = try cursor.int16()
      guard isEnabled else { continue }
      for _ in 0..<max(0, count) {
        let start = cursor.offset
        let native = try text(&cursor)
        let custom = try text(&cursor)
        let order = try cursor.int16()
        _ = try cursor.take(2)
        let type = try cursor.int16()
        let enabled = try cursor.int16() != 0
        _ = try cursor.take(6 * 2 + 2 * 4)
        guard enabled else { continue }
        guard let kind = Kind(rawValue: type) else {
          throw RecordingError(
            .malformed, path: path, place: "byte \(start)",
            "found signal type \(type) in group \(name.quoted), expected 0 to 5")
        }
        result.append(
          Channel(kind: kind, nativeName: native, customName: custom, nativeOrder: order))
        guard result.count <= RecordingLimits.channelCount.upperBound else {
          throw RecordingError(
            .malformed, path: path, place: "byte \(start)",
            "states more than \(RecordingLimits.channelCount.upperBound) channels")
        }
      }
    }
    return result
  }

  /// A text behind its length in bytes, UTF-16; the length of all ones is a text that is missing.
  private static func text(_ cursor: inout ByteCursor) throws -> String {
    let length = try cursor.uint32()
    if length == UInt32.max { return "" }
    let bytes = try cursor.take(Int(length))
    let units = stride(from: bytes.startIndex, to: bytes.endIndex - 1, by: 2).map {
      UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8
    }
    return String(decoding: units, as: UTF16.self).trimmingWhitespace()
  }
}
