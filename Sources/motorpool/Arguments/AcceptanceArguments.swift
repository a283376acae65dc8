import ArgumentParser
import FollowUp
import Foundation
import Registry
import Terminal

/// What a command stores in spite of doubts.
struct AcceptanceArguments: ParsableArguments {
  @Flag(
    help: """
      Store it although it may be a mix-up; the doubt is kept as a warning until it is accepted \
      (registry accept).
      """)
  var accept = false

  /// The doubts to store; those that may be a mix-up stop the command unless they are accepted.
  ///
  /// - Throws: `Failure.Message`.
  func checked(_ doubts: [EntryDoubt], about: String) throws -> [EntryDoubt] {
    let grave = doubts.filter(\.isMixUp)
    guard grave.isEmpty || accept else {
      throw Failure.Message(
        "\(about): " + grave.map(\.text).joined(separator: "; ")
          + "; nothing was stored; correct it, or give --accept to store it with this warning")
    }
    return doubts
  }
}

/// What a command takes that stores something.
struct EntryArguments: ParsableArguments {
  @OptionGroup var acceptance: AcceptanceArguments

  @OptionGroup var registry: RegistryArguments
}

/// A command that stores something in the registry.
protocol RegistryEntry: RegistryUse {
  var entry: EntryArguments { get }
}

extension RegistryEntry {
  var registry: RegistryArguments { entry.registry }
  /// What it stores in spite of doubts.
  var acceptance: AcceptanceArguments { entry.acceptance }
}

/// `motorpool registry accept`.
struct RegistryAccept: RegistryUse {
  static let configuration = CommandConfiguration(
    commandName: "accept",
    abstract: "Accept a warning: it is no longer shown.",
    discussion: """
      visit list, patient show and reports show the warnings with their numbers. Who accepted one, \
      when and why is part of the audit trail.

      Examples:
        motorpool registry accept 57 \\
          --reason "date of the amplifier was wrong, see log of the day"
      """)

  @Argument(help: "Number of the warning.")
  var number: RecordID

  @Option(help: "Why; it is part of the audit trail.")
  var reason: String

  @OptionGroup var registry: RegistryArguments

  func run() throws {
    let accepted = try registry.open().acceptWarning(number, reason: reason)
    try printing.write(
      WarningSummary(accepted),
      text: "warning \(number) accepted by \(accepted.acceptedBy ?? ""): \(accepted.text)")
  }
}
