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
  /// Discharge times of the distant units, as sample positions; their potentials are background.
  public let distantSpikeTimes: [[Double]]
  /// RMS of the background in uV over all channels, unfiltered.
  public let backgroundMicrovolts: Double
  /// The settings that made it.
  public let configuration: NeedleSimulationConfiguration

  /// The truth as lines `unit,sample,time_s`: the whole sample and the sub-sample time.
  public var truthTable: String {
    table(units.map { (id: $0.id, times: $0.spikeTimes) })
  }

  /// The same for the distant units, numbered on after the near ones.
  public var distantTruthTable: String {
    let first = (units.map(\.id).max() ?? -1) + 1
    return table(distantSpikeTimes.enumerated().map { (id: first + $0, times: $1) })
  }

  private func table(_ trains: [(id: Int, times: [Double])]) -> String {
    var text = "unit,sample,time_s\n"
    for train in trains {
      for time in train.times {
        let seconds = String(format: "%.7f", time / samplingRate)
        text += "\(train.id),\(Int(time.rounded())),\(seconds)\n"
      }
    }
    return text
  }
}

/// Simulates a needle recording of a muscle drawn for it.
///
/// Units near the needle have fibres that jitter one by one; distant units make the background.
/// The result depends on the settings only, not on the number of threads.
/// `progress` is told the share that is done, 0 to 1; what it throws ends the simulation.
///
/// - Throws: `SimulationError` for settings out of range; what `progress` throws.
public func simulateNeedle(
  _ configuration: NeedleSimulationConfiguration,
  threads: Int = ProcessInfo.processInfo.activeProcessorCount,
  progress: SimulationProgress = { _ in }
) throws -> SimulatedNeedleRecording {
  try configuration.validate()
  let scene = NeedleScene(configuration)
  let drawing = NeedleUnitDrawing(configuration)
  let near = (0..<configuration.unitCount).map { NeedleScene.Source(id: $0, isNear: true) }
  let far = (0..<configuration.backgroundUnitCount).map {
    NeedleScene.Source(id: $0, isNear: false)
  }
  return try scene.record(near + far, threads: threads, progress: progress) { source, random in
    drawing.unit(source, using: &random)
  }
}

/// Draws units around a needle whose muscle is not simulated otherwise.
private struct NeedleUnitDrawing: Sendable {
  let configuration: NeedleSimulationConfiguration
  private let excitation: [Double]
  private let pool: MotorNeuronPoolConfiguration
  private static let step = 0.001

  init(_ configuration: NeedleSimulationConfiguration) {
    self.configuration = configuration
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

  /// The fibres of a unit and its discharge times in seconds.
  func unit(
    _ source: NeedleScene.Source, using random: inout SeededGenerator
  ) -> (fibres: [NeedleFibre], train: [Double]) {
    let place = source.id - (configuration.unitCount - 2 * configuration.lookAlikePairs)
    guard source.isNear, place >= 0 else {
      return (fibres(isNear: source.isNear, using: &random), train(using: &random))
    }
    // Both members of a pair draw the fibres from the first one's stream.
    var shared = SeededGenerator(
      seed: configuration.seed, stream: source.stream - UInt64(place % 2))
    let radius = configuration.pathology.territoryRadius
    var fibres = fibres(
      at: radius + shared.uniform(0.1, 0.6), using: &shared)
    for index in fibres.indices where place % 2 == 1 {
      fibres[index].distance += 0.3 * random.normal()
    }
    return (fibres, train(using: &random))
  }

  private func fibres(isNear: Bool, using random: inout SeededGenerator) -> [NeedleFibre] {
    let pathology = configuration.pathology
    let distance: Double
    if isNear {
      // The needle lies inside the territory or up to 0.4 mm beside it.
      distance = (pathology.territoryRadius + 0.4) * random.uniform().squareRoot()
    } else {
      // Uniform over the ring from the clearance beside the territory to 12 mm.
      let inner = pathology.territoryRadius + configuration.backgroundClearance
      distance = (inner * inner + random.uniform() * (144 - inner * inner)).squareRoot()
    }
    return fibres(at: distance, using: &random)
  }

  private func fibres(
    at distance: Double, using random: inout SeededGenerator
  ) -> [NeedleFibre] {
    let angle = random.uniform(0, 2 * Double.pi)
    return NeedleFibre.unit(
      configuration.pathology, centre: (distance * cos(angle), distance * sin(angle)),
      jitterGain: configuration.jitterGain, using: &random)
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
}
