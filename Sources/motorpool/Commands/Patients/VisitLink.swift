import ArgumentParser
import FollowUp
import Foundation
import MotorUnits
import Registry

/// `motorpool visit link`.
struct VisitLink: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "link",
    abstract: "Link the same motor units of two visits and store what was found again.",
    discussion: """
      Both visits need a decomposed array recording of the muscle. Where the earlier visit has two, \
      the second one is the same-day repeat that normalises survival. Links and values are stored; \
      visits that are linked already are linked again only with --replace, which withdraws the \
      former links and values and says so in the audit trail.

      Examples:
        motorpool visit link P001 --from 2026-01-15 --to 2026-04-15 --muscle ta \\
          --side left
        motorpool visit link P001 --from 2026-01-15 --to 2026-04-15 --muscle ta \\
          --side left --json
      """)

  @OptionGroup var visits: VisitPairArguments

  @Option(help: "Muscle, by name or usual abbreviation.")
  var muscle: String

  @Option(help: "Side: left, right or midline.")
  var side: BodySide

  @OptionGroup var matching: MatchingArguments

  @Flag(help: "Withdraw former links of these recordings and link again.")
  var replace = false

  @OptionGroup var registry: RegistryArguments

  @OptionGroup var printing: PrintArguments

  func run() throws {
    let (registry, subject) = try registry.open(visits.patient)
    let meter = ProgressMeter("linking \(visits.from) and \(visits.to)")
    let link = try VisitLinking(
      registry, subject: subject, from: visits.from, to: visits.to, muscle: muscle, side: side,
      configuration: try matching.configuration(), progress: meter.show)
    meter.finish()
    try link.store(in: registry, replacing: replace)
    let summary = VisitLinkSummary(link)
    try printing.write(summary, text: summary.text)
  }
}
