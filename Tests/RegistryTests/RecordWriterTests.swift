import Foundation
import GRDB
import Testing

@testable import Registry

@Suite struct RecordWriterTests {
  @Test func correctionSupersedesAndHistoryKeepsBoth() throws {
    let temporary = try TemporaryRegistry(author: "nurse")
    let registry = temporary.registry
    var subject = try registry.addSubject(pseudonym: "P01", arm: "A")
    subject.arm = "B"
    try registry.correct(subject, reason: "randomisation list misread")
    #expect(try registry.subject(pseudonym: "P01").arm == "B")
    #expect(try registry.subject(pseudonym: "P01").id == subject.id)
    let history = try registry.history(of: Subject.self, id: subject.id)
    #expect(history.map { $0.record?.arm } == ["A", "B"])
    #expect(history.map(\.entry.action) == [.add, .correct])
    #expect(history.last?.entry.reason == "randomisation list misread")
    #expect(history.last?.entry.author == "nurse")
    #expect(history.last?.entry.timestamp == "2027-01-15T08:00:00.250Z")
    #expect(try registry.verify().isIntact)
  }

  @Test func correctionOfACorrectionIsLinear() throws {
    let temporary = try TemporaryRegistry()
    var subject = try temporary.registry.addSubject(pseudonym: "P01")
    for arm in ["A", "B", "C"] {
      subject.arm = arm
      try temporary.registry.correct(subject, reason: "again")
    }
    #expect(try temporary.registry.subjects().map(\.arm) == ["C"])
    #expect(try temporary.registry.history(of: Subject.self, id: subject.id).count == 4)
  }

  @Test(arguments: ["", "  \n"]) func correctionNeedsAReason(_ reason: String) throws {
    let temporary = try TemporaryRegistry()
    let subject = try temporary.registry.addSubject(pseudonym: "P01")
    #expect(throws: RegistryError.reasonMissing(table: "subject", id: subject.id)) {
      try temporary.registry.correct(subject, reason: reason)
    }
    #expect(throws: RegistryError.reasonMissing(table: "subject", id: subject.id)) {
      try temporary.registry.retract(subject, reason: reason)
    }
  }

  @Test func retractionTakesWhatBelongsToTheRecord() throws {
    let temporary = try TemporaryRegistry()
    let registry = temporary.registry
    let recording = try temporary.addRecording()
    let run = try registry.addRun(
      AnalysisRun(recording: recording.id, method: "decompose", softwareVersion: "1"),
      measurements: [Measurement(kind: .munix, value: 100)],
      units: [StoredUnit(index: 0, samplingRate: 1000, spikes: [1, 2])])
    let subject = try registry.subject(pseudonym: "P01")
    let visit = try #require(try registry.visits(subject: subject.id).first)
    try registry.retract(visit, reason: "wrong patient")
    #expect(try registry.visits(subject: subject.id).isEmpty)
    #expect(try registry.measurements().isEmpty)
    #expect(try registry.units(run: run.run.id).isEmpty)
    #expect(try registry.recording(subject: subject.id, sha256: sha256(1)) == nil)
    #expect(try registry.record(StoredRecording.self, id: recording.id) == nil)
    let measurement = try registry.history(of: Measurement.self, id: run.measurements[0].id)
    #expect(measurement.map(\.entry.action) == [.add, .retract])
    #expect(measurement.last?.record == nil)
    #expect(throws: RegistryError.notFound(table: "visit", key: "\(visit.id)")) {
      try registry.retract(visit, reason: "twice")
    }
    #expect(try registry.check().isSound)
  }

  @Test func recordsNeedTheirParents() throws {
    let temporary = try TemporaryRegistry()
    let date = try day("2026-01-05")
    #expect(throws: RegistryError.notFound(table: "subject", key: "77")) {
      try temporary.registry.addVisit(subject: 77, date: date)
    }
    #expect(throws: RegistryError.notFound(table: "recording", key: "5")) {
      try temporary.registry.addRun(
        AnalysisRun(recording: 5, method: "munix", softwareVersion: "1"))
    }
    #expect(try temporary.registry.verify().entryCount == 0)
  }

  @Test func aBadValueRollsTheWholeRunBack() throws {
    let temporary = try TemporaryRegistry()
    let recording = try temporary.addRecording()
    let before = try temporary.registry.verify()
    let values: [Double] = [5, .nan]
    #expect(throws: RegistryError.self) {
      try temporary.registry.addRun(
        AnalysisRun(recording: recording.id, method: "decompose", softwareVersion: "1"),
        measurements: values.map { Measurement(kind: .munix, value: $0) })
    }
    #expect(try temporary.registry.verify() == before)
    #expect(try temporary.registry.runs(recording: recording.id).isEmpty)
  }

  @Test func correctingARecordingMovesItsMeasurements() throws {
    let temporary = try TemporaryRegistry()
    let registry = temporary.registry
    var recording = try temporary.addRecording()
    try registry.addRun(
      AnalysisRun(recording: recording.id, method: "munix", softwareVersion: "1"),
      measurements: [
        Measurement(kind: .munix, value: 100),
        Measurement(kind: .cmapAmplitude, value: 5, side: .right),
      ])
    let subject = try registry.subject(pseudonym: "P01")
    let other = try registry.addVisit(subject: subject.id, date: try day("2026-02-05"))
    recording.visit = other.id
    recording.side = .midline
    try registry.correct(recording, reason: "booked on the wrong day")
    let moved = try registry.measurements(subject: subject.id)
    #expect(moved.map(\.visit) == [other.id, other.id])
    #expect(Set(moved.map(\.side)) == [.midline, .right])
    #expect(
      try registry.series(kind: .munix, subject: subject.id).map(\.day) == [other.date?.dayNumber])
  }

  @Test(arguments: [
    "UPDATE measurement SET value = 1", "DELETE FROM measurement", "UPDATE ledger SET author = 'x'",
    "DELETE FROM ledger", "DELETE FROM subject", "UPDATE visit SET day = 1",
    "INSERT OR REPLACE INTO visit (id, origin, subject, day, status) VALUES (2, 2, 1, 5, 'done')",
    "REPLACE INTO ledger SELECT * FROM ledger WHERE seq = 1", "DELETE FROM recording",
    "UPDATE analysis_run SET seed = '1'", "DELETE FROM motor_unit", "DELETE FROM event",
  ]) func rowsCannotBeChanged(_ sql: String) throws {
    let temporary = try TemporaryRegistry()
    let recording = try temporary.addRecording()
    try temporary.registry.addRun(
      AnalysisRun(recording: recording.id, method: "munix", softwareVersion: "1", seed: 3),
      measurements: [Measurement(kind: .munix, value: 100)],
      units: [StoredUnit(index: 0, samplingRate: 1000, spikes: [])])
    let subject = try temporary.registry.subject(pseudonym: "P01")
    try temporary.registry.addEvent(subject: subject.id, kind: .death, date: try day("2026-03-01"))
    let error = #expect(throws: DatabaseError.self) { try temporary.execute(sql) }
    #expect(error?.message?.contains("append-only") == true)
    #expect(try temporary.registry.check().isSound)
  }
}
