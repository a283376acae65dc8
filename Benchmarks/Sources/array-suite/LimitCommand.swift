import ArgumentParser
import ArrayFigures
import Decomposition
import Foundation
import Signal

/// Puts what is found beside what joint decoding with known potentials reaches.
struct LimitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "limit", abstract: "Units found beside what a decoder given the truth finds.")

  @Option(help: "Seeds as FIRST..LAST; every seed is one recording.")
  var seeds: SeedRange
  @Option(help: "Seconds of recordings on a surface grid of 8 x 8; else the seed draws the kind.")
  var duration: Double?
  @Option(help: "Threads.")
  var threads = 1

  func run() throws {
    for line in LimitFigure.heading { print(line) }
    for seed in seeds.range {
      let record = ArrayCase(seed: seed, duration: duration)
      print(
        try LimitFigure(
          record, configuration: ArrayConfiguration(),
          parallelism: Parallelism(threadCount: threads)
        ).row)
      fflush(nil)
    }
  }
}
