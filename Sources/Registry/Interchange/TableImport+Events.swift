import Tables

// Interventions and clinical events in the rows of a table.
extension TableImport {
  mutating func readIntervention(_ row: DelimitedTable.Row, _ pseudonym: String) {
    let start = date(row, .therapyStart)
    let stop = date(row, .therapyStop)
    guard let start else { return }
    let item = InterchangeDocument.InterventionItem(
      subject: pseudonym, kind: cell(row, .therapyKind) ?? profile.defaultTherapyKind,
      name: cell(row, .therapyName), startDate: start, stopDate: stop,
      dose: number(row, column: profile.columns[.therapyDose]),
      doseUnit: cell(row, .therapyDoseUnit),
      muscle: cell(row, .therapyMuscle).map(MuscleName.canonical), side: side(row, .therapySide),
      place: SourcePlace(file: file, line: row.line))
    let key = InterventionKey(
      subject: pseudonym, kind: item.kind, start: start, side: item.side)
    guard let index = interventions[key] else {
      interventions[key] = document.interventions.count
      document.interventions.append(item)
      return
    }
    // A row may leave out what another one says.
    var merged = document.interventions[index]
    if merged.name == nil { merged.name = item.name }
    if merged.stopDate == nil { merged.stopDate = item.stopDate }
    if merged.dose == nil { merged.dose = item.dose }
    if merged.doseUnit == nil { merged.doseUnit = item.doseUnit }
    if merged.muscle == nil { merged.muscle = item.muscle }
    let isSame =
      (item.name ?? merged.name) == merged.name
      && (item.stopDate ?? merged.stopDate) == merged.stopDate
      && (item.dose ?? merged.dose) == merged.dose
      && (item.doseUnit ?? merged.doseUnit) == merged.doseUnit
      && (item.muscle ?? merged.muscle) == merged.muscle
    document.interventions[index] = merged
    if !isSame {
      note(
        row, profile.columns[.therapyStart],
        "therapy \(item.kind) of \(start) differs from an earlier row of \(pseudonym)")
    }
  }

  struct InterventionKey: Hashable {
    var subject: String
    var kind: String
    var start: CivilDate
    var side: BodySide?
  }

  struct EventKey: Hashable {
    var subject: String
    var kind: ClinicalEvent.Kind
    var date: CivilDate
  }

  mutating func readEvent(_ row: DelimitedTable.Row, _ pseudonym: String) {
    guard let kind = choice(row, .eventKind, ClinicalEvent.Kind.self) else { return }
    guard let date = date(row, .eventDate) else {
      note(row, profile.columns[.eventDate], "an event without a date")
      return
    }
    let key = EventKey(subject: pseudonym, kind: kind, date: date)
    let item = InterchangeDocument.EventItem(
      subject: pseudonym, kind: kind, date: date, detail: cell(row, .eventDetail),
      place: SourcePlace(file: file, line: row.line))
    guard let index = events[key] else {
      events[key] = document.events.count
      document.events.append(item)
      return
    }
    let known = document.events[index].detail
    document.events[index].detail = known ?? item.detail
    if let known, let detail = item.detail, known != detail {
      note(
        row, profile.columns[.eventDetail],
        "event \(kind.rawValue) of \(date) differs from an earlier row of \(pseudonym)")
    }
  }
}
