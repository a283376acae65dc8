import Foundation
import Signal

/// Settings of simulated responses to single stimuli, recorded as waveforms.
public struct StimulatedResponseConfiguration: Codable, Sendable, Equatable {
  /// Seed of the session.
  public var seed: UInt64 = 1
  /// Sampling rate in Hz.
  public var samplingRate = 10_000.0
  /// Time before the stimulus in ms.
  public var leadMilliseconds = 5.0
  /// Time after the stimulus in ms.
  public var spanMilliseconds = 35.0
  /// RMS of the noise in uV.
  public var noiseMicrovolts = 5.0
  /// Size of the stimulus artefact in uV; it decays within some 0.5 ms.
  public var artefactMicrovolts = 0.0
  /// Variation of each unit's amplitude from stimulus to stimulus (coefficient of variation).
  public var amplitudeVariation = 0.01

  /// Makes responses of 40 ms at 10 kHz.
  public init() {}

  func validate() throws(SimulationError) {
    try SimulationError.require("response.samplingRate", samplingRate, in: 500...200_000)
    try SimulationError.require("response.leadMilliseconds", leadMilliseconds, in: 0...1000)
    try SimulationError.require("response.spanMilliseconds", spanMilliseconds, in: 1...1000)
    try SimulationError.require("response.noiseMicrovolts", noiseMicrovolts, in: 0...1e6)
    try SimulationError.require("response.artefactMicrovolts", artefactMicrovolts, in: -1e7...1e7)
    try SimulationError.require("response.amplitudeVariation", amplitudeVariation, in: 0...1)
  }
}

/// Responses to a row of stimuli; negativity at the active electrode counts as positive.
public struct SimulatedResponses: Sendable, Equatable {
  /// Stimuli in mA.
  public let stimuliMilliamperes: [Double]
  /// One waveform in uV per stimulus, all of equal length.
  public let waveforms: [[Float]]
  /// Sample at which the stimulus is given.
  public let stimulusSample: Int
  /// Sampling rate in Hz.
  public let samplingRate: Double
  /// Numbers of the units that answered each stimulus.
  public let answeringUnits: [[Int]]
}

/// Simulates the responses of a nerve to given stimuli.
///
/// Graded stimuli serve incremental methods, repeated supramaximal ones the CMAP.
///
/// - Throws: `SimulationError` for settings out of range.
public func simulateResponses(
  of nerve: SimulatedNerve, stimuliMilliamperes: [Double],
  _ configuration: StimulatedResponseConfiguration = .init()
) throws(SimulationError) -> SimulatedResponses {
  try configuration.validate()
  let perMillisecond = configuration.samplingRate / 1000
  let lead = Int((configuration.leadMilliseconds * perMillisecond).rounded())
  let count = lead + Int((configuration.spanMilliseconds * perMillisecond).rounded())
  let potentials = nerve.axons.map { axon in
    (0..<count).map { Float(axon.potential(at: Double($0 - lead) / perMillisecond)) }
  }
  var random = SeededGenerator(seed: configuration.seed, stream: 42)
  var answering: [[Int]] = []
  let waveforms = stimuliMilliamperes.map { stimulus -> [Float] in
    var sum = (0..<count).map { _ in Float(configuration.noiseMicrovolts * random.normal()) }
    var units: [Int] = []
    for (axon, potential) in zip(nerve.axons, potentials)
    where axon.answers(stimulus, using: &random) {
      units.append(axon.id)
      let gain = Float(1 + configuration.amplitudeVariation * random.normal())
      for index in lead..<count { sum[index] += gain * potential[index] }
    }
    if configuration.artefactMicrovolts != 0 {
      for index in lead..<count {
        let time = Double(index - lead) / perMillisecond
        sum[index] += Float(configuration.artefactMicrovolts * exp(-time / 0.15))
      }
    }
    answering.append(units)
    return sum
  }
  return SimulatedResponses(
    stimuliMilliamperes: stimuliMilliamperes, waveforms: waveforms, stimulusSample: lead,
    samplingRate: configuration.samplingRate, answeringUnits: answering)
}

extension SimulatedNerve {
  /// A stimulus in mA to which all axons answer.
  public var supramaximalMilliamperes: Double {
    let highest = axons.map { $0.threshold * (1 + 6 * $0.relativeSpread) }.max()
    return 1.1 * (highest ?? configuration.thresholdMilliamperes)
  }
}
