import Analyses
import Decomposition
import FollowUp
import Foundation
import Progression
import Recordings
import Registry

/// Why a request, or the viewer's start, failed; the description is one line.
public struct ViewerError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What kind of failure it is.
  public enum Kind: String, Sendable {
    /// The request makes no sense.
    case badRequest
    /// No session.
    case unauthorised
    /// Not from this page, or not allowed.
    case forbidden
    /// There is no such thing.
    case notFound
    /// Another edit came first, or the edit does not fit.
    case conflict
    /// The request is too large.
    case tooLarge
    /// The request took too long to arrive.
    case tooSlow
    /// Too many tries.
    case tooMany
    /// A file of the viewer is damaged.
    case damaged
    /// A file cannot be written.
    case cannotWrite
    /// The recording cannot be used for this.
    case unusable
    /// Anything else.
    case failed
  }

  /// What kind of failure it is.
  public let kind: Kind
  /// One line: what was found, what to do.
  public let description: String

  /// An error from its parts.
  public init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }

  static func badRequest(_ text: String) -> ViewerError { .init(.badRequest, text) }
  static func notFound(_ text: String) -> ViewerError { .init(.notFound, text) }
  static func conflict(_ text: String) -> ViewerError { .init(.conflict, text) }
  static func damaged(_ text: String) -> ViewerError { .init(.damaged, text) }
  static func cannotWrite(_ text: String) -> ViewerError { .init(.cannotWrite, text) }
  static func unusable(_ text: String) -> ViewerError { .init(.unusable, text) }

  /// Any error as one of these.
  public init(_ error: any Error) {
    switch error {
    case let error as ViewerError: self = error
    case let error as RecordingError:
      switch error.kind {
      case .cannotWrite: self.init(.cannotWrite, error.description)
      case .cannotOpen: self.init(.notFound, error.description)
      default: self.init(.unusable, error.description)
      }
    case let error as AnalysisError:
      switch error.kind {
      case .refused: self.init(.unusable, error.description)
      case .cannotOpen: self.init(.notFound, error.description)
      case .cannotWrite: self.init(.cannotWrite, error.description)
      case .wrongSetting: self.init(.badRequest, error.description)
      }
    case let error as DecompositionError: self.init(.unusable, error.description)
    case let error as RegistryError: self.init(Self.kind(error), error.description)
    case let error as FollowUpError:
      switch error.kind {
      case .wrongSetting: self.init(.badRequest, error.description)
      case .cannotWrite: self.init(.cannotWrite, error.description)
      case .refused, .cannotOpen: self.init(.notFound, error.description)
      }
    case let error as ProgressionError: self.init(.unusable, error.description)
    default: self.init(.failed, "\(error)")
    }
  }

  private static func kind(_ error: RegistryError) -> Kind {
    switch error {
    case .cannotOpen, .noSuchFile, .notFound: .notFound
    case .badPseudonym, .invalid, .reasonMissing, .unreadable, .importRefused: .badRequest
    case .alreadyExists, .alreadyStored, .fileExists, .wouldLoseRecords: .conflict
    case .notARegistry, .newerSchema, .tampered: .damaged
    case .database: .failed
    }
  }

  /// The HTTP status.
  public var status: Int {
    switch kind {
    case .badRequest: 400
    case .unauthorised: 401
    case .forbidden: 403
    case .notFound: 404
    case .conflict: 409
    case .tooLarge: 413
    case .tooSlow: 408
    case .tooMany: 429
    case .unusable: 422
    case .cannotWrite: 507
    case .damaged, .failed: 500
    }
  }

  /// The exit code of a program that ends with it.
  public var exitCode: Int32 {
    switch kind {
    case .notFound: 66
    case .unusable, .damaged, .badRequest: 65
    case .cannotWrite: 73
    default: 1
    }
  }
}
