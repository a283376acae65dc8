import ArgumentParser
import FollowUp
import Registry
import Terminal

/// `motorpool visit change`.
struct VisitChangeCommand: RegistryUse {
  static let configuration = CommandConfiguration(
    commandName: "change",
    abstract: "Tell whether the values of two visits differ by more than their errors.",
    discussion: """
      For each measure with a standard error: the change with its interval and the probability that \
      it exceeds the error, by the errors of the recordings alone and with what healthy people vary \
      between visits.

      Examples:
        motorpool visit change P001 --from 2026-01-15 --to 2026-07-15
        motorpool visit change P001 --from 2026-01-15 --to 2026-07-15 \\
          --measure scan-unit-count
      """)

  @OptionGroup var visits: VisitPairArguments

  @Option(help: "One measure only, such as scan-unit-count.")
  var measure: String?

  @OptionGroup var registry: RegistryArguments

  func run() throws {
    let (registry, subject) = try registry.open(visits.patient)
    let stored = try registry.kindCounts(subject: subject.id).map(\.kind)
    let change = try VisitChange(
      registry, subject: subject, from: visits.from, to: visits.to,
      measure: try measure.map { try MeasuredKinds.named($0, stored: stored) })
    try printing.write(
      change, from: .run("visit change", registry: registry), text: change.text)
  }
}
