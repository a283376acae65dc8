/// Analog samples of a C3D file, decoded from its frames when they are asked for.
struct C3DSamples: SampleSource {
  /// value = (stored - offset) * factor.
  struct Scaling: Sendable {
    var offset: Double
    var factor: Double
  }

  let bytes: FileBytes
  /// Offset of the first frame.
  let start: Int
  let bytesPerFrame: Int
  /// Bytes of a frame before its analog samples, which go sample by sample through all channels.
  let offsetInFrame: Int
  let samplesPerFrame: Int
  let channelCount: Int
  let isFloat: Bool
  let isUnsigned: Bool
  let order: ByteCursor.Order
  let scalings: [Scaling]

  /// Most bytes read at once.
  private static let pieceCount = 1 << 20

  func samples(channels: [Int], range: Range<Int>) throws -> [[Float]] {
    var result = [[Float]](repeating: [], count: channels.count)
    for place in result.indices { result[place].reserveCapacity(range.count) }
    let end = (range.upperBound + samplesPerFrame - 1) / samplesPerFrame
    let step = max(1, Self.pieceCount / bytesPerFrame)
    let size = isFloat ? 4 : 2
    var frame = range.lowerBound / samplesPerFrame
    while frame < end {
      let count = min(step, end - frame)
      let block = try bytes.read(at: start + frame * bytesPerFrame, count: count * bytesPerFrame)
      for local in 0..<count {
        let first = (frame + local) * samplesPerFrame
        let from = max(range.lowerBound - first, 0)
        let to = min(range.upperBound - first, samplesPerFrame)
        for sample in from..<max(from, to) {
          let base = local * bytesPerFrame + offsetInFrame + sample * channelCount * size
          for place in channels.indices {
            let scaling = scalings[channels[place]]
            let stored = value(block, at: base + channels[place] * size)
            result[place].append(Float((stored - scaling.offset) * scaling.factor))
          }
        }
      }
      frame += count
    }
    return result
  }

  private func value(_ block: [UInt8], at place: Int) -> Double {
    let isBig = order == .big
    func word(_ at: Int) -> UInt32 {
      isBig
        ? UInt32(block[at]) << 8 | UInt32(block[at + 1])
        : UInt32(block[at + 1]) << 8 | UInt32(block[at])
    }
    guard isFloat else {
      let bits = UInt16(truncatingIfNeeded: word(place))
      return isUnsigned ? Double(bits) : Double(Int16(bitPattern: bits))
    }
    let bits =
      isBig ? word(place) << 16 | word(place + 2) : word(place + 2) << 16 | word(place)
    return Double(ByteCursor.float(bits, order))
  }
}
