import Foundation
import Signal
import Simulation
import UnitNumber

/// All methods on the same truth: a course of loss in many pools, measured twice at each stage.
public struct PoolTable: Sendable {
  /// How the sizes of the healthy units spread and follow the order of recruitment.
  public enum Sizes: String, CaseIterable, Sendable, Encodable {
    /// Lognormal (0.6), rank correlation 0.8.
    case lognormal
    /// Gamma of shape 1.8, rank correlation 0.6.
    case gamma
    /// Exponential in strict order over a range of 20.
    case exponential
    /// Small units and 15 % that are eight times as large, rank correlation 0.5.
    case bimodal

    /// The law of the pool.
    public var law: MotorNeuronPoolConfiguration.SizeLaw {
      switch self {
      case .lognormal: .lognormal(sigma: 0.6, rankCorrelation: 0.8)
      case .gamma: .gamma(shape: 1.8, rankCorrelation: 0.6)
      case .exponential: .exponential(range: 20, scatter: 0.15)
      case .bimodal:
        .twoPopulations(share: 0.15, ratio: 8, scatter: 0.3, rankCorrelation: 0.5)
      }
    }
  }

  /// What is measured.
  public struct Configuration: Sendable, Encodable {
    /// Number of pools; each goes through all stages.
    public var pools = 40
    /// Seed of the first pool; the others follow.
    public var seed: UInt64 = 1
    /// Living units of the stages, the first one healthy.
    public var stages = [160, 80, 40, 20, 10, 5]
    /// RMS of the noise of one response, uV.
    public var noiseMicrovolts = 5.0
    /// Effort for spike-triggered averaging, percent of full excitation.
    public var effortPercent = 25.0
    /// Sizes of the healthy units.
    public var sizes = Sizes.lognormal
    /// SD of the latency between units, ms: phases cancel in the CMAP the more the larger it is.
    public var latencyDeviationMilliseconds = 0.45
    /// The methods that are scored.
    public var methods: [PoolMethod] = PoolMethod.ofRecordings + PoolMethod.ofAverages

    /// Makes one from its parts.
    public init(
      pools: Int = 40, seed: UInt64 = 1, stages: [Int] = [160, 80, 40, 20, 10, 5],
      noiseMicrovolts: Double = 5.0, effortPercent: Double = 25.0, sizes: Sizes = Sizes.lognormal,
      latencyDeviationMilliseconds: Double = 0.45,
      methods: [PoolMethod] = PoolMethod.ofRecordings + PoolMethod.ofAverages
    ) {
      self.pools = pools
      self.seed = seed
      self.stages = stages
      self.noiseMicrovolts = noiseMicrovolts
      self.effortPercent = effortPercent
      self.sizes = sizes
      self.latencyDeviationMilliseconds = latencyDeviationMilliseconds
      self.methods = methods
    }

    /// What is written; methods are told by their rows.
    public enum CodingKeys: String, CodingKey {
      case pools, seed, stages, sizes, noiseMicrovolts, effortPercent, latencyDeviationMilliseconds
    }
  }

  /// The score of a method.
  public struct Row: Sendable, Encodable {
    /// Name of the method.
    public let method: String
    /// Median of estimate / truth at each stage; nil where every session was refused.
    public let medianRatios: [Double?]
    /// Slope of ln estimate over ln truth, all pools together; 1 is the truth.
    public let slope: Double?
    /// SD of ln estimate between two sessions of a pool.
    public let repeatLogDeviation: Double?
    /// Share of the 90 % intervals that hold the truth, with how many there were.
    public let coverage: Double?
    /// The same share at each stage.
    public let stageCoverage: [Double?]
    /// Median of the upper over the lower end of the intervals.
    public let medianWidth: Double?
    /// Intervals behind the coverage.
    public let intervals: Int
    /// Share of stable pairs called changed at 5 %, with how many there were.
    public let falseAlarms: Double?
    /// Pairs of sessions behind the false alarms.
    public let pairs: Int
    /// Sessions without a result.
    public let refused: Int
  }

  /// What was measured.
  public let configuration: Configuration
  /// One row for each method.
  public let rows: [Row]

  private struct Case: Sendable {
    var truth: Double
    var stage: Int
    var results: [PoolResult?]
  }

  /// Measures; the result depends on the configuration alone, not on the number of threads.
  ///
  /// - `estimator`: how scans are read.
  /// - `progress`: called with the number of finished pools before each method of a session, from several
  ///   threads, and after each pool; what it throws ends the work.
  /// - Throws: `SimulationError` for settings out of range.
  public init(
    _ configuration: Configuration, estimator: CMAPScanEstimator, parallelism: Parallelism,
    progress: @Sendable (Int) throws -> Void = { _ in }
  ) throws {
    self.configuration = configuration
    let stages = configuration.stages
    var found = [[Case]](repeating: [], count: configuration.methods.count)
    for pool in 0..<configuration.pools {
      let parts = parallelism.map(stages.count) { stage in
        Result {
          try Self.cases(
            configuration, pool: pool, stage: stage, estimator: estimator, progress: progress)
        }
      }
      for part in parts {
        for (index, item) in try part.get().enumerated() { found[index].append(item) }
      }
      try progress(pool + 1)
    }
    rows = try zip(configuration.methods, found).map {
      try Self.row($0, $1, stages: stages.count)
    }
  }

  private static func cases(
    _ configuration: Configuration, pool number: Int, stage: Int, estimator: CMAPScanEstimator,
    progress: @Sendable (Int) throws -> Void
  ) throws -> [Case] {
    var settings = SharedPoolConfiguration()
    settings.seed = configuration.seed &+ UInt64(number)
    settings.pool.unitCount = configuration.stages[0]
    settings.pool.sizeLaw = configuration.sizes.law
    settings.livingUnits = configuration.stages[stage]
    settings.nerve.latencySD = configuration.latencyDeviationMilliseconds
    let pool = try SharedPool(settings)
    let sessions = (0..<2).map { session in
      PoolMeasurement(
        pool: pool, seed: settings.seed &* 1_000 &+ UInt64(stage * 10 + session),
        estimator: estimator, noiseMicrovolts: configuration.noiseMicrovolts,
        effortPercent: configuration.effortPercent)
    }
    return try configuration.methods.map { method in
      Case(
        truth: Double(pool.unitCount), stage: stage,
        results: try sessions.map {
          try progress(number)
          return try $0.result(method)
        })
    }
  }

  private static func row(_ method: PoolMethod, _ cases: [Case], stages: Int) throws -> Row {
    let flat = cases.flatMap { item in
      item.results.compactMap { $0 }.map { (item.truth, item.stage, $0) }
    }
    let ratios = (0..<stages).map { stage -> Double? in
      let values = flat.filter { $0.1 == stage }.map { $0.2.count / $0.0 }.sorted()
      return values.isEmpty ? nil : values[values.count / 2]
    }
    let pairs = cases.compactMap { item -> (PoolResult, PoolResult)? in
      guard let first = item.results[0], let second = item.results[1] else { return nil }
      return (first, second)
    }
    var (alarms, judged) = (0, 0)
    for (first, second) in pairs {
      guard let a = first.changeLogError, let b = second.changeLogError else { continue }
      judged += 1
      let comparison = try VisitComparison(
        first: first.count, firstLogError: a, second: second.count, secondLogError: b)
      if comparison.probabilityExceedsError > 0.95 { alarms += 1 }
    }
    let intervals = flat.compactMap { item in
      item.2.interval.map { (stage: item.1, holds: $0[0] <= item.0 && item.0 <= $0[1]) }
    }
    let widths = flat.compactMap { item in
      item.2.interval.map { $0[1] / max($0[0], 1e-9) }
    }.sorted()
    let squares = pairs.reduce(0.0) { sum, pair in
      let difference = log(pair.0.count / pair.1.count)
      return sum + difference * difference / 2
    }
    func share(_ part: Int, _ whole: Int) -> Double? {
      whole == 0 ? nil : Double(part) / Double(whole)
    }
    return Row(
      method: method.name, medianRatios: ratios,
      slope: slope(flat.map { (log($0.0), log($0.2.count)) }),
      repeatLogDeviation: pairs.isEmpty ? nil : (squares / Double(pairs.count)).squareRoot(),
      coverage: share(intervals.count { $0.holds }, intervals.count),
      stageCoverage: (0..<stages).map { stage in
        let part = intervals.filter { $0.stage == stage }
        return share(part.count { $0.holds }, part.count)
      }, medianWidth: widths.isEmpty ? nil : widths[widths.count / 2], intervals: intervals.count,
      falseAlarms: share(alarms, judged), pairs: judged,
      refused: 2 * cases.count - flat.count)
  }

  private static func slope(_ points: [(Double, Double)]) -> Double? {
    let number = Double(points.count)
    guard number > 2 else { return nil }
    let meanX = points.reduce(0) { $0 + $1.0 } / number
    let meanY = points.reduce(0) { $0 + $1.1 } / number
    let xx = points.reduce(0) { $0 + ($1.0 - meanX) * ($1.0 - meanX) }
    let xy = points.reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
    return xx > 0 ? xy / xx : nil
  }

  /// The table in Markdown.
  public var markdown: String {
    func fixed(_ value: Double?, _ format: String) -> String {
      value.map { String(format: format, $0) } ?? "-"
    }
    func percent(_ value: Double?) -> String {
      value.map { String(format: "%.1f", 100 * $0) } ?? "-"
    }
    var lines = [
      "| method | "
        + configuration.stages.map { "\($0)" }.joined(separator: " | ")
        + " | slope | repeat CoV % | cover % | changed % | refused |",
      "|---|" + String(repeating: "---|", count: configuration.stages.count + 5),
    ]
    for row in rows {
      lines.append(
        "| \(row.method) | "
          + row.medianRatios.map { fixed($0, "%.2f") }.joined(separator: " | ")
          + " | \(fixed(row.slope, "%.3f")) | \(percent(row.repeatLogDeviation)) | "
          + "\(percent(row.coverage)) | "
          + (row.pairs > 0 ? "\(percent(row.falseAlarms)) of \(row.pairs)" : "-")
          + " | \(row.refused) |")
    }
    return lines.joined(separator: "\n")
  }
}
