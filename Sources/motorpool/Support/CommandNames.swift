import ArgumentParser
import Tables
import Terminal

/// Names of subcommands as they are typed.
///
/// The argument parser takes a mistyped subcommand for an argument that is too many, and suggests nothing.
enum CommandNames {
  /// Checks the words that stand where a subcommand is due.
  ///
  /// - Throws: `Failure.Message` with the subcommand that was probably meant.
  static func check(_ arguments: [String]) throws {
    var command: any ParsableCommand.Type = MotorPool.self
    var path = ["motorpool"]
    for word in arguments {
      let known = command.configuration.subcommands
      guard !known.isEmpty, !word.hasPrefix("-"), word != "help" else { return }
      if let next = known.first(where: { names(of: $0).contains(word) }) {
        command = next
        path.append(word)
        continue
      }
      // A default subcommand takes the word for its own argument.
      guard command.configuration.defaultSubcommand == nil else { return }
      let shown = known.filter { $0.configuration.shouldDisplay }.flatMap { names(of: $0) }
      let meant = LetterDistance.nearest(to: word, among: shown)
      throw Failure.Message(
        "\(word): no such command"
          + (meant.map { "; did you mean \(path.joined(separator: " ")) \($0)?" } ?? "")
          + (meant == nil ? "; \(path.joined(separator: " ")) --help lists them" : ""), code: 64)
    }
  }

  private static func names(of command: any ParsableCommand.Type) -> [String] {
    [command._commandName] + command.configuration.aliases
  }
}
