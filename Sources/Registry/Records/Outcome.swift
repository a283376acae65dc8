/// A clinical scale or functional outcome of a visit: ALSFRS-R with its items, vital capacity.
public struct Outcome: RegistryRecord {
  /// The table of outcomes.
  public static let table = RecordTable.outcome
  /// Number of the record; 0 before it is stored.
  public var id: RecordID
  /// The visit.
  public var visit: RecordID
  /// Instrument, for example "ALSFRS-R" or "SVC".
  public var instrument: String
  /// Total or value; for the ALSFRS-R the sum of the items where all twelve are known.
  public var total: Double?
  /// Unit of the total.
  public var unit: String
  /// Items by name.
  public var items: [String: Double]

  /// An outcome not yet stored.
  public init(
    visit: RecordID, instrument: String, total: Double?, unit: String,
    items: [String: Double] = [:]
  ) {
    id = 0
    self.visit = visit
    self.instrument = instrument
    self.total = total
    self.unit = unit
    self.items = items
  }

  /// The ALSFRS-R of a visit by its items; the total is their sum where all twelve are there.
  public static func alsfrs(visit: RecordID, items: [String: Double]) -> Outcome {
    let isComplete = MeasurementKind.alsfrsItemNames.allSatisfy { items[$0] != nil }
    let total = isComplete ? items.values.reduce(0, +) : nil
    return Outcome(
      visit: visit, instrument: "ALSFRS-R", total: total, unit: "points", items: items)
  }

  /// The slow vital capacity of a visit, percent of predicted.
  public static func slowVitalCapacity(visit: RecordID, percent: Double) -> Outcome {
    Outcome(visit: visit, instrument: "SVC", total: percent, unit: "%")
  }

  /// The outcomes that were noted at a visit that is not stored yet.
  ///
  /// - Parameters:
  ///   - alsfrs: total of the ALSFRS-R; nil for the sum of its items where all are there.
  ///   - items: points of items of the ALSFRS-R by name.
  ///   - vitalCapacityPercent: slow vital capacity in percent of predicted.
  ///   - vitalCapacityLitres: slow vital capacity in litres.
  public static func noted(
    alsfrs: Double? = nil, items: [String: Double] = [:], vitalCapacityPercent: Double? = nil,
    vitalCapacityLitres: Double? = nil
  ) -> [Outcome] {
    var outcomes: [Outcome] = []
    if alsfrs != nil || !items.isEmpty {
      var scale = Outcome.alsfrs(visit: 0, items: items)
      scale.total = alsfrs ?? scale.total
      outcomes.append(scale)
    }
    if let vitalCapacityPercent {
      outcomes.append(.slowVitalCapacity(visit: 0, percent: vitalCapacityPercent))
    }
    if let vitalCapacityLitres {
      outcomes.append(
        Outcome(visit: 0, instrument: "SVC-L", total: vitalCapacityLitres, unit: "L"))
    }
    return outcomes
  }

  /// The outcome read from stored fields.
  public init(id: RecordID, fields: RecordFields) throws {
    self.id = id
    visit = try fields.required("visit", fields.integer("visit"), Self.table)
    instrument = try fields.required("instrument", fields.text("instrument"), Self.table)
    total = fields.real("total")
    unit = try fields.required("unit", fields.text("unit"), Self.table)
    items =
      try fields.text("items").map { try JSONText.decode([String: Double].self, from: $0) } ?? [:]
  }

  /// The fields to store.
  ///
  /// - Throws: `RegistryError.invalid` for unknown items of the ALSFRS-R, values outside their
  ///   range, a total that is not the sum of complete items, and an outcome without any value.
  public func fields() throws -> RecordFields {
    try validate()
    var fields = RecordFields()
    fields.set("visit", id: visit)
    fields.set("instrument", try FieldRule.nonEmpty(instrument, "instrument", Self.table))
    try fields.set("total", total, table: Self.table)
    fields.set("unit", try FieldRule.nonEmpty(unit, "unit", Self.table))
    if !items.isEmpty { fields.set("items", try JSONText.encode(items)) }
    return fields
  }

  private func validate() throws {
    func refuse(_ field: String, _ found: String, _ expected: String) -> RegistryError {
      .invalid(
        table: Self.table.rawValue, field: "\(field) of \(instrument)", found: found,
        expected: expected)
    }
    guard total != nil || !items.isEmpty else {
      throw refuse("total", "absent", "a total or at least one item")
    }
    for (name, value) in items.sorted(by: { $0.key < $1.key }) where !value.isFinite {
      throw refuse("item \(name)", "\(value)", "a finite number")
    }
    let kinds = MeasurementKind.known.filter { $0.outcome?.instrument == instrument }
    guard !kinds.isEmpty else {
      let names = Set(MeasurementKind.known.compactMap { $0.outcome?.instrument }).sorted()
      throw refuse(
        "instrument", "unknown",
        names.joined(separator: ", ") + "; store another scale as a measurement of its own kind")
    }
    if let total, let kind = kinds.first(where: { $0.outcome?.item == nil }) {
      guard kind.allowedRange.contains(total) else {
        throw refuse("total", "\(total)", kind.rangeDescription)
      }
      guard unit == kind.unit else { throw refuse("unit", "\"\(unit)\"", "\"\(kind.unit)\"") }
    }
    for (name, value) in items.sorted(by: { $0.key < $1.key }) {
      guard let kind = kinds.first(where: { $0.outcome?.item == name }) else {
        throw refuse("item", "\"\(name)\"", "one of the items of this instrument")
      }
      guard kind.allowedRange.contains(value) else {
        throw refuse("item \(name)", "\(value)", kind.rangeDescription)
      }
    }
    let itemCount = kinds.count { $0.outcome?.item != nil }
    if let total, itemCount > 0, items.count == itemCount {
      let sum = items.values.reduce(0, +)
      guard abs(sum - total) < 1e-9 else { throw refuse("total", "\(total)", "the sum \(sum)") }
    }
  }
}
