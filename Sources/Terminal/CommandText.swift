import Foundation

/// The command line as a user would type it, for provenance.
package enum CommandText {
  /// The program's name and its arguments, quoted where a shell needs it; paths keep their last
  /// component only, so that reports tell nothing of the machine they were made on.
  package static var invocation: String {
    (["motorpool"] + CommandLine.arguments.dropFirst().map(shortened)).joined(separator: " ")
  }

  /// The same with some arguments, such as names of files, written as "…".
  package static func invocation(hiding hidden: [String]) -> String {
    (["motorpool"]
      + CommandLine.arguments.dropFirst().map { argument in
        hidden.contains(argument) ? "…" : shortened(argument)
      }).joined(separator: " ")
  }

  private static func shortened(_ argument: String) -> String {
    let name =
      argument.hasPrefix("/") ? URL(fileURLWithPath: argument).lastPathComponent : argument
    let isPlain = name.allSatisfy { $0.isLetter || $0.isNumber || "-_./=:+%,".contains($0) }
    return isPlain && !name.isEmpty
      ? name : "'" + name.replacingOccurrences(of: "'", with: "'\\''") + "'"
  }
}
