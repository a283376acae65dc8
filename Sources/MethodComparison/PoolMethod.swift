import Foundation
import Signal
import Simulation
import UnitNumber

/// A method that is scored on shared pools: its name and what it makes of a session.
///
/// ```swift
/// let own = PoolMethod("half of the scan") { session in
///   PoolResult(count: 0.5 * (try session.result(.scan)?.count ?? .nan))
/// }
/// ```
public struct PoolMethod: Sendable {
  /// What it is called in tables.
  public let name: String
  /// The result of a session; nil where the method refuses it, as a thrown `UnitNumberError` says too.
  let result: @Sendable (PoolMeasurement) throws -> PoolResult?

  /// A method from its name and its result.
  public init(
    _ name: String, result: @escaping @Sendable (PoolMeasurement) throws -> PoolResult?
  ) {
    self.name = name
    self.result = result
  }

  /// The CMAP scan with its levels left to the networks.
  public static let scan = PoolMethod("CMAP scan") { try $0.scan() }
  /// Slope and variance of the scan.
  public static let slopeVariance = PoolMethod("slope/variance of the scan") {
    PoolResult(count: try SlopeVarianceEstimate(try $0.scanRecording()).unitCount)
  }
  /// Ranked steps of the scan, an index.
  public static let stepIndex = PoolMethod("ranked steps of the scan") {
    PoolResult(count: try RankedStepIndex(try $0.scanRecording()).index)
  }
  /// A staircase fitted to the scan.
  public static let staircase = PoolMethod("staircase fit of the scan") {
    PoolResult(count: try StaircaseFit(try $0.scanRecording()).unitCount)
  }
  /// MUNIX, an index.
  public static let munix = PoolMethod("MUNIX (an index)") { try $0.munix() }
  /// Spike-triggered averaging on one channel.
  public static let averaging = PoolMethod("DE-STA, one channel") { try $0.averaging() }
  /// Spike-triggered averaging on a grid of 4 x 4.
  public static let gridAveraging = PoolMethod("DE-STA, grid") { try $0.gridAveraging() }

  /// The methods of scans and interference patterns, in the order of tables.
  public static let ofRecordings: [PoolMethod] = [
    .scan, .slopeVariance, .stepIndex, .staircase, .munix,
  ]
  /// The methods of averages over discharges.
  public static let ofAverages: [PoolMethod] = [.averaging, .gridAveraging]
}

/// What a method gave on one session of a pool.
public struct PoolResult: Sendable {
  /// The estimate.
  public var count: Double
  /// 90 % interval; nil for a method without one.
  public var interval: [Double]?
  /// Standard error of ln(estimate) for the comparison of two sessions; nil without one.
  public var changeLogError: Double?

  /// A result from its parts.
  public init(count: Double, interval: [Double]? = nil, changeLogError: Double? = nil) {
    self.count = count
    self.interval = interval
    self.changeLogError = changeLogError
  }
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
      return try method.result(self)
    } catch is UnitNumberError {
      return nil
    }
  }

  func scanRecording() throws -> CMAPScan {
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

  func scan() throws -> PoolResult? {
    let estimate = try estimator.estimate(try scanRecording())
    guard estimate.noEstimateReason == nil else { return nil }
    return PoolResult(
      count: estimate.unitCount, interval: estimate.interval90,
      changeLogError: estimate.repeatLogStandardError)
  }

  /// The CMAP of the nerve: the mean of four supramaximal responses.
  ///
  /// - Throws: `SimulationError`; `UnitNumberError` where it does not stand out of the noise.
  public func cmap() throws -> CMAPMeasures {
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

  func munix() throws -> PoolResult {
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

  /// Levels in mV after each of some quantal increments at a site, numbered from 0.
  ///
  /// - Throws: `SimulationError` where the nerve cannot be stimulated so.
  public func levels(site number: Int, count: Int) throws -> [Double] {
    try simulateIncrements(of: pool.nerve, site: site(number), count: count, graded)
  }

  /// Responses in mV to runs of equal stimuli, each of which reaches a share of the CMAP.
  ///
  /// - Throws: `SimulationError` where the nerve cannot be stimulated so.
  public func equalStimuli(shares: [Double], responsesPerRun: Int) throws -> [[Double]] {
    try simulateEqualStimuli(
      of: pool.nerve, shares: shares, responsesPerRun: responsesPerRun, graded)
  }

  /// A random choice of the units that discharge often enough, as a needle meets them.
  func averaging() throws -> PoolResult {
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
  func gridAveraging() throws -> PoolResult {
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
  public init(_ estimate: UnitNumberEstimate) {
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
