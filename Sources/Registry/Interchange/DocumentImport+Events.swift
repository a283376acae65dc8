internal import GRDB

// Interventions and clinical events of an imported document.
extension DocumentImport {
  mutating func store(_ item: InterchangeDocument.InterventionItem) throws {
    let subject = try subject(item.subject)
    var intervention = Intervention(
      subject: subject, kind: item.kind, startDate: item.startDate, stopDate: item.stopDate,
      name: item.name, dose: item.dose, doseUnit: item.doseUnit, muscle: item.muscle,
      side: item.side)
    let stored = try storedInterventions[subject] ?? read(Intervention.self, of: subject)
    storedInterventions[subject] = stored
    // Both sides may be treated on one day; a side that is not stated is no other one.
    let same = stored.first {
      $0.kind == item.kind && $0.startDate == item.startDate
        && ($0.side == item.side || $0.side == nil || item.side == nil)
    }
    if let same {
      intervention.id = same.id
      try requireEqual(same, intervention, "intervention \(item.kind) of \(item.startDate)")
      return
    }
    storedInterventions[subject]?.append(try writer.add(intervention))
    report.newInterventions += 1
  }

  mutating func store(_ item: InterchangeDocument.EventItem) throws {
    let subject = try subject(item.subject)
    var event = ClinicalEvent(
      subject: subject, kind: item.kind, date: item.date, detail: item.detail)
    let stored = try storedEvents[subject] ?? read(ClinicalEvent.self, of: subject)
    storedEvents[subject] = stored
    if let same = stored.first(where: { $0.kind == item.kind && $0.date == item.date }) {
      event.id = same.id
      try requireEqual(same, event, "event \(item.kind.rawValue) of \(item.date)")
      return
    }
    storedEvents[subject]?.append(try writer.add(event))
    report.newEvents += 1
  }

  /// A subject's records of a type; a subject that this import added has none.
  private func read<Record: RegistryRecord>(
    _ type: Record.Type, of subject: RecordID
  ) throws -> [Record] {
    if newSubjects.contains(subject) { return [] }
    return try CurrentRecords.fetch(type, writer.db, where: "r.subject = ?", [subject])
  }
}
