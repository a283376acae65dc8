import Analyses
import ArgumentParser
import Batch
import Decomposition
import FollowUp
import Foundation
import Progression
import Recordings
import Registry
import Reports
import Simulation
import Tables
import UnitNumber

/// Failures as users see them: one line on standard error and a documented exit code.
enum Failure {
  /// Input refused: malformed, too short, unsupported.
  static let refused: Int32 = 65
  /// Input cannot be opened.
  static let noInput: Int32 = 66
  /// Registry busy or damaged.
  static let unavailable: Int32 = 69
  /// Output cannot be written.
  static let cannotWrite: Int32 = 73

  /// A failure of the command line itself, with its exit code.
  struct Message: Error, CustomStringConvertible {
    let description: String
    let code: Int32

    init(_ description: String, code: Int32 = Failure.refused) {
      self.description = description
      self.code = code
    }
  }

  /// Ends the program after one line on standard error.
  static func exit(_ error: any Error) -> Never {
    guard let (message, code) = line(for: error) else {
      // Help and version belong on standard output, refused arguments on standard error.
      let code = MotorPool.exitCode(for: error).rawValue
      let text = MotorPool.fullMessage(for: error)
      if code == 0 {
        print(text)
      } else if !text.isEmpty {
        _ = StandardStream.write(TerminalText.safe(text) + "\n", to: STDERR_FILENO)
      }
      Foundation.exit(code)
    }
    StandardStream.tell(message)
    Foundation.exit(code)
  }

  /// The line and code of an error of this program; nil for those of the argument parser.
  static func line(for error: any Error) -> (String, Int32)? {
    switch error {
    case is CancellationError:
      return ("interrupted", Interruption.exitCode ?? 130)
    case let error as RecordingError:
      return (error.description(RemedyText.text), code(of: error.kind))
    case let error as AnalysisError:
      return (RemedyText.line(error.description, error.remedy), code(of: error.kind))
    case let error as FollowUpError:
      return (RemedyText.line(error.description, error.remedy), code(of: error.kind))
    case let error as TableError:
      return (error.description, error.kind == .cannotOpen ? noInput : refused)
    case let error as OutputError:
      return (
        error.description + (error.canBeForced ? "; give --force to replace it" : ""), cannotWrite
      )
    case let error as DecompositionError:
      return (error.description, refused)
    case let error as SimulationError:
      return (String(describing: error), 64)
    case let error as RegistryError:
      return (String(describing: error), code(of: error))
    case let error as ProgressionError:
      return (String(describing: error), refused)
    case let error as ReportsError:
      return (String(describing: error), refused)
    case let error as UnitNumberError:
      return (error.description, code(of: error.kind))
    case let error as BatchError:
      return (error.description, code(of: error.kind))
    case let error as Message:
      return (error.description, error.code)
    case is CleanExit, is ValidationError, is ExitCode:
      return nil
    default:
      if String(reflecting: type(of: error)).hasPrefix("ArgumentParser.") { return nil }
      return (String(describing: error), 1)
    }
  }

  private static func code(of kind: RecordingError.Kind) -> Int32 {
    switch kind {
    case .cannotOpen: return noInput
    case .cannotWrite: return cannotWrite
    case .wrongOption: return 64
    default: return refused
    }
  }

  private static func code(of kind: AnalysisError.Kind) -> Int32 {
    switch kind {
    case .refused: return refused
    case .cannotOpen: return noInput
    case .cannotWrite: return cannotWrite
    case .wrongSetting: return 64
    }
  }

  private static func code(of kind: FollowUpError.Kind) -> Int32 {
    switch kind {
    case .refused: return refused
    case .cannotOpen: return noInput
    case .cannotWrite: return cannotWrite
    case .wrongSetting: return 64
    }
  }

  private static func code(of kind: BatchError.Kind) -> Int32 {
    switch kind {
    case .cannotOpen: noInput
    case .wrongCall: 64
    case .refused: refused
    case .cannotWrite: cannotWrite
    case .unavailable: unavailable
    }
  }

  private static func code(of kind: UnitNumberError.Kind) -> Int32 {
    switch kind {
    case .cannotOpen, .damagedWeights: return noInput
    case .wrongSetting: return 64
    default: return refused
    }
  }

  private static func code(of error: RegistryError) -> Int32 {
    switch error {
    case .database, .tampered: return unavailable
    case .noSuchFile, .notARegistry, .newerSchema, .cannotOpen: return noInput
    case .fileExists: return cannotWrite
    default: return refused
    }
  }
}
