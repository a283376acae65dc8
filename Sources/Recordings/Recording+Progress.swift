import Synchronization

extension Recording {
  /// The recording, telling how much of it has been read: what takes it in blocks can be watched and ended.
  ///
  /// - Parameters:
  ///   - indices: the channels that will be read, all by default.
  ///   - passes: how often their samples are expected to be gone through.
  ///   - progress: told the share of these samples that was read, 0 to 1; what it throws is thrown where
  ///     the samples were asked for.
  public func reporting(
    channels indices: [Int]? = nil, passes: Int = 1,
    _ progress: @escaping @Sendable (Double) throws -> Void
  ) -> Recording {
    precondition(passes > 0, "samples are gone through once or more")
    var result = self
    let total =
      (indices ?? Array(channels.indices)).reduce(0) { $0 + channels[$1].sampleCount } * passes
    result.samples = WatchedSamples(source: samples, total: max(1, total), progress: progress)
    return result
  }
}

/// Samples of another source, telling how many were read.
private final class WatchedSamples: SampleSource {
  private let source: any SampleSource
  private let total: Int
  private let progress: @Sendable (Double) throws -> Void
  private let count = Mutex(0)

  init(
    source: any SampleSource, total: Int, progress: @escaping @Sendable (Double) throws -> Void
  ) {
    self.source = source
    self.total = total
    self.progress = progress
  }

  func samples(channels: [Int], range: Range<Int>) throws -> [[Float]] {
    let values = try source.samples(channels: channels, range: range)
    let read = count.withLock { count in
      count += channels.count * range.count
      return count
    }
    try progress(min(1, Double(read) / Double(total)))
    return values
  }

  func storedSpikes() throws -> SpikeAnnotations? { try source.storedSpikes() }

  var readsWhole: Bool { source.readsWhole }
}
