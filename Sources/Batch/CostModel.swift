import Foundation

/// What a decomposition will cost, from what a header tells and, once some are done, from what they cost.
///
/// Processor seconds of one thread are a product of powers, fitted as a line in logarithms to
/// measured runs. What a header does not tell, the number of units above all, remains as an error: a factor
/// of 1.35 (SD) for arrays, of 1.5 for needles. docs/scale.md tells how it was measured.
public struct CostModel: Sendable, Equatable {
  /// Weights of `features` for arrays.
  public var arrayWeights = [-12.93, 0.673, 0.789, 1.192, 0.211]
  /// Weights of `features` for needles.
  public var needleWeights = [-1.05, 0.5, 1.0, 0.0, 0.0]
  /// Array: MB of any run, and MB for a million samples that are held.
  public var arrayMegabytes = [66.0, 29.9]
  /// Needle: the same.
  public var needleMegabytes = [210.0, 60.0]

  /// The fitted model.
  public init() {}

  /// Longest array recording in seconds that is decomposed as a whole; longer ones in segments.
  public static let wholeSeconds = 90.0

  /// What the logarithm of the processor seconds is a weighted sum of: 1 and the logarithms of
  /// channels, duration, sampling rate and number of segments.
  public static func features(
    channels: Double, samplingRate: Double, seconds: Double, isNeedle: Bool
  ) -> [Double] {
    let segments = isNeedle ? 1 : max(1, seconds / wholeSeconds)
    return [
      1, log(max(1, channels)), log(max(1, seconds)), log(max(1, samplingRate)), log(segments),
    ]
  }

  /// Millions of samples that a decomposition holds at once.
  public static func heldSamples(
    channels: Double, samplingRate: Double, seconds: Double, isNeedle: Bool
  ) -> Double {
    channels * samplingRate * (isNeedle ? seconds : min(seconds, wholeSeconds)) / 1e6
  }

  /// Predicted processor seconds and peak memory in MB; zero without channels or duration.
  ///
  /// - Parameters:
  ///   - channels: EMG channels.
  ///   - samplingRate: in Hz; of an array the rate that is searched, after its reduction.
  ///   - seconds: duration.
  ///   - isNeedle: whether the recording is decomposed as a needle's.
  ///   - effort: what the effort multiplies the processor time of an array by.
  public func cost(
    channels: Int, samplingRate: Double, seconds: Double, isNeedle: Bool, effort: Double = 1
  ) -> (seconds: Double, megabytes: Double) {
    guard channels > 0, seconds > 0, samplingRate > 0 else { return (0, 0) }
    let features = Self.features(
      channels: Double(channels), samplingRate: samplingRate, seconds: seconds, isNeedle: isNeedle)
    let held = Self.heldSamples(
      channels: Double(channels), samplingRate: samplingRate, seconds: seconds, isNeedle: isNeedle)
    let memory = isNeedle ? needleMegabytes : arrayMegabytes
    let exponent = zip(isNeedle ? needleWeights : arrayWeights, features).reduce(0) {
      $0 + $1.0 * $1.1
    }
    // A header may state anything; no prediction is beyond half a year.
    let seconds = (isNeedle ? 1 : effort) * exp(exponent)
    return (min(seconds, 1.6e7), min(memory[0] + memory[1] * held, 1e8))
  }

  /// Fewest recordings that are done from which the speed of a machine is taken.
  public static let fewestMeasured = 5
}

extension BatchListing {
  /// Scales the predicted processor seconds by what the recordings that are done took: machines and
  /// studies differ, and the median ratio holds both.
  ///
  /// - `output`: the folder of the results with its status files.
  /// - Returns: the factor; nil where fewer than `CostModel.fewestMeasured` are done.
  public mutating func followMeasured(in output: String) -> Double? {
    let statuses = RecordingStatus.all(in: output)
    let ratios = items.compactMap { item -> Double? in
      guard let status = statuses[item.index], status.path == item.path, status.state == .done,
        status.processorSeconds > 0, item.predictedSeconds > 0
      else { return nil }
      return status.processorSeconds / item.predictedSeconds
    }.sorted()
    guard ratios.count >= CostModel.fewestMeasured else { return nil }
    let middle = ratios.count / 2
    let factor =
      ratios.count % 2 == 1 ? ratios[middle] : (ratios[middle - 1] * ratios[middle]).squareRoot()
    for index in items.indices { items[index].predictedSeconds *= factor }
    return factor
  }
}
