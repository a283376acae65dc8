import ArgumentParser
import ArrayFigures
import Decomposition
import Foundation
import Signal

/// Decomposes random recordings and compares the units with the truth.
struct YieldCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "yield", abstract: "Units found, false units, calibration and cost over seeds.")

  @Option(help: "Seeds as FIRST..LAST; every seed is one recording.")
  var seeds: SeedRange
  @Option(help: "tripole, travelling or both.")
  var simulator = ArrayCase.Simulator.both
  @Option(help: "quick, standard or thorough.", transform: namedEffort)
  var effort = ArrayConfiguration.Effort.standard
  @Option(help: "Seconds of recordings on a surface grid of 8 x 8; else the seed draws the kind.")
  var duration: Double?
  @Option(help: "Seed of the search.")
  var searchSeed: UInt64 = 1
  @Option(help: "Threads.")
  var threads = 1
  @Option(help: "The most filter coefficients (channels x taps).")
  var coefficients = ArrayConfiguration().coefficientLimit
  @Option(help: "Lowest rate of the search in Hz; that of the band unless given.")
  var rate: Double?
  @Flag(help: "Also print every unit.")
  var units = false

  func run() throws {
    for line in ArrayTable.recordHeading { print(line) }
    var outcomes: [ArrayOutcome] = []
    var settings = ArrayConfiguration()
    settings.coefficientLimit = coefficients
    settings.analysisRate = rate
    settings.effort = effort
    settings.seed = searchSeed
    for seed in seeds.range {
      let outcome = try ArrayOutcome(
        ArrayCase(seed: seed, simulator: simulator, duration: duration), configuration: settings,
        parallelism: Parallelism(threadCount: threads))
      outcomes.append(outcome)
      print(ArrayTable.row(outcome))
      if units {
        for found in outcome.founds.sorted(by: { $0.agreement > $1.agreement }) {
          print(
            String(
              format:
                "  RoA %.3f predicted %.3f SIL %.3f CoV %.3f PNR %.1f halves %.3f n %d round %d lag %.1f ms%@%@",
              found.agreement, found.predicted, found.silhouette, found.variation,
              found.pulseToNoise, found.halves ?? .nan, found.discharges, found.round,
              found.lagMilliseconds ?? 0,
              found.isFalse ? " FALSE" : "", found.isDuplicate ? " DUPLICATE" : ""))
        }
      }
      fflush(nil)
    }
    print()
    for line in ArrayTable(outcomes).summary { print(line) }
    print()
    for line in ArrayTable.calibration(outcomes.flatMap(\.founds)) { print(line) }
  }
}
