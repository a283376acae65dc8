import Decomposition
import MotorUnits
import Signal
import Simulation

/// What the decomposer made of one simulated recording.
public struct ArrayOutcome: Sendable {
  /// Fewest discharges of a true unit that a found one is compared with.
  public static let fewestDischarges = 10

  /// A found unit beside the truth.
  public struct Found: Sendable, Codable {
    /// Seed of the recording.
    public var seed: UInt64
    /// Channels of the recording.
    public var channels: Int
    /// Signal-to-noise ratio in dB.
    public var noiseDecibels: Double
    /// Silhouette value.
    public var silhouette: Double
    /// Coefficient of variation of the intervals.
    public var variation: Double
    /// Pulse-to-noise ratio in dB.
    public var pulseToNoise: Double
    /// Discharges.
    public var discharges: Int
    /// Round in which the unit was found.
    public var round: Int
    /// Predicted agreement.
    public var predicted: Double
    /// Agreement of the train's halves; nil where it was not taken.
    public var halves: Double?
    /// Seconds of the recording.
    public var duration: Double
    /// Agreement with the true unit that agrees best, 0...1.
    public var agreement: Double
    /// Constant lag behind that unit in milliseconds.
    public var lagMilliseconds: Double?
    /// Whether a better unit is paired with the same true unit.
    public var isDuplicate: Bool

    /// Whether no true unit agrees by 0.3 or more.
    public var isFalse: Bool { agreement < 0.3 }
  }

  /// What was simulated.
  public let record: ArrayCase
  /// True units with at least ten discharges.
  public let trueCount: Int
  /// The found units.
  public let founds: [Found]
  /// Found against true trains.
  public let score: DecompositionScore
  /// Processor seconds of the decomposition.
  public let seconds: Double
  /// Peak memory in MB during it, the recording and its truth included.
  public let megabytes: Double?
  /// Residual power share.
  public let residualPowerShare: Double
  /// Why the recording was refused; nil where it was decomposed.
  public let refusal: String?

  /// Simulates and decomposes a recording, and compares.
  ///
  /// - Parameters:
  ///   - configuration: how to decompose; the site of the electrodes is the recording's.
  ///   - dirt: what is put into the clean recording before.
  /// - Throws: `SimulationError`.
  public init(
    _ record: ArrayCase, configuration: ArrayConfiguration, parallelism: Parallelism,
    dirt: Dirt? = nil
  ) throws {
    let simulated = try simulateArray(record.simulation, threads: parallelism.threadCount)
    var signals = simulated.signals
    dirt?.spoil(&signals, samplingRate: simulated.samplingRate, seed: record.seed)
    var settings = configuration
    settings.electrodes = record.electrodes
    ResourceUse.resetPeak()
    let start = ResourceUse.processorSeconds
    var units: [MotorUnit] = []
    var share = 1.0
    var refused: String?
    do {
      let result = try ArrayDecomposer(configuration: settings, parallelism: parallelism)
        .decompose(signals, samplingRate: simulated.samplingRate)
      units = result.units
      share = result.residualPowerShare
    } catch let error as DecompositionError {
      refused = error.description
    }
    seconds = ResourceUse.processorSeconds - start
    megabytes = ResourceUse.peakMegabytes
    residualPowerShare = share
    refusal = refused
    // A found unit may be one that is hardly recruited: real, though nobody asks for it.
    let truth = simulated.units.filter { $0.spikeTimes.count >= Self.fewestDischarges / 2 }
    let rate = simulated.samplingRate
    score = DecompositionScore(
      found: units.map { (name: String($0.id), times: $0.train.times) },
      truth: truth.map { (name: String($0.id), times: $0.spikeTimes) }, samplingRate: rate)
    let duplicates = Set(score.duplicates)
    founds = units.map { unit in
      let best = Self.best(unit.train.times, truth, rate: rate)
      return Found(
        seed: record.seed, channels: record.channelCount,
        noiseDecibels: record.simulation.noise.signalToNoiseDecibels,
        silhouette: unit.quality.silhouette,
        variation: unit.quality.isiCoV ?? 9,
        pulseToNoise: unit.quality.pulseToNoise, discharges: unit.train.times.count,
        round: unit.quality.round, predicted: unit.quality.predictedAgreement ?? 0,
        halves: unit.quality.halvesAgreement, duration: record.simulation.duration,
        agreement: best?.rate ?? 0, lagMilliseconds: best.map { $0.lag / rate * 1_000 },
        isDuplicate: duplicates.contains(String(unit.id)))
    }
    self.record = record
    trueCount = truth.count { $0.spikeTimes.count >= Self.fewestDischarges }
  }

  /// Units at a rate of agreement of 0.9 or more.
  public var goodCount: Int { score.count(agreementAtLeast: 0.9) }

  private static func best(
    _ times: [Double], _ truth: [SimulatedRecording.Unit], rate: Double
  ) -> TrainAgreement? {
    truth.map {
      TrainAgreement(
        $0.spikeTimes, times, tolerance: TrainAgreement.usualTolerance(samplingRate: rate),
        longestLag: 0.05 * rate)
    }.max { $0.rate < $1.rate }
  }
}
