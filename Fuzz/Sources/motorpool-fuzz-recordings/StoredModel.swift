import Decomposition
import Foundation
import FuzzHarness

extension RecordingTargets {
  /// Kept filters, which the program itself wrote and reads again.
  static let model = target("model") { input, _ in
    let model = try SeparationModel(decoding: modelFile(header: input))
    for unit in model.units { precondition(unit.dischargeCount >= 0, "count") }
    _ = try model.encoded()
  }

  /// A model file around a header, its checksum right, so that what is inside is read.
  private static func modelFile(header: [UInt8]) -> Data {
    var body: [UInt8] = []
    for index in 0..<8 { body.append(UInt8(truncatingIfNeeded: header.count >> (8 * index))) }
    body += header
    body += [UInt8](repeating: 0, count: 1 << 15)
    var checksum: UInt32 = 0xFFFF_FFFF
    for byte in body {
      checksum ^= UInt32(byte)
      for _ in 0..<8 {
        checksum = checksum & 1 == 1 ? 0xEDB8_8320 ^ (checksum >> 1) : checksum >> 1
      }
    }
    checksum = ~checksum
    var file = Array("MPFILTER".utf8)
    for word in [UInt32(SeparationModel.formatVersion), checksum] {
      for index in 0..<4 { file.append(UInt8(truncatingIfNeeded: word >> (8 * UInt32(index)))) }
    }
    return Data(file + body)
  }
}
