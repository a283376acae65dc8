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
  public var meanSquare: Double { meanSquare(in: 0..<sampleCount) }

  /// The mean square over all channels and a range of samples.
  public func meanSquare(in range: Range<Int>) -> Double {
    precondition(range.lowerBound >= 0 && range.upperBound <= sampleCount, "range outside signal")
    let first = (range.lowerBound + padding) * channelCount
    let last = (range.upperBound + padding) * channelCount
    var total = 0.0
    var start = first
    while start < last {
      let end = min(start + 8_192, last)
      let part = values.span.extracting(start..<end)
      total += Double(VectorKernel.dot(part, part))
      start = end
    }
    return total / Double(max(1, range.count * channelCount))
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

extension TimeMajorSignal {
  /// Multiplies every sample by a factor.
  public mutating func scale(by factor: Float) {
    var samples = values.mutableSpan
    for index in 0..<samples.count { samples[index] *= factor }
  }
}
