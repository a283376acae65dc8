import Foundation
import Signal

/// The needle in the muscle: renders the trains of units with known fibres.
struct NeedleScene: Sendable {
  /// A unit to record: near ones are truth with single fibres, the others are background.
  struct Source: Sendable {
    let id: Int
    let isNear: Bool

    /// The stream of random numbers that is this source's own.
    var stream: UInt64 { (isNear ? 1000 : 100_000) + UInt64(id) }
  }

  let configuration: NeedleSimulationConfiguration
  private let sampleCount: Int
  private let factor: Int
  private let grid: PotentialGrid

  init(_ configuration: NeedleSimulationConfiguration) {
    self.configuration = configuration
    sampleCount = Int((configuration.duration * configuration.samplingRate).rounded())
    factor = max(2, min(10, Int((40_000 / configuration.samplingRate).rounded(.up))))
    let perMillisecond = configuration.samplingRate * Double(factor) / 1000
    // 30 mm from the farthest end-plate at a slow velocity, and a tail.
    grid = PotentialGrid(perMillisecond: perMillisecond, count: Int(25 * perMillisecond))
  }

  /// Records all sources; `unit` gives the fibres and the discharge times in seconds of one.
  ///
  /// Every source draws from a stream of its own. Signals are added in the order of the sources, a
  /// few at a time, so that long recordings need little memory.
  /// `progress` is told the share that is done; what it throws ends the recording.
  func record(
    _ sources: [Source], threads: Int, progress: SimulationProgress,
    unit:
      @escaping @Sendable (Source, inout SeededGenerator) -> (
        fibres: [NeedleFibre], train: [Double]
      )
  ) throws -> SimulatedNeedleRecording {
    let empty = [[Float]](
      repeating: [Float](repeating: 0, count: sampleCount), count: configuration.channels)
    var background = empty
    var signals = empty
    var units: [SimulatedNeedleRecording.Unit] = []
    var distant: [[Double]] = []
    for first in stride(from: 0, to: sources.count, by: 4) {
      let group = Array(sources[first..<min(sources.count, first + 4)])
      let rendered = try concurrentMap(
        group.count, threads: threads,
        progress: {
          try progress((Double(first) + $0 * Double(group.count)) / Double(sources.count))
        }
      ) { index in
        let source = group[index]
        var random = SeededGenerator(seed: configuration.seed, stream: source.stream)
        let (fibres, train) = unit(source, &random)
        return (render(source, fibres, train, using: &random), train)
      }
      for (source, (result, train)) in zip(group, rendered) {
        if !source.isNear { distant.append(train.map { $0 * configuration.samplingRate }) }
        if let truth = result.truth { units.append(truth) }
        let gain = Float(source.isNear ? 1 : configuration.backgroundGain)
        Self.add(result.signals, gain: gain, to: &signals)
        if !source.isNear { Self.add(result.signals, gain: gain, to: &background) }
      }
    }
    for channel in background.indices {
      var random = SeededGenerator(seed: configuration.seed, stream: 500_000 + UInt64(channel))
      for index in 0..<sampleCount {
        let noise = Float(configuration.noiseMicrovolts * random.normal())
        background[channel][index] += noise
        signals[channel][index] += noise
      }
    }
    addHum(to: &signals)
    let power = background.joined().reduce(0.0) { $0 + Double($1) * Double($1) }
    let count = max(1, sampleCount * configuration.channels)
    return SimulatedNeedleRecording(
      signals: signals, background: background, samplingRate: configuration.samplingRate,
      units: units, distantSpikeTimes: distant,
      backgroundMicrovolts: (power / Double(count)).squareRoot(),
      configuration: configuration)
  }

  private func addHum(to signals: inout [[Float]]) {
    let amplitude = configuration.lineAmplitudeMicrovolts
    if amplitude == 0 { return }
    let omega = 2 * Double.pi * configuration.lineFrequencyHertz / configuration.samplingRate
    let hum = (0..<sampleCount).map { index in
      let phase = omega * Double(index) + 0.7
      return Float(
        amplitude
          * (sin(phase) + 0.3 * sin(3 * phase + 1) + 0.2 * sin(5 * phase + 2) + 0.1 * sin(7 * phase))
      )
    }
    Self.add([[Float]](repeating: hum, count: signals.count), gain: 1, to: &signals)
  }

  private func render(
    _ source: Source, _ fibres: [NeedleFibre], _ train: [Double],
    using random: inout SeededGenerator
  ) -> (truth: SimulatedNeedleRecording.Unit?, signals: [[Float]]) {
    let potential = NeedleMotorUnitPotential(
      fibres: fibres, electrode: configuration.electrode, tips: tips, grid: grid, factor: factor,
      separate: source.isNear)
    var signals = [[Float]](
      repeating: [Float](repeating: 0, count: sampleCount), count: configuration.channels)
    let times = train.map { $0 * configuration.samplingRate }
    let progress = train.map { $0 / configuration.duration }
    let gains = progress.map {
      (1 + configuration.amplitudeDrift * $0)
        * (1 + configuration.amplitudeJitter * random.normal())
    }
    potential.add(
      times: times, gains: gains, progress: progress, samplingRate: configuration.samplingRate,
      to: &signals, using: &random)
    guard source.isNear else { return (nil, signals) }
    let template = potential.template()
    let peak = template.map { Double(($0.max() ?? 0) - ($0.min() ?? 0)) }.max() ?? 0
    let truth = SimulatedNeedleRecording.Unit(
      id: source.id, spikeTimes: times, template: template,
      templateLead: PotentialTemplate.filterReach, peakToPeakMicrovolts: peak,
      fibreCount: fibres.count)
    return (truth, signals)
  }

  /// Places of the recording surfaces: first place, and last place where the needle moves.
  private var tips: [[(y: Double, z: Double)]] {
    let start = (0..<configuration.channels).map {
      (y: 0.0, z: Double($0) * configuration.channelSpacing)
    }
    let way = configuration.movementMillimetres
    return way == 0 ? [start] : [start, start.map { ($0.y, $0.z - way) }]
  }

  private static func add(_ signals: [[Float]], gain: Float, to sum: inout [[Float]]) {
    for channel in sum.indices {
      for index in sum[channel].indices { sum[channel][index] += gain * signals[channel][index] }
    }
  }
}
