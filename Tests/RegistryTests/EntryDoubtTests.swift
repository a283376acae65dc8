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
