/// A measured value of a visit, with its unit, error and quality.
public struct Measurement: RegistryRecord {
  /// The verdict of quality control.
  public enum Quality: String, Sendable, Codable, CaseIterable {
    /// Nothing against it.
    case pass
    /// Usable, but something was noted.
    case warn
    /// Not to be used in a fit.
    case fail
  }

  /// On which side of a limit a value lies that could not be measured.
  public enum Censoring: String, Sendable, Codable, CaseIterable {
    /// The true value is at most the stored one (detection limit).
    case below
    /// The true value is at least the stored one (saturation).
    case above
  }

  /// The table of measurements.
  public static let table = RecordTable.measurement
  /// Number of the record; 0 before it is stored.
  public var id: RecordID
  /// The visit.
  public var visit: RecordID
  /// The run that gave the value; nil for a value entered or imported.
  public var run: RecordID?
  /// What was measured.
  public var kind: MeasurementKind
  /// The value, in `unit`.
  public var value: Double
  /// Unit of value and standard error.
  public var unit: String
  /// Standard error of the value, if known, in the same unit.
  public var standardError: Double?
  /// Set where the value is only a limit.
  public var censoring: Censoring?
  /// Verdict of quality control.
  public var quality: Quality
  /// Number of the repetition at the same visit, from 1.
  public var replicate: Int
  /// Muscle, in the form of `MuscleName.canonical`.
  public var muscle: String?
  /// Side of the body.
  public var side: BodySide?
  /// Conditions of the measurement, for example "force_percent_mvc": "20".
  public var conditions: [String: String]

  /// A measurement not yet stored; the unit is the kind's own where none is given.
  ///
  /// Where a run is stored together with its measurements, visit and run are filled in.
  public init(
    visit: RecordID = 0, run: RecordID? = nil, kind: MeasurementKind, value: Double,
    unit: String? = nil, standardError: Double? = nil, censoring: Censoring? = nil,
    quality: Quality = .pass, replicate: Int = 1, muscle: String? = nil, side: BodySide? = nil,
    conditions: [String: String] = [:]
  ) {
    id = 0
    self.visit = visit
    self.run = run
    self.kind = kind
    self.value = value
    self.unit = unit.map(kind.canonicalUnit) ?? kind.unit
    self.standardError = standardError
    self.censoring = censoring
    self.quality = quality
    self.replicate = replicate
    self.muscle = muscle.map(MuscleName.canonical)
    self.side = side
    self.conditions = conditions
  }

  /// The measurement read from stored fields.
  public init(id: RecordID, fields: RecordFields) throws {
    self.id = id
    visit = try fields.required("visit", fields.integer("visit"), Self.table)
    run = fields.integer("run")
    kind = MeasurementKind(id: try fields.required("kind", fields.text("kind"), Self.table))
    value = try fields.required("value", fields.real("value"), Self.table)
    unit = try fields.required("unit", fields.text("unit"), Self.table)
    standardError = fields.real("standard_error")
    censoring = fields.text("censored").flatMap(Censoring.init(rawValue:))
    let quality = fields.text("qc").flatMap(Quality.init(rawValue:))
    self.quality = try fields.required("qc", quality, Self.table)
    replicate = try fields.required("replicate", fields.int("replicate"), Self.table)
    muscle = fields.text("muscle")
    side = fields.text("side").flatMap(BodySide.init(rawValue:))
    conditions = try fields.json("conditions")
  }

  /// The fields to store.
  ///
  /// - Throws: `RegistryError.invalid` for values that are not finite, outside the kind's range or
  ///   in a unit other than the kind's, and for outcomes, which have a table of their own.
  public func fields() throws -> RecordFields {
    func refuse(_ field: String, _ found: String, _ expected: String) -> RegistryError {
      .invalid(
        table: Self.table.rawValue, field: "\(field) of \(kind.id)", found: found,
        expected: expected)
    }
    guard !kind.isOutcome else {
      throw refuse("kind", "a clinical outcome", "a measurement; store it as an outcome")
    }
    guard value.isFinite, kind.allowedRange.contains(value) else {
      throw refuse("value", "\(value)", kind.rangeDescription)
    }
    guard !kind.isKnown || unit == kind.unit else {
      throw refuse(
        "unit", "\"\(unit)\"",
        "\(kind.unitDescription), or none; convert a value in another unit first")
    }
    if let standardError, !(standardError.isFinite && standardError >= 0) {
      throw refuse("standard error", "\(standardError)", "a finite number, at least 0")
    }
    guard replicate >= 1 else { throw refuse("replicate", "\(replicate)", "at least 1") }
    var fields = RecordFields()
    fields.set("visit", id: visit)
    fields.set("run", id: run)
    fields.set("kind", try MeasurementKind.validatedID(kind.id))
    try fields.set("value", value, table: Self.table)
    fields.set("unit", try FieldRule.nonEmpty(unit, "unit", Self.table))
    try fields.set("standard_error", standardError, table: Self.table)
    fields.set("censored", censoring?.rawValue)
    fields.set("qc", quality.rawValue)
    fields.set("replicate", replicate)
    fields.set("muscle", muscle.map(MuscleName.canonical))
    fields.set("side", side?.rawValue)
    try fields.set("conditions", json: conditions)
    return fields
  }
}

extension MeasurementKind {
  /// The allowed range in words.
  var rangeDescription: String {
    let isOpenAbove = allowedRange.upperBound == Double.greatestFiniteMagnitude
    let isOpenBelow = allowedRange.lowerBound == -Double.greatestFiniteMagnitude
    if isOpenAbove && isOpenBelow { return "a finite number" }
    if isOpenAbove { return "a finite number of at least \(allowedRange.lowerBound) \(unit)" }
    return "a number from \(allowedRange.lowerBound) to \(allowedRange.upperBound) \(unit)"
  }
}
