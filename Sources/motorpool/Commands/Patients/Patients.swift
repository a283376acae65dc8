import ArgumentParser
import FollowUp
import Registry

/// `motorpool patient`: the patients of the registry.
struct Patients: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "patient",
    abstract: "Add, list and show patients by their pseudonyms.",
    discussion: """
      Patients are known by a study code only: names and dates of birth are refused.

      Examples:
        motorpool patient add P001 --arm treated --onset 2024-06-01
        motorpool patient list
        motorpool patient show P001 --json
      """,
    subcommands: [
      PatientAdd.self, PatientList.self, PatientShow.self, PatientMerge.self, PatientErase.self,
    ])
}

/// `motorpool patient add`.
struct PatientAdd: RegistryEntry {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Add a patient; the registry is made if there is none.",
    discussion: """
      Examples:
        motorpool patient add P001
        motorpool patient add ALS-0042 --study TRIAL1 --site BER --arm placebo
        motorpool patient add P003 --onset 2024-06-01 --onset-site bulbar \\
          --attribute sod1=yes
      """)

  @Argument(help: "Pseudonym: a study code such as P01 or ALS-0042.")
  var pseudonym: String

  @Option(help: "Study the patient belongs to.")
  var study: String?

  @Option(help: "Hospital or laboratory.")
  var site: String?

  @Option(help: "Treatment arm, such as treated or placebo.")
  var arm: String?

  @Option(help: "First day of symptoms (YYYY-MM-DD).")
  var onset: CivilDate?

  @Option(name: .customLong("onset-site"), help: "Where symptoms began, such as limb or bulbar.")
  var onsetSite: String?

  @Option(help: "A further property as NAME=VALUE; can be repeated.")
  var attribute: [String] = []

  @OptionGroup var entry: EntryArguments

  func run() throws {
    let attributes = try NamedValues.texts(attribute, option: "--attribute")
    // Checked first: no registry is made for a pseudonym that is refused.
    let pseudonym = try Pseudonym.validated(pseudonym)
    let person = Subject(pseudonym: pseudonym, onsetDate: onset, attributes: attributes)
    let doubts = try acceptance.checked(
      EntryDoubt.personal(pseudonym: pseudonym, attributes: attributes)
        + EntryDoubt.onset(of: person, today: .today), about: pseudonym)
    let subject = try registry.open(creating: true).addSubject(
      pseudonym: pseudonym, study: study, site: site, arm: arm, onsetDate: onset,
      onsetSite: onsetSite, attributes: attributes, doubts: doubts)
    try printing.write(
      SubjectSummary(subject), text: "\(subject.pseudonym): added to \(registry.path)")
  }
}

/// `motorpool patient list`.
struct PatientList: RegistryUse {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the patients with their visits and therapies.",
    discussion: """
      Examples:
        motorpool patient list
        motorpool patient list --json
      """)

  @OptionGroup var registry: RegistryArguments

  func run() throws {
    let registry = try registry.open()
    let summaries = try SubjectSummary.all(registry)
    try printing.write(
      summaries,
      text: summaries.isEmpty
        ? "no patients in \(registry.path); add one with motorpool patient add"
        : SubjectSummary.text(summaries))
  }
}

/// `motorpool patient show`.
struct PatientShow: RegistryUse {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show what the registry holds of one patient.",
    discussion: """
      Examples:
        motorpool patient show P001
        motorpool patient show P001 --json
      """)

  @OptionGroup var patient: PatientArguments

  @OptionGroup var registry: RegistryArguments

  func run() throws {
    let registry = try registry.open()
    let summary = try PatientSummary(patient.pseudonym, registry)
    try printing.write(
      summary,
      text: summary.text(
        withoutVisits: "add one with motorpool visit add or motorpool measure add"))
  }
}
