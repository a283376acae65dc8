import Foundation
import Recordings

/// The recordings of one session of a shared pool, ready to be written.
package struct SharedPoolSession {
  package let pool: SharedPool
  /// Seed of the session: noise, discharges, chance.
  package let seed: UInt64
  package let noiseMicrovolts: Double
  package let effortPercent: Double
  package let contractionSeconds: Double

  /// Makes one from its parts.
  package init(
    pool: SharedPool, seed: UInt64, noiseMicrovolts: Double, effortPercent: Double,
    contractionSeconds: Double
  ) {
    self.pool = pool
    self.seed = seed
    self.noiseMicrovolts = noiseMicrovolts
    self.effortPercent = effortPercent
    self.contractionSeconds = contractionSeconds
  }

  /// The CMAP scan of the nerve.
  package func scan() throws -> SimulatedCMAPScan {
    var session = CMAPScanConfiguration()
    session.seed = seed
    session.noiseMicrovolts = noiseMicrovolts
    return try simulateCMAPScan(of: pool.nerve, session)
  }

  /// Supramaximal responses of the nerve in one recording, the stimuli as remarks.
  package func cmap(stimuli: Int = 4, samplingRate: Double = 5000) throws -> Recording {
    var session = StimulatedResponseConfiguration()
    session.seed = seed
    session.samplingRate = samplingRate
    session.leadMilliseconds = 30
    session.spanMilliseconds = 90
    session.noiseMicrovolts = noiseMicrovolts
    let strong = pool.nerve.supramaximalMilliamperes
    let responses = try simulateResponses(
      of: pool.nerve, stimuliMilliamperes: [Double](repeating: strong, count: stimuli), session)
    return Self.recording(responses)
  }

  /// Responses one after the other, each stimulus as a remark.
  package static func recording(_ responses: SimulatedResponses) -> Recording {
    let length = responses.waveforms.first?.count ?? 0
    var recording = Recording(
      signals: [responses.waveforms.flatMap { $0 }], samplingRate: responses.samplingRate,
      names: ["EMG"])
    recording.annotations = responses.waveforms.indices.map { index in
      Annotation(
        onset: Double(index * length + responses.stimulusSample) / responses.samplingRate,
        text: String(format: "Stimulus %.2f mA", responses.stimuliMilliamperes[index]))
    }
    return recording
  }

  /// Epochs of graded voluntary effort in one recording, and the epoch length in ms.
  package func interferencePatterns(
    progress: SimulationProgress = { _ in }
  ) throws -> Recording {
    var session = InterferencePatternConfiguration()
    session.seed = seed
    session.samplingRate = 2500
    session.noiseMicrovolts = noiseMicrovolts
    let epochs = try simulateInterferencePattern(
      of: pool.nerve, session, progress: progress)
    return Recording(
      signals: [epochs.flatMap(\.signal)], samplingRate: session.samplingRate, names: ["EMG"])
  }

  private var graded: GradedStimulationConfiguration {
    var settings = GradedStimulationConfiguration()
    settings.seed = seed
    settings.noiseMicrovolts = noiseMicrovolts
    return settings
  }

  /// Tables for the four stimulation methods, by file name.
  package func responseTables() throws -> [(name: String, text: String)] {
    func millivolts(_ value: Double) -> String { String(format: "%.5f", value) }
    let levels = try simulateIncrements(of: pool.nerve, site: 1, count: 10, graded)
    let sites = try (1...3).map { site in
      try simulateIncrements(of: pool.nerve, site: site, count: 3, graded)
    }
    let units = try (1...12).flatMap {
      try simulateIncrements(of: pool.nerve, site: $0, count: 1, graded)
    }
    let runs = try simulateEqualStimuli(
      of: pool.nerve, shares: [0.05, 0.15, 0.3, 0.5], responsesPerRun: 30, graded)
    func grouped(_ groups: [[Double]]) -> String {
      groups.enumerated().map { index, values in
        values.map { "\(index + 1),\(millivolts($0))\n" }.joined()
      }.joined()
    }
    return [
      ("levels.csv", "level_mV\n" + levels.map { millivolts($0) + "\n" }.joined()),
      ("sites.csv", "site,level_mV\n" + grouped(sites)),
      ("units.csv", "unit_uV\n" + units.map { millivolts(1000 * $0) + "\n" }.joined()),
      ("runs.csv", "run,response_mV\n" + grouped(runs)),
    ]
  }

  /// The surface grid; its contraction is that of `needle`, on the same clock.
  package var array: ArraySimulationConfiguration {
    var array = ArraySimulationConfiguration()
    array.seed = seed
    array.samplingRate = 2000
    array.duration = contractionSeconds
    array.electrodes = .grid(rows: 5, columns: 4, spacing: 10)
    array.drive.levelPercentMVC = effortPercent
    return array
  }

  /// The contraction as the grid records it.
  package func grid(
    progress: SimulationProgress = { _ in }
  ) throws -> SimulatedRecording {
    try simulateArray(array, muscle: pool.muscle, progress: progress)
  }

  /// Supramaximal stimuli as the grid records them.
  package func gridCMAP(progress: SimulationProgress = { _ in }) throws -> Recording {
    var session = ArrayCMAPConfiguration()
    session.seed = seed
    session.noiseMicrovolts = noiseMicrovolts
    let response = try simulateArrayCMAP(
      array, muscle: pool.muscle, nerve: pool.nerve, session, progress: progress)
    var recording = Recording(
      signals: response.signals, samplingRate: response.samplingRate,
      names: response.signals.indices.map { "EMG \($0 + 1)" })
    recording.annotations = response.stimuli.map {
      Annotation(onset: $0 / response.samplingRate, text: "Stimulus")
    }
    return recording
  }

  /// The contraction as a concentric needle records it.
  package func needle(
    progress: SimulationProgress = { _ in }
  ) throws -> SimulatedNeedleRecording {
    var configuration = NeedleSimulationConfiguration()
    configuration.seed = seed
    configuration.samplingRate = 10_000
    configuration.duration = array.duration
    configuration.drive = array.drive
    return try simulateNeedle(configuration, muscle: pool.muscle, progress: progress)
  }
}
