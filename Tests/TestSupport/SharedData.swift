import Foundation
import Testing

/// The folder of reference recordings and results that some tests read in place.
///
/// Its place is `MOTORPOOL_SHARED`, by default `../shared` beside the package. Where a file is
/// missing the test is skipped with a message on a user's machine and fails in CI (`CI` set).
public enum SharedData {
  /// The folder itself.
  public static let folder: URL = {
    let environment = ProcessInfo.processInfo.environment
    if let path = environment["MOTORPOOL_SHARED"], !path.isEmpty {
      return URL(fileURLWithPath: path)
    }
    return packageFolder.deletingLastPathComponent().appendingPathComponent("shared")
  }()

  /// The package's own folder, found from where this source file was compiled.
  public static let packageFolder: URL = {
    var url = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { url.deleteLastPathComponent() }
    return url
  }()

  /// The URL of one file; where it is missing the test that asks for it counts as skipped.
  ///
  /// In CI a missing file is a failure, so that no test passes by being skipped there.
  /// - Throws: what ends the test, where the file is missing.
  public static func file(
    _ path: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> URL {
    let url = folder.appendingPathComponent(path)
    if FileManager.default.fileExists(atPath: url.path) { return url }
    if ProcessInfo.processInfo.environment["CI"] != nil { throw MissingReferenceFile(url: url) }
    #if compiler(>=6.3)
      try Test.cancel(
        "needs \(url.path) (set MOTORPOOL_SHARED to the folder that holds it)",
        sourceLocation: sourceLocation)
    #else
      throw MissingReferenceFile(url: url)
    #endif
  }
}

/// A reference file that is not there.
public struct MissingReferenceFile: Error, CustomStringConvertible {
  /// Where it was looked for.
  public let url: URL
  /// What is missing.
  public var description: String { "reference file missing: \(url.path)" }
}

/// Which tests run: the fast ones always, the long ones where `MOTORPOOL_LONG` is set.
public enum TestTier {
  /// Whether the long tier (sanitizers, kill tests, accuracy suites) was asked for.
  public static let isLong = ProcessInfo.processInfo.environment["MOTORPOOL_LONG"] != nil
}
