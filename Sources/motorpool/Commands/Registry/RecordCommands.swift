import ArgumentParser
import FollowUp
import Registry

/// `motorpool registry records`.
struct RegistryRecords: RegistryUse {
  static let configuration = CommandConfiguration(
    commandName: "records",
    abstract: "List the records of a patient with their numbers.",
    discussion: """
      The numbers are what registry correct, retract and history take.

      Examples:
        motorpool registry records P001
        motorpool registry records P001 --table measurement
      """)

  @OptionGroup var patient: PatientArguments

  @Option(help: "One table only, such as visit or measurement.")
  var table: RecordTable?

  @OptionGroup var registry: RegistryArguments

  func run() throws {
    let (registry, subject) = try registry.open(patient)
    let records = try registry.records(subject: subject.id).filter {
      table == nil || $0.table == table
    }
    try printing.write(records, text: StoredRecord.text(records))
  }
}

/// `motorpool registry history`.
struct RegistryHistory: RegistryUse {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "Show every version of a record with who, when and why.",
    discussion: """
      Examples:
        motorpool registry history 57
      """)

  @Argument(help: "Number of the record.")
  var number: RecordID

  @OptionGroup var registry: RegistryArguments

  func run() throws {
    let changes = try registry.open().history(number: number).map(ChangeSummary.init)
    try printing.write(changes, text: ChangeSummary.text(changes))
  }
}

/// `motorpool registry correct`.
struct RegistryCorrect: RegistryEntry {
  static let configuration = CommandConfiguration(
    commandName: "correct",
    abstract: "Correct values of a record; the earlier version stays in the file.",
    discussion: """
      Values are NAME=VALUE with the names that registry records prints; NAME= takes a value away. \
      Entries of a patient's attributes, of conditions and of the items of a scale are \
      attribute.NAME, condition.NAME and item.NAME. Moving a recording to another visit, muscle or \
      side moves its measurements too. Results of analyses are not corrected but retracted, and \
      analysed again.

      Examples:
        motorpool registry correct 57 value=84 --reason "digits transposed"
        motorpool registry correct 12 date=2026-01-16 \\
          --reason "wrong day in the source"
        motorpool registry correct 3 arm=placebo attribute.sod1=yes \\
          --reason "randomisation list"
      """)

  @Argument(help: "Number of the record.")
  var number: RecordID

  @Argument(help: "Values as NAME=VALUE.")
  var values: [String]

  @Option(help: "Why; it is part of the audit trail.")
  var reason: String

  @OptionGroup var entry: EntryArguments

  func run() throws {
    let changes = try NamedValues.texts(values, takesEmpty: true)
    _ = try acceptance.checked(
      EntryDoubt.personal(correction: changes), about: "record \(number)")
    let record = try registry.open().correct(number: number, changes: changes, reason: reason)
    try printing.write(
      record,
      text: "\(record.table.rawValue) \(record.id) corrected: \(record.valuesText)")
  }
}

/// `motorpool registry retract`.
struct RegistryRetract: RegistryUse {
  static let configuration = CommandConfiguration(
    commandName: "retract",
    abstract: "Withdraw a record; every version stays in the file.",
    discussion: """
      A record to which others belong (a visit with its values, a patient) is withdrawn only with \
      --with-dependents, and all of them with it, in one transaction.

      Examples:
        motorpool registry retract 57 --reason "stimulator not calibrated"
        motorpool registry retract 12 --reason "visit of another patient" \\
          --with-dependents
      """)

  @Argument(help: "Number of the record.")
  var number: RecordID

  @Option(help: "Why; it is part of the audit trail.")
  var reason: String

  @Flag(name: .customLong("with-dependents"), help: "Withdraw what belongs to the record too.")
  var withDependents = false

  @OptionGroup var registry: RegistryArguments

  func run() throws {
    let report = try registry.open().retract(
      number: number, reason: reason, includingDependents: withDependents)
    try printing.write(report, text: report.text)
  }
}

extension RecordTable: ExpressibleByArgument {}
