internal import GRDB

/// Stores a document within a transaction, noting problems instead of stopping at the first.
struct DocumentImport {
  var report = ImportReport()
  let writer: RecordWriter
  var subjects: [String: RecordID] = [:]
  var visits: [VisitKey: Visit] = [:]
  var storedValues: [RecordID: [ValueKey: Measurement]] = [:]
  var storedInterventions: [RecordID: [Intervention]] = [:]
  var storedEvents: [RecordID: [ClinicalEvent]] = [:]
  /// Subjects that this import added: nothing can be stored of them that it does not know.
  var newSubjects: Set<RecordID> = []
  /// Visits that this import added.
  var newVisits: Set<RecordID> = []

  struct VisitKey: Hashable {
    var subject: RecordID
    var date: CivilDate?
    var nominal: String?
  }

  struct ValueKey: Hashable {
    var kind: MeasurementKind
    var muscle: String?
    var side: BodySide?
    var replicate: Int
  }

  struct OutcomeKey: Hashable {
    var visit: RecordID
    var instrument: String
  }

  /// Whether what is doubtful is stored, with its doubts as warnings.
  let acceptsDoubts: Bool
  private let today = CivilDate.today
  /// Attributes of subjects of the document, by pseudonym in small letters.
  private var attributes: [String: [String: String]] = [:]
  /// Deaths that the document tells, by pseudonym in small letters.
  private var deaths: [String: CivilDate] = [:]

  init(_ writer: RecordWriter, problems: [ImportProblem], acceptsDoubts: Bool) {
    self.writer = writer
    self.acceptsDoubts = acceptsDoubts
    report.problems = problems
  }

  mutating func store(_ document: InterchangeDocument) throws {
    for subject in try CurrentRecords.fetch(Subject.self, writer.db) {
      subjects[subject.pseudonym.lowercased()] = subject.id
    }
    for item in document.subjects { attributes[item.pseudonym.lowercased()] = item.attributes }
    for item in document.events where item.kind == .death {
      deaths[item.subject.lowercased()] = item.date
    }
    for item in document.subjects { try attempt(item.place) { try $0.store(item) } }
    for item in document.visits { try attempt(item.place) { try $0.store(item) } }
    for item in document.interventions { try attempt(item.place) { try $0.store(item) } }
    for item in document.events { try attempt(item.place) { try $0.store(item) } }
    for item in document.values where !item.kind.isOutcome {
      try attempt(item.place) { try $0.store(item) }
    }
    try storeOutcomes(document.values.filter(\.kind.isOutcome))
  }

  /// Doubts become errors, or where they are accepted, stored warnings.
  mutating func note(
    _ doubts: [EntryDoubt], subject: RecordID, visit: RecordID? = nil, place: SourcePlace
  ) throws {
    for doubt in doubts {
      report.problems.append(
        place.problem(
          doubt.text + (acceptsDoubts ? "; stored with this warning" : "; correct or accept it"),
          severity: acceptsDoubts ? .warning : .error))
      guard acceptsDoubts else { continue }
      _ = try writer.add(
        StoredWarning(subject: subject, visit: visit, code: doubt.code, text: doubt.text))
    }
  }

  /// What speaks against the day of a visit that is new.
  private func doubts(_ date: CivilDate?, _ pseudonym: String, _ subject: RecordID) throws
    -> [EntryDoubt]
  {
    guard let date else { return [] }
    // Most visits lie in the past of people who live: nothing is asked of the file for them.
    var person = Subject(pseudonym: pseudonym)
    var events: [ClinicalEvent] = []
    if !newSubjects.contains(subject) {
      person =
        try CurrentRecords.fetch(Subject.self, writer.db, where: "r.origin = ?", [subject])
        .first ?? person
      events = try CurrentRecords.fetch(
        ClinicalEvent.self, writer.db, where: "r.subject = ?", [subject])
    } else if let attributes = attributes[pseudonym.lowercased()] {
      person.attributes = attributes
    }
    if let death = deaths[pseudonym.lowercased()] {
      events.append(ClinicalEvent(subject: subject, kind: .death, date: death))
    }
    return EntryDoubt.day(date, of: person, events: events, today: today)
  }

  /// Runs one step; what is wrong with the data becomes a problem of its row.
  mutating func attempt(
    _ place: SourcePlace, _ body: (inout DocumentImport) throws -> Void
  ) throws {
    do {
      try body(&self)
    } catch let error as RegistryError {
      report.problems.append(place.problem(error.description))
    }
  }

  func subject(_ pseudonym: String) throws -> RecordID {
    guard let id = subjects[pseudonym.lowercased()] else {
      throw RegistryError.notFound(table: "subject", key: pseudonym)
    }
    return id
  }

  mutating func store(_ item: InterchangeDocument.SubjectItem) throws {
    if let id = subjects[item.pseudonym.lowercased()] {
      try compare(item, id)
      return
    }
    var subject = Subject(
      pseudonym: item.pseudonym, arm: item.arm, onsetDate: item.onsetDate,
      onsetSite: item.onsetSite, attributes: item.attributes)
    subject.pseudonym = try Pseudonym.validated(item.pseudonym)
    _ = try subject.fields()
    let doubts =
      EntryDoubt.personal(pseudonym: subject.pseudonym, attributes: subject.attributes)
      + EntryDoubt.onset(of: subject, today: today)
    subject.study = try item.study.map { try NamedGroups.study($0, writer) }
    subject.site = try item.site.map { try NamedGroups.site($0, writer) }
    let id = try writer.add(subject).id
    try note(doubts, subject: id, place: item.place)
    subjects[item.pseudonym.lowercased()] = id
    newSubjects.insert(id)
    report.newSubjects += 1
  }

  /// Warns where the file says something else about a subject than the registry.
  mutating func compare(_ item: InterchangeDocument.SubjectItem, _ id: RecordID) throws {
    let stored = try CurrentRecords.fetch(
      Subject.self, writer.db, where: "r.origin = ?", [id])
    guard let stored = stored.first else { return }
    var differing: [String] = []
    if let arm = item.arm, arm != stored.arm { differing.append("arm") }
    if let date = item.onsetDate, date != stored.onsetDate { differing.append("onset date") }
    if let site = item.onsetSite, site != stored.onsetSite { differing.append("onset site") }
    for (name, value) in item.attributes.sorted(by: { $0.key < $1.key })
    where stored.attributes[name] != value {
      differing.append(name)
    }
    if differing.isEmpty {
      report.unchanged += 1
    } else {
      report.problems.append(
        item.place.problem(
          "\(item.pseudonym) is in the registry with another \(differing.joined(separator: ", ")); "
            + "the stored one stays", severity: .warning))
    }
  }

  mutating func store(_ item: InterchangeDocument.VisitItem) throws {
    let subject = try subject(item.subject)
    if try storedVisit(subject, item.date, nominal: item.nominal) != nil {
      report.unchanged += 1
      return
    }
    let visit = try writer.add(
      Visit(
        subject: subject, date: item.date, nominal: item.nominal, status: item.status,
        missingReason: item.missingReason))
    // A planned visit may lie in the future.
    if item.status == .done {
      try note(
        try doubts(item.date, item.subject, subject), subject: subject, visit: visit.id,
        place: item.place)
    }
    remember(visit)
    report.newVisits += 1
  }

  /// The visit of a day; without a day, the undated one of that name.
  mutating func storedVisit(
    _ subject: RecordID, _ date: CivilDate?, nominal: String?
  ) throws -> Visit? {
    let key = VisitKey(subject: subject, date: date, nominal: date == nil ? nominal : nil)
    if let visit = visits[key] { return visit }
    if newSubjects.contains(subject) { return nil }
    let found: [Visit]
    if let date {
      found = try VisitQuery.visit(subject, date, writer.db).map { [$0] } ?? []
    } else {
      found = try CurrentRecords.fetch(
        Visit.self, writer.db, where: "r.subject = ? AND r.day IS NULL AND r.nominal IS ?",
        [subject, nominal])
    }
    visits[key] = found.first
    return found.first
  }

  /// Notes a visit that was added.
  mutating func remember(_ visit: Visit) {
    let nominal = visit.date == nil ? visit.nominal : nil
    visits[VisitKey(subject: visit.subject, date: visit.date, nominal: nominal)] = visit
    newVisits.insert(visit.id)
  }

  /// The visit of a value's day, made where there is none.
  mutating func visit(
    _ pseudonym: String, _ date: CivilDate, place: SourcePlace
  ) throws -> Visit {
    let subject = try subject(pseudonym)
    if let visit = try storedVisit(subject, date, nominal: nil) { return visit }
    let visit = try writer.add(Visit(subject: subject, date: date))
    try note(
      try doubts(date, pseudonym, subject), subject: subject, visit: visit.id, place: place)
    remember(visit)
    report.newVisits += 1
    return visit
  }

  mutating func requireEqual<Item: Equatable>(
    _ stored: Item, _ found: Item, _ name: String
  ) throws {
    guard stored == found else {
      throw RegistryError.alreadyExists(table: "another", key: name)
    }
    report.unchanged += 1
  }
}
