import Foundation
import Testing

@testable import Registry

@Suite struct RecordMovesTests {
  private struct Followed {
    let temporary: TemporaryRegistry
    let subject: Subject
    let runs: [StoredRun]
    var registry: PatientRegistry { temporary.registry }
  }

  /// A subject with two decomposed visits, linked, with the share found again at the second.
  private func followed() throws -> Followed {
    let temporary = try TemporaryRegistry()
    let registry = temporary.registry
    let subject = try registry.addSubject(pseudonym: "P01")
    let runs = try ["2026-01-05", "2026-04-05"].enumerated().map { index, date in
      let stored = try registry.storeVisit(
        subject: subject.id, date: day(date),
        recordings: [
          RecordingEntry(
            recording: StoredRecording(
              visit: 0, muscle: "TA", side: .left, modality: "surface-grid",
              sha256: sha256(UInt8(index + 1))),
            run: AnalysisRun(recording: 0, method: "decompose", softwareVersion: "1"),
            measurements: [Measurement(kind: .identifiedUnitsMedian, value: 8)],
            units: [StoredUnit(index: 0, samplingRate: 2048, spikes: [1, 2])])
        ])
      return stored.runs[0]
    }
    try registry.addUnitLinks([
      UnitLink(
        first: runs[0].units[0].id, second: runs[1].units[0].id, confidence: 0.9, method: "t")
    ])
    try registry.addMeasurements([
      Measurement(
        visit: runs[1].recording.visit, run: runs[1].run.id, kind: .matchedUnitShare, value: 0.8,
        muscle: "TA", side: .left, conditions: ["earlier_visit": "2026-01-05"])
    ])
    return Followed(temporary: temporary, subject: subject, runs: runs)
  }

  private func shares(_ registry: PatientRegistry) throws -> [Registry.Measurement] {
    try registry.measurements(kind: .matchedUnitShare)
  }

  @Test(arguments: [0, 1])
  func aMovedRecordingTakesItsValuesAndLosesItsLinks(_ index: Int) throws {
    let followed = try followed()
    let registry = followed.registry
    let other = try registry.addSubject(pseudonym: "P02")
    let report = try registry.moveRecording(
      followed.runs[index].recording.id,
      to: RecordingPlace(subject: other.id, side: .right), reason: "exchanged")
    #expect(report.corrected["recording"] == 1)
    #expect(report.withdrawn == ["measurement": 1, "unit_link": 1])
    let values = try registry.measurements(subject: other.id)
    #expect(values.map(\.kind) == [.identifiedUnitsMedian] && values[0].side == .right)
    #expect(try registry.measurements(subject: followed.subject.id).count == 1)
    #expect(try shares(registry).isEmpty)
    #expect(try registry.unitLinks(run: followed.runs[0].run.id).isEmpty)
    #expect(try registry.check().isSound)
    #expect(throws: RegistryError.self) {
      try registry.moveRecording(
        followed.runs[index].recording.id, to: RecordingPlace(side: .right), reason: "again")
    }
  }

  @Test func aFileThatThePatientHasIsNotMovedToThem() throws {
    let followed = try followed()
    let registry = followed.registry
    let other = try followed.temporary.addRecording("P02", seed: 1)
    #expect(throws: RegistryError.self) {
      try registry.moveRecording(
        other.id, to: RecordingPlace(subject: followed.subject.id), reason: "exchanged")
    }
  }

  @Test func aRetractedRecordingTakesWhatWasDerivedFromIt() throws {
    let followed = try followed()
    let registry = followed.registry
    try registry.retract(followed.runs[0].recording, reason: "of another patient")
    #expect(try shares(registry).isEmpty)
    #expect(try registry.measurements(subject: followed.subject.id).count == 1)
    #expect(try registry.check().isSound)
  }

  @Test func valuesFollowTheDateOfTheirEarlierVisit() throws {
    let followed = try followed()
    let registry = followed.registry
    let report = try registry.changeDate(
      subject: followed.subject.id, from: day("2026-01-05"), to: day("2026-01-06"),
      reason: "wrong in source")
    #expect(report.corrected == ["visit": 1, "measurement": 1])
    #expect(try shares(registry)[0].conditions["earlier_visit"] == "2026-01-06")
    #expect(throws: RegistryError.self) {
      try registry.changeDate(
        subject: followed.subject.id, from: day("2026-01-06"), to: day("2026-04-05"), reason: "x")
    }
  }

  @Test func twoPseudonymsOfOnePersonBecomeOne() throws {
    let followed = try followed()
    let registry = followed.registry
    let other = try registry.addSubject(pseudonym: "P02")
    // A visit of the same day with the same file, the same scale and a value, and one of its own.
    try registry.storeVisit(
      subject: other.id, date: day("2026-01-05"),
      recordings: [
        RecordingEntry(
          recording: StoredRecording(visit: 0, modality: "surface-grid", sha256: sha256(1)),
          run: AnalysisRun(recording: 0, method: "decompose", softwareVersion: "1"))
      ], measurements: [Measurement(kind: .munix, value: 60, muscle: "APB")],
      outcomes: [.slowVitalCapacity(visit: 0, percent: 80)],
      doubts: [EntryDoubt("x", "a doubt")])
    try registry.storeVisit(
      subject: other.id, date: day("2026-02-05"),
      measurements: [Measurement(kind: .munix, value: 50, muscle: "APB")])
    try registry.storeVisit(
      subject: followed.subject.id, date: day("2026-01-05"),
      measurements: [Measurement(kind: .munix, value: 61, muscle: "APB")],
      outcomes: [.slowVitalCapacity(visit: 0, percent: 82)])
    try registry.addEvent(subject: other.id, kind: .withdrawal, date: day("2026-05-01"))
    let report = try registry.mergeSubject(
      other.id, into: followed.subject.id, reason: "enrolled twice")
    #expect(report.withdrawn["subject"] == 1 && report.withdrawn["visit"] == 1)
    #expect(try registry.subjects().map(\.pseudonym) == ["P01"])
    #expect(try registry.visits(subject: followed.subject.id).count == 3)
    let munix = try registry.measurements(kind: .munix, subject: followed.subject.id)
    #expect(munix.map(\.value).sorted() == [50, 60, 61])
    #expect(Set(munix.filter { $0.value > 55 }.map(\.replicate)) == [1, 2])
    #expect(try registry.outcomes(subject: followed.subject.id).map(\.total) == [82])
    #expect(try registry.events(subject: followed.subject.id).count == 1)
    #expect(try registry.openWarnings(subject: followed.subject.id).count == 1)
    #expect(try registry.check().isSound)
  }
}
