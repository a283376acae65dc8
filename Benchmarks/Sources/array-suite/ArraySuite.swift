import ArgumentParser
import ArrayFigures
import Decomposition

/// Yield, calibration and scaling of the array decomposition on simulated recordings.
@main
struct ArraySuite: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "array-suite",
    abstract: "Yield, calibration and scaling of the array decomposition on simulated recordings.",
    subcommands: [
      YieldCommand.self, FitCommand.self, ScaleCommand.self, DirtyCommand.self, LimitCommand.self,
      DoubtsCommand.self,
      MeasureCommand.self,
    ])
}

/// Seeds as FIRST..LAST.
struct SeedRange: ExpressibleByArgument {
  let range: ClosedRange<UInt64>

  init?(argument: String) {
    let ends = argument.split(separator: ".").compactMap { UInt64($0) }
    guard ends.count == 2, ends[0] <= ends[1] else { return nil }
    range = ends[0]...ends[1]
  }
}

extension ArrayCase.Simulator: ExpressibleByArgument {}

/// An effort from what was typed.
func namedEffort(_ argument: String) throws -> ArrayConfiguration.Effort {
  guard let effort = ArrayConfiguration.Effort(rawValue: argument) else {
    let names = ArrayConfiguration.Effort.allCases.map(\.rawValue).joined(separator: ", ")
    throw ValidationError("The effort is one of \(names), not \(argument).")
  }
  return effort
}
