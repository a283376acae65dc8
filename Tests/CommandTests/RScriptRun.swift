import Foundation
import Testing

/// Runs scripts of R where R and the packages that they need are installed.
enum RScriptRun {
  private static let program = "/usr/bin/Rscript"

  /// Whether R has all of the packages.
  static func has(_ packages: String...) -> Bool {
    guard FileManager.default.isExecutableFile(atPath: program) else { return false }
    let names = packages.map { "'\($0)'" }.joined(separator: ", ")
    let code = "quit(status = any(!sapply(c(\(names)), requireNamespace, quietly = TRUE)))"
    return (try? run(["-e", code], in: FileManager.default.temporaryDirectory).code) == 0
  }

  /// One line of a script's output: an effect with its numbers.
  struct Effect {
    let estimate: Double
    let error: Double
    let df: Double
    let p: Double

    /// Reads "estimate=1 se=2 df=3 p=4" or "estimate 1, standard error 2, df 3, p 4".
    init?(_ line: Substring) {
      let numbers = line.matches(of: /(?:estimate|se|error|df|p)[= ](-?[0-9.]+(?:e[-+]?[0-9]+)?)/)
        .compactMap { Double($0.1) }
      guard numbers.count == 4 else { return nil }
      (estimate, error, df, p) = (numbers[0], numbers[1], numbers[2], numbers[3])
    }
  }

  /// The effects that a script states were found here, and those that R finds.
  static func effects(
    of script: String, in folder: CommandFolder
  ) throws -> (here: [Effect], inR: [Effect]) {
    let text = try String(contentsOfFile: folder.path(script), encoding: .utf8)
    let here = text.split(separator: "\n").filter { $0.hasPrefix("# Found here") }.compactMap {
      Effect($0)
    }
    let found = try run([script], in: folder.url)
    #expect(found.code == 0, "\(found.output)")
    let inR = found.output.split(separator: "\n").filter { $0.contains("estimate=") }.compactMap {
      Effect($0)
    }
    return (here, inR)
  }

  private static func run(_ arguments: [String], in folder: URL) throws -> (
    code: Int32, output: String
  ) {
    let file = folder.appendingPathComponent("r-\(UUID().uuidString).txt")
    try Data().write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let handle = try FileHandle(forWritingTo: file)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = ["--vanilla"] + arguments
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = handle
    process.standardError = handle
    try process.run()
    process.waitUntilExit()
    try handle.close()
    return (process.terminationStatus, try String(contentsOf: file, encoding: .utf8))
  }
}
