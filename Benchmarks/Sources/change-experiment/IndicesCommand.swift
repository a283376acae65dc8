import ArgumentParser
import MotorUnits

/// Judges what indices make of the changes of the recorded sessions.
struct IndicesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "indices",
    abstract: "Ratios, AUC, detection by person and by group, and coverage of every index.")

  @OptionGroup var recorded: SessionArguments
  @OptionGroup var muscles: MuscleArguments
  @Option(help: "Seed of the resampled groups.")
  var seed: UInt64 = 1
  @Option(help: "Seed that record was given.")
  var sessionSeed = RecordCommand.defaultSeed

  func run() throws {
    var changes: [SessionChange] = []
    var figures: [SessionFigures] = []
    try ExperimentMuscles.forEach(muscles.from..<muscles.upTo) { simulator, number in
      let sessions = recorded.sessions(simulator, number)
      guard let reference = sessions[.reference] else { return }
      let before = SessionFigures(reference)
      figures.append(before)
      for (condition, record) in sessions.changed {
        let after = SessionFigures(record)
        figures.append(after)
        changes.append(
          SessionChange(before, after, living: try living(condition, simulator, number)))
      }
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
    let reference = recorded.sessions(simulator, number)[.reference]
    guard let reference, [.loss30, .loss50, .loss30Large].contains(condition) else { return nil }
    let experiment = try ExperimentMuscle(
      simulator, number: number, duration: reference.duration, seed: sessionSeed)
    let muscle = try condition.changed(experiment.muscle, seed: experiment.seed)
    return Set(muscle.units.map(\.id))
  }
}
