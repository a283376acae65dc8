import Foundation

/// What a decomposition will cost, from what a header tells.
///
/// Processor seconds of one thread of arrays: start + channels^a (seconds of signal)^b, of needles
/// start + seconds x channels x a factor. The weights are rough: they follow single runs and
/// were not judged on a mix of recordings.
public struct CostModel: Sendable, Equatable {
  /// Seconds that any run takes.
  public var start = 0.15
  /// Array: seconds for one second of one channel, before the powers.
  public var arrayFactor = 0.008
  /// Array: power of the number of channels.
  public var channelPower = 0.62
  /// Array: power of the duration.
  public var durationPower = 0.95
  /// Needle: seconds for one second of one channel.
  public var needleFactor = 0.55
  /// Memory of any run in MB.
  public var startMegabytes = 45.0
  /// Bytes for each sample of each array channel at the analysis rate.
  public var bytesPerSample = 26.0
  /// Longest array recording in seconds that is held as a whole.
  public var wholeSeconds = 90.0

  /// The fitted model.
  public init() {}

  /// Predicted processor seconds and peak memory in MB.
  ///
  /// - Parameters:
  ///   - channels: EMG channels.
  ///   - samplingRate: in Hz.
  ///   - seconds: duration.
  ///   - isNeedle: whether the recording is decomposed as a needle's.
  public func cost(
    channels: Int, samplingRate: Double, seconds: Double, isNeedle: Bool
  ) -> (seconds: Double, megabytes: Double) {
    let channels = Double(max(0, channels))
    let seconds = max(0, seconds)
    if isNeedle {
      return (
        start + needleFactor * seconds * max(1, channels),
        startMegabytes + seconds * samplingRate * channels * bytesPerSample / 1e6
      )
    }
    let held = min(seconds, wholeSeconds)
    return (
      start + arrayFactor * pow(channels, channelPower) * pow(seconds, durationPower) * 10,
      startMegabytes + held * min(samplingRate, 1_536) * channels * bytesPerSample / 1e6
    )
  }
}
