import Foundation
import Testing

@Suite("Help of every subcommand")
struct HelpTests {
  /// The command paths the program itself tells, the root as an empty path.
  private static func paths(_ folder: CommandFolder) throws -> [[String]] {
    let dump = try folder.succeed("--experimental-dump-help").object()
    func walk(_ command: [String: Any], _ path: [String]) -> [[String]] {
      let children = command["subcommands"] as? [[String: Any]] ?? []
      return [path]
        + children.flatMap { child -> [[String]] in
          guard let name = child["commandName"] as? String, name != "help",
            child["shouldDisplay"] as? Bool != false
          else { return [] }
          return walk(child, path + [name])
        }
    }
    return walk(try #require(dump["command"] as? [String: Any]), [])
  }

  @Test func helpIsAsStored() throws {
    let folder = try CommandFolder()
    let paths = try Self.paths(folder)
    #expect(paths.count > 25)
    for path in paths {
      let run = try folder.run(path + ["--help"])
      #expect(run.code == 0)
      #expect(run.output.contains("Examples:"), "\(path) has no examples")
      let isLeaf = !paths.contains { $0.count > path.count && $0.starts(with: path) }
      if isLeaf && path.first != "simulate" {
        #expect(run.output.contains("--json"), "\(path)")
      }
      let name = (["help"] + path).joined(separator: "-") + ".txt"
      try Snapshot.expect(run.output, name)
    }
  }

  @Test("Examples are not wrapped in a terminal of 80 columns")
  func examplesCanBePasted() throws {
    let folder = try CommandFolder()
    for path in try Self.paths(folder) {
      let run = try folder.run(path + ["--help"], environment: ["COLUMNS": "80"])
      var isExample = false
      var goesOn = false
      for line in run.output.split(separator: "\n", omittingEmptySubsequences: false) {
        if line == "Examples:" {
          isExample = true
        } else if line.isEmpty {
          isExample = false
        } else if isExample {
          #expect(
            line.hasPrefix(goesOn ? "    " : "  ") && line.count <= 80, "\(path): \(line)")
          goesOn = line.hasSuffix("\\")
        }
      }
    }
  }

  @Test(
    "A mistyped subcommand is answered with the one that was meant",
    arguments: [
      (["decompse", "x.wav"], "did you mean motorpool decompose?"),
      (["visit", "ad", "P001"], "did you mean motorpool visit add?"),
      (["elephant"], "motorpool --help lists them"),
    ])
  func mistypedCommands(arguments: [String], answer: String) throws {
    let run = try CommandFolder().run(arguments)
    #expect(run.code == 64)
    #expect(run.errors.contains(answer))
    #expect(run.errors.split(separator: "\n").count == 1)
  }
}
