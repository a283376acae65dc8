import Foundation
import TestSupport
import Testing

/// What the program promises of its JSON: each command's output keeps to the schema of its name.
enum JSONContract {
  /// Words of each command that can print JSON, by the program's own list of commands.
  static let commands = Result { try commandsWithJSON() }

  private static func commandsWithJSON() throws -> [[String]] {
    let folder = try CommandFolder()
    let process = folder.process(["--experimental-dump-help"])
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let text = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let dump = try JSONDecoder().decode(JSONTree.self, from: text)
    func walk(_ command: JSONTree, _ path: [String]) -> [[String]] {
      let children = command.members["subcommands"]?.entries ?? []
      let below = children.flatMap { child -> [[String]] in
        guard let name = child.members["commandName"]?.text, name != "help" else { return [] }
        return walk(child, path + [name])
      }
      let names = (command.members["arguments"]?.entries ?? []).flatMap {
        $0.members["names"]?.entries ?? []
      }
      return names.contains { $0.members["name"]?.text == "json" } ? [path] + below : below
    }
    return walk(dump.members["command"] ?? .null, [])
  }

  /// The name of the schema that the output of a call keeps to; nil where it prints no JSON.
  static func schema(_ arguments: [String]) throws -> String? {
    guard arguments.contains("--json") else { return nil }
    return try commands.get().filter { arguments.starts(with: $0) }
      .max { $0.count < $1.count }?.joined(separator: "-")
  }

  /// Checks what a call that ended well printed, and says what is wrong.
  static func check(_ arguments: [String], _ run: CommandRun) throws {
    guard run.code == 0, let name = try schema(arguments) else { return }
    let schemas = try JSONSchemas.project.get()
    // Discharges come line by line, the summaries of several recordings one after the other.
    if arguments.contains("--stream"), arguments.contains("-") {
      for line in run.output.split(separator: "\n") {
        try expect(String(line), "apply-line", schemas, arguments)
      }
    } else if let value = try? JSONTree.reading(run.output) {
      let problems = schemas.problems(value, schema: name)
      #expect(problems.isEmpty, "\(arguments.joined(separator: " ")): \(problems.prefix(10))")
    }
  }

  /// Checks a text against a schema.
  static func expect(
    _ text: String, _ name: String, _ schemas: JSONSchemas, _ about: [String] = []
  ) throws {
    let problems = schemas.problems(try JSONTree.reading(text), schema: name)
    #expect(problems.isEmpty, "\(about.joined(separator: " ")): \(problems.prefix(10))")
  }
}
