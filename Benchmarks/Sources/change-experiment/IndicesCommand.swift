import ArgumentParser
import Foundation
import MotorUnits

/// Judges what indices make of the changes of the recorded sessions.
struct IndicesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "indices",
    abstract: "Ratios, AUC, detection by person and by group, and coverage of every index.")

  @Argument(help: "Folder with the sessions that record made.")
  var folder: String
  @Option(help: "First muscle of each simulator.")
  var from = 0
  @Option(help: "Muscles of each simulator up to this number, not included.")
  var upTo = 20
  @Option(help: "Seed of the resampled groups.")
  var seed: UInt64 = 1

  func run() throws {
    let folder = URL(fileURLWithPath: folder)
    var changes: [SessionChange] = []
    var figures: [SessionFigures] = []
    for number in from..<upTo {
      for simulator in ExperimentSimulator.allCases {
        let sessions = SessionFolder(folder, simulator, number)
        guard let reference = sessions[.reference] else { continue }
        let before = SessionFigures(reference)
        figures.append(before)
        for condition in ExperimentCondition.allCases where condition != .reference {
          guard let record = sessions[condition] else { continue }
          let after = SessionFigures(record)
          figures.append(after)
          changes.append(
            SessionChange(before, after, living: try living(condition, simulator, number)))
        }
      }
      FileHandle.standardError.write(Data("\(number + 1)/\(upTo)\r".utf8))
    }
    let table = IndicesTable(changes: changes, figures: figures, seed: seed)
    table.printRatios()
    table.printDetection()
    table.printSurvival()
    table.printCoverage()
  }

  /// Numbers of the units that live on after a loss; nil where none is lost.
  private func living(
    _ condition: ExperimentCondition, _ simulator: ExperimentSimulator, _ number: Int
  ) throws -> Set<Int>? {
    let reference = SessionFolder(URL(fileURLWithPath: folder), simulator, number)[.reference]
    guard let reference, [.loss30, .loss50, .loss30Large].contains(condition) else { return nil }
    let experiment = try ExperimentMuscle(
      simulator, number: number, duration: reference.duration, seed: RecordCommand.defaultSeed)
    let muscle = try condition.changed(experiment.muscle, seed: experiment.seed)
    return Set(muscle.units.map(\.id))
  }
}
