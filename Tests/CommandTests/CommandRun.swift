import Foundation
import Testing

/// One run of the built `motorpool` program in a folder of its own.
struct CommandRun {
  let code: Int32
  let output: String
  let errors: String

  /// Lines on standard error.
  var errorLines: [Substring] { errors.split(separator: "\n") }

  /// The program beside the test bundle, or the one that `MOTORPOOL_BINARY` names.
  static let program: URL = {
    if let named = ProcessInfo.processInfo.environment["MOTORPOOL_BINARY"], !named.isEmpty {
      return URL(fileURLWithPath: named)
    }
    let places = [
      Bundle.main.executableURL, URL(fileURLWithPath: CommandLine.arguments.first ?? ""),
      Bundle.main.bundleURL,
    ].compactMap { $0 }
    for place in places {
      var folder = place.deletingLastPathComponent()
      for _ in 0..<3 {
        let candidate = folder.appendingPathComponent("motorpool")
        if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
        folder.deleteLastPathComponent()
      }
    }
    return URL(fileURLWithPath: "motorpool")
  }()

  /// The output as JSON.
  func json() throws -> Any {
    try JSONSerialization.jsonObject(with: Data(output.utf8))
  }

  /// The output as a JSON object.
  func object() throws -> [String: Any] {
    try #require(try json() as? [String: Any])
  }
}

/// A temporary folder with a registry of its own, removed at the end.
final class CommandFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent(
      "motorpool-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: url)
  }

  /// The path of a file in the folder.
  func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  /// Writes a text file and returns its path.
  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    try Data(text.utf8).write(to: url.appendingPathComponent(name))
    return path(name)
  }

  /// Names of everything in the folder except the registry's own files.
  var contents: [String] {
    let names = (try? FileManager.default.subpathsOfDirectory(atPath: url.path)) ?? []
    return names.filter { !$0.hasPrefix("registry.sqlite") && !$0.hasPrefix(".run-") }.sorted()
  }

  /// Runs the program with the folder as its working and home folder.
  func run(_ arguments: String...) throws -> CommandRun {
    try run(arguments)
  }

  /// Runs the program with the folder as its working and home folder; JSON must keep to its schema.
  func run(_ arguments: [String], environment: [String: String] = [:]) throws -> CommandRun {
    let mark = ".run-\(UUID().uuidString)"
    let (out, err) = (
      url.appendingPathComponent(mark + "o"), url.appendingPathComponent(mark + "e")
    )
    for file in [out, err] { try Data().write(to: file) }
    let process = process(arguments)
    process.environment?.merge(environment) { $1 }
    let (outHandle, errHandle) = (
      try FileHandle(forWritingTo: out), try FileHandle(forWritingTo: err)
    )
    process.standardOutput = outHandle
    process.standardError = errHandle
    try process.run()
    process.waitUntilExit()
    try outHandle.close()
    try errHandle.close()
    defer { for file in [out, err] { try? FileManager.default.removeItem(at: file) } }
    let run = CommandRun(
      code: process.terminationStatus,
      output: String(decoding: try Data(contentsOf: out), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: err), as: UTF8.self))
    try JSONContract.check(arguments, run)
    return run
  }

  /// The program with its arguments, in this folder and its environment, not yet started.
  func process(_ arguments: [String]) -> Process {
    let process = Process()
    process.executableURL = CommandRun.program
    process.arguments = arguments
    process.currentDirectoryURL = url
    process.environment = [
      "HOME": url.path, "MOTORPOOL_REGISTRY": path("registry.sqlite"), "COLUMNS": "100",
      "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8",
    ]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    return process
  }

  /// Runs the program and requires that it succeeds with nothing on standard error.
  @discardableResult
  func succeed(
    _ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> CommandRun {
    let run = try run(arguments)
    try #require(
      run.code == 0, "\(arguments.joined(separator: " ")): \(run.errors)",
      sourceLocation: sourceLocation)
    #expect(run.errors.isEmpty, sourceLocation: sourceLocation)
    return run
  }

  /// Runs the program and expects one line on standard error, the given code and no new file.
  func fail(
    _ arguments: String..., code: Int32, says text: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = contents
    let run = try run(arguments)
    #expect(run.code == code, "\(run.errors)", sourceLocation: sourceLocation)
    #expect(run.errorLines.count == 1, "\(run.errors)", sourceLocation: sourceLocation)
    #expect(run.errors.contains(text), "\(run.errors)", sourceLocation: sourceLocation)
    #expect(contents == before, sourceLocation: sourceLocation)
  }
}
