internal import GRDB

// Measurements and clinical outcomes of an imported document.
extension DocumentImport {
  mutating func store(_ item: InterchangeDocument.ValueItem) throws {
    let visit = try visit(item.subject, item.date, place: item.place)
    if storedValues[visit.id] == nil {
      let stored =
        newVisits.contains(visit.id)
        ? []
        : try CurrentRecords.fetch(
          Measurement.self, writer.db, where: "r.visit = ?", [visit.id])
      storedValues[visit.id] = Dictionary(
        stored.map { (Self.key($0), $0) }, uniquingKeysWith: { $1 })
    }
    var measurement = Measurement(
      visit: visit.id, kind: item.kind, value: item.value, unit: item.unit,
      standardError: item.standardError, censoring: item.censoring, quality: item.quality,
      replicate: item.replicate, muscle: item.muscle, side: item.side, conditions: item.conditions)
    let key = Self.key(measurement)
    if let stored = storedValues[visit.id]?[key] {
      measurement.id = stored.id
      measurement.run = stored.run
      try requireEqual(stored, measurement, "\(item.kind) of \(item.date)")
      return
    }
    storedValues[visit.id]?[key] = try writer.add(measurement)
    try note(
      EntryDoubt.value(measurement), subject: visit.subject, visit: visit.id, place: item.place)
    report.newMeasurements += 1
  }

  static func key(_ item: Measurement) -> ValueKey {
    ValueKey(kind: item.kind, muscle: item.muscle, side: item.side, replicate: item.replicate)
  }

  mutating func storeOutcomes(_ items: [InterchangeDocument.ValueItem]) throws {
    var groups: [OutcomeKey: (outcome: Outcome, place: SourcePlace)] = [:]
    var order: [OutcomeKey] = []
    for item in items {
      try attempt(item.place) { importer in
        guard let source = item.kind.outcome else { return }
        guard item.kind.canonicalUnit(item.unit) == item.kind.unit else {
          throw RegistryError.invalid(
            table: "outcome", field: "unit of \(item.kind)", found: "\"\(item.unit)\"",
            expected: "\(item.kind.unitDescription), or none")
        }
        let visit = try importer.visit(item.subject, item.date, place: item.place)
        let key = OutcomeKey(visit: visit.id, instrument: source.instrument)
        if groups[key] == nil { order.append(key) }
        let empty = Outcome(
          visit: visit.id, instrument: source.instrument, total: nil, unit: item.kind.unit)
        var group = groups[key] ?? (empty, item.place)
        let known = source.item.map { group.outcome.items[$0] } ?? group.outcome.total
        if let known, known != item.value {
          throw RegistryError.alreadyExists(table: "another", key: "\(item.kind) of \(item.date)")
        }
        if let name = source.item {
          group.outcome.items[name] = item.value
        } else {
          group.outcome.total = item.value
        }
        groups[key] = group
      }
    }
    for key in order {
      guard let group = groups[key] else { continue }
      try attempt(group.place) { try $0.store(group.outcome) }
    }
  }

  mutating func store(_ item: Outcome) throws {
    var outcome = item
    if outcome.total == nil, outcome.instrument == "ALSFRS-R" {
      outcome.total = Outcome.alsfrs(visit: item.visit, items: item.items).total
    }
    // Each visit and instrument comes once: what was grouped above.
    let stored =
      newVisits.contains(outcome.visit)
      ? []
      : try CurrentRecords.fetch(
        Outcome.self, writer.db, where: "r.visit = ? AND r.instrument = ?",
        [outcome.visit, outcome.instrument])
    if let first = stored.first {
      outcome.id = first.id
      try requireEqual(first, outcome, "\(outcome.instrument) of this visit")
      return
    }
    _ = try writer.add(outcome)
    report.newOutcomes += 1
  }
}
