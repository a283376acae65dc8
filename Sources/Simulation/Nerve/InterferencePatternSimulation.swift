import Foundation
import Signal

/// Settings of simulated surface interference patterns over graded voluntary efforts.
public struct InterferencePatternConfiguration: Codable, Sendable, Equatable {
  /// Seed of the session.
  public var seed: UInt64 = 1
  /// Efforts as excitation of the pool in percent, one after the other.
  public var effortsPercent: [Double] = [3, 6, 10, 15, 20, 30, 45, 60, 80, 100]
  /// Epochs per effort.
  public var epochsPerEffort = 3
  /// Length of an epoch in seconds.
  public var epochSeconds = 0.5
  /// Sampling rate in Hz.
  public var samplingRate = 5000.0
  /// RMS of the noise in uV.
  public var noiseMicrovolts = 5.0

  /// Makes thirty epochs of 500 ms over ten efforts.
  public init() {}

  func validate() throws(SimulationError) {
    for effort in effortsPercent {
      try SimulationError.require("pattern.effortsPercent", effort, in: 0...100)
    }
    try SimulationError.require("pattern.epochsPerEffort", Double(epochsPerEffort), in: 1...10_000)
    try SimulationError.require("pattern.epochSeconds", epochSeconds, in: 0.01...600)
    try SimulationError.require("pattern.samplingRate", samplingRate, in: 500...200_000)
    try SimulationError.require("pattern.noiseMicrovolts", noiseMicrovolts, in: 0...1e6)
  }
}

/// One epoch of surface EMG with its discharges.
public struct SimulatedEpoch: Sendable {
  /// The effort in percent.
  public let effortPercent: Double
  /// Signal in uV; negativity at the active electrode counts as positive.
  public let signal: [Float]
  /// Sampling rate in Hz.
  public let samplingRate: Double
  /// Discharges per unit number: sample positions of the stimulus-equivalent instant.
  ///
  /// The peak of a unit's potential follows its latency later.
  public let spikeTimes: [Int: [Double]]
}

/// Simulates surface interference patterns of a nerve's units, recruited in order of size.
///
/// `progress` is told the share that is done, 0 to 1; what it throws ends the simulation.
///
/// - Throws: `SimulationError` for settings out of range; what `progress` throws.
public func simulateInterferencePattern(
  of nerve: SimulatedNerve, _ configuration: InterferencePatternConfiguration = .init(),
  threads: Int = ProcessInfo.processInfo.activeProcessorCount,
  progress: SimulationProgress = { _ in }
) throws -> [SimulatedEpoch] {
  try configuration.validate()
  let rate = configuration.samplingRate
  let factor = 4
  let fine = rate * Double(factor) / 1000
  let templates = nerve.axons.map { axon in
    let values = (0..<Int(25 * fine)).map { Float(axon.potential(at: Double($0) / fine)) }
    return PotentialTemplate(
      UnitPotential(values: values, count: values.count, channels: 1), factor: factor)
  }
  let plan = configuration.effortsPercent.flatMap { effort in
    (0..<configuration.epochsPerEffort).map { _ in effort }
  }
  return try concurrentMap(plan.count, threads: threads, progress: progress) { index in
    epoch(
      of: nerve, templates: templates, effort: plan[index], configuration,
      seed: configuration.seed &+ UInt64(index) &* 0x9E37_79B9)
  }
}

/// One epoch out of a steady contraction: half a second passes before it begins.
private func epoch(
  of nerve: SimulatedNerve, templates: [PotentialTemplate], effort: Double,
  _ configuration: InterferencePatternConfiguration, seed: UInt64
) -> SimulatedEpoch {
  let rate = configuration.samplingRate
  let lead = 0.5
  let step = 0.001
  let duration = configuration.epochSeconds + lead
  let steps = Int((duration / step).rounded(.up))
  let pool = nerve.configuration.pool
  let excitation = commonFluctuation(pool, step: step, count: steps, seed: seed).map {
    max(0, $0 * effort / 100)
  }
  var random = SeededGenerator(seed: seed, stream: 43)
  let count = Int((configuration.epochSeconds * rate).rounded())
  var signal = (0..<count).map { _ in Float(configuration.noiseMicrovolts * random.normal()) }
  var trains: [Int: [Double]] = [:]
  for (axon, template) in zip(nerve.axons, templates) {
    var own = SeededGenerator(seed: seed, stream: 10_000 + UInt64(axon.id))
    let times = discharges(
      of: axon.neuron, excitation: excitation, step: step, duration: duration, pool: pool,
      using: &own
    ).map { ($0 - lead) * rate }
    template.add(
      channel: 0, times: times, gains: times.map { _ in 1 }, to: &signal)
    let inside = times.filter { $0 >= 0 && $0 < Double(count) }
    if !inside.isEmpty { trains[axon.id] = inside }
  }
  return SimulatedEpoch(
    effortPercent: effort, signal: signal, samplingRate: rate, spikeTimes: trains)
}
