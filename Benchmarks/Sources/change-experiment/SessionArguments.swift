import ArgumentParser
import Foundation

/// The folder that `record` made.
struct SessionArguments: ParsableArguments {
  @Argument(help: "Folder with the sessions that record made.")
  var folder: String

  /// The sessions of one muscle.
  func sessions(_ simulator: ExperimentSimulator, _ number: Int) -> SessionFolder {
    SessionFolder(URL(fileURLWithPath: folder), simulator, number)
  }
}

/// The muscles of each simulator that a command goes through.
struct MuscleArguments: ParsableArguments {
  @Option(help: "First muscle of each simulator.")
  var from = 0
  @Option(help: "Muscles of each simulator up to this number, not included.")
  var upTo = 20

  func validate() throws {
    guard from >= 0, upTo > from else {
      throw ValidationError("--up-to has to exceed --from")
    }
  }
}

/// Every muscle of both simulators, with progress on standard error.
enum ExperimentMuscles {
  static func forEach(
    _ numbers: Range<Int>, _ body: (ExperimentSimulator, Int) throws -> Void
  ) rethrows {
    for number in numbers {
      for simulator in ExperimentSimulator.allCases { try body(simulator, number) }
      FileHandle.standardError.write(Data("\(number + 1)/\(numbers.upperBound)\r".utf8))
    }
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

  /// The file of a session.
  func file(_ condition: ExperimentCondition) -> URL {
    folder.appendingPathComponent("\(prefix)\(condition.rawValue).json")
  }

  /// Reads a session.
  func record(_ condition: ExperimentCondition) throws -> SessionRecord {
    try JSONDecoder().decode(SessionRecord.self, from: Data(contentsOf: file(condition)))
  }

  /// A session; nil where it was not recorded or cannot be read.
  subscript(condition: ExperimentCondition) -> SessionRecord? { try? record(condition) }

  /// The sessions after the reference that are there.
  var changed: [(condition: ExperimentCondition, record: SessionRecord)] {
    ExperimentCondition.allCases.filter { $0 != .reference }.compactMap { condition in
      self[condition].map { (condition, $0) }
    }
  }
}
