import ArgumentParser
import Foundation
import Signal
import Simulation

/// Simulates and decomposes the sessions of the experiment; goes on where it was stopped.
struct RecordCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record",
    abstract: "Simulate and decompose every session; sessions already in the folder are kept.")

  /// Seed of the published tables.
  static let defaultSeed: UInt64 = 2_026

  @Argument(help: "Folder for the sessions, one file each.")
  var folder: String
  @OptionGroup var muscles: MuscleArguments
  @Option(help: "Duration of each session in seconds.")
  var duration = 10.0
  @Option(help: "Seed of muscles and sessions.")
  var seed = RecordCommand.defaultSeed
  @Option(parsing: .upToNextOption, help: "Conditions besides the reference; all by default.")
  var conditions: [String] = []

  func validate() throws {
    guard duration >= 6 else {
      throw ValidationError("--duration has to be 6 or more")
    }
    for name in conditions where ExperimentCondition(rawValue: name) == nil {
      throw ValidationError("\(name): no such condition")
    }
  }

  func run() throws {
    let folder = URL(fileURLWithPath: folder)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let wanted = ExperimentCondition.allCases.filter {
      conditions.isEmpty || $0 == .reference || conditions.contains($0.rawValue)
    }
    try ExperimentMuscles.forEach(muscles.from..<muscles.upTo) { simulator, number in
      let experiment = try ExperimentMuscle(
        simulator, number: number, duration: duration, seed: seed)
      let sessions = SessionFolder(folder, simulator, number)
      var noise: Double?
      for condition in wanted {
        if FileManager.default.fileExists(atPath: sessions.file(condition).path) {
          if condition == .reference { noise = try sessions.record(.reference).noiseMicrovolts }
          continue
        }
        let record = try record(experiment, condition, noise: noise)
        if condition == .reference { noise = record.noiseMicrovolts }
        try JSONEncoder().encode(record).write(to: sessions.file(condition), options: .atomic)
        report(record)
      }
    }
  }

  private func record(
    _ experiment: ExperimentMuscle, _ condition: ExperimentCondition, noise: Double?
  ) throws -> SessionRecord {
    guard condition != .reference else {
      return try SessionRecord(
        experiment, condition: condition, settings: experiment.settings,
        muscle: experiment.muscle)
    }
    let order = ExperimentCondition.allCases.firstIndex(of: condition) ?? 0
    var random = SeededGenerator(seed: experiment.seed, stream: 7_000 + UInt64(order))
    var muscle = try condition.changed(experiment.muscle, seed: experiment.seed)
    let settings = condition.settings(
      from: experiment.settings, noiseMicrovolts: noise ?? 5, muscle: &muscle, using: &random)
    return try SessionRecord(
      experiment, condition: condition, settings: settings, muscle: muscle)
  }

  private func report(_ record: SessionRecord) {
    let active = record.trueUnits.filter { $0.times.count >= 4 }.count
    print(
      "\(record.simulator.rawValue)-\(record.muscle) \(record.condition.rawValue): "
        + "\(record.units.count) identified, \(active) active, "
        + String(format: "%.1f CPU-s", record.decompositionSeconds))
    fflush(nil)
  }
}
