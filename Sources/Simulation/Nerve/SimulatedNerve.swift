import Foundation
import Signal

/// One motor axon with the surface potential of its unit.
public struct MotorAxon: Sendable, Equatable {
  /// Number of the unit in the healthy pool; never reused.
  public let id: Int
  /// Peak of the unit's potential in uV.
  public var amplitudeMicrovolts: Double
  /// Stimulus in mA to which it answers half of the time.
  public var threshold: Double
  /// SD of the threshold from stimulus to stimulus, relative to it.
  public var relativeSpread: Double
  /// Time from the stimulus to the peak in ms.
  public var latency: Double
  /// Duration of the first phase in ms.
  public var firstPhase: Double
  /// End of the first phase in units of the potential's time scale: 2 to 2.6, the smaller the
  /// larger the second, opposite phase.
  public let crossing: Double
  /// When the unit is recruited voluntarily, and its rates.
  public var neuron: MotorNeuron

  /// Position and height of the peak of `x^3 exp(-x^2 / 2) (crossing - x)`.
  private let peak: (position: Double, height: Double)

  init(
    id: Int, amplitudeMicrovolts: Double, threshold: Double, relativeSpread: Double,
    latency: Double, firstPhase: Double, crossing: Double, neuron: MotorNeuron
  ) {
    self.id = id
    self.amplitudeMicrovolts = amplitudeMicrovolts
    self.threshold = threshold
    self.relativeSpread = relativeSpread
    self.latency = latency
    self.firstPhase = firstPhase
    self.crossing = crossing
    self.neuron = neuron
    // The smaller positive root of x^3 - b x^2 - 4 x + 3 b, by Newton's method.
    var x = 1.3
    for _ in 0..<20 {
      let value = x * x * x - crossing * x * x - 4 * x + 3 * crossing
      x -= value / (3 * x * x - 2 * crossing * x - 4)
    }
    peak = (x, Self.shape(x, crossing))
  }

  private static func shape(_ x: Double, _ crossing: Double) -> Double {
    x > 0 ? x * x * x * exp(-x * x / 2) * (crossing - x) : 0
  }

  /// The potential in uV, `t` ms after the stimulus; its peak lies at `latency`.
  ///
  /// `x^3 exp(-x^2 / 2) (b - x)` from its onset on: a first phase, and a second, opposite one.
  /// Negativity at the active electrode counts as positive (upwards).
  public func potential(at t: Double) -> Double {
    let x = (t - latency) / (firstPhase / crossing) + peak.position
    return amplitudeMicrovolts * Self.shape(x, crossing) / peak.height
  }

  /// Whether two axons are the same in all that was drawn.
  public static func == (left: MotorAxon, right: MotorAxon) -> Bool {
    left.id == right.id && left.amplitudeMicrovolts == right.amplitudeMicrovolts
      && left.threshold == right.threshold && left.relativeSpread == right.relativeSpread
      && left.latency == right.latency && left.firstPhase == right.firstPhase
      && left.crossing == right.crossing && left.neuron == right.neuron
  }
}

/// A motor nerve: one pool of units that every stimulation and voluntary method can measure.
public struct SimulatedNerve: Sendable, Equatable {
  /// The settings it was drawn from.
  public let configuration: NerveConfiguration
  /// The living axons.
  public var axons: [MotorAxon]

  /// Draws a nerve whose recruitment order in voluntary contractions follows size.
  ///
  /// - Throws: `SimulationError` for settings out of range.
  public init(_ configuration: NerveConfiguration) throws(SimulationError) {
    try configuration.validate()
    let count = configuration.unitCount
    var random = SeededGenerator(seed: configuration.seed, stream: 31)
    let sizes = Self.sizes(configuration, using: &random)
    let thresholds = Self.thresholds(configuration, count: count, using: &random)
    let ordered = Self.assign(
      sizes, to: thresholds, autocorrelation: configuration.sizeAutocorrelation, using: &random)
    var pool = configuration.pool
    pool.unitCount = max(1, count)
    let neurons = MotorNeuronPool(pool, using: &random).neurons
    // Size principle: the rank of the amplitude, with some scatter, is the rank of recruitment.
    let keys = ordered.map { log(max($0, 1e-9)) + 0.25 * random.normal() }
    var rank = [Int](repeating: 0, count: count)
    for (position, index) in keys.indices.sorted(by: { keys[$0] < keys[$1] }).enumerated() {
      rank[index] = position
    }
    self.configuration = configuration
    axons = (0..<count).map { index in
      Self.axon(
        id: index, amplitude: ordered[index] * configuration.meanAmplitudeMicrovolts,
        threshold: thresholds[index], neuron: neurons[rank[index]], configuration)
    }
  }

  /// Makes the nerve of a simulated muscle: the same units as in its array recordings.
  ///
  /// Amplitudes are the fibres of each living unit, weakened by its depth, with
  /// `meanAmplitudeMicrovolts` for a healthy unit of mean size at mean depth; thresholds and
  /// potentials belong to the unit's number, so they stay while others die. Count, sizes and
  /// rates of the configuration give way to the muscle's.
  public init(
    muscle: SimulatedMuscle, configuration: NerveConfiguration
  ) throws(SimulationError) {
    try configuration.validate()
    self.configuration = configuration
    var random = SeededGenerator(seed: configuration.seed, stream: 32)
    let count = muscle.poolConfiguration.unitCount
    let thresholds = Self.thresholds(configuration, count: count, using: &random).shuffled(
      using: &random)
    let middle = muscle.configuration.thickness / 2 + muscle.configuration.fatThickness
    axons = muscle.units.map { unit in
      let depth = unit.centre.z + muscle.configuration.fatThickness
      let size = unit.fibreCount / muscle.poolConfiguration.meanFibresPerUnit
      // A large surface electrode averages: amplitude falls with the root of depth only.
      let amplitude = size * (middle / max(depth, 1)).squareRoot()
      return Self.axon(
        id: unit.id, amplitude: amplitude * configuration.meanAmplitudeMicrovolts,
        threshold: thresholds[unit.id], neuron: unit.neuron, configuration)
    }
  }

  /// Sum of the amplitudes in uV: the response to a strong stimulus if no phases cancelled.
  public var summedAmplitudeMicrovolts: Double {
    axons.reduce(0) { $0 + $1.amplitudeMicrovolts }
  }

  /// Number of the largest units that make half of the summed amplitude (N50, fractional).
  public var n50: Double { half.count }

  /// Amplitude in uV of the unit at which half of the summed amplitude is passed (A50).
  public var a50Microvolts: Double { half.amplitude }

  private var half: (count: Double, amplitude: Double) {
    let goal = summedAmplitudeMicrovolts / 2
    var sum = 0.0
    for (index, size) in axons.map(\.amplitudeMicrovolts).sorted(by: >).enumerated() {
      if sum + size >= goal && size > 0 { return (Double(index) + (goal - sum) / size, size) }
      sum += size
    }
    return (0, 0)
  }

  /// The same nerve stimulated at another site: thresholds in a new order, latencies as they were.
  public func stimulated(atSite site: Int) -> SimulatedNerve {
    var nerve = self
    var random = SeededGenerator(seed: configuration.seed, stream: 7_000 + UInt64(site))
    let thresholds = axons.map(\.threshold).shuffled(using: &random)
    for index in nerve.axons.indices { nerve.axons[index].threshold = thresholds[index] }
    return nerve
  }

  /// Loses a fraction of the axons; up to `adoptersPerUnit` survivors share the adopted part.
  ///
  /// A nerve without a muscle knows no places: adopters are drawn at random. Amplitudes take the
  /// place of fibres in the growth limit, relative to the size when this is called.
  /// Returns the amplitude that was lost, in uV.
  public mutating func lose(
    fraction: Double, _ loss: MotorUnitLossConfiguration = .init(), seed: UInt64
  ) throws(SimulationError) -> Double {
    try SimulationError.require("loss.fraction", fraction, in: 0...1)
    try loss.validate()
    let healthy = Dictionary(uniqueKeysWithValues: axons.map { ($0.id, $0.amplitudeMicrovolts) })
    let before = summedAmplitudeMicrovolts
    let mean = before / Double(max(axons.count, 1))
    let order = axons.map { axon -> (id: Int, time: Double) in
      var random = SeededGenerator(seed: seed, stream: 20_000 + UInt64(axon.id))
      let weight = loss.preference == .largeFirst ? axon.amplitudeMicrovolts / mean : 1
      return (axon.id, random.exponential() / max(weight, 1e-9))
    }.sorted { ($0.time, $0.id) < ($1.time, $1.id) }
    let dying = order.prefix(Int((fraction * Double(axons.count)).rounded())).map(\.id)
    var random = SeededGenerator(seed: seed, stream: 33)
    for id in dying {
      guard let index = axons.firstIndex(where: { $0.id == id }) else { continue }
      let dead = axons.remove(at: index)
      let adopters = axons.indices.shuffled(using: &random).prefix(loss.adoptersPerUnit)
      var rest = loss.adoptedShare * dead.amplitudeMicrovolts
      for (position, adopter) in adopters.enumerated() {
        let limit = loss.growthLimit * (healthy[axons[adopter].id] ?? 0)
        let room = max(0, limit - axons[adopter].amplitudeMicrovolts)
        let share = min(rest / Double(adopters.count - position), room)
        axons[adopter].amplitudeMicrovolts += share
        rest -= share
      }
    }
    return before - summedAmplitudeMicrovolts
  }
}
