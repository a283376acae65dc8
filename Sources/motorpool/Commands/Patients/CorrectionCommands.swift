import ArgumentParser
import FollowUp
import Foundation
import Registry

/// `motorpool recording`: stored recordings.
struct RecordingCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recording",
    abstract: "Move stored recordings to where they belong.",
    discussion: """
      Examples:
        motorpool recording move 12 --to P002 \\
          --reason "files of two patients exchanged"
      """,
    subcommands: [RecordingMove.self])
}

/// `motorpool recording move`.
struct RecordingMove: RegistryEntry {
  static let configuration = CommandConfiguration(
    commandName: "move",
    abstract: "Move a recording with its values to another patient, visit, muscle or side.",
    discussion: """
      The number is that of visit list. Links of its units to other recordings, and what was worked \
      out from them, are withdrawn; link the visits again. All versions stay in the audit trail.

      Examples:
        motorpool recording move 12 --to P002 \\
          --reason "files of two patients exchanged"
        motorpool recording move 12 --date 2026-02-15 --side right \\
          --reason "entered wrongly"
      """)

  @Argument(help: "Number of the recording.")
  var number: RecordID

  @Option(help: "Pseudonym of the patient it belongs to.")
  var to: String?

  @Option(help: "Day of the visit it belongs to (YYYY-MM-DD); the visit is made if there is none.")
  var date: CivilDate?

  @Option(help: "Muscle, by name or usual abbreviation.")
  var muscle: String?

  @Option(help: "Side: left, right or midline.")
  var side: BodySide?

  @Option(help: "Why; it is part of the audit trail.")
  var reason: String

  @OptionGroup var entry: EntryArguments

  func validate() throws {
    guard to != nil || date != nil || muscle != nil || side != nil else {
      throw ValidationError("name at least one of --to, --date, --muscle, --side")
    }
  }

  func run() throws {
    let registry = try registry.open()
    let subject = try to.map { try registry.subject(pseudonym: $0) }
    var doubts = try EntryDoubts.muscle(muscle, registry)
    if let subject, let date { doubts += try EntryDoubts.visit(date, subject, registry) }
    _ = try acceptance.checked(doubts, about: "recording \(number)")
    let report = try registry.moveRecording(
      number,
      to: RecordingPlace(subject: subject?.id, date: date, muscle: muscle, side: side),
      reason: reason)
    try printing.write(report, text: "recording \(number) moved: \(report.text)")
  }
}

/// `motorpool visit change-date`.
struct VisitChangeDate: RegistryEntry {
  static let configuration = CommandConfiguration(
    commandName: "change-date",
    abstract: "Give a visit another day.",
    discussion: """
      Values that name the day as that of an earlier visit follow.

      Examples:
        motorpool visit change-date P001 --from 2026-01-15 --to 2026-01-16 \\
          --reason "wrong in source"
      """)

  @OptionGroup var patient: PatientArguments

  @Option(help: "Day of the visit as it is stored (YYYY-MM-DD).")
  var from: CivilDate

  @Option(help: "Its right day (YYYY-MM-DD).")
  var to: CivilDate

  @Option(help: "Why; it is part of the audit trail.")
  var reason: String

  @OptionGroup var entry: EntryArguments

  func run() throws {
    let (registry, subject) = try registry.open(patient)
    _ = try acceptance.checked(
      EntryDoubts.visit(to, subject, registry), about: "\(subject.pseudonym), \(to)")
    let report = try registry.changeDate(subject: subject.id, from: from, to: to, reason: reason)
    try printing.write(
      report, text: "\(subject.pseudonym): visit of \(from) is now of \(to): \(report.text)")
  }
}

/// `motorpool patient merge`.
struct PatientMerge: RegistryUse {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Join two pseudonyms that turn out to be one patient.",
    discussion: """
      Visits, recordings, values, therapies and events of the first come to the second, visits of one \
      day become one, and the first is withdrawn. Of recordings and scales that both hold, those of \
      the second stay. All versions stay in the audit trail.

      Examples:
        motorpool patient merge P014 --into P003 --reason "enrolled twice"
      """)

  @OptionGroup var patient: PatientArguments

  @Option(help: "Pseudonym that stays.")
  var into: String

  @Option(help: "Why; it is part of the audit trail.")
  var reason: String

  @OptionGroup var registry: RegistryArguments

  func run() throws {
    let (registry, subject) = try registry.open(patient)
    let second = try registry.subject(pseudonym: into)
    let report = try registry.mergeSubject(subject.id, into: second.id, reason: reason)
    try printing.write(
      report, text: "\(subject.pseudonym) joined to \(second.pseudonym): \(report.text)")
  }
}

/// `motorpool patient erase`.
struct PatientErase: RegistryUse {
  static let configuration = CommandConfiguration(
    commandName: "erase",
    abstract: "Erase a patient on their request: nothing of the content stays in the file.",
    discussion: """
      Every version of every record of the patient goes from the file, its log and its free pages. \
      The ledger keeps its entries with their hashes, so that all else can still be verified. This \
      cannot be undone. Backups, exports and reports made earlier still hold the patient; registry \
      files in the same folder are named. To take back a wrong entry use registry retract, which \
      keeps it.

      Examples:
        motorpool patient erase P001 --confirm P001 \\
          --reason "consent withdrawn on 2026-03-01"
      """)

  @OptionGroup var patient: PatientArguments

  @Option(help: "The pseudonym once more.")
  var confirm: String

  @Option(help: "Why; it is part of the audit trail, without the person's name.")
  var reason: String

  @OptionGroup var registry: RegistryArguments

  func validate() throws {
    guard confirm.lowercased() == patient.pseudonym.lowercased() else {
      throw ValidationError("--confirm \(confirm): expected \(patient.pseudonym) once more")
    }
  }

  func run() throws {
    let (registry, subject) = try registry.open(patient)
    let report = try registry.eraseSubject(subject.id, reason: reason)
    try printing.write(report, text: report.text)
  }
}
