import ArgumentParser
import Registry

/// `motorpool visit change`.
struct VisitChangeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "change",
    abstract: "Tell whether the values of two visits differ by more than their errors.",
    discussion: """
      For each measure with a standard error: the change with its interval and the probability that \
      it exceeds the error, by the errors of the recordings alone and with what healthy people vary \
      between visits.

      Examples:
        motorpool visit change P001 --from 2026-01-15 --to 2026-07-15
        motorpool visit change P001 --from 2026-01-15 --to 2026-07-15 --measure scan-unit-count
      """)

  @Argument(help: "Pseudonym of the patient.")
  var pseudonym: String

  @Option(help: "Day of the earlier visit (YYYY-MM-DD).")
  var from: CivilDate

  @Option(help: "Day of the later visit (YYYY-MM-DD).")
  var to: CivilDate

  @Option(help: "One measure only, such as scan-unit-count.")
  var measure: String?

  @OptionGroup var registry: RegistryArguments

  @Flag(help: "Print JSON instead of text.")
  var json = false

  func run() throws {
    let registry = try registry.open()
    let subject = try registry.subject(pseudonym: pseudonym)
    let stored = try registry.kindCounts(subject: subject.id).map(\.kind)
    let change = try VisitChange(
      registry, subject: subject, from: from, to: to,
      measure: try measure.map { try MeasuredKinds.named($0, stored: stored) })
    print(json ? try JSONText.of(change) : change.text, terminator: json ? "" : "\n")
  }
}
