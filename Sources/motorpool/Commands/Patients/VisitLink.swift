import ArgumentParser
import FollowUp
import MotorUnits
import Registry
import Terminal

/// `motorpool visit link`.
struct VisitLink: RegistryUse {
  static let configuration = CommandConfiguration(
    commandName: "link",
    abstract: "Link the same motor units of two or more visits and store what was found again.",
    discussion: """
      Both visits need a decomposed array recording of the muscle. Where the earlier visit has two, \
      the second one is the same-day repeat that normalises survival. Links and values are stored; \
      visits that are linked already are linked again only with --replace, which withdraws the \
      former links and values and says so in the audit trail.

      With --visits, three to ten visits are linked jointly: a unit is one over all of them, and the \
      survival of units is stored for each visit with its interval.

      Examples:
        motorpool visit link P001 --from 2026-01-15 --to 2026-04-15 --muscle ta \\
          --side left
        motorpool visit link P001 --from 2026-01-15 --to 2026-04-15 --muscle ta \\
          --side left --json
        motorpool visit link P001 --visits 2026-01-15 2026-04-15 2026-07-15 \\
          --muscle ta --side left
      """)

  @OptionGroup var patient: PatientArguments

  @Option(help: "Day of the earlier of two visits (YYYY-MM-DD).")
  var from: CivilDate?

  @Option(help: "Day of the later of two visits (YYYY-MM-DD).")
  var to: CivilDate?

  @Option(parsing: .upToNextOption, help: "Days of three to ten visits (YYYY-MM-DD).")
  var visits: [CivilDate] = []

  @Option(help: "Muscle, by name or usual abbreviation.")
  var muscle: String

  @Option(help: "Side: left, right or midline.")
  var side: BodySide

  @OptionGroup var matching: MatchingArguments

  @Flag(help: "Withdraw former links of these recordings and link again.")
  var replace = false

  @OptionGroup var registry: RegistryArguments

  func validate() throws {
    if visits.isEmpty {
      guard let from, let to else {
        throw ValidationError("name two visits with --from and --to, or more with --visits")
      }
      guard from.dayNumber < to.dayNumber else {
        throw ValidationError("--from has to be earlier than --to")
      }
      return
    }
    let range = UnitIdentities.visitRange
    guard from == nil, to == nil else {
      throw ValidationError("give either --from and --to or --visits")
    }
    guard range.contains(visits.count), Set(visits.map(\.dayNumber)).count == visits.count else {
      throw ValidationError(
        "--visits takes \(range.lowerBound) to \(range.upperBound) different days")
    }
  }

  func run() throws {
    let (registry, subject) = try registry.open(patient)
    if !visits.isEmpty { return try follow(registry, subject) }
    guard let from, let to else { return }
    let meter = ProgressMeter("linking \(from) and \(to)")
    let link = try VisitLinking(
      registry, subject: subject, from: from, to: to, muscle: muscle, side: side,
      configuration: try matching.configuration(), progress: meter.show)
    meter.finish()
    try link.store(in: registry, replacing: replace)
    let summary = VisitLinkSummary(link)
    try printing.write(summary, text: summary.text)
  }

  private func follow(_ registry: PatientRegistry, _ subject: Subject) throws {
    let configuration = try matching.followingConfiguration()
    let meter = ProgressMeter("visit link")
    let link = try VisitFollowing(
      registry, subject: subject, dates: visits, muscle: muscle, side: side,
      matching: configuration.matching, joining: configuration.joining, progress: meter.show)
    meter.finish()
    try link.store(in: registry, replacing: replace)
    let summary = VisitFollowingSummary(link)
    try printing.write(summary, text: summary.text)
  }
}
