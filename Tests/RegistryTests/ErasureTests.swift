import Foundation
import Testing

@testable import Registry

@Suite struct ErasureTests {
  private static let marks = ["ZEBRA7", "quagga-arm", "okapi reason", "gnu-device"]

  /// A subject whose values hold words that nothing else in the file does.
  private func fill(_ registry: PatientRegistry) throws -> Subject {
    let subject = try registry.addSubject(
      pseudonym: "ZEBRA7", arm: "quagga-arm", attributes: ["sex": "f"])
    let visit = try registry.addVisit(subject: subject.id, date: day("2026-01-05"))
    let stored = try registry.addRecording(
      StoredRecording(
        visit: visit.id, muscle: "TA", side: .left, modality: "surface-grid", device: "gnu-device",
        sha256: sha256(7)),
      run: AnalysisRun(recording: 0, method: "decompose", softwareVersion: "1"),
      measurements: [Measurement(kind: .munix, value: 100)],
      units: (0..<2).map { StoredUnit(index: $0, samplingRate: 2048, spikes: [1, 2, 3]) })
    try registry.addUnitLinks([
      UnitLink(first: stored.units[0].id, second: stored.units[1].id, confidence: 1, method: "t")
    ])
    var value = stored.measurements[0]
    value.value = 90
    try registry.correct(value, reason: "okapi reason")
    try registry.addEvent(subject: subject.id, kind: .withdrawal, date: day("2026-02-01"))
    try registry.addIntervention(
      subject: subject.id, kind: "tofersen", startDate: day("2026-01-20"))
    try registry.storeVisit(
      subject: subject.id, date: day("2026-03-05"),
      outcomes: [.alsfrs(visit: 0, items: [:])]
        .filter { $0.total != nil }, doubts: [EntryDoubt("x", "quagga-arm again")])
    return subject
  }

  /// Everything in the registry's files, companions included.
  private func bytes(_ path: String) -> Data {
    ["", "-wal", "-shm", "-journal"].reduce(into: Data()) { all, suffix in
      all += FileManager.default.contents(atPath: path + suffix) ?? Data()
    }
  }

  @Test func nothingStaysAndTheChainHolds() throws {
    let temporary = try TemporaryRegistry()
    let registry = temporary.registry
    try temporary.addRecording("P01", seed: 1)
    let subject = try fill(registry)
    try temporary.addRecording("P02", seed: 2)
    let head = try registry.head()
    let values = try registry.cohortSeries(MeasurementFilter()).points.count
    #expect(Self.marks.allSatisfy { bytes(temporary.path).range(of: Data($0.utf8)) != nil })
    try registry.backup(to: temporary.url("old.sqlite").path)
    let report = try registry.eraseSubject(subject.id, reason: "consent withdrawn")
    #expect(report.otherFiles.map { URL(fileURLWithPath: $0).lastPathComponent } == ["old.sqlite"])
    #expect(report.erased["subject"] == 1 && report.erased["measurement"] == 2)
    for mark in Self.marks {
      #expect(bytes(temporary.path).range(of: Data(mark.utf8)) == nil, "\(mark)")
    }
    #expect(bytes(temporary.path).range(of: Data(sha256(7).utf8)) == nil)
    // The entries of others and all that was noted before stay verifiable.
    #expect(try registry.check(citations: [head]).findings == [])
    #expect(try registry.subjects().map(\.pseudonym) == ["P01", "P02"])
    #expect(try registry.cohortSeries(MeasurementFilter()).points.count == values - 1)
    let note = try #require(try registry.record(Erasure.self, id: report.entry))
    #expect(note.reason == "consent withdrawn")
    #expect(throws: RegistryError.self) { try registry.eraseSubject(subject.id, reason: "again") }
    try registry.addSubject(pseudonym: "ZEBRA7")
    #expect(try registry.check().isSound)
  }

  @Test func aRecordThatIsGoneWithoutANoteIsFound() throws {
    let temporary = try TemporaryRegistry()
    let subject = try fill(temporary.registry)
    try temporary.registry.eraseSubject(subject.id, reason: "consent withdrawn")
    try temporary.addRecording("P01", seed: 1)
    try temporary.execute(
      """
      PRAGMA foreign_keys = OFF; DROP TRIGGER recording_no_delete;
      DELETE FROM recording WHERE sha256 = '\(sha256(1))'
      """)
    #expect(try temporary.registry.verify().findings.contains { $0.contains("record is missing") })
  }

  @Test func thoseWhoWereJoinedGoToo() throws {
    let temporary = try TemporaryRegistry()
    let registry = temporary.registry
    let first = try fill(registry)
    let second = try registry.addSubject(pseudonym: "P02")
    try registry.mergeSubject(first.id, into: second.id, reason: "enrolled twice")
    try registry.eraseSubject(second.id, reason: "consent withdrawn")
    for mark in Self.marks {
      #expect(bytes(temporary.path).range(of: Data(mark.utf8)) == nil, "\(mark)")
    }
    #expect(try registry.check().isSound)
  }

  @Test func whatWasMovedToAnotherPersonIsNotErasedWithTheFirst() throws {
    let temporary = try TemporaryRegistry()
    let registry = temporary.registry
    let recording = try temporary.addRecording("P01", seed: 1)
    let first = try registry.subject(pseudonym: "P01")
    let second = try registry.addSubject(pseudonym: "P02")
    try registry.moveRecording(
      recording.id, to: RecordingPlace(subject: second.id), reason: "exchanged")
    let before = try registry.verify()
    let error = #expect(throws: RegistryError.self) {
      try registry.eraseSubject(first.id, reason: "consent withdrawn")
    }
    #expect(error?.description.contains("moved to another patient") == true)
    #expect(try registry.verify() == before)
    #expect(try registry.recording(subject: second.id, sha256: sha256(1)) != nil)
    // Once it is withdrawn it is nobody's, and goes with the history.
    try registry.retract(
      number: recording.id, reason: "stored anew for P02", includingDependents: true)
    try registry.eraseSubject(first.id, reason: "consent withdrawn")
    #expect(try registry.check().isSound)
    #expect(try registry.subject(pseudonym: "P02").id == second.id)
  }
}
