import Foundation
import Signal
import Simulation
import UnitNumber

/// The methods that are scored on one shared pool.
public enum PoolMethod: String, CaseIterable, Sendable {
  /// The CMAP scan with its levels left to the networks.
  case scan = "CMAP scan"
  /// Slope and variance of the scan.
  case slopeVariance = "slope/variance of the scan"
  /// Ranked steps of the scan, an index.
  case stepIndex = "ranked steps of the scan"
  /// A staircase fitted to the scan.
  case staircase = "staircase fit of the scan"
  /// MUNIX, an index.
  case munix = "MUNIX (an index)"
  /// Ten increments at one site.
  case incremental = "incremental, 10 steps"
  /// Three increments at each of three sites.
  case multipoint = "multipoint, 3 x 3"
  /// Single units at twelve sites.
  case mps = "single units, 12 sites"
  /// Four runs of thirty equal stimuli.
  case statistical = "statistical, 4 runs of 30"
  /// Spike-triggered averaging on one channel.
  case averaging = "DE-STA, one channel"
  /// Spike-triggered averaging on a grid of 4 x 4.
  case gridAveraging = "DE-STA, grid"
}

/// What a method gave on one session of a pool.
public struct PoolResult: Sendable {
  /// The estimate.
  public var count: Double
  /// 90 % interval; nil for a method without one.
  public var interval: [Double]?
  /// Standard error of ln(estimate) for the comparison of two sessions; nil without one.
  public var changeLogError: Double?
}

/// One session: every method measures the same pool.
public struct PoolMeasurement: Sendable {
  /// The muscle and its nerve.
  public let pool: SharedPool
  /// Seed of the session: noise, drift, sites of stimulation.
  public let seed: UInt64
  /// How scans are read.
  public let estimator: CMAPScanEstimator
  /// RMS of the noise of one response, uV.
  public var noiseMicrovolts = 5.0
  /// Effort of the contraction for spike-triggered averaging, percent of full excitation.
  public var effortPercent = 25.0
  /// Units that the decomposition gives to spike-triggered averaging.
  public var decomposedUnits = 20

  /// A session of a pool.
  public init(
    pool: SharedPool, seed: UInt64, estimator: CMAPScanEstimator, noiseMicrovolts: Double = 5,
    effortPercent: Double = 25, decomposedUnits: Int = 20
  ) {
    self.pool = pool
    self.seed = seed
    self.estimator = estimator
    self.noiseMicrovolts = noiseMicrovolts
    self.effortPercent = effortPercent
    self.decomposedUnits = decomposedUnits
  }

  /// The result of a method; nil where it refuses the session.
  ///
  /// - Throws: `SimulationError` where the session cannot be simulated.
  public func result(_ method: PoolMethod) throws -> PoolResult? {
    do {
      switch method {
      case .scan: return try scan()
      case .slopeVariance, .stepIndex, .staircase: return try comparator(method)
      case .munix: return try munix()
      case .incremental: return try incremental()
      case .multipoint: return try multipoint()
      case .mps: return try singleUnits()
      case .statistical: return try statistical()
      case .averaging: return try averaging()
      case .gridAveraging: return try gridAveraging()
      }
    } catch is UnitNumberError {
      return nil
    }
  }

  private func scanRecording() throws -> CMAPScan {
    var session = CMAPScanConfiguration()
    session.seed = seed
    session.noiseMicrovolts = noiseMicrovolts
    // Five minutes of stimulation: gain and thresholds drift, units vary from shot to shot.
    var random = SeededGenerator(seed: seed, stream: 48)
    session.gainDrift = max(-0.2, min(0.2, 0.05 * random.normal()))
    session.thresholdDrift = max(-0.08, min(0.08, 0.02 * random.normal()))
    session.amplitudeVariation = 0.02
    let simulated = try simulateCMAPScan(of: pool.nerve, session)
    return CMAPScan(
      name: "simulated", stimulusMilliamps: simulated.stimuliMilliamperes,
      responseMillivolts: simulated.responsesMillivolts)
  }

  private func scan() throws -> PoolResult? {
    let estimate = try estimator.estimate(try scanRecording())
    guard estimate.noEstimateReason == nil else { return nil }
    return PoolResult(
      count: estimate.unitCount, interval: estimate.interval90,
      changeLogError: estimate.repeatLogStandardError)
  }

  private func comparator(_ method: PoolMethod) throws -> PoolResult? {
    let scan = try scanRecording()
    let count: Double
    switch method {
    case .slopeVariance: count = try SlopeVarianceEstimate(scan).unitCount
    case .stepIndex: count = try RankedStepIndex(scan).index
    default: count = try StaircaseFit(scan).unitCount
    }
    return PoolResult(count: count, interval: nil, changeLogError: nil)
  }

  /// The CMAP of the nerve: the mean of four supramaximal responses.
  private func cmap() throws -> CMAPMeasures {
    var session = StimulatedResponseConfiguration()
    session.seed = seed &+ 1
    session.leadMilliseconds = 25
    session.spanMilliseconds = 75
    session.samplingRate = 5000
    session.noiseMicrovolts = noiseMicrovolts
    let strong = pool.nerve.supramaximalMilliamperes
    let responses = try simulateResponses(
      of: pool.nerve, stimuliMilliamperes: [strong, strong, strong, strong], session)
    let count = Float(responses.waveforms.count)
    let mean = responses.waveforms[0].indices.map { index in
      responses.waveforms.reduce(0) { $0 + $1[index] } / count
    }
    var settings = CMAPMeasurement()
    settings.negativePhase = .positiveSamples
    return try settings.measure(
      CMAPWaveform(
        samplesMicrovolts: mean, samplingRate: responses.samplingRate,
        stimulusSample: Double(responses.stimulusSample)))
  }

  private func munix() throws -> PoolResult {
    var session = InterferencePatternConfiguration()
    session.seed = seed
    session.samplingRate = 2000
    session.noiseMicrovolts = noiseMicrovolts
    let epochs = try simulateInterferencePattern(of: pool.nerve, session, threads: 1)
    let estimate = try MUNIX().estimate(
      cmap: try cmap(),
      epochs: epochs.map {
        SurfaceInterferencePattern(samplesMicrovolts: $0.signal, samplingRate: $0.samplingRate)
      })
    return PoolResult(
      count: estimate.munix, interval: nil, changeLogError: estimate.logStandardError)
  }

  /// A site of the nerve that no other session uses: electrodes are placed anew.
  private func site(_ number: Int) -> Int { Int(seed % 1_000_003) * 20 + number + 1 }

  private var graded: GradedStimulationConfiguration {
    var settings = GradedStimulationConfiguration()
    settings.seed = seed
    settings.noiseMicrovolts = noiseMicrovolts
    return settings
  }

  private func levels(_ number: Int, count: Int) throws -> [Double] {
    try simulateIncrements(of: pool.nerve, site: site(number), count: count, graded)
  }

  private func incremental() throws -> PoolResult {
    PoolResult(
      try IncrementalStimulation().estimate(
        levelsMillivolts: try levels(0, count: 10),
        cmapMillivolts: try cmap().amplitudeMillivolts))
  }

  private func multipoint() throws -> PoolResult {
    PoolResult(
      try MultipointIncrementalStimulation().estimate(
        siteLevelsMillivolts: try (0..<3).map { try levels($0, count: 3) },
        cmapMillivolts: try cmap().amplitudeMillivolts))
  }

  private func singleUnits() throws -> PoolResult {
    PoolResult(
      try MultipointStimulation().estimate(
        unitsMicrovolts: try (0..<12).flatMap { try levels($0, count: 1) }.map { 1000 * $0 },
        cmapMillivolts: try cmap().amplitudeMillivolts))
  }

  private func statistical() throws -> PoolResult {
    var settings = StatisticalMUNE()
    settings.noiseMicrovolts = noiseMicrovolts
    return PoolResult(
      try settings.estimate(
        runsMillivolts: try simulateEqualStimuli(
          of: pool.nerve, shares: [0.05, 0.15, 0.3, 0.5], responsesPerRun: 30, graded),
        cmapMillivolts: try cmap().amplitudeMillivolts))
  }

  /// A random choice of the units that discharge often enough, as a needle meets them.
  private func averaging() throws -> PoolResult {
    var session = InterferencePatternConfiguration()
    session.seed = seed
    session.effortsPercent = [effortPercent]
    session.epochsPerEffort = 1
    session.epochSeconds = 15
    session.samplingRate = 2000
    session.noiseMicrovolts = noiseMicrovolts
    guard
      let contraction = try simulateInterferencePattern(of: pool.nerve, session, threads: 1).first
    else {
      throw UnitNumberError(.tooLittleData, source: "pool", found: "no epoch", expected: "one")
    }
    var random = SeededGenerator(seed: seed, stream: 47)
    let trains = contraction.spikeTimes.sorted { $0.key < $1.key }.map(\.value)
      .filter { $0.count >= 50 }.shuffled(using: &random).prefix(decomposedUnits)
    var settings = DecompositionEnhancedAveraging()
    settings.negativePhase = .positiveSamples
    settings.beforeMilliseconds = 5
    settings.afterMilliseconds = 25
    settings.iterations = 30
    let estimate = try settings.estimate(
      trains: Array(trains), surface: [contraction.signal],
      samplingRate: contraction.samplingRate, cmaps: [try cmap()], forcePercent: effortPercent)
    return PoolResult(estimate)
  }

  /// The units with the largest potentials on a grid of 4 x 4, as a decomposition finds them.
  private func gridAveraging() throws -> PoolResult {
    var array = ArraySimulationConfiguration()
    array.seed = seed
    array.samplingRate = 1000
    array.duration = 15
    array.electrodes = .grid(rows: 4, columns: 4, spacing: 10)
    array.drive.levelPercentMVC = effortPercent
    let recording = try simulateArray(array, muscle: pool.muscle, threads: 1)
    var stimulation = ArrayCMAPConfiguration()
    stimulation.seed = seed
    stimulation.stimulusCount = 1
    let response = try simulateArrayCMAP(
      array, muscle: pool.muscle, nerve: pool.nerve, stimulation, threads: 1)
    var settings = CMAPMeasurement()
    settings.negativePhase = .negativeSamples
    settings.baselineMilliseconds = [-100, -1]
    var cmaps: [CMAPMeasures] = []
    var channels: [[Float]] = []
    for (channel, samples) in response.signals.enumerated() {
      let waveform = CMAPWaveform(
        samplesMicrovolts: samples, samplingRate: response.samplingRate,
        stimulusSample: response.stimuli[0])
      guard let found = try? settings.measure(waveform) else { continue }
      cmaps.append(found)
      channels.append(recording.signals[channel])
    }
    func size(_ unit: SimulatedRecording.Unit) -> Float {
      unit.template.reduce(0) { max($0, ($1.max() ?? 0) - ($1.min() ?? 0)) }
    }
    let found = recording.units.filter { $0.spikeTimes.count >= 50 }
      .sorted { size($0) > size($1) }.prefix(decomposedUnits)
    var averaging = DecompositionEnhancedAveraging()
    averaging.iterations = 30
    averaging.detection = .largest
    return PoolResult(
      try averaging.estimate(
        trains: found.map(\.spikeTimes), surface: channels,
        samplingRate: recording.samplingRate, cmaps: cmaps, forcePercent: effortPercent))
  }
}

extension PoolResult {
  /// The result of a stimulation method.
  init(_ estimate: UnitNumberEstimate) {
    self.init(
      count: estimate.unitCount, interval: estimate.interval90,
      changeLogError: estimate.logStandardError)
  }

  /// The result of spike-triggered averaging.
  init(_ estimate: SpikeTriggeredEstimate) {
    self.init(
      count: estimate.unitCount, interval: estimate.interval90,
      changeLogError: estimate.logStandardError)
  }
}
