import ArgumentParser
import FollowUp
import Registry

/// `motorpool therapy`: therapies and other interventions.
struct Therapies: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "therapy",
    abstract: "Note the therapies of a patient.",
    discussion: """
      The day of the first dose is the knot of every comparison before and after.

      Examples:
        motorpool therapy add P001 --start 2026-03-01 --kind tofersen --dose 100 \\
          --dose-unit "mg / 4 weeks"
      """,
    subcommands: [TherapyAdd.self])
}

/// `motorpool therapy add`.
struct TherapyAdd: RegistryEntry {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Note a therapy from its first dose on.",
    discussion: """
      Examples:
        motorpool therapy add P001 --start 2026-03-01 --kind tofersen
        motorpool therapy add P001 --start 2026-03-01 --stop 2026-09-01 \\
          --kind training --name "protocol B"
        motorpool therapy add P001 --start 2026-03-01 --kind cells --muscle TA \\
          --side left
      """)

  @OptionGroup var patient: PatientArguments

  @Option(help: "Day of the first dose (YYYY-MM-DD).")
  var start: CivilDate

  @Option(help: "What kind of therapy.")
  var kind: String

  @Option(help: "Product or protocol.")
  var name: String?

  @Option(help: "Day of the last dose (YYYY-MM-DD); none while it goes on.")
  var stop: CivilDate?

  @Option(help: "Amount of one dose.")
  var dose: Double?

  @Option(name: .customLong("dose-unit"), help: "Unit of the dose with its interval.")
  var doseUnit: String?

  @Option(help: "Muscle that was treated; none for the whole body.")
  var muscle: String?

  @Option(help: "Side that was treated, where the other is the control.")
  var side: BodySide?

  @OptionGroup var entry: EntryArguments

  func run() throws {
    let (registry, subject) = try registry.open(patient)
    let doubts = try acceptance.checked(
      registry.doubts(
        ofNew: Intervention(
          subject: subject.id, kind: kind, startDate: start, name: name, side: side),
        subject: subject), about: subject.pseudonym)
    let stored = try registry.addIntervention(
      subject: subject.id, kind: kind, startDate: start, stopDate: stop, name: name, dose: dose,
      doseUnit: doseUnit, muscle: muscle, side: side, doubts: doubts)
    let item = SubjectSummary.TherapyItem(stored)
    try printing.write(
      item,
      text: "\(subject.pseudonym): \(item.kind) from \(item.start)"
        + (item.stop.map { " to \($0)" } ?? "")
        + (item.placeText.isEmpty ? "" : ", \(item.placeText)"))
  }
}
