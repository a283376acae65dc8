import ArgumentParser
import FollowUp
import Registry
import Reports

/// `motorpool visit list`.
struct VisitList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List a patient's visits with their recordings and values.",
    discussion: """
      Examples:
        motorpool visit list P001
        motorpool visit list P001 --json
      """)

  @OptionGroup var patient: PatientArguments

  @OptionGroup var registry: RegistryArguments

  @OptionGroup var printing: PrintArguments

  func run() throws {
    let (registry, subject) = try registry.open(patient)
    let values = Dictionary(
      grouping: try registry.measurements(subject: subject.id), by: \.visit)
    let outcomes = Dictionary(
      grouping: try registry.outcomes(subject: subject.id), by: \.visit)
    let warnings = Dictionary(
      grouping: try registry.openWarnings(subject: subject.id), by: \.visit)
    let visits = try registry.visits(subject: subject.id).map { visit in
      VisitSummary(
        visit, recordings: try registry.recordings(visit: visit.id),
        measurements: values[visit.id] ?? [], outcomes: outcomes[visit.id] ?? [],
        warnings: warnings[visit.id] ?? [])
    }
    let showsCounts = values.values.joined().contains { MeasuredKinds.isIdentifiedCount($0.kind) }
    let parts =
      visits.map(\.text) + (visits.isEmpty ? ["\(subject.pseudonym): no visits yet"] : [])
      + (showsCounts ? [ReportWording.identifiedCounts] : [])
    try printing.write(visits, text: parts.joined(separator: "\n\n"))
  }
}
