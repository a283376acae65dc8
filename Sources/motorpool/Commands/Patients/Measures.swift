import ArgumentParser
import FollowUp
import Registry
import Reports
import Terminal

/// `motorpool measure`: values measured elsewhere.
struct Measures: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "measure",
    abstract: "Note values that were measured elsewhere, such as MUNIX.",
    discussion: """
      Examples:
        motorpool measure add P001 --date 2026-01-15 --kind munix --value 84 \\
          --muscle apb --side left
        motorpool measure kinds
      """,
    subcommands: [MeasureAdd.self, MeasureKinds.self])
}

/// `motorpool measure add`.
struct MeasureAdd: RegistryEntry {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Note a value of a day; the visit is made if there is none.",
    discussion: """
      The value is in the kind's own unit (motorpool measure kinds lists them). A second value of \
      the same day, kind, muscle and side is a repetition and needs its number.

      Examples:
        motorpool measure add P001 --date 2026-01-15 --kind munix --value 84 \\
          --muscle apb --side left
        motorpool measure add P001 --date 2026-01-15 --kind munix --value 88 \\
          --muscle apb --side left --replicate 2
        motorpool measure add P001 --date 2026-01-15 --kind scan-unit-count \\
          --value 61 --se 7 --muscle "abductor pollicis brevis" --side left
        motorpool measure add P001 --date 2026-01-15 --kind grip-force \\
          --value 212 --unit N
      """)

  @OptionGroup var patient: PatientArguments

  @Option(help: "Day of the visit (YYYY-MM-DD).")
  var date: CivilDate

  @Option(help: "What was measured, such as munix.")
  var kind: String

  @Option(help: "The value, in the kind's unit.")
  var value: Double

  @Option(name: .customLong("se"), help: "Standard error of the value, in the same unit.")
  var standardError: Double?

  @Option(help: "Muscle, by name or usual abbreviation.")
  var muscle: String?

  @Option(help: "Side: left, right or midline.")
  var side: BodySide?

  @Option(help: "Number of the repetition at this visit, from 1.")
  var replicate = 1

  @Option(help: "Verdict of quality control; failed values stay out of fits.")
  var quality: Measurement.Quality = .pass

  @Option(help: "Unit, for a kind of your own.")
  var unit: String?

  @Option(help: "A condition as NAME=VALUE, such as force=20; can be repeated.")
  var condition: [String] = []

  @OptionGroup var entry: EntryArguments

  func run() throws {
    let measured = MeasurementKind(id: kind.lowercased())
    guard measured.isKnown || unit != nil else {
      throw Failure.Message(
        "measure \(kind): not a kind this program knows; motorpool measure kinds lists them, and a "
          + "kind of your own needs its --unit", code: 64)
    }
    guard !measured.isOutcome else {
      throw Failure.Message(
        "measure \(kind): a clinical outcome; note it with motorpool outcome add", code: 64)
    }
    let measurement = Measurement(
      kind: measured, value: value, unit: unit, standardError: standardError, quality: quality,
      replicate: replicate, muscle: muscle, side: side,
      conditions: try NamedValues.texts(condition, option: "--condition"))
    let (registry, subject) = try registry.open(patient)
    let doubts = try acceptance.checked(
      EntryDoubts.visit(date, subject, registry) + EntryDoubt.value(measurement)
        + EntryDoubts.muscle(muscle, registry), about: "\(subject.pseudonym), \(date)")
    let stored = try registry.storeVisit(
      subject: subject.id, date: date, measurements: [measurement], doubts: doubts)
    let summaries = stored.measurements.map { MeasurementSummary($0) }
    let lines =
      summaries.map { "\(subject.pseudonym), \(date): \($0.text)" }
      + (MeasuredKinds.isIdentifiedCount(measured) ? [ReportWording.identifiedCounts] : [])
    try printing.write(summaries, text: lines.joined(separator: "\n"))
  }
}

/// `motorpool measure kinds`.
struct MeasureKinds: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kinds",
    abstract: "List the kinds of measurement with unit, scale and caveat.",
    discussion: """
      Examples:
        motorpool measure kinds
        motorpool measure kinds --json
      """)

  @OptionGroup var printing: PrintArguments

  func run() throws {
    let kinds = MeasurementKind.known.map(KindSummary.init)
    try printing.write(kinds, text: KindSummary.text(kinds))
  }
}
