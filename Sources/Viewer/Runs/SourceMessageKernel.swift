import Decomposition
import Foundation

/// A source as the browser draws it: `MPS1`, version and length of the header (UInt32 each), header
/// in JSON (`start`, `ratio` in samples of the recording, `count`), then Float32, little-endian.
enum SourceMessage {
  private struct Header: Encodable {
    let start: Double
    let ratio: Double
    let count: Int
  }

  static func encoded(_ source: UnitSource) throws -> Data {
    var json = try JSONEncoder().encode(
      Header(start: source.start, ratio: source.ratio, count: source.values.count))
    json.append(Data(repeating: 0x20, count: (4 - json.count % 4) % 4))
    var data = Data("MPS1".utf8)
    for word in [UInt32(1), UInt32(json.count)] {
      withUnsafeBytes(of: word.littleEndian) { data.append(contentsOf: $0) }
    }
    data.append(json)
    data.append(littleEndian: source.values)
    return data
  }
}
