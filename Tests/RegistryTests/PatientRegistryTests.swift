import Foundation
import GRDB
import Testing

@testable import Registry

@Suite struct PatientRegistryTests {
  @Test func whatIsStoredIsThereAfterReopening() throws {
    let temporary = try TemporaryRegistry()
    let recording = try temporary.addRecording()
    let spikes = [10.25, 300.5, 611.75]
    try temporary.registry.addRun(
      AnalysisRun(
        recording: recording.id, method: "decompose", softwareVersion: "1.0",
        parameters: #"{"rounds":3}"#, seed: .max),
      measurements: [
        Measurement(kind: .identifiedUnitsMaximum, value: 12, standardError: 1.5),
        Measurement(kind: .meanDischargeRate, value: 11.5, conditions: ["force": "20"]),
      ],
      units: [
        StoredUnit(
          index: 0, samplingRate: 2048, spikes: spikes, template: [[1, 2], [3, 4]],
          quality: ["silhouette": 0.93, "pulse_to_noise_db": .infinity])
      ])
    let reopened = try PatientRegistry.open(path: temporary.path, createIfMissing: false)
    let subject = try reopened.subject(pseudonym: "p01")
    #expect(subject.pseudonym == "P01")
    let points = try reopened.series(kind: .identifiedUnitsMaximum, subject: subject.id)
    #expect(points.map(\.value) == [12])
    #expect(points.first?.standardError == 1.5)
    #expect(points.first?.muscle == "tibialis anterior")
    #expect(points.first?.side == .left)
    #expect(points.first?.date == CivilDate("2026-01-05"))
    let runs = try reopened.runs(recording: recording.id)
    #expect(runs.map(\.seed) == [.max])
    let units = try reopened.units(run: runs[0].id)
    #expect(units.map(\.spikes) == [spikes])
    #expect(units[0].template == [[1, 2], [3, 4]])
    #expect(units[0].quality == ["silhouette": 0.93])
  }

  @Test func theSameFileIsRecognisedForTheSubject() throws {
    let temporary = try TemporaryRegistry()
    let registry = temporary.registry
    let recording = try temporary.addRecording()
    let subject = try registry.subject(pseudonym: "P01")
    let second = try registry.addVisit(subject: subject.id, date: try day("2026-02-05"))
    let again = StoredRecording(visit: second.id, modality: "needle", sha256: sha256(1))
    let expected = RegistryError.alreadyStored(
      sha256: sha256(1), subject: "P01", date: "2026-01-05", recording: recording.id)
    #expect(throws: expected) { try registry.addRecording(again) }
    #expect(throws: expected) {
      try registry.addRecording(
        again, run: AnalysisRun(recording: 0, method: "m", softwareVersion: "1"))
    }
    #expect(try registry.recording(subject: subject.id, sha256: sha256(1)) == recording)
    // The same bytes for another subject are stored, and can be found as a mix-up.
    try temporary.addRecording("P02", seed: 1)
    #expect(try registry.recordings(sha256: sha256(1)).count == 2)
    try registry.retract(recording, reason: "wrong file")
    try registry.addRecording(again)
  }

  @Test func oneVisitADay() throws {
    let temporary = try TemporaryRegistry()
    let subject = try temporary.registry.addSubject(pseudonym: "P01")
    let date = try day("2026-01-05")
    let visit = try temporary.registry.addVisit(
      subject: subject.id, date: date, nominal: "baseline")
    #expect(throws: RegistryError.self) {
      try temporary.registry.addVisit(subject: subject.id, date: date)
    }
    #expect(try temporary.registry.visit(subject: subject.id, date: date) == visit)
    #expect(throws: RegistryError.self) {
      try temporary.registry.addVisit(subject: subject.id, date: nil)
    }
  }

  @Test func therapiesAndEventsAreKept() throws {
    let temporary = try TemporaryRegistry()
    let registry = temporary.registry
    let subject = try registry.addSubject(
      pseudonym: "P01", study: "S1", site: "Ulm", onsetDate: try day("2025-01-01"),
      onsetSite: "limb", attributes: ["sex": "f"])
    try registry.addSubject(pseudonym: "P02", study: "S1", site: "Ulm")
    #expect(try registry.studies().map(\.name) == ["S1"])
    #expect(try registry.sites().count == 1)
    let therapy = try registry.addIntervention(
      subject: subject.id, kind: "drug", startDate: try day("2026-03-01"), name: "X", dose: 100,
      doseUnit: "mg")
    let event = try registry.addEvent(
      subject: subject.id, kind: .nonInvasiveVentilation, date: try day("2026-04-01"))
    #expect(try registry.interventions(subject: subject.id) == [therapy])
    #expect(try registry.events() == [event])
    #expect(try registry.subject(pseudonym: "P01") == subject)
    #expect(throws: RegistryError.self) {
      try registry.addIntervention(
        subject: subject.id, kind: "drug", startDate: try day("2026-03-01"),
        stopDate: try day("2026-02-01"))
    }
  }

  @Test func unitsAreLinkedAcrossRuns() throws {
    let temporary = try TemporaryRegistry()
    let registry = temporary.registry
    let runs = try ["P01", "P02"].enumerated().map { index, name in
      let recording = try temporary.addRecording(name, seed: UInt8(index))
      return try registry.addRun(
        AnalysisRun(recording: recording.id, method: "decompose", softwareVersion: "1"),
        units: (0..<3).map { StoredUnit(index: $0, samplingRate: 2048, spikes: [Double($0)]) })
    }
    let links = try registry.addUnitLinks([
      UnitLink(
        first: runs[0].units[0].id, second: runs[1].units[2].id, confidence: 0.9, method: "template"
      )
    ])
    #expect(try registry.unitLinks(run: runs[0].run.id) == links)
    #expect(try registry.unitLinks(run: runs[1].run.id) == links)
    #expect(throws: RegistryError.self) {
      try registry.addUnitLinks([UnitLink(first: 1, second: 2, confidence: 2, method: "x")])
    }
  }

  @Test func otherFilesAreRefusedAndLeftAlone() throws {
    let temporary = try TemporaryRegistry()
    let text = temporary.url("notes.txt")
    try Data(String(repeating: "not a database ", count: 20).utf8).write(to: text)
    #expect(throws: RegistryError.self) { try PatientRegistry.open(path: text.path) }
    #expect(try Data(contentsOf: text).count == 300)
    let foreign = temporary.url("foreign.sqlite").path
    try temporary.execute("CREATE TABLE mail (id INTEGER PRIMARY KEY)", at: foreign)
    #expect(throws: RegistryError.notARegistry(path: foreign, found: "another program's database"))
    {
      try PatientRegistry.open(path: foreign)
    }
    #expect(throws: RegistryError.notARegistry(path: temporary.folder.path, found: "a folder")) {
      try PatientRegistry.open(path: temporary.folder.path)
    }
    let missing = temporary.url("missing.sqlite").path
    #expect(throws: RegistryError.noSuchFile(path: missing)) {
      try PatientRegistry.open(path: missing, createIfMissing: false)
    }
    #expect(!FileManager.default.fileExists(atPath: missing))
  }

  @Test func onlyTheOwnerReadsTheFileAndWritesAreSynchronous() throws {
    let temporary = try TemporaryRegistry()
    let attributes = try FileManager.default.attributesOfItem(atPath: temporary.path)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    let (journal, synchronous) = try temporary.registry.pool.writeWithoutTransaction { db in
      (
        try String.fetchOne(db, sql: "PRAGMA journal_mode"),
        try Int.fetchOne(db, sql: "PRAGMA synchronous")
      )
    }
    #expect(journal == "wal")
    #expect(synchronous == 2)
  }

  @Test func textWithNulAndOtherOddBytesKeepsTheChainIntact() throws {
    let temporary = try TemporaryRegistry()
    try temporary.registry.addSubject(
      pseudonym: "P01", arm: "a\0b", onsetSite: "\0", attributes: ["k": "v\0w\u{1F600}"])
    let subject = try temporary.registry.subject(pseudonym: "P01")
    #expect(subject.arm == "ab")
    #expect(subject.onsetSite == nil)
    #expect(try temporary.registry.verify().isIntact)
  }
}
