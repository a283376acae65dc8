extension PatientRegistry {
  /// What is doubtful about an event that is about to be added.
  ///
  /// - Throws: `RegistryError.alreadyExists` where the same is there.
  public func doubts(ofNew event: ClinicalEvent, subject: Subject) throws -> [EntryDoubt] {
    let events = try events(subject: subject.id)
    let same = events.contains {
      $0.kind == event.kind && $0.date == event.date && $0.detail == event.detail
    }
    if same {
      throw RegistryError.alreadyExists(
        table: "event", key: "\(event.kind.rawValue) of \(event.date)")
    }
    return EntryDoubt.event(
      event, of: subject, events: events, visits: try visits(subject: subject.id), today: .today)
  }

  /// What is doubtful about a therapy that is about to be added.
  ///
  /// - Throws: `RegistryError.alreadyExists` where the same is there.
  public func doubts(ofNew therapy: Intervention, subject: Subject) throws -> [EntryDoubt] {
    let same = try interventions(subject: subject.id).contains {
      $0.kind == therapy.kind && $0.name == therapy.name && $0.startDate == therapy.startDate
        && $0.side == therapy.side
    }
    if same {
      throw RegistryError.alreadyExists(
        table: "therapy", key: "\(therapy.kind) from \(therapy.startDate)")
    }
    return EntryDoubt.therapy(
      from: therapy.startDate, of: subject, events: try events(subject: subject.id), today: .today)
  }
}
