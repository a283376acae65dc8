import Foundation

/// A motor unit template (channels x samples, microvolts) as bytes.
///
/// Layout: version byte 1, channels and samples as 32-bit little-endian numbers, then the values as
/// 32-bit IEEE 754 numbers, little-endian, channel after channel.
package enum TemplateBlob {
  /// The bytes of a template; throws `RegistryError.invalid` where channels differ in length.
  public static func encode(_ template: [[Float]]) throws -> Data {
    let samples = template.first?.count ?? 0
    guard template.allSatisfy({ $0.count == samples }) else {
      throw RegistryError.invalid(
        table: RecordTable.motorUnit.rawValue, field: "template",
        found: "channels of different lengths", expected: "\(samples) samples in each")
    }
    var data = Data([1])
    data.reserveCapacity(9 + 4 * template.count * samples)
    append(UInt32(template.count), to: &data)
    append(UInt32(samples), to: &data)
    for channel in template {
      for value in channel { append(value.bitPattern, to: &data) }
    }
    return data
  }

  /// The template of bytes written by `encode`; throws `RegistryError.invalid` for damaged ones.
  public static func decode(_ data: Data) throws -> [[Float]] {
    let bytes = [UInt8](data)
    func number(at offset: Int) -> UInt32 {
      (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << UInt32(8 * $1) }
    }
    guard bytes.count >= 9, bytes[0] == 1 else { throw damaged(bytes.count) }
    let channels = Int(number(at: 1))
    let samples = Int(number(at: 5))
    let (values, overflow) = channels.multipliedReportingOverflow(by: samples)
    guard !overflow, values <= bytes.count, bytes.count == 9 + 4 * values,
      samples > 0 || channels == 0
    else { throw damaged(bytes.count) }
    return (0..<channels).map { channel in
      (0..<samples).map { Float(bitPattern: number(at: 9 + 4 * (channel * samples + $0))) }
    }
  }

  private static func append(_ number: UInt32, to data: inout Data) {
    for shift in stride(from: UInt32(0), to: 32, by: 8) {
      data.append(UInt8(truncatingIfNeeded: number >> shift))
    }
  }

  private static func damaged(_ count: Int) -> RegistryError {
    .invalid(
      table: RecordTable.motorUnit.rawValue, field: "template", found: "\(count) bytes",
      expected: "a template of version 1")
  }
}
