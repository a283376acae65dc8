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
    try printing.write(visits, text: VisitSummary.text(visits, of: subject, in: registry))
  }
}
