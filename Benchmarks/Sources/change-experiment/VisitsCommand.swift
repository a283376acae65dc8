import ArgumentParser
import Foundation
import Simulation

/// Simulates and decomposes the visits of each course; goes on where it was stopped.
struct VisitsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "visits",
    abstract: "Simulate and decompose five visits of each course; visits in the folder are kept.")

  @Argument(help: "Folder for the visits, one file each.")
  var folder: String
  @OptionGroup var muscles: MuscleArguments
  @Option(help: "Duration of each recording in seconds.")
  var duration = 20.0
  @Option(help: "Seed of muscles and visits.")
  var seed = RecordCommand.defaultSeed

  func validate() throws {
    guard duration >= 6 else { throw ValidationError("--duration has to be 6 or more") }
  }

  func run() throws {
    let place = VisitFolder(folder: URL(fileURLWithPath: folder))
    try FileManager.default.createDirectory(at: place.folder, withIntermediateDirectories: true)
    try ExperimentMuscles.forEach(muscles.from..<muscles.upTo) { simulator, number in
      let experiment = try ExperimentMuscle(
        simulator, number: number, duration: duration, seed: seed)
      var noise: Double?
      for course in VisitCourse.allCases {
        for visit in 0..<VisitCourse.visits {
          let file = place.file(experiment, course, visit: visit)
          if FileManager.default.fileExists(atPath: file.path) { continue }
          // The noise of a visit starts from that of the muscle at its own signal-to-noise ratio.
          let level = try noise ?? Self.noise(experiment)
          noise = level
          let record = try VisitRecord(experiment, course, visit: visit, noise: level)
          try JSONEncoder().encode(record).write(to: file, options: .atomic)
          print(
            "\(file.deletingPathExtension().lastPathComponent): \(record.truth.count) identified, "
              + "\(record.alive.count) alive, "
              + String(format: "%.1f CPU-s", record.decompositionSeconds))
          fflush(nil)
        }
      }
    }
  }

  /// The noise in microvolts that gives the undamaged muscle its signal-to-noise ratio.
  private static func noise(_ experiment: ExperimentMuscle) throws -> Double {
    try simulateArray(experiment.settings, muscle: experiment.muscle, threads: 1).noiseMicrovolts
  }
}
