import Foundation
import Signal

/// A simulated needle recording with the truth behind it.
public struct SimulatedNeedleRecording: Sendable {
  /// The truth about one unit near the needle.
  public struct Unit: Sendable {
    /// Number of the unit from 0.
    public let id: Int
    /// Discharge times as sample positions (fractional, 0-based, ascending).
    public let spikeTimes: [Double]
    /// Mean potential per channel in uV, without jitter, at the needle's first place.
    public let template: [[Float]]
    /// Samples of `template` before the instant of discharge.
    public let templateLead: Int
    /// Largest peak-to-peak amplitude over the channels in uV.
    public let peakToPeakMicrovolts: Double
    /// Muscle fibres of the unit.
    public let fibreCount: Int
  }

  /// Signals in uV: channels x samples.
  public let signals: [[Float]]
  /// What the signals hold besides the units near the needle: distant units and amplifier noise.
  public let background: [[Float]]
  /// Sampling rate in Hz.
  public let samplingRate: Double
  /// The units near the needle.
  public let units: [Unit]
  /// RMS of the background in uV over all channels, unfiltered.
  public let backgroundMicrovolts: Double
  /// The settings that made it.
  public let configuration: NeedleSimulationConfiguration

  /// The truth as lines `unit,sample,time_s`: the whole sample and the sub-sample time.
  public var truthTable: String {
    var text = "unit,sample,time_s\n"
    for unit in units {
      for time in unit.spikeTimes {
        let seconds = String(format: "%.7f", time / samplingRate)
        text += "\(unit.id),\(Int(time.rounded())),\(seconds)\n"
      }
    }
    return text
  }
}

/// Simulates a needle recording.
///
/// Units near the needle have fibres that jitter one by one; distant units make the background.
/// The result depends on the settings only, not on the number of threads.
/// Throws `SimulationError` for settings out of range.
public func simulateNeedle(
  _ configuration: NeedleSimulationConfiguration,
  threads: Int = ProcessInfo.processInfo.activeProcessorCount
) throws(SimulationError) -> SimulatedNeedleRecording {
  try configuration.validate()
  let muscle = NeedleMuscle(configuration)
  let count = muscle.sampleCount
  let near = concurrentMap(configuration.unitCount, threads: threads) { muscle.nearUnit($0) }
  let far = concurrentMap(configuration.backgroundUnitCount, threads: threads) {
    muscle.farUnit($0)
  }
  let empty = [[Float]](
    repeating: [Float](repeating: 0, count: count), count: configuration.channels)
  var background = empty
  for signals in far { add(signals, gain: Float(configuration.backgroundGain), to: &background) }
  for channel in background.indices {
    var random = SeededGenerator(seed: configuration.seed, stream: 500_000 + UInt64(channel))
    for index in 0..<count {
      background[channel][index] += Float(configuration.noiseMicrovolts * random.normal())
    }
  }
  let power = background.joined().reduce(0.0) { $0 + Double($1) * Double($1) }
  var signals = background
  for unit in near { add(unit.signals, gain: 1, to: &signals) }
  return SimulatedNeedleRecording(
    signals: signals, background: background, samplingRate: configuration.samplingRate,
    units: near.map(\.truth),
    backgroundMicrovolts: (power / Double(max(1, count * configuration.channels))).squareRoot(),
    configuration: configuration)
}

private func add(_ signals: [[Float]], gain: Float, to sum: inout [[Float]]) {
  for channel in sum.indices {
    for index in sum[channel].indices { sum[channel][index] += gain * signals[channel][index] }
  }
}

/// The muscle around a needle: draws units and renders their trains.
private struct NeedleMuscle: Sendable {
  let configuration: NeedleSimulationConfiguration
  let sampleCount: Int
  private let factor: Int
  private let grid: PotentialGrid
  private let excitation: [Double]
  private let pool: MotorNeuronPoolConfiguration
  private static let step = 0.001

  init(_ configuration: NeedleSimulationConfiguration) {
    self.configuration = configuration
    sampleCount = Int((configuration.duration * configuration.samplingRate).rounded())
    factor = max(2, min(10, Int((40_000 / configuration.samplingRate).rounded(.up))))
    let perMillisecond = configuration.samplingRate * Double(factor) / 1000
    // 30 mm from the farthest end-plate at the slowest velocity and 5 ms of tail.
    grid = PotentialGrid(perMillisecond: perMillisecond, count: Int(25 * perMillisecond))
    var pool = MotorNeuronPoolConfiguration()
    pool.doubletProbability = configuration.doubletProbability
    self.pool = pool
    let steps = Int((configuration.duration / Self.step).rounded(.up))
    let fluctuation = commonFluctuation(
      pool, step: Self.step, count: steps, seed: configuration.seed)
    excitation = (0..<steps).map { index in
      configuration.drive.level(at: Double(index) * Self.step, duration: configuration.duration)
        * fluctuation[index]
    }
  }

  func nearUnit(_ id: Int) -> (truth: SimulatedNeedleRecording.Unit, signals: [[Float]]) {
    var random = SeededGenerator(seed: configuration.seed, stream: 1000 + UInt64(id))
    let pathology = configuration.pathology
    // The needle lies inside the territory or up to 0.4 mm beside it.
    let distance = (pathology.territoryRadius + 0.4) * random.uniform().squareRoot()
    let angle = random.uniform(0, 2 * Double.pi)
    let fibres = NeedleFibre.unit(
      pathology, centre: (distance * cos(angle), distance * sin(angle)),
      jitterGain: configuration.jitterGain, using: &random)
    let potential = NeedleMotorUnitPotential(
      fibres: fibres, electrode: configuration.electrode, tips: tips, grid: grid, factor: factor,
      separate: true)
    let train = train(using: &random)
    let signals = render(potential, train, using: &random)
    let template = potential.template()
    let peak = template.map { Double(($0.max() ?? 0) - ($0.min() ?? 0)) }.max() ?? 0
    return (
      SimulatedNeedleRecording.Unit(
        id: id, spikeTimes: train.map { $0 * configuration.samplingRate }, template: template,
        templateLead: PotentialTemplate.filterReach, peakToPeakMicrovolts: peak,
        fibreCount: fibres.count), signals
    )
  }

  func farUnit(_ id: Int) -> [[Float]] {
    var random = SeededGenerator(seed: configuration.seed, stream: 100_000 + UInt64(id))
    let pathology = configuration.pathology
    let inner = pathology.territoryRadius + 1.5
    // Uniform over the ring between the nearest allowed place and 12 mm.
    let distance = (inner * inner + random.uniform() * (144 - inner * inner)).squareRoot()
    let angle = random.uniform(0, 2 * Double.pi)
    let fibres = NeedleFibre.unit(
      pathology, centre: (distance * cos(angle), distance * sin(angle)), jitterGain: 0,
      using: &random)
    let potential = NeedleMotorUnitPotential(
      fibres: fibres, electrode: configuration.electrode, tips: tips, grid: grid, factor: factor,
      separate: false)
    return render(potential, train(using: &random), using: &random)
  }

  /// Places of the recording surfaces: first place, and last place where the needle moves.
  private var tips: [[(y: Double, z: Double)]] {
    let start = (0..<configuration.channels).map {
      (y: 0.0, z: Double($0) * configuration.channelSpacing)
    }
    let way = configuration.movementMillimetres
    return way == 0 ? [start] : [start, start.map { ($0.y, $0.z - way) }]
  }

  private func train(using random: inout SeededGenerator) -> [Double] {
    let level = configuration.drive.levelPercentMVC / 100
    let rate = configuration.pathology.rate * max(0.7, 1 + 0.1 * random.normal())
    let neuron = MotorNeuron(
      recruitmentThreshold: level * random.uniform(0.05, 0.8), minimumRate: rate, peakRate: 40,
      rateGain: 30,
      intervalVariation: random.uniform(
        configuration.intervalVariation.lowerBound, configuration.intervalVariation.upperBound),
      contractionTime: 0.05)
    return discharges(
      of: neuron, excitation: excitation, step: Self.step, duration: configuration.duration,
      pool: pool, using: &random)
  }

  private func render(
    _ potential: NeedleMotorUnitPotential, _ train: [Double], using random: inout SeededGenerator
  ) -> [[Float]] {
    var signals = [[Float]](
      repeating: [Float](repeating: 0, count: sampleCount), count: configuration.channels)
    let progress = train.map { $0 / configuration.duration }
    let gains = progress.map {
      (1 + configuration.amplitudeDrift * $0)
        * (1 + configuration.amplitudeJitter * random.normal())
    }
    potential.add(
      times: train.map { $0 * configuration.samplingRate }, gains: gains, progress: progress,
      samplingRate: configuration.samplingRate, to: &signals, using: &random)
    return signals
  }
}
