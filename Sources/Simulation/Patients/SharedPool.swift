import Foundation
import Signal

/// One pool of motor units behind every method: nerve, surface grid and needle record the same
/// units, before or after a loss.
public struct SharedPoolConfiguration: Codable, Sendable, Equatable {
  /// Seed of the muscle, the nerve and the order of deaths.
  public var seed: UInt64 = 1
  /// The motor neurons and the sizes of their units in the healthy muscle.
  public var pool = MotorNeuronPoolConfiguration()
  /// The anatomy.
  public var muscle = MuscleConfiguration()
  /// Thresholds, relative spread and potentials of the axons; count, sizes and rates are the pool's.
  public var nerve = NerveConfiguration()
  /// Units that are alive, nil for all; the dead pass a share of their fibres to survivors.
  public var livingUnits: Int?
  /// How units die and fibres are adopted.
  public var loss = MotorUnitLossConfiguration()

  /// Makes a healthy pool of 160 units of 60 uV.
  public init() {
    pool.unitCount = 160
    pool.sizeLaw = .lognormal(sigma: 0.6, rankCorrelation: 0.8)
    nerve.meanAmplitudeMicrovolts = 60
  }
}

/// A pool of motor units that CMAP scans, stimulation, voluntary EMG, grids and needles all see.
public struct SharedPool: Sendable {
  /// The settings.
  public let configuration: SharedPoolConfiguration
  /// The muscle with its living units.
  public let muscle: SimulatedMuscle
  /// The axons of the living units; amplitudes follow fibres and depth.
  public let nerve: SimulatedNerve
  /// What the loss did.
  public let loss: MotorUnitLossRecord

  /// Draws a pool and lets units die until `livingUnits` are left.
  ///
  /// With one seed the units die in the same order whatever the number of survivors, so that
  /// several numbers make a course of one disease.
  ///
  /// - Throws: `SimulationError` for settings out of range.
  public init(_ configuration: SharedPoolConfiguration) throws(SimulationError) {
    self.configuration = configuration
    var healthy = try SimulatedMuscle(
      pool: configuration.pool, muscle: configuration.muscle, seed: configuration.seed)
    try configuration.loss.validate()
    let living = configuration.livingUnits ?? healthy.units.count
    try SimulationError.require("livingUnits", Double(living), in: 1...Double(healthy.units.count))
    let order = healthy.deathOrder(configuration.loss, seed: configuration.seed)
    loss = healthy.lose(
      units: Array(order.prefix(healthy.units.count - living)), configuration.loss)
    muscle = healthy
    var nerve = configuration.nerve
    nerve.seed = configuration.seed
    nerve.pool = configuration.pool
    self.nerve = try SimulatedNerve(muscle: healthy, configuration: nerve)
  }

  /// The number of living units: the truth of every method.
  public var unitCount: Int { muscle.units.count }
}
