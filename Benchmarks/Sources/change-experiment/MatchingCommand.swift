import ArgumentParser
import Foundation
import MotorUnits

/// Fits and judges the matching of units on muscles with known truth.
struct MatchingCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "matching",
    abstract: "Precision, recall and calibration of links between re-mounted sessions.")

  @Argument(help: "Folder with the sessions that record made.")
  var folder: String
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
    let folder = URL(fileURLWithPath: folder)
    var result: [LabelledPairs] = []
    for number in 0..<muscles {
      for simulator in ExperimentSimulator.allCases {
        if !sessionsOnly {
          let potentials = try RemountedPotentials(
            ExperimentMuscle(simulator, number: number, duration: duration, seed: seed))
          result.append(
            LabelledPairs(
              simulator: simulator, muscle: number, source: "true potentials",
              potentials.first, truth: potentials.firstTruth, potentials.second,
              truth: potentials.secondTruth, configuration: .init(), trueShift: potentials.shift))
        }
        let sessions = SessionFolder(folder, simulator, number)
        guard let reference = sessions[.reference] else { continue }
        let before = reference.tracked
        let truth = reference.truth
        for condition in ExperimentCondition.allCases where condition != .reference {
          guard let session = sessions[condition] else { continue }
          result.append(
            LabelledPairs(
              simulator: simulator, muscle: number, source: condition.rawValue, before,
              truth: truth, session.tracked, truth: session.truth, configuration: .init()))
        }
      }
      FileHandle.standardError.write(Data("\(number + 1)/\(muscles)\r".utf8))
    }
    return result
  }
}

/// The sessions of one muscle in a folder.
struct SessionFolder {
  private let folder: URL
  private let prefix: String

  init(_ folder: URL, _ simulator: ExperimentSimulator, _ number: Int) {
    self.folder = folder
    prefix = "\(simulator.rawValue)-\(number)-"
  }

  subscript(condition: ExperimentCondition) -> SessionRecord? {
    let file = folder.appendingPathComponent("\(prefix)\(condition.rawValue).json")
    guard let data = try? Data(contentsOf: file) else { return nil }
    return try? JSONDecoder().decode(SessionRecord.self, from: data)
  }
}
