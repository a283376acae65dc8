import Decomposition
import Signal
import Simulation

/// A random array recording with known truth, drawn from a seed.
public struct ArrayCase: Sendable {
  /// Which simulators recordings are drawn from.
  public enum Simulator: String, Sendable, CaseIterable {
    /// Tripoles in finite fibres.
    case tripole
    /// Travelling waves, with another law of sizes.
    case travelling
    /// Either, by the seed.
    case both
  }

  /// The seed.
  public let seed: UInt64
  /// What is simulated.
  public let simulation: ArraySimulationConfiguration

  /// Where the electrodes are.
  public var electrodes: ArrayConfiguration.Electrodes {
    simulation.electrodes.site == .surface ? .surface : .intramuscular
  }
  /// Channels.
  public var channelCount: Int { simulation.electrodes.channelCount }

  /// Draws 16 to 256 channels, 1 to 10 kHz, 10 to 30 dB, 10 to 60 % of maximal force, 1 to 8 mm of
  /// fat, a constant, trapezoid, ramp or sine drive, and 10 to 20 s.
  ///
  /// A fifth are arrays inside the muscle at 10,240 Hz (10 to 12 s, at most 64 channels); a fifth
  /// have mains hum, a fifth drifting potentials, an eighth two bad channels.
  public init(seed: UInt64, simulator: Simulator) {
    var random = SeededGenerator(seed: seed, stream: 4_207)
    func pick<Value>(_ values: [Value]) -> Value { values[random.index(below: values.count)] }
    let waves = random.uniform() < 0.4
    let inside = random.uniform() < 0.2
    let usesWaves = simulator == .both ? waves : simulator == .travelling
    var settings = usesWaves ? ArraySimulationConfiguration.simulatorB : .init()
    let spacing = pick([4.0, 8, 8, 10])
    // Small arrays are the common ones; 256 channels take as long as ten of 64.
    let grid = pick([
      (4, 4), (4, 4), (8, 4), (8, 4), (8, 4), (8, 8), (8, 8), (8, 8), (8, 8), (16, 8), (16, 8),
      (16, 16),
    ])
    let surfaceRate = pick([1_000.0, 2_000, 2_048, 2_048, 2_048, 4_096])
    let insideCount = pick([16, 32, 32, 64])
    let insideSpacing = pick([0.5, 1.0])
    let seconds = random.uniform(10, 20)
    if inside {
      settings.electrodes = .intramuscular(count: insideCount, spacing: insideSpacing)
      settings.model = .singleFibre
      settings.samplingRate = 10_240
      settings.duration = 10 + 0.2 * (seconds - 10)
    } else {
      settings.electrodes = .grid(
        rows: grid.0, columns: grid.1, spacing: grid.0 > 8 ? 4 : spacing)
      settings.samplingRate = surfaceRate
      settings.duration = seconds
    }
    settings.seed = seed
    settings.pool.unitCount = 40 + random.index(below: 120)
    settings.drive.shape = pick([.constant, .constant, .trapezoid, .ramp, .sine])
    settings.drive.levelPercentMVC = random.uniform(10, 60)
    settings.drive.restSeconds = 1
    settings.drive.rampSeconds = 2
    settings.drive.finalRestSeconds = 0.5
    settings.drive.sineAmplitudePercentMVC = 0.3 * settings.drive.levelPercentMVC
    settings.drive.sineFrequencyHertz = random.uniform(0.1, 0.5)
    settings.noise.signalToNoiseDecibels = random.uniform(10, 30)
    settings.muscle.fatThickness = random.uniform(1, 8)
    let drift = random.uniform(0, 2)
    if random.uniform() < 0.2 { settings.templateDriftMillimetres = drift }
    if random.uniform() < 0.2 { settings.noise.lineAmplitudeMicrovolts = 10 }
    if random.uniform() < 0.125 {
      settings.noise.deadChannels = [1]
      settings.noise.noisyChannels = [6]
    }
    self.seed = seed
    simulation = settings
  }
}

extension ArrayCase {
  /// Another recording's kind on a surface grid of a size, for another time.
  public init(_ other: ArrayCase, duration: Double, rows: Int, columns: Int) {
    var settings = other.simulation
    if settings.electrodes.site != .surface {
      settings.samplingRate = 2_048
      settings.model = ArraySimulationConfiguration().model
    }
    settings.electrodes = .grid(rows: rows, columns: columns, spacing: 8)
    settings.duration = duration
    settings.templateDriftMillimetres = 0
    settings.noise.deadChannels = []
    settings.noise.noisyChannels = []
    seed = other.seed
    simulation = settings
  }

  /// A recording's kind drawn from a seed; with a duration on a surface grid of 64 channels.
  public init(seed: UInt64, simulator: Simulator = .both, duration: Double?) {
    self.init(seed: seed, simulator: simulator)
    if let duration { self.init(self, duration: duration, rows: 8, columns: 8) }
  }
}
