import Recordings
import Simulation

/// Simulated recordings that the tests of analyses share, each made once.
enum SimulatedFixtures {
  /// Six seconds of a grid of 4 x 4 electrodes.
  static let grid: Recording? = {
    var configuration = ArraySimulationConfiguration()
    configuration.electrodes = .grid(rows: 4, columns: 4, spacing: 8)
    configuration.samplingRate = 1_000
    configuration.duration = 6
    configuration.pool.unitCount = 30
    configuration.seed = 5
    return try? simulateArray(configuration).recording
  }()

  /// Four seconds of a needle.
  static let needle: Recording? = {
    var configuration = NeedleSimulationConfiguration()
    configuration.samplingRate = 5_000
    configuration.duration = 4
    configuration.seed = 6
    return try? simulateNeedle(configuration).recording
  }()
}

extension SimulatedNeedleRecording {
  /// The EMG channels as a recording.
  var recording: Recording {
    Recording(
      signals: signals, samplingRate: samplingRate,
      names: signals.indices.map { "EMG \($0 + 1)" })
  }
}
