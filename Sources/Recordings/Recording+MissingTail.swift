extension Recording {
  /// Samples that are looked at in one step back from the end.
  private static let step = 1 << 14
  /// Values that a reader may have to load to look at the end of the channels.
  private static let valueLimit = 1 << 26

  /// The recording without an end in which no channel holds a number.
  ///
  /// Programs pad tables and matrices with NaN where a recording stopped; such an end is no signal.
  /// Missing values before it are left: reading them is an error that names the place. Throws
  /// `RecordingError` where nothing but missing values is found.
  func withoutMissingTail() throws -> Recording {
    let indices = emgChannels.isEmpty ? Array(channels.indices) : emgChannels
    let count = indices.map { channels[$0].sampleCount }.min() ?? 0
    guard count > 0, let total = Int.product(count, channels.count, atMost: Int.max),
      total <= Self.valueLimit || !samples.readsWhole
    else { return self }
    // The last sample alone tells for nearly all files.
    let last = try samples.samples(channels: indices, range: count - 1..<count)
    guard last.allSatisfy({ $0.first.map { !$0.isFinite } ?? false }) else { return self }
    var end = count - 1
    search: while end > 0 {
      let start = max(0, end - Self.step)
      let block = try samples.samples(channels: indices, range: start..<end)
      for index in (0..<end - start).reversed() {
        if block.contains(where: { $0[index].isFinite }) {
          end = start + index + 1
          break search
        }
      }
      end = start
    }
    guard end > 0 else {
      throw RecordingError(
        .malformed, path: source.path, "holds no numbers: every sample of the EMG is missing")
    }
    var result = self
    for index in result.channels.indices
    where result.channels[index].sampleCount > end
      && result.channels[index].samplingRate == channels[indices[0]].samplingRate
    {
      result.channels[index].sampleCount = end
    }
    result.warnings.append(
      "the last \(count - end) samples of all EMG channels are missing (no numbers) and are cut; "
        + "the recording ends at \(Double(end) / channels[indices[0]].samplingRate) s")
    return result
  }
}
