import ArgumentParser
import Foundation
import Signal
import Simulation
import UnitNumber

struct FewUnitsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "few",
    abstract: "Measures the reading of few units by their levels.",
    discussion:
      "Scans come from the simulated nerve of the Simulation library, none of whose code or "
      + "waveforms the training shares: 2 to --most units of 40 to 200 uV in the mean, noise 1 to "
      + "10 uV, thresholds with a coefficient of variation of 5 to 18 %, units that vary by 0.5 to "
      + "5 % from stimulus to stimulus.")

  @Option(help: "Seed of the simulation.")
  var seed: UInt64 = 1_201
  @Option(help: "Pools; each fifth is of the same law of sizes.")
  var pools = 40
  @Option(help: "Most units of a pool.")
  var most = 12
  @Option(help: "Number of threads; the result does not depend on it.")
  var threads: Int?
  @Flag(help: "Prints a line for each pool.")
  var each = false

  private static let families: [(name: String, sizes: NerveConfiguration.SizeDistribution)] = [
    ("lognormal 0.6", .lognormal(sigma: 0.6)), ("exponential", .exponential(floor: 0.15)),
    ("gamma 3", .gamma(shape: 3)), ("lognormal 0.4", .lognormal(sigma: 0.4)),
    ("reinnervated", .reinnervated(sigma: 0.4, meanAdoptions: 1)),
  ]

  private struct Drawn {
    var scan: CMAPScan
    var count: Int
    var noise: Double
  }

  private struct Outcome: Sendable {
    var truth: Int
    var noise: Double
    var estimate: CMAPScanEstimate
    var networkCount: Double
    var seconds: Double

    var isNear: Bool { abs(estimate.unitCount - Double(truth)) <= 1 + 1e-9 }
    var isNetworkNear: Bool { abs(networkCount.rounded() - Double(truth)) <= 1 }
    var isCovered: Bool {
      estimate.interval90[0] <= Double(truth) && Double(truth) <= estimate.interval90[1]
    }
    /// Probability that the posterior gives to the truth; nil where the levels were not read.
    var probability: Double? {
      estimate.fewUnits.map {
        $0.probabilities.indices.contains(truth - 1) ? $0.probabilities[truth - 1] : 0
      }
    }
  }

  func validate() throws {
    guard (1...100_000).contains(pools) else { throw ValidationError("--pools: 1 to 100000") }
    guard (2...40).contains(most) else { throw ValidationError("--most: 2 to 40") }
  }

  func run() throws {
    let estimator = try CMAPScanEstimator()
    let (seed, most) = (seed, most)
    let outcomes = try Parallelism(threadCount: threads).map(pools) { pool in
      Result {
        let drawn = try Self.draw(pool: pool, seed: seed, most: most)
        let start = Date()
        let estimate = try estimator.estimate(drawn.scan)
        return Outcome(
          truth: drawn.count, noise: drawn.noise, estimate: estimate,
          networkCount: try estimator.uncleanedEstimate(drawn.scan).unitCount,
          seconds: Date().timeIntervalSince(start))
      }
    }.map { try $0.get() }
    if each { outcomes.enumerated().forEach { print(line($0.offset, $0.element)) } }
    print(
      "| pools | read by levels | within one | networks within one | interval 90 % covers | "
        + "mean width | probability of the truth | slowest s |\n|---|---|---|---|---|---|---|---|")
    for (place, family) in Self.families.enumerated() {
      let own = outcomes.enumerated().filter { $0.offset % Self.families.count == place }
      print(row(family.name, own.map(\.element)))
    }
    for (low, high) in [(1.0, 3.0), (3.0, 10.0)] {
      print(
        row("\(Int(low)) to \(Int(high)) uV", outcomes.filter { low..<high ~= $0.noise }))
    }
    print(row("2 to 6 units", outcomes.filter { $0.truth <= 6 }))
    print(row("7 and more", outcomes.filter { $0.truth > 6 }))
    print(row("all", outcomes))
  }

  private func line(_ pool: Int, _ outcome: Outcome) -> String {
    let posterior = (outcome.estimate.fewUnits?.probabilities ?? []).map {
      String(format: "%.2f", $0)
    }
    return "\(pool): \(outcome.truth) units, "
      + String(
        format: "%.1f uV, networks %.1f, found %.1f (%.0f to %.0f), %.1f s: ", outcome.noise,
        outcome.networkCount, outcome.estimate.unitCount, outcome.estimate.interval90[0],
        outcome.estimate.interval90[1], outcome.seconds) + posterior.joined(separator: " ")
  }

  private func row(_ label: String, _ outcomes: [Outcome]) -> String {
    func share(_ value: (Outcome) -> Bool) -> String {
      let part = Double(outcomes.count(where: value)) / Double(max(outcomes.count, 1))
      return String(format: "%.2f", part)
    }
    let given = outcomes.compactMap(\.probability)
    let mean = given.reduce(0, +) / Double(max(given.count, 1))
    let width =
      outcomes.reduce(0) { $0 + $1.estimate.interval90[1] - $1.estimate.interval90[0] }
      / Double(max(outcomes.count, 1))
    return "| \(label): \(outcomes.count) | \(given.count) | "
      + [
        share(\.isNear), share(\.isNetworkNear), share(\.isCovered),
        String(format: "%.1f", width), String(format: "%.2f", mean),
        String(format: "%.0f", outcomes.map(\.seconds).max() ?? 0),
      ].joined(separator: " | ") + " |"
  }

  private static func draw(pool: Int, seed: UInt64, most: Int) throws -> Drawn {
    var random = SeededGenerator(seed: seed, stream: UInt64(pool))
    var settings = NerveConfiguration()
    settings.seed = random.next() >> 1
    settings.unitCount = 2 + random.index(below: most - 1)
    settings.meanAmplitudeMicrovolts = exp(random.uniform(log(40), log(200)))
    settings.sizes = families[pool % families.count].sizes
    settings.thresholds = [.normal, .lognormal, .twoClusters][pool % 3]
    settings.thresholdMilliamperes = random.uniform(8, 25)
    settings.thresholdVariation = random.uniform(0.05, 0.18)
    settings.relativeSpread = random.uniform(0.01, 0.025)
    let nerve = try SimulatedNerve(settings)
    var session = CMAPScanConfiguration()
    session.seed = random.next() >> 1
    session.noiseMicrovolts = exp(random.uniform(0, log(10)))
    session.amplitudeVariation = exp(random.uniform(log(0.005), log(0.05)))
    session.gainDrift = 0.02 * min(max(random.normal(), -2.5), 2.5)
    let simulated = try simulateCMAPScan(of: nerve, session)
    return Drawn(
      scan: CMAPScan(
        name: "simulated", stimulusMilliamps: simulated.stimuliMilliamperes,
        responseMillivolts: simulated.responsesMillivolts),
      count: nerve.axons.count, noise: session.noiseMicrovolts)
  }
}
