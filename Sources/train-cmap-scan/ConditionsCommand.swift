import ArgumentParser
import Foundation
import Signal
import Simulation
import UnitNumber

struct ConditionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "conditions",
    abstract: "Measures bias and coverage where recordings and nerves are not as in training.",
    discussion:
      "Scans come from the simulated nerve of the Simulation library, none of whose code or "
      + "waveforms the training shares. Refused scans say why; wrong ones are intervals without "
      + "the truth that no flag marks.")

  @Option(help: "Weights file; the built-in weights by default.")
  var weights: String?
  @Option(help: "Seed of the simulation.")
  var seed: UInt64 = 8_801
  @Option(help: "Pools for each condition and band.")
  var pools = 40
  @Option(help: "RMS of the additive noise in microvolts.")
  var noise = 5.0
  @Flag(help: "Leaves the scans as they are: what the conditions do without cleaning.")
  var uncleaned = false
  @Option(help: "Only the conditions whose names hold this text.")
  var only: String?
  @Flag(help: "Prints a line of values for each scan instead of the table.")
  var each = false
  @Option(help: "Number of threads; the result does not depend on it.")
  var threads: Int?

  private static let bands = [4...10, 15...30, 40...80, 120...200]

  private struct Outcome: Sendable {
    var ratio = 0.0
    var isCovered = false
    var isN50Covered = false
    var isRefused = false
    var isFlagged = false
    var hasStep = false
    var logWidth = 0.0
    /// Number and N50 of the nerve.
    var truth = (count: 0.0, n50: 0.0)
    var estimate: CMAPScanEstimate?
  }

  func run() throws {
    let estimator = try CMAPScanEstimator.load(weights)
    if each {
      try printEach(estimator)
      return
    }
    print(
      "bands N 4-10, 15-30, 40-80, 120-200; \(pools) pools each; noise \(noise) uV; seed \(seed)\n")
    print(
      "| condition | bias % by band | coverage by band | high/low | N50 coverage | no estimate % | "
        + "gain step told % | unflagged and wrong % |\n|---|---|---|---|---|---|---|---|")
    for (number, condition) in conditions {
      let results = try Self.bands.indices.map { band in
        try measure(condition, stream: number * 100 + band, counts: Self.bands[band], estimator)
      }
      print(row(condition.rawValue, results))
    }
  }

  private var conditions: [(offset: Int, element: ScanCondition)] {
    ScanCondition.allCases.enumerated().filter { item in
      only.map { item.element.rawValue.contains($0) } ?? true
    }
  }

  private func printEach(_ estimator: CMAPScanEstimator) throws {
    print(
      "condition,truth,n50_truth,refused,flags,count,low,high,n50,n50_low,n50_high,a50_share,"
        + "largest_share,d50,step_percent,spread_percent")
    for (number, condition) in conditions {
      for band in Self.bands.indices {
        let outcomes = try measure(
          condition, stream: number * 100 + band, counts: Self.bands[band], estimator)
        for outcome in outcomes {
          guard let found = outcome.estimate else { continue }
          let values = [
            outcome.truth.count, outcome.truth.n50, outcome.isRefused ? 1 : 0,
            Double(found.flags.count), found.unitCount, found.interval90[0], found.interval90[1],
            found.n50, found.n50Interval90[0], found.n50Interval90[1],
            found.a50Microvolts / found.meanUnitMicrovolts,
            found.largestUnitMicrovolts / found.meanUnitMicrovolts, Double(found.d50),
            found.curve.stepPercent, found.relativeSpreadPercent,
          ]
          print(
            "\(condition.rawValue),"
              + values.map { String(format: "%.3f", $0) }.joined(separator: ","))
        }
      }
    }
  }

  private func measure(
    _ condition: ScanCondition, stream: Int, counts: ClosedRange<Int>,
    _ estimator: CMAPScanEstimator
  ) throws -> [Outcome] {
    let (seed, noise, uncleaned) = (seed, noise, uncleaned)
    return try Parallelism(threadCount: threads).map(pools) { pool in
      Result {
        var random = SeededGenerator(seed: seed, stream: UInt64(stream * 100_000 + pool))
        let (nerve, scan) = try Self.draw(
          condition, pool: pool, counts: counts, noise: noise, &random)
        let truth = Double(nerve.axons.count)
        var outcome = Outcome()
        let found = Result {
          uncleaned ? try estimator.uncleanedEstimate(scan) : try estimator.estimate(scan)
        }
        guard case .success(let estimate) = found else {
          // A scan that is none at all is refused with an error, not with a flag.
          outcome.isRefused = true
          return outcome
        }
        outcome.truth = (truth, nerve.n50)
        outcome.estimate = estimate
        outcome.isRefused = estimate.noEstimateReason != nil
        outcome.isFlagged = !estimate.flags.isEmpty
        outcome.hasStep = estimate.cleaning.findings.contains {
          $0.fault == .movement && $0.isMended
        }
        outcome.ratio = estimate.unitCount / truth
        outcome.isCovered =
          estimate.interval90[0] <= truth + 1e-9 && truth <= estimate.interval90[1] + 1e-9
        outcome.isN50Covered =
          estimate.n50Interval90[0] <= nerve.n50 && nerve.n50 <= estimate.n50Interval90[1]
        outcome.logWidth = log(estimate.interval90[1] / estimate.interval90[0])
        return outcome
      }
    }.map { try $0.get() }
  }

  private static func draw(
    _ condition: ScanCondition, pool: Int, counts: ClosedRange<Int>, noise: Double,
    _ random: inout SeededGenerator
  ) throws -> (SimulatedNerve, CMAPScan) {
    var settings = NerveConfiguration()
    settings.seed = random.next() >> 1
    settings.unitCount = Int(
      exp(random.uniform(log(Double(counts.lowerBound)), log(Double(counts.upperBound)))).rounded())
    settings.meanAmplitudeMicrovolts = 50 * (200 / Double(settings.unitCount)).squareRoot()
    let sizes: [NerveConfiguration.SizeDistribution] = [
      .lognormal(sigma: 0.6), .exponential(floor: 0.15), .gamma(shape: 3),
      .lognormal(sigma: 0.4), .reinnervated(sigma: 0.4, meanAdoptions: 1),
    ]
    settings.sizes = sizes[pool % sizes.count]
    settings.thresholds = [.normal, .lognormal, .twoClusters][pool % 3]
    settings.thresholdMilliamperes = random.uniform(8, 25)
    settings.thresholdVariation = random.uniform(0.07, 0.18)
    settings.relativeSpread = random.uniform(0.01, 0.025)
    var nerve = try SimulatedNerve(settings)
    condition.enlarge(&nerve, &random)
    var session = CMAPScanConfiguration()
    session.seed = random.next() >> 1
    session.noiseMicrovolts = noise
    session.amplitudeVariation = random.uniform(0.005, 0.02)
    if condition == .drifting {
      session.gainDrift = 0.05 * min(max(random.normal(), -2.5), 2.5)
      session.thresholdDrift = 0.02 * min(max(random.normal(), -2.5), 2.5)
    }
    let simulated = try simulateCMAPScan(of: nerve, session)
    var scan = CMAPScan(
      name: "simulated", stimulusMilliamps: simulated.stimuliMilliamperes,
      responseMillivolts: simulated.responsesMillivolts)
    condition.disturb(&scan, preCount: session.preCount, &random)
    return (nerve, scan)
  }

  private func row(_ label: String, _ bands: [[Outcome]]) -> String {
    func list(_ format: String, _ value: ([Outcome]) -> Double) -> String {
      bands.map { band in
        let used = band.filter { !$0.isRefused }
        return used.isEmpty ? "–" : String(format: format, value(used))
      }.joined(separator: " ")
    }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(values.count, 1)) }
    let all = bands.flatMap { $0 }
    func shares(_ isCounted: (Outcome) -> Bool) -> String {
      bands.map { band in
        String(format: "%.0f", 100 * mean(band.map { isCounted($0) ? 1 : 0 }))
      }.joined(separator: " ")
    }
    let wrong = mean(all.map { !$0.isCovered && !$0.isFlagged && !$0.isRefused ? 1 : 0 })
    return "| \(label) | " + list("%+.0f") { 100 * (mean($0.map(\.ratio)) - 1) } + " | "
      + list("%.2f") { mean($0.map { $0.isCovered ? 1 : 0 }) } + " | "
      + list("%.2f") { exp(mean($0.map(\.logWidth))) } + " | "
      + list("%.2f") { mean($0.map { $0.isN50Covered ? 1 : 0 }) } + " | " + shares(\.isRefused)
      + " | "
      + shares(\.hasStep) + " | " + String(format: "%.0f", 100 * wrong) + " |"
  }
}
