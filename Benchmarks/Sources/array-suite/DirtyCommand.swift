import ArgumentParser
import ArrayFigures
import Decomposition
import Foundation
import Signal

/// Spoils simulated recordings by artefacts of every kind and tells what yield is left.
struct DirtyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dirty", abstract: "Yield with artefacts of every kind against that without.")

  @Option(help: "Seeds as FIRST..LAST; every seed is one recording.")
  var seeds: SeedRange
  @Option(help: "Seconds of each recording.")
  var duration = 15.0
  @Option(help: "quick, standard or thorough.", transform: namedEffort)
  var effort = ArrayConfiguration.Effort.standard
  @Option(help: "Threads.")
  var threads = 1
  @Option(help: "Only rows whose name contains this, such as pop; clean recordings come first.")
  var only = ""
  @Flag(help: "Beside each row what is left to a joint decoder that is given the truth.")
  var limit = false
  @Flag(help: "Leave artefacts as they are.")
  var unmended = false

  func run() throws {
    var settings = ArrayConfiguration()
    settings.mendsArtefacts = !unmended
    settings.effort = effort
    var table = DirtTable(
      seeds: Array(seeds.range), duration: duration, configuration: settings,
      parallelism: Parallelism(threadCount: threads))
    table.only = only
    table.showsLimit = limit
    for line in table.heading { print(line) }
    try table.rows {
      print($0)
      fflush(nil)
    }
  }
}
