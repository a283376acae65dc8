/// Delivers the samples of an opened recording on demand; one conforming type per file format.
///
/// Implementations keep no samples between calls where the format allows it, and may be called
/// from several threads at once.
public protocol SampleSource: Sendable {
  /// Physical values of some channels over a range of sample indices.
  ///
  /// The caller has checked that the channels exist and that the range lies inside each of them.
  /// - Returns: one array per requested channel, voltages in microvolts.
  func samples(channels: [Int], range: Range<Int>) throws -> [[Float]]

  /// Discharge times that came with the recording, nil where there are none.
  func storedSpikes() throws -> SpikeAnnotations?

  /// Whether a part costs as much as all: the format can only be read as a whole.
  var readsWhole: Bool { get }
}

extension SampleSource {
  /// No stored discharge times.
  public func storedSpikes() throws -> SpikeAnnotations? { nil }

  /// Parts are read alone.
  public var readsWhole: Bool { false }
}

/// Samples held in memory: simulated recordings, and formats that cannot be read in parts.
public struct SamplesInMemory: SampleSource {
  /// One array per channel, voltages in microvolts.
  public let channels: [[Float]]
  /// Discharge times that belong to the samples.
  public let spikes: SpikeAnnotations?

  /// Keeps samples, one array per channel.
  public init(channels: [[Float]], spikes: SpikeAnnotations? = nil) {
    self.channels = channels
    self.spikes = spikes
  }

  /// Copies of the requested parts.
  public func samples(channels indices: [Int], range: Range<Int>) throws -> [[Float]] {
    indices.map { Array(channels[$0][range]) }
  }

  /// The discharge times given at the start.
  public func storedSpikes() throws -> SpikeAnnotations? { spikes }
}
