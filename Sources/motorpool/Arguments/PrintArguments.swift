import Analyses
import ArgumentParser
import Recordings

/// Whether a command prints for people or for machines.
struct PrintArguments: ParsableArguments {
  @Flag(help: "Print JSON instead of text.")
  var json = false

  /// Prints a summary as JSON, or the text that says the same to people.
  func write(_ summary: some Encodable, text: @autoclosure () throws -> String) throws {
    print(json ? try JSONText.of(summary) : try text(), terminator: json ? "" : "\n")
  }

  /// Prints a result as JSON that says where it comes from, or the text that says it to people.
  func write(
    _ result: some Encodable, from origin: @autoclosure () throws -> OutputOrigin,
    text: @autoclosure () throws -> String
  ) throws {
    print(
      json ? try JSONText.of(Sourced(result, from: origin())) : try text(),
      terminator: json ? "" : "\n")
  }
}
