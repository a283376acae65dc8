/// A signal stream inside an OTB archive: channels interleaved sample by sample, little-endian.
struct OTBStream: Sendable, Hashable {
  /// How one value is stored.
  enum Width: Int, Sendable {
    case int16 = 2
    case int24 = 3
    case int32 = 4
    case float64 = 8
  }

  /// The member that holds it.
  var member: MemberArchive.Member
  /// Values of one instant.
  var channelCount: Int
  var width: Width

  /// Bytes of one instant.
  var frameBytes: Int { channelCount * width.rawValue }
  /// Whole instants that are there.
  var sampleCount: Int { member.count / frameBytes }
  /// Instants that the member's header promises.
  var statedCount: Int { member.statedCount / frameBytes }

  /// What the user should know of its length; nil where it is whole.
  var lengthWarning: String? {
    if member.isCut {
      return "\(member.name) ends early: \(sampleCount) of \(statedCount) samples per channel are "
        + "read; copy the file again from its origin if it was longer there"
    }
    let rest = member.count - sampleCount * frameBytes
    return rest > 0
      ? "the last \(rest) bytes of \(member.name) are no whole sample of its \(channelCount) "
        + "channels and are not read" : nil
  }

  /// The stored value that starts at a byte.
  func value(_ bytes: [UInt8], at offset: Int) -> Double {
    switch width {
    case .int16:
      return Double(Int16(bitPattern: UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8))
    case .int24:
      let low = UInt32(bytes[offset]) << 8 | UInt32(bytes[offset + 1]) << 16
      return Double(Int32(bitPattern: low | UInt32(bytes[offset + 2]) << 24) >> 8)
    case .int32:
      return Double(Int32(bitPattern: UInt32(truncatingIfNeeded: bits(bytes, offset, 4))))
    case .float64:
      return Double(bitPattern: bits(bytes, offset, 8))
    }
  }

  private func bits(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> UInt64 {
    (0..<count).reduce(0) { $0 | UInt64(bytes[offset + $1]) << (8 * UInt64($1)) }
  }
}

/// Samples of an OTB archive, decoded from its streams when they are asked for.
struct OTBSamples: SampleSource {
  /// Where one channel lies.
  struct Place: Sendable {
    /// Index of the stream.
    var stream: Int
    /// Its place in an instant.
    var index: Int
    /// Factor from a stored value to the channel's unit.
    var factor: Double
  }

  let bytes: FileBytes
  let streams: [OTBStream]
  let places: [Place]

  /// Bytes that are read at once.
  private static let chunk = 1 << 20

  func samples(channels: [Int], range: Range<Int>) throws -> [[Float]] {
    var result = [[Float]](repeating: [], count: channels.count)
    for place in result.indices { result[place].reserveCapacity(range.count) }
    let together = Dictionary(grouping: channels.indices) { places[channels[$0]].stream }
    for (index, wanted) in together {
      let stream = streams[index]
      let step = max(1, Self.chunk / stream.frameBytes)
      var frame = range.lowerBound
      while frame < range.upperBound {
        let next = min(range.upperBound, frame + step)
        let block = try bytes.read(
          at: stream.member.offset + frame * stream.frameBytes,
          count: (next - frame) * stream.frameBytes)
        for request in wanted {
          let place = places[channels[request]]
          var offset = place.index * stream.width.rawValue
          for _ in frame..<next {
            result[request].append(Float(stream.value(block, at: offset) * place.factor))
            offset += stream.frameBytes
          }
        }
        frame = next
      }
    }
    return result
  }
}
