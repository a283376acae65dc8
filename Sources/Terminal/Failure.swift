import Analyses
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
package enum Failure {
  /// Input refused: malformed, too short, unsupported.
  package static let refused: Int32 = 65
  /// Input cannot be opened.
  package static let noInput: Int32 = 66
  /// Registry busy or damaged.
  package static let unavailable: Int32 = 69
  /// Output cannot be written.
  package static let cannotWrite: Int32 = 73

  /// Wrong arguments.
  package static let wrongCall: Int32 = 64

  /// A failure of the command line itself, with its exit code.
  package struct Message: Error, CustomStringConvertible {
    package let description: String
    package let code: Int32

    package init(_ description: String, code: Int32 = Failure.refused) {
      self.description = description
      self.code = code
    }
  }

  /// Ends the program after one line on standard error.
  package static func end(_ message: String, code: Int32) -> Never {
    StandardStream.tell(message)
    exit(code)
  }

  /// The line and code of an error of this program; nil for those of an argument parser, which words them.
  package static func line(for error: any Error) -> (String, Int32)? {
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
      return (String(describing: error), wrongCall)
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
    default:
      if String(reflecting: type(of: error)).hasPrefix("ArgumentParser.") { return nil }
      return (String(describing: error), 1)
    }
  }

  private static func code(of kind: RecordingError.Kind) -> Int32 {
    switch kind {
    case .cannotOpen: return noInput
    case .cannotWrite: return cannotWrite
    case .wrongOption: return wrongCall
    default: return refused
    }
  }

  private static func code(of kind: AnalysisError.Kind) -> Int32 {
    switch kind {
    case .refused: return refused
    case .cannotOpen: return noInput
    case .cannotWrite: return cannotWrite
    case .wrongSetting: return wrongCall
    }
  }

  private static func code(of kind: FollowUpError.Kind) -> Int32 {
    switch kind {
    case .refused: return refused
    case .cannotOpen: return noInput
    case .cannotWrite: return cannotWrite
    case .wrongSetting: return wrongCall
    }
  }

  private static func code(of kind: BatchError.Kind) -> Int32 {
    switch kind {
    case .cannotOpen: noInput
    case .wrongCall: wrongCall
    case .refused: refused
    case .cannotWrite: cannotWrite
    case .unavailable: unavailable
    }
  }

  private static func code(of kind: UnitNumberError.Kind) -> Int32 {
    switch kind {
    case .cannotOpen, .damagedWeights: return noInput
    case .wrongSetting: return wrongCall
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
