import Analyses
import ArgumentParser
import MethodComparison
import Signal
import Terminal
import UnitNumber

/// `motorpool simulate methods`: every unit number method scored on the same truth.
struct SimulateMethods: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "methods",
    abstract: "Score every unit number method on the same simulated pools as they lose units.",
    discussion: """
      Each pool goes through the stages; two sessions at every stage. Prints the median of estimate \
      over truth at each stage, the slope of ln estimate over ln truth (1 is the truth), the \
      deviation between two sessions, how many 90 % intervals hold the truth, and how many stable \
      pairs are called changed at 5 %. Spike-triggered averaging gets true spike trains. MUNIX and \
      the ranked steps are indices: their ratios and slopes are shown, not expected to be 1.

      Examples:
        motorpool simulate methods --pools 40
        motorpool simulate methods --pools 100 --method "CMAP scan" --json
        motorpool simulate methods --method DE-STA --effort 40 --sizes gamma
      """)

  @Option(help: "Number of pools.")
  var pools = 40

  @Option(help: "Living units of the stages, the healthy muscle first.")
  var stages = "160,80,40,20,10,5"

  @Option(name: .customLong("noise-uv"), help: "RMS of the noise of one response in microvolts.")
  var noiseMicrovolts = 5.0

  @Option(help: "Effort for spike-triggered averaging, percent of full excitation.")
  var effort = 25.0

  @Option(help: "Law of the sizes of the healthy units.")
  var sizes = PoolTable.Sizes.lognormal

  @Option(
    name: .customLong("latency-sd"),
    help: "SD of the latency between units in ms; the larger, the more phases cancel in the CMAP.")
  var latencyDeviation = 0.45

  @Option(name: .customLong("method"), help: "Only methods whose name begins so; may be repeated.")
  var methods: [String] = []

  @Option(help: "Seed of the first pool; the others follow.")
  var seed: UInt64 = 1

  @OptionGroup var threads: ThreadArguments

  @OptionGroup var printing: PrintArguments

  func run() throws {
    guard (1...10_000).contains(pools) else { throw ValidationError("--pools: 1 to 10000") }
    guard (0...2).contains(latencyDeviation) else {
      throw ValidationError("--latency-sd \(latencyDeviation): expected 0 to 2 ms")
    }
    let counts = stages.split(separator: ",").map { Int($0) ?? 0 }
    guard let healthy = counts.first, counts.allSatisfy({ (1...2000).contains($0) }),
      counts.allSatisfy({ $0 <= healthy })
    else {
      throw ValidationError("--stages \(stages): expected numbers such as 160,80, largest first")
    }
    var configuration = PoolTable.Configuration(methods: PoolMethod.all)
    configuration.pools = pools
    configuration.stages = counts
    configuration.noiseMicrovolts = noiseMicrovolts
    configuration.effortPercent = effort
    configuration.seed = seed
    configuration.sizes = sizes
    configuration.latencyDeviationMilliseconds = latencyDeviation
    if !methods.isEmpty {
      configuration.methods = PoolMethod.named(methods)
      guard !configuration.methods.isEmpty else {
        throw ValidationError(
          "--method: there are " + PoolMethod.all.map(\.name).joined(separator: ", "))
      }
    }
    let meter = ProgressMeter("measuring \(pools) pools")
    let table = try PoolTable(
      configuration, estimator: try CMAPScanEstimator(fewUnits: nil),
      parallelism: threads.parallelism
    ) { try meter.show(AnalysisProgress(Double($0) / Double(pools))) }
    meter.finish()
    try printing.write(
      PoolTableSummary(table), from: .run("simulate methods", seed: seed), text: table.markdown)
  }
}

extension PoolTable.Sizes: ExpressibleByArgument {}
