import ArgumentParser
import MotorUnits

/// Fits and judges the matching of units on muscles with known truth.
struct MatchingCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "matching",
    abstract: "Precision, recall and calibration of links between re-mounted sessions.")

  @OptionGroup var recorded: SessionArguments
  @Option(help: "Muscles of each simulator.")
  var muscles = 20
  @Option(help: "Duration that record was given.")
  var duration = 10.0
  @Option(help: "Seed that record was given.")
  var seed = RecordCommand.defaultSeed
  @Flag(help: "Leave out the true potentials.")
  var sessionsOnly = false

  func run() throws {
    let all = try collect()
    let fitted = all.filter { $0.muscle < muscles / 2 }
    let judged = all.filter { $0.muscle >= muscles / 2 }
    let law = LogisticFit.fit(fitted.flatMap(\.pairs))
    print("\nLaw fitted on muscles 0 to \(muscles / 2 - 1) of both simulators:")
    print("intercept \(law.intercept)\nweights \(law.weights)")
    print("\nCurrent law, muscles \(muscles / 2) to \(muscles - 1):")
    MatchingTable.print(judged, law: .surface)
    print("\nFitted law, muscles \(muscles / 2) to \(muscles - 1):")
    MatchingTable.print(judged, law: law)
    for (source, target) in [(ExperimentSimulator.a, ExperimentSimulator.b), (.b, .a)] {
      let other = LogisticFit.fit(
        fitted.filter { $0.simulator == source }.flatMap(\.pairs))
      print("\nFitted on \(source.rawValue), judged on \(target.rawValue):")
      MatchingTable.print(judged.filter { $0.simulator == target }, law: other)
    }
    print("\nCalibration, fitted law, muscles \(muscles / 2) to \(muscles - 1):")
    MatchingTable.printCalibration(judged, law: law)
  }

  private func collect() throws -> [LabelledPairs] {
    var result: [LabelledPairs] = []
    try ExperimentMuscles.forEach(0..<muscles) { simulator, number in
      if !sessionsOnly {
        let potentials = try RemountedPotentials(
          ExperimentMuscle(simulator, number: number, duration: duration, seed: seed))
        result.append(
          LabelledPairs(
            simulator: simulator, muscle: number, source: "true potentials",
            potentials.first, truth: potentials.firstTruth, potentials.second,
            truth: potentials.secondTruth, configuration: .init(), trueShift: potentials.shift))
      }
      let sessions = recorded.sessions(simulator, number)
      guard let reference = sessions[.reference] else { return }
      let before = reference.tracked
      for (condition, session) in sessions.changed {
        result.append(
          LabelledPairs(
            simulator: simulator, muscle: number, source: condition.rawValue, before,
            truth: reference.truth, session.tracked, truth: session.truth, configuration: .init()))
      }
    }
    return result
  }
}
