import Analyses
import ArgumentParser
import FollowUp
import Registry

/// `motorpool visit`: visits with their recordings.
struct Visits: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "visit",
    abstract: "Add visits with their recordings, list and compare them.",
    discussion: """
      Examples:
        motorpool visit add P001 visit1.edf --date 2026-01-15 --muscle ta \\
          --side left
        motorpool visit list P001
        motorpool visit change P001 --from 2026-01-15 --to 2026-07-15
      """,
    subcommands: [
      VisitAdd.self, VisitReanalyse.self, VisitList.self, VisitLink.self, VisitChangeCommand.self,
      VisitChangeDate.self,
    ])
}

/// `motorpool visit add`.
struct VisitAdd: RegistryEntry {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Analyse the recordings of a visit and store what they hold.",
    discussion: """
      Recordings are known by the hash of their bytes, so that the same file is never counted \
      twice; neither file nor file name is stored. All files of one command are stored together or \
      not at all. With --from the visits of a table are added, each on its own: one that fails \
      stops no other, visits that are there already are passed over, so the same table can be given \
      again. CMAP scans (.MEM, or text tables with the columns stimulus,cmap) give an \
      estimate of the number of motor units; other recordings are decomposed. Responses to \
      supramaximal stimuli are named with --cmap, recordings of graded efforts for MUNIX with \
      --sip, tables of stimulation methods with --incremental, --multipoint, --mps and \
      --statistical; all of these need the CMAP. With --array-cmap the units of a decomposed array \
      give an estimate by spike-triggered averaging (see sta-mune). Without files the visit alone \
      is noted, for example as missed.

      Examples:
        motorpool visit add P001 visit1.edf --date 2026-01-15 \\
          --muscle "vastus lateralis" --side left
        motorpool visit add P001 rep1.wav rep2.wav --mv-per-fs 5 \\
          --date 2026-02-15 --muscle ta --side right
        motorpool visit add P001 scan.MEM --date 2026-02-15 --muscle apb \\
          --side right
        motorpool visit add P001 --cmap cmap.edf --sip effort.edf \\
          --date 2026-02-15 --muscle apb --side right
        motorpool visit add P001 --date 2026-03-15 --status missed \\
          --reason "hospital stay"
        motorpool visit add --from visits.csv --preview
        motorpool visit add P001 --from visits.csv
      """)

  @Argument(help: "Pseudonym of the patient; with --from it may stand in the table instead.")
  var pseudonym: String?

  @OptionGroup var input: VisitFileArguments

  @Option(
    help: ArgumentHelp(
      """
      Table of visits to add: patient, date, muscle, side, file (several separated by ;) and any \
      option of this command as a column.
      """, valueName: "table"))
  var from: String?

  @Flag(help: "Say what --from would add, and store nothing.")
  var preview = false

  @Option(
    name: .customLong("failures"),
    help: "File for the rows of --from that failed (default: NAME-failed.csv).")
  var failuresFile: String?

  @OptionGroup var outputs: OutputArguments

  @Option(help: "Day of the visit (YYYY-MM-DD).")
  var date: CivilDate?

  @Option(help: "Muscle, by name or usual abbreviation.")
  var muscle: String?

  @Option(help: "Side: left, right or midline.")
  var side: BodySide?

  @Option(help: "Name of the visit in the protocol, such as \"month 3\".")
  var nominal: String?

  @Option(help: "What became of a visit without files.")
  var status: Visit.Status?

  @Option(help: "Why the visit or parts of it are missing.")
  var reason: String?

  @OptionGroup var entry: EntryArguments

  func validate() throws {
    if from != nil {
      guard input.named.isEmpty, date == nil, muscle == nil, side == nil, status == nil,
        reason == nil
      else {
        throw ValidationError(
          "--from takes files, day, muscle, side, status and reason from the table; leave them out")
      }
      return
    }
    guard !preview, failuresFile == nil else {
      throw ValidationError("--preview and --failures belong to --from")
    }
    guard pseudonym != nil else { throw ValidationError("the patient's pseudonym is missing") }
    guard date != nil else { throw ValidationError("the day of the visit is missing: --date") }
    guard input.named.isEmpty || (muscle != nil && side != nil) else {
      throw ValidationError("a recording needs its --muscle and --side")
    }
    guard input.named.isEmpty || (status == nil && reason == nil) else {
      throw ValidationError("--status and --reason are for a visit without files")
    }
  }

  func run() throws {
    if let from { return try addAll(of: from) }
    guard let pseudonym, let date else { return }
    let registry = try registry.open()
    let subject = try registry.subject(pseudonym: pseudonym)
    let doubts = try acceptance.checked(
      (status == .planned ? [] : EntryDoubts.visit(date, subject, registry))
        + EntryDoubts.muscle(muscle, registry), about: "\(subject.pseudonym), \(date)")
    guard let muscle, let side, !input.named.isEmpty else {
      let visit = try registry.addVisit(
        subject: subject.id, date: date, nominal: nominal, status: status ?? .done,
        missingReason: reason, doubts: doubts)
      try printing.write(
        SubjectSummary.VisitItem(visit),
        text: "\(subject.pseudonym), \(date): visit noted as \(visit.status.rawValue)")
      return
    }
    let context = try input.context(muscle: muscle, side: side)
    let opened = try VisitFile.open(
      input.named, context: context, subject: subject, registry: registry)
    let entry = try VisitEntry(
      opened, of: subject, on: date, muscle: muscle, side: side, registry: registry,
      checked: { try acceptance.checked($0, about: $1) })
    let summary = try input.withProgress(opened) {
      try entry.store(context, nominal: nominal, visitDoubts: doubts, progress: $0)
    }
    try printing.write(summary, text: summary.text)
  }
}
