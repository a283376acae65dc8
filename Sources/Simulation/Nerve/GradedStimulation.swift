import Foundation
import Signal

/// How an examiner grades the stimulus in incremental, multipoint and statistical methods.
public struct GradedStimulationConfiguration: Codable, Sendable, Equatable {
  /// Seed of the session.
  public var seed: UInt64 = 1
  /// Step of the stimulus, relative.
  public var relativeStep = 0.004
  /// Responses at each stimulus; their median is the level.
  public var shots = 3
  /// Least rise above the last level that is taken for a further unit, uV.
  public var minimumIncrementMicrovolts = 25.0
  /// RMS of the noise of one response in uV.
  public var noiseMicrovolts = 5.0
  /// Variation of each unit's amplitude from stimulus to stimulus (coefficient of variation).
  public var amplitudeVariation = 0.01

  /// Makes three responses at steps of 0.4 %.
  public init() {}

  func validate() throws(SimulationError) {
    try SimulationError.require("graded.relativeStep", relativeStep, in: 1e-4...0.5)
    try SimulationError.require("graded.shots", Double(shots), in: 1...1000)
    try SimulationError.require(
      "graded.minimumIncrementMicrovolts", minimumIncrementMicrovolts, in: 0...1e6)
    try SimulationError.require("graded.noiseMicrovolts", noiseMicrovolts, in: 0...1e6)
    try SimulationError.require("graded.amplitudeVariation", amplitudeVariation, in: 0...1)
  }
}

/// Levels in mV that an examiner notes at one site while the stimulus rises from below all units.
///
/// A level is noted where the median response rises by the least increment over the last one, until
/// there are `count`; alternation of units is part of it, as in a patient. Fewer levels come back
/// where the nerve has no more units.
///
/// - Throws: `SimulationError` for settings out of range.
public func simulateIncrements(
  of nerve: SimulatedNerve, site: Int, count: Int,
  _ configuration: GradedStimulationConfiguration = .init()
) throws(SimulationError) -> [Double] {
  try configuration.validate()
  let nerve = site == 0 ? nerve : nerve.stimulated(atSite: site)
  var random = SeededGenerator(
    seed: configuration.seed, stream: 44_000 + UInt64(truncatingIfNeeded: site))
  let bench = StimulationBench(nerve, configuration)
  let lowest = nerve.axons.map { $0.threshold * (1 - 4 * $0.relativeSpread) }.min()
  var stimulus = lowest ?? nerve.configuration.thresholdMilliamperes
  let last = nerve.supramaximalMilliamperes
  var levels: [Double] = []
  var level = 0.0
  while levels.count < count, stimulus < last {
    let responses = (0..<configuration.shots).map { _ in bench.response(stimulus, &random) }
      .sorted()
    let median = responses[responses.count / 2]
    if median >= level + configuration.minimumIncrementMicrovolts {
      levels.append(median / 1000)
      level = median
    }
    stimulus *= 1 + configuration.relativeStep
  }
  return levels
}

/// Runs of responses in mV to equal stimuli, one run for each share of the CMAP.
///
/// The stimulus of a run is that at which the expected response is the share (0 to 1) of the summed
/// amplitude.
///
/// - Throws: `SimulationError` for settings out of range.
public func simulateEqualStimuli(
  of nerve: SimulatedNerve, shares: [Double], responsesPerRun: Int,
  _ configuration: GradedStimulationConfiguration = .init()
) throws(SimulationError) -> [[Double]] {
  try configuration.validate()
  for share in shares { try SimulationError.require("share", share, in: 0...1) }
  let bench = StimulationBench(nerve, configuration)
  var random = SeededGenerator(seed: configuration.seed, stream: 45)
  return shares.map { share in
    var (low, high) = (0.0, nerve.supramaximalMilliamperes)
    for _ in 0..<50 {
      let middle = (low + high) / 2
      if bench.expectedShare(middle) < share { low = middle } else { high = middle }
    }
    return (0..<responsesPerRun).map { _ in bench.response(high, &random) / 1000 }
  }
}

/// A nerve prepared for single responses.
private struct StimulationBench {
  let nerve: SimulatedNerve
  let configuration: GradedStimulationConfiguration
  let summation: PotentialSummation

  init(_ nerve: SimulatedNerve, _ configuration: GradedStimulationConfiguration) {
    self.nerve = nerve
    self.configuration = configuration
    summation = PotentialSummation(nerve, sumsWaveforms: true)
  }

  /// The peak of one response in uV, with noise.
  func response(_ stimulus: Double, _ random: inout SeededGenerator) -> Double {
    let gains = nerve.axons.map { axon -> Double in
      guard axon.answers(stimulus, using: &random) else { return 0 }
      return max(0, 1 + configuration.amplitudeVariation * random.normal())
    }
    return summation.peak(gains) + configuration.noiseMicrovolts * random.normal()
  }

  /// The expected share of the summed amplitude that answers.
  func expectedShare(_ stimulus: Double) -> Double {
    nerve.axons.reduce(0) { sum, axon in
      let z = (stimulus / axon.threshold - 1) / axon.relativeSpread
      return sum + axon.amplitudeMicrovolts * 0.5 * erfc(-z / 2.0.squareRoot())
    } / max(nerve.summedAmplitudeMicrovolts, 1e-12)
  }
}
