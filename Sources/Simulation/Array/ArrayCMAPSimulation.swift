import Foundation
import Signal

/// Settings of the CMAP as an electrode array records it.
public struct ArrayCMAPConfiguration: Codable, Sendable, Equatable {
  /// Seed of the session.
  public var seed: UInt64 = 1
  /// Supramaximal stimuli.
  public var stimulusCount = 3
  /// Time between stimuli in seconds.
  public var interval = 0.25
  /// Conduction time along the nerve in ms, of an axon of mean latency.
  public var nerveMilliseconds = 3.0
  /// RMS of the noise in uV.
  public var noiseMicrovolts = 5.0

  /// Makes three stimuli a quarter of a second apart.
  public init() {}

  func validate() throws(SimulationError) {
    try SimulationError.require("cmap.stimulusCount", Double(stimulusCount), in: 1...1000)
    try SimulationError.require("cmap.interval", interval, in: 0.15...100)
    try SimulationError.require("cmap.nerveMilliseconds", nerveMilliseconds, in: 0...20)
    try SimulationError.require("cmap.noiseMicrovolts", noiseMicrovolts, in: 0...1e6)
  }
}

/// The CMAP on every electrode of an array.
public struct SimulatedArrayCMAP: Sendable {
  /// Signals in uV, physical sign: channels x samples.
  public let signals: [[Float]]
  /// Sampling rate in Hz.
  public let samplingRate: Double
  /// Sample positions of the stimuli.
  public let stimuli: [Double]
}

/// Simulates supramaximal stimuli of the nerve: all living units of the muscle answer together.
///
/// The potentials are those of the array recordings with the same electrodes and model; each unit
/// starts after the latency of its axon.
/// `progress` is told the share that is done, 0 to 1; what it throws ends the simulation.
///
/// - Throws: `SimulationError` for settings out of range; what `progress` throws.
public func simulateArrayCMAP(
  _ array: ArraySimulationConfiguration, muscle: SimulatedMuscle, nerve: SimulatedNerve,
  _ configuration: ArrayCMAPConfiguration = .init(),
  threads: Int = ProcessInfo.processInfo.activeProcessorCount,
  progress: SimulationProgress = { _ in }
) throws -> SimulatedArrayCMAP {
  try array.validate()
  try configuration.validate()
  let rate = array.samplingRate
  var settings = array
  settings.templateDriftMillimetres = 0
  settings.seed = configuration.seed
  settings.duration = configuration.interval * (Double(configuration.stimulusCount) + 0.5)
  let count = Int((settings.duration * rate).rounded())
  let times = (0..<configuration.stimulusCount).map {
    ((Double($0) + 0.5) * configuration.interval * rate).rounded() / rate
  }
  let latencies = Dictionary(uniqueKeysWithValues: nerve.axons.map { ($0.id, $0.latency) })
  let trains = muscle.units.map { unit -> [Double] in
    let own = (latencies[unit.id] ?? nerve.configuration.latency) - nerve.configuration.latency
    let delay = max(0, configuration.nerveMilliseconds + own) / 1000
    return times.map { $0 + delay }
  }
  var signals = try ArrayRenderer(configuration: settings, threads: threads, count: count)
    .render(muscle: muscle, trains: trains, progress: progress).signals
  var random = SeededGenerator(seed: configuration.seed, stream: 46)
  for channel in signals.indices {
    for index in signals[channel].indices {
      signals[channel][index] += Float(configuration.noiseMicrovolts * random.normal())
    }
  }
  return SimulatedArrayCMAP(signals: signals, samplingRate: rate, stimuli: times.map { $0 * rate })
}
