import ArgumentParser
import Simulation

/// Arguments of a simulated electrode-array recording.
struct ArraySimulationArguments: ParsableArguments {
  @Option(help: "Where the electrodes are: surface or intramuscular.")
  var electrodes: ElectrodeLayout.Site = .surface

  @Option(help: "Electrodes along the fibres (surface).")
  var rows = 8

  @Option(help: "Electrodes across the fibres (surface).")
  var columns = 8

  @Option(help: "Distance of neighbouring electrodes in mm.")
  var spacing: Double?

  @Option(help: "Electrodes of an intramuscular array.")
  var channels = 16

  @Option(name: .customLong("fs"), help: "Sampling rate in Hz.")
  var samplingRate: Double?

  @Option(help: "Duration in seconds.")
  var duration: Double?

  @Option(help: "Motor units of the muscle.")
  var units: Int?

  @Option(help: "Force level of the contraction in % MVC.")
  var level: Double?

  @Option(help: "Course of the force: trapezoid, ramp, sine, constant or steps.")
  var drive: DriveProfile.Shape?

  @Option(name: .customLong("repeat"), help: "Repeat the contraction every so many seconds.")
  var period: Double?

  @Option(help: "Signal-to-noise ratio in dB.")
  var snr: Double?

  @Option(help: "Thickness of the fat layer in mm.")
  var fat: Double?

  @Option(name: .customLong("line-noise"), help: "Amplitude of mains hum in microvolts.")
  var lineNoise: Double?

  @Option(name: .customLong("dead-channels"), help: "Number of dead channels.")
  var deadChannels = 0

  @Option(help: "Shift of the muscle under the electrodes over the recording in mm.")
  var drift: Double?

  @Option(help: "Physics of the potentials: tripole (A) or travelling-wave (B).")
  var simulator: SimulatorChoice = .tripole

  @Option(help: "Seed of the session; the same seed gives the same recording.")
  var seed: UInt64 = 1

  @Option(
    name: .customLong("muscle-seed"), help: "Seed of the muscle; default: that of the session.")
  var muscleSeed: UInt64?

  /// The two simulators for electrode arrays.
  enum SimulatorChoice: String, ExpressibleByArgument, CaseIterable {
    case tripole
    case travellingWave = "travelling-wave"
  }

  /// The configuration these arguments ask for.
  func configuration() throws -> ArraySimulationConfiguration {
    var configuration =
      electrodes == .intramuscular
      ? .intramuscular(channels: channels)
      : simulator == .tripole ? ArraySimulationConfiguration() : .simulatorB
    if electrodes == .surface {
      configuration.electrodes = .grid(rows: rows, columns: columns, spacing: spacing ?? 8)
    } else if let spacing {
      configuration.electrodes.spacing = spacing
    }
    configuration.seed = seed
    configuration.muscleSeed = muscleSeed
    if let samplingRate { configuration.samplingRate = samplingRate }
    if let duration { configuration.duration = duration }
    if let units { configuration.pool.unitCount = units }
    if let level { configuration.drive.levelPercentMVC = level }
    if let drive { configuration.drive.shape = drive }
    if let period { configuration.drive.periodSeconds = period }
    if let snr { configuration.noise.signalToNoiseDecibels = snr }
    if let fat { configuration.muscle.fatThickness = fat }
    if let lineNoise { configuration.noise.lineAmplitudeMicrovolts = lineNoise }
    configuration.noise.deadChannels = Array(0..<max(0, deadChannels)).map {
      $0 * max(1, configuration.electrodes.channelCount / max(1, deadChannels))
    }
    if let drift { configuration.templateDriftMillimetres = drift }
    return configuration
  }
}

extension ElectrodeLayout.Site: ExpressibleByArgument {}
extension DriveProfile.Shape: ExpressibleByArgument {}
