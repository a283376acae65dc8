import Foundation

/// A spike train as compact bytes: about three per discharge.
///
/// Layout: one version byte (1); the count as a variable-length number; then the differences of
/// successive positions in steps of 1/4096 sample, zigzag-coded as variable-length numbers (seven
/// bits a byte, least significant first). Positions come back within 1/8192 sample.
package enum SpikeTrainBlob {
  private static let version: UInt8 = 1
  private static let stepsPerSample = 4096.0
  /// Beyond this a position in steps would not be exact in a Double.
  private static let largestPosition = 1e12

  /// The bytes of a spike train.
  ///
  /// `spikes`: 0-based sample positions, ascending, possibly between samples. Throws
  /// `RegistryError.invalid` where they are not finite, not ascending or beyond 1e12.
  public static func encode(_ spikes: [Double]) throws -> Data {
    var data = Data([version])
    append(UInt64(spikes.count), to: &data)
    var previous: Int64 = 0
    var last = -Double.infinity
    for position in spikes {
      guard position.isFinite, abs(position) <= largestPosition, position >= last else {
        throw RegistryError.invalid(
          table: RecordTable.motorUnit.rawValue, field: "spikes",
          found: "\(position) after \(last)",
          expected: "finite ascending sample positions")
      }
      last = position
      let steps = Int64((position * stepsPerSample).rounded())
      let difference = steps - previous
      append(UInt64(bitPattern: (difference << 1) ^ (difference >> 63)), to: &data)
      previous = steps
    }
    return data
  }

  /// The spike train of bytes written by `encode`; throws `RegistryError.invalid` for damaged ones.
  public static func decode(_ data: Data) throws -> [Double] {
    func damaged(_ found: String) -> RegistryError {
      .invalid(
        table: RecordTable.motorUnit.rawValue, field: "spikes", found: found,
        expected: "a spike train of version 1")
    }
    var bytes = data[...]
    guard bytes.popFirst() == version else { throw damaged("another version or no bytes") }
    guard let count = next(&bytes), count <= UInt64(bytes.count) else {
      throw damaged("a count beyond the bytes that follow")
    }
    var spikes: [Double] = []
    spikes.reserveCapacity(Int(count))
    var steps: Int64 = 0
    for _ in 0..<count {
      guard let coded = next(&bytes) else { throw damaged("too few bytes") }
      steps &+= Int64(bitPattern: coded >> 1) ^ -Int64(bitPattern: coded & 1)
      spikes.append(Double(steps) / stepsPerSample)
    }
    guard bytes.isEmpty else { throw damaged("\(bytes.count) bytes too many") }
    return spikes
  }

  private static func append(_ number: UInt64, to data: inout Data) {
    var rest = number
    while rest >= 0x80 {
      data.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    data.append(UInt8(rest))
  }

  private static func next(_ bytes: inout Data.SubSequence) -> UInt64? {
    var number: UInt64 = 0
    var shift: UInt64 = 0
    while let byte = bytes.popFirst() {
      guard shift < 63 || byte <= 1 else { return nil }
      number |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return number }
      shift += 7
      if shift > 63 { return nil }
    }
    return nil
  }
}
