import Foundation
import Testing

@Suite("What reaches the terminal")
struct StandardOutputTests {
  /// Runs a command with its standard output on a device.
  private func run(_ folder: CommandFolder, _ arguments: [String], to device: String) throws -> (
    code: Int32, errors: String
  ) {
    let process = folder.process(arguments)
    let output = try #require(FileHandle(forWritingAtPath: device))
    let errors = Pipe()
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    process.waitUntilExit()
    let text = String(
      decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    return (process.terminationStatus, text)
  }

  @Test func aFullDeviceIsAnError() throws {
    let folder = try CommandFolder()
    try folder.succeed("patient", "add", "P001")
    for arguments in [
      ["patient", "list"], ["patient", "list", "--json"], ["--help"], ["--version"],
    ] {
      let full = try run(folder, arguments, to: "/dev/full")
      #expect(full.code == 73, "\(arguments)")
      #expect(full.errors.contains("standard output cannot be written"))
      #expect(try run(folder, arguments, to: "/dev/null").code == 0)
    }
  }

  @Test func controlCharactersAreShownNotObeyed() throws {
    let folder = try CommandFolder()
    let text = "a\u{1B}[31mred\u{07}\u{7F}\u{9B}b\u{202E}c"
    try folder.write(
      "subject,date,kind,value,unit,attribute:note\nP1,2025-01-01,munix,80,1,\(text)\n", to: "t.csv"
    )
    try folder.succeed("import", "t.csv")
    let controls = CharacterSet.controlCharacters.subtracting(CharacterSet(charactersIn: "\n\t"))
    for arguments in [["patient", "show", "P1"], ["patient", "show", "P1", "--json"]] {
      let run = try folder.run(arguments)
      #expect(run.code == 0)
      #expect(run.output.unicodeScalars.allSatisfy { !controls.contains($0) })
      #expect(run.output.contains("\\u001b[31mred"))
    }
    let shown = try folder.succeed("patient", "show", "P1", "--json").object()
    let patient = try #require(shown["patient"] as? [String: Any])
    #expect((patient["attributes"] as? [String: String])?["note"] == text)
    let refused = try folder.run("info", "no\u{1B}[2J.edf")
    #expect(
      refused.code == 66 && refused.errors.unicodeScalars.allSatisfy { !controls.contains($0) })
    let unknown = try folder.run("info", "--no\u{1B}[2J")
    #expect(
      unknown.code == 64 && unknown.errors.unicodeScalars.allSatisfy { !controls.contains($0) })
  }
}
