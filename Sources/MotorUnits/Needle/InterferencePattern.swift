import Foundation
import Signal

/// How an interference pattern is analysed.
public struct InterferencePatternConfiguration: Codable, Sendable, Equatable {
  /// Length of an epoch in seconds.
  public var epochSeconds = 1.0
  /// The least voltage change between turns in microvolts (Willison 1964, J Neurol Neurosurg
  /// Psychiatry 27:386).
  public var turnMicrovolts = 100.0
  /// Width of the peaks counted for the envelope and of the windows of activity, in seconds.
  public var activityWindowSeconds = 0.010
  /// High-pass in Hz before the analysis; 0 for none.
  public var highPass = 10.0

  /// The default settings.
  public init() {}
}

/// Measures of one epoch of the interference pattern.
public struct InterferenceEpoch: Codable, Sendable, Equatable {
  /// Begin of the epoch in seconds.
  public var start: Double
  /// Turns for each second (Willison 1964).
  public var turnsPerSecond: Double
  /// Mean voltage change between turns in microvolts; nil without turns.
  public var meanTurnAmplitudeMicrovolts: Double?
  /// Turns per second over mean amplitude in 1/(s mV) (Fuglsang-Frederiksen and Mansson 1975, J
  /// Neurol Neurosurg Psychiatry 38:1171); nil without turns.
  public var turnsAmplitudeRatio: Double?
  /// Share of time with a potential change of a turn within the window, 0...1: activity.
  public var activity: Double
  /// Segments between successive turns of less than 2 mV and at most 3 ms, for each second: number
  /// of small segments, after Nandedkar, Sanders and Stalberg 1986, Muscle Nerve 9:423.
  public var smallSegmentsPerSecond: Double
  /// The peak-to-peak amplitude that 1 % of the windows exceed, in microvolts.
  public var envelopeMicrovolts: Double
  /// Root mean square in microvolts.
  public var rmsMicrovolts: Double
}

/// Analyses the interference pattern of one channel in microvolts, epoch by epoch.
///
/// Where the last epoch is shorter than half an epoch it is left out.
public func interferencePattern(
  _ samples: [Float], samplingRate: Double,
  configuration: InterferencePatternConfiguration = InterferencePatternConfiguration()
) -> [InterferenceEpoch] {
  precondition(samplingRate > 0 && configuration.epochSeconds > 0, "settings out of range")
  let length = max(8, Int(configuration.epochSeconds * samplingRate))
  let filtered =
    configuration.highPass > 0
    ? ZeroPhaseFilter(
      samplingRate: samplingRate, lowEdge: configuration.highPass, highEdge: samplingRate
    ).apply([samples])[0] : samples
  var epochs: [InterferenceEpoch] = []
  var start = 0
  while start + length / 2 <= filtered.count {
    let end = min(filtered.count, start + length)
    epochs.append(
      epoch(
        filtered[start..<end].map(Double.init), start: Double(start) / samplingRate,
        samplingRate: samplingRate, configuration: configuration))
    start += length
  }
  return epochs
}

private func epoch(
  _ values: [Double], start: Double, samplingRate: Double,
  configuration: InterferencePatternConfiguration
) -> InterferenceEpoch {
  let seconds = Double(values.count) / samplingRate
  let turns = turningPoints(values, least: configuration.turnMicrovolts)
  let steps = zip(turns.dropFirst(), turns).map { (values[$0] - values[$1], $0 - $1) }
  let amplitude =
    steps.isEmpty ? nil : steps.reduce(0) { $0 + abs($1.0) } / Double(steps.count)
  let rate = Double(turns.count) / seconds
  let short = steps.filter { abs($0.0) < 2_000 && Double($0.1) <= 0.003 * samplingRate }.count
  let window = max(2, Int(configuration.activityWindowSeconds * samplingRate))
  var active = 0
  var windows = 0
  var spans: [Double] = []
  var index = 0
  while index + window <= values.count {
    let part = values[index..<index + window]
    let span = (part.max() ?? 0) - (part.min() ?? 0)
    spans.append(span)
    if span >= configuration.turnMicrovolts { active += 1 }
    windows += 1
    index += window
  }
  spans.sort()
  let envelope =
    spans.isEmpty ? 0 : spans[min(spans.count - 1, Int(0.99 * Double(spans.count)))]
  let power = values.reduce(0) { $0 + $1 * $1 } / Double(max(1, values.count))
  return InterferenceEpoch(
    start: start, turnsPerSecond: rate, meanTurnAmplitudeMicrovolts: amplitude,
    turnsAmplitudeRatio: amplitude.map { rate / max(1e-9, $0 / 1_000) },
    activity: windows > 0 ? Double(active) / Double(windows) : 0,
    smallSegmentsPerSecond: Double(short) / seconds, envelopeMicrovolts: envelope,
    rmsMicrovolts: power.squareRoot())
}
