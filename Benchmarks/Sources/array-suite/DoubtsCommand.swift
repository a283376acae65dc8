import ArgumentParser
import ArrayFigures
import Decomposition
import Foundation
import Signal

/// Whether the places that the viewer calls doubtful are the errors of the trains.
struct DoubtsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doubts", abstract: "Errors of trains that their most doubtful places hold.")

  @Option(help: "Seeds as FIRST..LAST; every seed is one recording.")
  var seeds: SeedRange
  @Option(help: "Seconds of recordings on a surface grid of 8 x 8; else the seed draws the kind.")
  var duration: Double?
  @Option(help: "Share of each train's discharges that are taken out before, 0 to 1.")
  var lost = 0.0
  @Option(help: "Share of discharges that are put in at random before, 0 to 1.")
  var wrong = 0.0
  @Option(help: "Threads.")
  var threads = 1

  func run() throws {
    for line in DoubtsFigure.heading { print(line) }
    var all = DoubtsFigure.Tally()
    for seed in seeds.range {
      let figure = try DoubtsFigure(
        ArrayCase(seed: seed, duration: duration), configuration: ArrayConfiguration(),
        parallelism: Parallelism(threadCount: threads), lost: lost, wrong: wrong)
      print(figure.row)
      all.add(figure.tally)
      fflush(nil)
    }
    print("| all | | | " + all.cells)
  }
}
