import Testing

@testable import Registry

@Suite struct EntryDoubtTests {
  private func codes(_ doubts: [EntryDoubt]) -> [String] { doubts.map(\.code) }

  @Test func daysThatCannotBe() throws {
    let today = try day("2026-03-01")
    var subject = Subject(pseudonym: "P01")
    func doubts(_ date: String, _ events: [ClinicalEvent] = []) throws -> [String] {
      codes(EntryDoubt.day(try day(date), of: subject, events: events, today: today))
    }
    #expect(try doubts("2026-03-01") == [])
    // It may be tomorrow already where the patient is.
    #expect(try doubts("2026-03-02") == [])
    #expect(try doubts("2026-03-03") == ["visit-in-the-future"])
    let death = ClinicalEvent(subject: 1, kind: .death, date: try day("2026-01-10"))
    #expect(try doubts("2026-01-10", [death]) == [])
    #expect(try doubts("2026-01-11", [death]) == ["visit-after-death"])
    subject.attributes = ["birth-year": "1990"]
    #expect(try doubts("1989-12-31") == ["visit-before-birth"])
    #expect(try doubts("1990-01-01") == [])
  }

  @Test func eventsThatCannotBe() throws {
    let today = try day("2026-03-01")
    let subject = Subject(pseudonym: "P01", attributes: ["birth-year": "1960"])
    let visits = [Visit(subject: 1, date: try day("2026-01-15"))]
    func doubts(
      _ kind: ClinicalEvent.Kind, _ date: String, _ events: [ClinicalEvent] = []
    ) throws -> [String] {
      codes(
        EntryDoubt.event(
          ClinicalEvent(subject: 1, kind: kind, date: try day(date)), of: subject, events: events,
          visits: visits, today: today))
    }
    #expect(try doubts(.death, "2026-02-01") == [])
    #expect(try doubts(.death, "2026-01-14") == ["visit-after-death"])
    #expect(try doubts(.death, "2999-01-01") == ["death-in-the-future"])
    #expect(try doubts(.gastrostomy, "1959-12-31") == ["event-before-birth"])
    let death = ClinicalEvent(subject: 1, kind: .death, date: try day("2026-02-01"))
    #expect(try doubts(.death, "2026-02-02", [death]) == ["second-death"])
    #expect(try doubts(.gastrostomy, "2026-02-02", [death]) == ["event-after-death"])
    #expect(try doubts(.gastrostomy, "2026-02-01", [death]) == [])
    func therapy(_ date: String) throws -> [String] {
      codes(
        EntryDoubt.therapy(from: try day(date), of: subject, events: [death], today: today))
    }
    #expect(try therapy("2026-01-01") == [])
    #expect(try therapy("2026-02-02") == ["therapy-after-death"])
    #expect(try therapy("1800-01-01") == ["therapy-before-birth"])
    #expect(try therapy("2999-01-01") == ["therapy-in-the-future", "therapy-after-death"])
    let early = Subject(pseudonym: "P01", onsetDate: try day("2026-04-01"))
    #expect(codes(EntryDoubt.onset(of: early, today: today)) == ["onset-in-the-future"])
  }

  @Test func importsAreDoubtedAsEntriesAre() throws {
    let temporary = try TemporaryRegistry()
    var document = InterchangeDocument()
    document.subjects = [.init(pseudonym: "P01", attributes: ["birth-year": "1960"])]
    document.visits = [
      .init(
        subject: "P01", date: try day("2999-01-01"), nominal: nil, status: .done,
        missingReason: nil),
      .init(
        subject: "P01", date: try day("2999-02-01"), nominal: nil, status: .planned,
        missingReason: nil),
    ]
    document.events = [.init(subject: "P01", kind: .death, date: try day("2025-06-01"))]
    document.values = [
      .init(subject: "P01", date: try day("1950-01-01"), kind: .munix, value: 80, unit: "1"),
      .init(subject: "P01", date: try day("2025-07-01"), kind: .munix, value: 80_000, unit: "1"),
      .init(subject: "P01", date: try day("2025-01-01"), kind: .munix, value: 80, unit: "1"),
    ]
    let preview = try temporary.registry.previewImport(document)
    #expect(preview.errors.count == 5, "\(preview.errors)")
    #expect(throws: RegistryError.self) {
      try temporary.registry.importDocument(document, source: "a.csv")
    }
    #expect(try temporary.registry.subjects().isEmpty)
    let report = try temporary.registry.importDocument(
      document, source: "a.csv", acceptsDoubts: true)
    #expect(report.errors.isEmpty && report.newMeasurements == 3)
    let subject = try temporary.registry.subject(pseudonym: "P01")
    let warnings = try temporary.registry.openWarnings(subject: subject.id)
    #expect(
      Set(warnings.map(\.code)) == [
        "visit-in-the-future", "visit-after-death", "visit-before-birth", "value-implausible",
      ])
  }

  @Test(arguments: [
    ("tibialis anteror", "tibialis anterior"), ("tibalis anterior", "tibialis anterior"),
    ("Abductor  Polices Brevis", "abductor pollicis brevis"), ("apd", "abductor pollicis brevis"),
    ("solius", "soleus"),
  ]) func nearlyKnownMuscles(_ name: String, _ meant: String) {
    let doubts = EntryDoubt.muscle(name, known: [])
    #expect(codes(doubts) == ["muscle-unknown"])
    #expect(doubts.first?.text.contains("did you mean \(meant)") == true, "\(doubts)")
  }

  @Test(arguments: [
    "ta", "TA", "tibialis anterior", "Tibialis_Anterior", "masseter", "trapezius",
    "extensor indicis", "orbicularis oris",
  ]) func knownAndOtherMuscles(_ name: String) {
    #expect(EntryDoubt.muscle(name, known: []).isEmpty)
  }

  @Test func aMuscleOfTheRegistryIsKnown() {
    #expect(EntryDoubt.muscle("masetter", known: ["masseter"]).count == 1)
    #expect(EntryDoubt.muscle("masseter", known: ["masseter"]).isEmpty)
  }

  @Test func placesInFiles() {
    func doubts(_ texts: [String], stated: String? = nil) -> [String] {
      codes(
        EntryDoubt.place(muscle: "ta", side: .left, texts: texts, statedMuscle: stated))
    }
    #expect(doubts(["EMG 1", "EMG 2"]) == [])
    #expect(doubts(["left tibialis anterior"]) == [])
    #expect(doubts(["R: Biceps_brachii, right"]) == ["muscle-differs", "side-differs"])
    #expect(doubts(["biceps brachii", "triceps brachii", "left", "right"]) == [])
    #expect(doubts([], stated: "APB") == ["muscle-differs"])
    #expect(doubts([], stated: "unknown words") == [])
  }

  @Test func valuesOutsideWhatIsPlausible() {
    #expect(EntryDoubt.value(0.15, of: .cmapAmplitude).isEmpty)
    #expect(codes(EntryDoubt.value(9_200, of: .cmapAmplitude)) == ["value-implausible"])
    #expect(codes(EntryDoubt.value(1_500, of: .munix)) == ["value-implausible"])
    for kind in MeasurementKind.known {
      guard let range = kind.plausibleRange else { continue }
      #expect(kind.allowedRange.overlaps(range), "\(kind.id)")
    }
  }

  @Test func warningsStandUntilAccepted() throws {
    let temporary = try TemporaryRegistry()
    let registry = temporary.registry
    let subject = try registry.addSubject(pseudonym: "P01")
    try registry.storeVisit(
      subject: subject.id, date: day("2026-01-05"),
      measurements: [Measurement(kind: .munix, value: 900)],
      doubts: [EntryDoubt("value-implausible", "MUNIX of 900")])
    let open = try registry.openWarnings(subject: subject.id)
    #expect(open.map(\.text) == ["MUNIX of 900"] && open[0].visit != nil)
    #expect(throws: RegistryError.self) { try registry.acceptWarning(open[0].id, reason: " ") }
    #expect(throws: RegistryError.self) { try registry.acceptWarning(1, reason: "checked") }
    let accepted = try registry.acceptWarning(open[0].id, reason: "measured twice")
    #expect(accepted.acceptedBy == "tester" && accepted.acceptedReason == "measured twice")
    #expect(try registry.openWarnings(subject: subject.id).isEmpty)
    #expect(throws: RegistryError.self) { try registry.acceptWarning(open[0].id, reason: "again") }
    #expect(try registry.check().isSound)
    #expect(try registry.history(number: open[0].id).count == 2)
  }
}
