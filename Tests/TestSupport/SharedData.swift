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

  /// The URL of one file, or nil after a message where it is missing outside CI.
  ///
  /// In CI a missing file is recorded as a failure, so that no test passes by being skipped there.
  public static func url(_ path: String, sourceLocation: SourceLocation = #_sourceLocation) -> URL?
  {
    let url = folder.appendingPathComponent(path)
    if FileManager.default.fileExists(atPath: url.path) { return url }
    if ProcessInfo.processInfo.environment["CI"] != nil {
      Issue.record("reference file missing: \(url.path)", sourceLocation: sourceLocation)
    } else {
      print("skipped: needs \(url.path) (set MOTORPOOL_SHARED to the folder that holds it)")
    }
    return nil
  }
}

/// Which tests run: the fast ones always, the long ones where `MOTORPOOL_LONG` is set.
public enum TestTier {
  /// Whether the long tier (sanitizers, kill tests, accuracy suites) was asked for.
  public static let isLong = ProcessInfo.processInfo.environment["MOTORPOOL_LONG"] != nil
}
