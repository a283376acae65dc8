/// A multichannel signal stored sample by sample, with zeros before and after it.
///
/// Sample t of channel c stands at `(t + padding) * channelCount + c`. The last R samples of all
/// channels before an instant are then one run of memory, so averages over the instants of a
/// spike train read memory in order.
public struct TimeMajorSignal: Sendable {
  /// The number of channels.
  public let channelCount: Int
  /// The number of samples.
  public let sampleCount: Int
  /// The number of zero samples kept before the first and after the last sample.
  public let padding: Int
  /// The samples with their padding, `(sampleCount + 2 * padding) * channelCount` values.
  public internal(set) var values: [Float]

  /// Interleaves channels of equal length.
  public init(channels: [[Float]], padding: Int) {
    precondition(!channels.isEmpty && padding >= 0, "a signal needs a channel")
    let count = channels[0].count
    precondition(channels.allSatisfy { $0.count == count }, "channels differ in length")
    channelCount = channels.count
    sampleCount = count
    self.padding = padding
    values = [Float](repeating: 0, count: (count + 2 * padding) * channels.count)
    interleave(channels)
  }

  /// The samples of one channel.
  public func channel(_ index: Int) -> [Float] {
    precondition(index >= 0 && index < channelCount, "no such channel")
    return (0..<sampleCount).map { values[($0 + padding) * channelCount + index] }
  }

  /// The mean square over all channels and samples.
  public var meanSquare: Double {
    var total = 0.0
    let rows = values.span
    var start = 0
    while start < rows.count {
      let end = min(start + 4_096, rows.count)
      var lanes = SIMD8<Float>(repeating: 0)
      var index = start
      while index + 8 <= end {
        var chunk = SIMD8<Float>(repeating: 0)
        for lane in 0..<8 { chunk[lane] = rows[index + lane] }
        lanes += chunk * chunk
        index += 8
      }
      var rest: Float = lanes.sum()
      while index < end {
        rest += rows[index] * rows[index]
        index += 1
      }
      total += Double(rest)
      start = end
    }
    return total / Double(max(1, sampleCount * channelCount))
  }

  private mutating func interleave(_ channels: [[Float]]) {
    let stride = channelCount
    for (index, samples) in channels.enumerated() {
      var place = padding * stride + index
      for sample in samples {
        values[place] = sample
        place += stride
      }
    }
  }
}
