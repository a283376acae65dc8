import ArgumentParser
import FollowUp
import Registry
import Reports

/// `motorpool visit list`.
struct VisitList: RegistryUse {
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

  func run() throws {
    let (registry, subject) = try registry.open(patient)
    let visits = try VisitSummary.all(subject, registry)
    let showsCounts = try registry.kindCounts(subject: subject.id).contains {
      MeasuredKinds.isIdentifiedCount($0.kind)
    }
    let parts =
      visits.map(\.text) + (visits.isEmpty ? ["\(subject.pseudonym): no visits yet"] : [])
      + (showsCounts ? [ReportWording.identifiedCounts] : [])
    try printing.write(visits, text: parts.joined(separator: "\n\n"))
  }
}
