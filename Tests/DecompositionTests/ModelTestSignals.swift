import Signal
import Simulation

@testable import Decomposition

/// Two contractions of one small simulated muscle and the model made from the first.
enum ModelTestSignals {
  static func recording(
    seed: UInt64, sine: Bool = false, drift: Double = 0, duration: Double = 12,
    samplingRate: Double = 1_000
  ) throws -> SimulatedRecording {
    var configuration = ArraySimulationConfiguration()
    configuration.muscleSeed = 3
    configuration.seed = seed
    configuration.samplingRate = samplingRate
    configuration.duration = duration
    configuration.electrodes = .grid(rows: 4, columns: 4, spacing: 10)
    configuration.pool.unitCount = 20
    configuration.noise.signalToNoiseDecibels = 25
    configuration.templateDriftMillimetres = drift
    if sine { configuration.drive.shape = .sine }
    return try simulateArray(configuration)
  }

  static var quick: ArrayConfiguration {
    var configuration = ArrayConfiguration()
    configuration.batchSize = 24
    configuration.roundLimit = 2
    return configuration
  }

  static let setUp = ChannelSetUp(channelCount: 16, samplingRate: 1_000)

  struct Trained: Sendable {
    let truth: SimulatedRecording
    let decomposition: ArrayDecomposition
    let model: SeparationModel
  }

  /// Made once: a decomposition in a debug build is the slow part of these tests.
  static let trained = Result { try train() }

  private static func train() throws -> Trained {
    let truth = try recording(seed: 3)
    let decomposition = try ArrayDecomposer(configuration: quick)
      .decompose(truth.signals, samplingRate: truth.samplingRate)
    let model = try SeparationModel(
      decomposition, setUp: setUp,
      provenance: .init(software: "test", recording: "first", sha256: "")
    ) { range in truth.signals.map { Array($0[range]) } }
    return Trained(truth: truth, decomposition: decomposition, model: model)
  }

  /// The best agreement of a train with any true one.
  static func agreement(_ times: [Double], _ truth: SimulatedRecording) -> Double {
    truth.units.map {
      TrainAgreement(
        $0.spikeTimes, times, tolerance: 1, longestLag: 0.05 * truth.samplingRate
      ).rate
    }.max() ?? 0
  }

  /// All discharges by unit of a signal taken in blocks of given sizes, which are used in turn.
  static func stream(
    _ signals: [[Float]], through model: SeparationModel, blocks: [Int],
    configuration: StreamingDecomposer.Configuration = .init()
  ) -> [Int: [Double]] {
    var decomposer = StreamingDecomposer(model, configuration: configuration)
    let ids = decomposer.unitIDs
    var trains: [Int: [Double]] = [:]
    var start = 0
    var turn = 0
    while start < signals[0].count {
      let end = min(signals[0].count, start + blocks[turn % blocks.count])
      let found = decomposer.process(signals.map { Array($0[start..<end]) })
      for (unit, times) in zip(ids, found) { trains[unit, default: []] += times }
      start = end
      turn += 1
    }
    for (unit, times) in zip(ids, decomposer.finish()) { trains[unit, default: []] += times }
    return trains
  }
}
