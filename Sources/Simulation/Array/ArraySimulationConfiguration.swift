import Foundation

/// Everything that defines a simulated electrode-array recording.
///
/// `muscleSeed` fixes the muscle (pool and anatomy), `seed` the session (discharges, noise): two
/// recordings with one `muscleSeed` are two sessions of the same muscle.
public struct ArraySimulationConfiguration: Codable, Sendable, Equatable {
  /// Seed of the session: discharge times, noise, jitter.
  public var seed: UInt64 = 1
  /// Seed of the muscle; nil takes `seed`.
  public var muscleSeed: UInt64?
  /// Sampling rate in Hz.
  public var samplingRate = 2048.0
  /// Duration in seconds.
  public var duration = 40.0
  /// The motor neurons.
  public var pool = MotorNeuronPoolConfiguration()
  /// The anatomy.
  public var muscle = MuscleConfiguration()
  /// The electrodes.
  public var electrodes = ElectrodeLayout()
  /// The physics of the potentials; arrays inside the muscle always use single fibres.
  public var model = PotentialModel.tripole
  /// The target force.
  public var drive = DriveProfile()
  /// Noise and disturbances.
  public var noise = SimulatedNoiseConfiguration()
  /// Variation of a unit's amplitude from discharge to discharge (coefficient of variation).
  public var amplitudeJitter = 0.02
  /// Shift of the muscle under the electrodes from start to end in mm: templates drift with it.
  public var templateDriftMillimetres = 0.0
  /// Power of a neighbouring muscle's activity relative to the signal in dB; nil for none.
  public var crosstalkDecibels: Double?

  /// Makes the default: 8 x 8 grid, 2048 Hz, 40 s trapezoid at 30 % MVC, 20 dB, simulator A.
  public init() {}

  /// Simulator B: travelling waves and gamma sizes only loosely ordered by threshold.
  ///
  /// It shares neither the spatial law nor the size spread of the default.
  public static var simulatorB: ArraySimulationConfiguration {
    var configuration = ArraySimulationConfiguration()
    configuration.model = .travellingWave
    configuration.pool.sizeLaw = .gamma(shape: 1.8, rankCorrelation: 0.6)
    configuration.pool.intervalDistribution = .gamma
    return configuration
  }

  /// An array inside the muscle: 10240 Hz, electrodes 1 mm apart.
  public static func intramuscular(channels: Int) -> ArraySimulationConfiguration {
    var configuration = ArraySimulationConfiguration()
    configuration.samplingRate = 10240
    configuration.duration = 20
    configuration.electrodes = .intramuscular(count: channels, spacing: 1)
    configuration.model = .singleFibre
    return configuration
  }

  /// A short recording that fits into a small file: 4 x 4 electrodes, 1 kHz, 10 s, 40 units.
  public static var compact: ArraySimulationConfiguration {
    var configuration = ArraySimulationConfiguration()
    configuration.samplingRate = 1000
    configuration.duration = 10
    configuration.electrodes = .grid(rows: 5, columns: 4, spacing: 10)
    configuration.pool.unitCount = 40
    configuration.drive.rampSeconds = 1.5
    configuration.drive.finalRestSeconds = 0.5
    configuration.drive.restSeconds = 1
    return configuration
  }

  func validate() throws(SimulationError) {
    try SimulationError.require("samplingRate", samplingRate, in: 200...100_000)
    try SimulationError.require("duration", duration, in: 0.1...36_000)
    try SimulationError.require("amplitudeJitter", amplitudeJitter, in: 0...1)
    try SimulationError.require(
      "templateDriftMillimetres", templateDriftMillimetres, in: -100...100)
    if let crosstalkDecibels {
      try SimulationError.require("crosstalkDecibels", crosstalkDecibels, in: -100...60)
    }
    try drive.validate()
    try electrodes.validate()
    try noise.validate(channels: electrodes.channelCount)
  }
}
