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
}
