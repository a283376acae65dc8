import Decomposition
import MotorUnits

/// What the decomposer made of one simulated recording.
public struct NeedleOutcome: Sendable {
  /// Amplitude over background from which a unit is asked for.
  public static let line = 8.0
  /// Rate of agreement from which a unit counts as found.
  public static let found = 0.8
  /// Largest constant lag between a discharge and the peak of its potential.
  static let longestLag = 0.030

  /// A true unit.
  public struct Truth: Sendable {
    /// Amplitude over background.
    public var prominence: Double
    /// Discharges.
    public var discharges: Int
    /// Rate of agreement with the found unit paired with it; 0 without one.
    public var agreement: Double
    /// Matched discharges.
    public var matched: Int
    /// Discharges of the found unit.
    public var foundDischarges: Int
    /// What became of it.
    public var fate: String
    /// Duration of its noise-free potential by the automatic marks, in ms.
    public var duration: Double?
    /// Duration of the averaged potential of the found unit paired with it, in ms.
    public var foundDuration: Double?
  }

  /// A found unit.
  public struct Found: Sendable {
    /// The unit.
    public var unit: NeedleUnit
    /// Rate of agreement with the true unit paired with it, near or distant; 0 without one.
    public var agreement: Double
    /// Whether a true unit, near or distant, agrees with it by 0.3 or more.
    public var isReal: Bool
  }

  /// Seed of the recording.
  public var seed: UInt64
  /// Its true units.
  public var truths: [Truth]
  /// Its found units.
  public var founds: [Found]
  /// How far the nearest distant unit stands out of the background.
  public var distantProminence: Double
  /// The decomposition.
  public var result: NeedleResult
  /// Processor time in seconds.
  public var seconds: Double

  /// True units above the line.
  public var asked: [Truth] { truths.filter { $0.prominence >= Self.line } }
  /// Whether all units above the line were lost.
  public var isCollapsed: Bool {
    !asked.isEmpty && !asked.contains { $0.agreement >= Self.found }
  }
  /// Whether the result warns that units are missing, or says why there are none.
  public var isFlagged: Bool {
    result.refusal != nil
      || result.flags.contains { [.unexplainedSpikes, .densePattern].contains($0.kind) }
  }

  /// Compares a result with the truth.
  public init(_ result: NeedleResult, of record: NeedleCase, seed: UInt64, seconds: Double) {
    let rate = result.samplingRate
    // A potential peaks up to some 15 ms after its discharge: end-plates lie up to 30 mm away.
    let lag = DecompositionScore.Configuration(
      longestLagMilliseconds: 1_000 * Self.longestLag, matchedFrom: 0.3)
    let units = record.recording.units
    let found = result.units.enumerated().map { (name: String($0), times: $1.train.times) }
    let score = DecompositionScore(
      found: found, truth: units.enumerated().map { (name: String($0), times: $1.spikeTimes) },
      samplingRate: rate, configuration: lag)
    let measures = needleUnitMeasures(
      result,
      channels: LineNoise.removing(
        result.lineHarmonics, from: record.recording.signals, samplingRate: rate))
    truths = units.indices.map { index in
      let pair = score.pairs.first { $0.truth == String(index) }
      let partner = pair.flatMap { Int($0.found) }
      return Truth(
        prominence: record.prominence[index], discharges: units[index].spikeTimes.count,
        agreement: pair?.agreement ?? 0, matched: pair?.matched ?? 0,
        foundDischarges: partner.map { found[$0].times.count } ?? 0,
        fate: (pair?.agreement ?? 0) >= Self.found
          ? "found"
          : Self.fate(
            units[index].spikeTimes, found: found.map(\.times), others: units.map(\.spikeTimes),
            own: index, rate: rate),
        duration: Self.duration(units[index].template, rate: rate),
        foundDuration: partner.flatMap { measures[$0].potential?.durationMilliseconds })
    }
    let distant = DecompositionScore(
      found: found,
      truth: record.recording.distantSpikeTimes.enumerated()
        .map { (name: String($0), times: $1) }, samplingRate: rate, configuration: lag)
    founds = result.units.enumerated().map { index, unit in
      let name = String(index)
      let pairs = (score.pairs + distant.pairs).filter { $0.found == name }
      return Found(
        unit: unit, agreement: pairs.map(\.agreement).max() ?? 0,
        isReal: !score.falseUnits.contains(name) || !distant.falseUnits.contains(name))
    }
    distantProminence = record.distantProminence.max() ?? 0
    self.seed = seed
    self.result = result
    self.seconds = seconds
  }

  /// The automatic marks' duration in ms of a potential without noise, where it is largest.
  private static func duration(_ template: [[Float]], rate: Double) -> Double? {
    let largest = template.max {
      ($0.max() ?? 0) - ($0.min() ?? 0) < ($1.max() ?? 0) - ($1.min() ?? 0)
    }
    return largest.flatMap {
      PotentialMeasures(potential: $0, samplingRate: rate)?.durationMilliseconds
    }
  }

  /// Why a unit was not found, from the trains that hold its discharges.
  private static func fate(
    _ times: [Double], found: [[Double]], others: [[Double]], own: Int, rate: Double
  ) -> String {
    func shared(_ a: [Double], _ b: [Double]) -> Double {
      let agreement = TrainAgreement(
        a, b, tolerance: TrainAgreement.usualTolerance(samplingRate: rate),
        longestLag: longestLag * rate)
      return Double(agreement.matched) / Double(max(1, a.count))
    }
    let parts = found.map { shared(times, $0) }
    guard let best = parts.indices.max(by: { parts[$0] < parts[$1] }), parts[best] > 0.3 else {
      return "absent"
    }
    let rivals = others.indices.filter { $0 != own }.map { shared(others[$0], found[best]) }
    if let rival = rivals.max(), rival > 0.3 { return rival > 0.8 ? "absent" : "merged" }
    if parts.count(where: { $0 > 0.2 }) > 1 { return "split" }
    let precision = shared(found[best], times)
    return precision < 0.8 ? "impure" : "incomplete"
  }
}
