import Foundation
import Signal

/// Settings of a simulated CMAP scan.
///
/// Model: axon i answers stimulus s with probability Phi((s / t_i - 1) / RS_i) (Bostock 2016, Muscle
/// Nerve 53:889); the response is the peak of the summed unit potentials, so phases cancel.
public struct CMAPScanConfiguration: Codable, Sendable, Equatable {
  /// Seed of the session.
  public var seed: UInt64 = 1
  /// Stimuli between the supramaximal and the subthreshold part.
  public var stimulusCount = 500
  /// Supramaximal stimuli before.
  public var preCount = 20
  /// Subthreshold stimuli after.
  public var postCount = 12
  /// Steps of equal ratio instead of equal difference.
  public var hasGeometricSteps = false
  /// Random variation of each stimulus, relative to the step.
  public var stimulusJitter = 0.0
  /// RMS of the additive noise in uV.
  public var noiseMicrovolts = 5.0
  /// RMS of the noise in proportion to the response.
  public var proportionalNoise = 0.002
  /// Change of all responses from the first to the last stimulus (0.05 = 5 %).
  public var gainDrift = 0.0
  /// Change of all thresholds from the first to the last stimulus.
  public var thresholdDrift = 0.0
  /// End-to-end SD of a random walk of the gain.
  public var gainWalk = 0.0
  /// End-to-end SD of a random walk of the thresholds.
  public var thresholdWalk = 0.0
  /// Variation of each unit's amplitude from stimulus to stimulus (coefficient of variation).
  public var amplitudeVariation = 0.01
  /// Peaks of summed potentials; false adds up amplitudes without cancellation.
  public var sumsWaveforms = true
  /// Responses are rounded to multiples of this many uV; 0 for none.
  public var quantisationMicrovolts = 0.0
  /// Probability that a response is an outlier (movement, failed stimulus).
  public var artefactProbability = 0.0

  /// Makes a scan of 532 stimuli with 5 uV of noise.
  public init() {}

  func validate() throws(SimulationError) {
    try SimulationError.require("scan.stimulusCount", Double(stimulusCount), in: 2...100_000)
    try SimulationError.require("scan.preCount", Double(preCount), in: 0...10_000)
    try SimulationError.require("scan.postCount", Double(postCount), in: 0...10_000)
    try SimulationError.require("scan.stimulusJitter", stimulusJitter, in: 0...10)
    try SimulationError.require("scan.noiseMicrovolts", noiseMicrovolts, in: 0...1e6)
    try SimulationError.require("scan.proportionalNoise", proportionalNoise, in: 0...1)
    try SimulationError.require("scan.gainDrift", gainDrift, in: -0.9...10)
    try SimulationError.require("scan.thresholdDrift", thresholdDrift, in: -0.9...10)
    try SimulationError.require("scan.gainWalk", gainWalk, in: 0...1)
    try SimulationError.require("scan.thresholdWalk", thresholdWalk, in: 0...1)
    try SimulationError.require("scan.amplitudeVariation", amplitudeVariation, in: 0...1)
    try SimulationError.require(
      "scan.quantisationMicrovolts", quantisationMicrovolts, in: 0...1e6)
    try SimulationError.require("scan.artefactProbability", artefactProbability, in: 0...1)
  }
}

/// A simulated CMAP scan with the nerve behind it.
public struct SimulatedCMAPScan: Sendable, Equatable {
  /// Stimuli in mA in order of delivery, falling.
  public let stimuliMilliamperes: [Double]
  /// Responses in mV.
  public let responsesMillivolts: [Double]
  /// Supramaximal stimuli at the start.
  public let preCount: Int
  /// Subthreshold stimuli at the end.
  public let postCount: Int
  /// The true number of units.
  public let unitCount: Int
  /// Response to all units without noise in mV, phases cancelled as in the scan.
  public let maximumMillivolts: Double
  /// Number of the largest units that make half of the summed amplitude.
  public let n50: Double
  /// Amplitude in uV of the unit at which half is passed.
  public let a50Microvolts: Double

  /// The scan as lines `stimulus_mA,cmap_mV`.
  public var table: String {
    var text = "stimulus_mA,cmap_mV\n"
    for (stimulus, response) in zip(stimuliMilliamperes, responsesMillivolts) {
      text += String(format: "%.4f,%.6f\n", stimulus, response)
    }
    return text
  }
}

/// Simulates a CMAP scan of a nerve.
///
/// - Throws: `SimulationError` for settings out of range.
public func simulateCMAPScan(
  of nerve: SimulatedNerve, _ configuration: CMAPScanConfiguration = .init()
) throws(SimulationError) -> SimulatedCMAPScan {
  try configuration.validate()
  var random = SeededGenerator(seed: configuration.seed, stream: 41)
  let stimuli = scanStimuli(nerve, configuration, using: &random)
  let summation = PotentialSummation(nerve, sumsWaveforms: configuration.sumsWaveforms)
  let count = stimuli.count
  var gain = 1.0
  var drift = 1.0
  let walk = 1 / Double(count).squareRoot()
  var responses: [Double] = []
  for (index, stimulus) in stimuli.enumerated() {
    let progress = Double(index) / Double(max(count - 1, 1))
    gain += configuration.gainWalk * walk * random.normal()
    drift += configuration.thresholdWalk * walk * random.normal()
    let shift = max(0.1, drift * (1 + configuration.thresholdDrift * progress))
    let gains = nerve.axons.map { axon -> Double in
      guard axon.answers(stimulus / shift, using: &random) else { return 0 }
      guard configuration.amplitudeVariation > 0 else { return 1 }
      return max(0, 1 + configuration.amplitudeVariation * random.normal())
    }
    var response = summation.peak(gains) * gain * (1 + configuration.gainDrift * progress)
    response *= 1 + configuration.proportionalNoise * random.normal()
    response += configuration.noiseMicrovolts * random.normal()
    if configuration.artefactProbability > 0
      && random.uniform() < configuration.artefactProbability
    {
      response += 0.05 * nerve.summedAmplitudeMicrovolts * random.normal()
    }
    let step = configuration.quantisationMicrovolts
    responses.append(step > 0 ? (response / step).rounded() * step : response)
  }
  return SimulatedCMAPScan(
    stimuliMilliamperes: stimuli, responsesMillivolts: responses.map { $0 / 1000 },
    preCount: configuration.preCount, postCount: configuration.postCount,
    unitCount: nerve.axons.count,
    maximumMillivolts: summation.peak(nerve.axons.map { _ in 1 }) / 1000, n50: nerve.n50,
    a50Microvolts: nerve.a50Microvolts)
}

/// Stimuli that fall from where all axons answer to where none does.
private func scanStimuli(
  _ nerve: SimulatedNerve, _ configuration: CMAPScanConfiguration,
  using random: inout SeededGenerator
) -> [Double] {
  let centre = nerve.configuration.thresholdMilliamperes
  let high =
    (nerve.axons.map { $0.threshold * (1 + 3.5 * $0.relativeSpread) }.max() ?? centre) * 1.02
  let low =
    (nerve.axons.map { $0.threshold * (1 - 3.5 * $0.relativeSpread) }.min() ?? centre) * 0.98
  let count = configuration.stimulusCount
  let middle = (0..<count).map { index -> Double in
    let jittered = Double(index) + configuration.stimulusJitter * random.normal()
    let share = min(1, max(0, jittered / Double(count - 1)))
    return configuration.hasGeometricSteps
      ? high * pow(low / high, share) : high + (low - high) * share
  }
  let pre = [Double](repeating: high * 1.03, count: configuration.preCount)
  let post = (0..<configuration.postCount).map { low * (0.995 - 0.002 * Double($0)) }
  return pre + middle + post
}

extension MotorAxon {
  /// Whether the axon answers a stimulus in mA: its threshold varies from stimulus to stimulus.
  func answers(_ stimulus: Double, using random: inout SeededGenerator) -> Bool {
    let z = (stimulus / threshold - 1) / relativeSpread
    if z > 5 { return true }
    if z < -5 { return false }
    return random.normal() < z
  }
}

/// Sums of unit potentials on a fixed time grid.
struct PotentialSummation: Sendable {
  private let waveforms: [[Float]]
  private let amplitudes: [Double]

  init(_ nerve: SimulatedNerve, sumsWaveforms: Bool) {
    amplitudes = nerve.axons.map(\.amplitudeMicrovolts)
    // 0.1 ms steps over +-3 ms around the mean latency: no sum of units peaks outside.
    let start = nerve.configuration.latency - 3
    waveforms =
      sumsWaveforms
      ? nerve.axons.map { axon in
        (0...60).map { Float(axon.potential(at: start + 0.1 * Double($0))) }
      } : []
  }

  /// Peak in uV of the sum of all units, each times its gain; not below zero.
  func peak(_ gains: [Double]) -> Double {
    guard !waveforms.isEmpty else {
      return zip(gains, amplitudes).reduce(0) { $0 + $1.0 * $1.1 }
    }
    var sum = [Float](repeating: 0, count: waveforms[0].count)
    for (gain, waveform) in zip(gains, waveforms) where gain != 0 {
      let factor = Float(gain)
      for index in sum.indices { sum[index] += factor * waveform[index] }
    }
    return max(0, Double(sum.max() ?? 0))
  }
}
