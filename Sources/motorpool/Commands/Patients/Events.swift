import ArgumentParser
import FollowUp
import Registry

/// `motorpool event`: deaths, withdrawals and other clinical events.
struct Events: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "event",
    abstract: "Note deaths, withdrawals and other clinical events.",
    discussion: """
      Comparisons count and show them; values up to that day stay part of every fit.

      Examples:
        motorpool event add P001 --date 2026-11-02 --kind niv
      """,
    subcommands: [EventAdd.self])
}

/// `motorpool event add`.
struct EventAdd: RegistryEntry {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Note an event of a patient.",
    discussion: """
      Examples:
        motorpool event add P001 --date 2026-11-02 --kind death
        motorpool event add P002 --date 2026-08-20 --kind other \\
          --detail "fracture of the wrist"
      """)

  @OptionGroup var patient: PatientArguments

  @Option(help: "Day of the event (YYYY-MM-DD).")
  var date: CivilDate

  @Option(help: "What happened.")
  var kind: ClinicalEvent.Kind

  @Option(help: "More about it; no names.")
  var detail: String?

  @OptionGroup var entry: EntryArguments

  func run() throws {
    let (registry, subject) = try registry.open(patient)
    let doubts = try acceptance.checked(
      registry.doubts(
        ofNew: ClinicalEvent(subject: subject.id, kind: kind, date: date, detail: detail),
        subject: subject), about: subject.pseudonym)
    let event = try registry.addEvent(
      subject: subject.id, kind: kind, date: date, detail: detail, doubts: doubts)
    let item = PatientSummary.EventItem(
      kind: event.kind.rawValue, date: event.date.description, detail: event.detail)
    try printing.write(item, text: "\(subject.pseudonym): \(item.kind) on \(item.date)")
  }
}
