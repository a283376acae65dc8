/// A therapy or other intervention, from its first to its last day.
public struct Intervention: RegistryRecord {
  /// The table of interventions.
  public static let table = RecordTable.intervention
  /// Number of the record; 0 before it is stored.
  public var id: RecordID
  /// The subject.
  public var subject: RecordID
  /// What kind of intervention, for example "antisense oligonucleotide", "riluzole", "training".
  public var kind: String
  /// Product or protocol name.
  public var name: String?
  /// First dose: the therapy date of comparisons before and after.
  public var startDate: CivilDate
  /// Last dose; nil while it goes on.
  public var stopDate: CivilDate?
  /// Amount of one dose.
  public var dose: Double?
  /// Unit of the dose, with its interval, for example "mg / 4 weeks".
  public var doseUnit: String?
  /// The muscle that it was given into; nil for the whole body.
  public var muscle: String?
  /// The side that it was given on; nil for the whole body.
  public var side: BodySide?

  /// An intervention not yet stored.
  public init(
    subject: RecordID, kind: String, startDate: CivilDate, stopDate: CivilDate? = nil,
    name: String? = nil, dose: Double? = nil, doseUnit: String? = nil, muscle: String? = nil,
    side: BodySide? = nil
  ) {
    id = 0
    self.subject = subject
    self.kind = kind
    self.name = name
    self.startDate = startDate
    self.stopDate = stopDate
    self.dose = dose
    self.doseUnit = doseUnit
    self.muscle = muscle.map(MuscleName.canonical)
    self.side = side
  }

  /// The intervention read from stored fields.
  public init(id: RecordID, fields: RecordFields) throws {
    self.id = id
    subject = try fields.required("subject", fields.integer("subject"), Self.table)
    kind = try fields.required("kind", fields.text("kind"), Self.table)
    name = fields.text("name")
    startDate = try fields.required("start_day", fields.date("start_day"), Self.table)
    stopDate = fields.date("stop_day")
    dose = fields.real("dose")
    doseUnit = fields.text("dose_unit")
    muscle = fields.text("muscle")
    side = fields.text("side").flatMap(BodySide.init(rawValue:))
  }

  /// The fields to store; throws `RegistryError.invalid` for an end before the start.
  public func fields() throws -> RecordFields {
    if let stopDate, stopDate < startDate {
      throw RegistryError.invalid(
        table: Self.table.rawValue, field: "stop date", found: "\(stopDate)",
        expected: "a day not before the start, \(startDate)")
    }
    var fields = RecordFields()
    fields.set("subject", id: subject)
    fields.set("kind", try FieldRule.nonEmpty(kind, "kind", Self.table))
    fields.set("name", name)
    fields.set("start_day", startDate)
    fields.set("stop_day", stopDate)
    try fields.set("dose", dose, table: Self.table)
    fields.set("dose_unit", doseUnit)
    fields.set("muscle", muscle.map(MuscleName.canonical))
    fields.set("side", side?.rawValue)
    return fields
  }
}
