import ArgumentParser
import FollowUp
import Registry

/// `motorpool outcome`: clinical scales and vital capacity.
struct Outcomes: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "outcome",
    abstract: "Note clinical outcomes: ALSFRS-R and slow vital capacity.",
    discussion: """
      Examples:
        motorpool outcome add P001 --date 2026-02-01 --alsfrs 41 --svc 87
      """,
    subcommands: [OutcomeAdd.self])
}

/// `motorpool outcome add`.
struct OutcomeAdd: RegistryEntry {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Note the outcomes of a day; the visit is made if there is none.",
    discussion: """
      Items of the ALSFRS-R: speech, salivation, swallowing, handwriting, cutting, dressing, \
      turning, walking, climbing, dyspnea, orthopnea, respiratory-insufficiency. With all twelve \
      the total is their sum.

      Examples:
        motorpool outcome add P001 --date 2026-02-01 --alsfrs 41
        motorpool outcome add P001 --date 2026-02-01 --item speech=4 \\
          --item walking=2
        motorpool outcome add P001 --date 2026-02-01 --svc 87
      """)

  @OptionGroup var patient: PatientArguments

  @Option(help: "Day of the visit (YYYY-MM-DD).")
  var date: CivilDate

  @Option(name: .customLong("alsfrs"), help: "Total of the ALSFRS-R, 0 to 48 points.")
  var alsfrs: Double?

  @Option(help: "An item of the ALSFRS-R as NAME=POINTS, 0 to 4; can be repeated.")
  var item: [String] = []

  @Option(help: "Slow vital capacity in percent of predicted.")
  var svc: Double?

  @Option(name: .customLong("svc-litres"), help: "Slow vital capacity in litres.")
  var svcLitres: Double?

  @OptionGroup var entry: EntryArguments

  func validate() throws {
    guard alsfrs != nil || !item.isEmpty || svc != nil || svcLitres != nil else {
      throw ValidationError("name at least one of --alsfrs, --item, --svc, --svc-litres")
    }
  }

  func run() throws {
    let items = try NamedValues.numbers(item, option: "--item")
    let outcomes = Outcome.noted(
      alsfrs: alsfrs, items: items, vitalCapacityPercent: svc, vitalCapacityLitres: svcLitres)
    let (registry, subject) = try registry.open(patient)
    let doubts = try acceptance.checked(
      EntryDoubts.visit(date, subject, registry) + EntryDoubts.outcomes(svc, svcLitres),
      about: "\(subject.pseudonym), \(date)")
    let stored = try registry.storeVisit(
      subject: subject.id, date: date, outcomes: outcomes, doubts: doubts)
    let summaries = stored.outcomes.map(OutcomeSummary.init)
    let lines = summaries.map { "\(subject.pseudonym), \(date): \($0.text(" "))" }
    try printing.write(summaries, text: lines.joined(separator: "\n"))
  }
}
