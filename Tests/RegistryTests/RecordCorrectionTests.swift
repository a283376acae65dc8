import Foundation
import GRDB
import Testing

@testable import Registry

@Suite struct RecordCorrectionTests {
  /// A patient with two visits, a value, an outcome, a therapy and a recording with a run.
  private func filled(_ temporary: TemporaryRegistry) throws -> RecordID {
    let registry = temporary.registry
    let recording = try temporary.addRecording()
    let subject = try registry.subject(pseudonym: "P01")
    try registry.addRun(
      AnalysisRun(recording: recording.id, method: "munix", softwareVersion: "1"),
      measurements: [Measurement(kind: .musix, value: 40)])
    try registry.storeVisit(
      subject: subject.id, date: day("2026-02-05"),
      measurements: [
        Measurement(
          kind: .munix, value: 48, standardError: 3, muscle: "apb", side: .left,
          conditions: ["force": "20"])
      ],
      outcomes: [
        Outcome.alsfrs(
          visit: 0,
          items: Dictionary(
            uniqueKeysWithValues: MeasurementKind.alsfrsItemNames.map { ($0, 4.0) }))
      ])
    try registry.addIntervention(
      subject: subject.id, kind: "drug", startDate: day("2026-02-01"))
    return subject.id
  }

  private func number(
    _ table: RecordTable, _ registry: PatientRegistry, _ subject: RecordID
  ) throws -> RecordID {
    try #require(try registry.records(subject: subject).last { $0.table == table }?.id)
  }

  @Test func everyRecordOfAPatientIsListed() throws {
    let temporary = try TemporaryRegistry()
    let subject = try filled(temporary)
    let records = try temporary.registry.records(subject: subject)
    let counts = Dictionary(grouping: records, by: \.table).mapValues(\.count)
    #expect(
      counts == [
        .subject: 1, .visit: 2, .intervention: 1, .recording: 1, .analysisRun: 1,
        .measurement: 2, .outcome: 1,
      ])
    let value = try #require(records.first { $0.values["kind"] == "munix" })
    #expect(
      value.values == [
        "visit": "2026-02-05", "kind": "munix", "value": "48", "unit": "1", "se": "3",
        "quality": "pass", "replicate": "1", "muscle": "abductor pollicis brevis",
        "side": "left", "condition.force": "20",
      ])
    for record in records {
      #expect(try temporary.registry.record(number: record.id) == record)
    }
  }

  @Test func aValueIsCorrectedAndItsHistoryKept() throws {
    let temporary = try TemporaryRegistry(author: "nurse")
    let registry = temporary.registry
    let subject = try filled(temporary)
    let id = try number(.measurement, registry, subject)
    let corrected = try registry.correct(
      number: id, changes: ["value": "84", "se": "", "condition.force": "25"],
      reason: "digits transposed")
    #expect(corrected.values["value"] == "84" && corrected.values["se"] == nil)
    #expect(corrected.values["condition.force"] == "25")
    #expect(try registry.series(kind: .munix, subject: subject).map(\.value) == [84])
    let history = try registry.history(number: id)
    #expect(history.map { $0.values?["value"] } == ["48", "84"])
    #expect(history.map(\.entry.action) == [.add, .correct])
    #expect(history.last?.entry.reason == "digits transposed")
    #expect(history.last?.entry.author == "nurse")
    // The number of any version leads to the record.
    let version = try #require(history.last?.entry.position)
    #expect(try registry.record(number: version).id == id)
    #expect(try registry.verify().isIntact && registry.check().isSound)
  }

  @Test func everyKindOfRecordCanBeCorrected() throws {
    let temporary = try TemporaryRegistry()
    let registry = temporary.registry
    let subject = try filled(temporary)
    try registry.correct(
      number: subject,
      changes: [
        "arm": "placebo", "onset": "2024-06-01", "site": "BER", "attribute.sod1": "yes",
      ], reason: "source")
    let stored = try registry.subject(pseudonym: "P01")
    #expect(stored.arm == "placebo" && stored.attributes == ["sod1": "yes"])
    #expect(try registry.sites().map(\.name) == ["BER"])
    let therapy = try number(.intervention, registry, subject)
    try registry.correct(
      number: therapy, changes: ["start": "2026-02-03", "dose": "100"], reason: "source")
    #expect(try registry.interventions().map(\.startDate) == [day("2026-02-03")])
    let outcome = try number(.outcome, registry, subject)
    let item = MeasurementKind.alsfrsItemNames[0]
    try registry.correct(number: outcome, changes: ["item.\(item)": "2"], reason: "source")
    #expect(try registry.outcomes().map(\.total) == [46])
    let visit = try number(.visit, registry, subject)
    try registry.correct(number: visit, changes: ["date": "2026-02-06"], reason: "source")
    #expect(try registry.series(kind: .munix, subject: subject).map(\.date) == [day("2026-02-06")])
    let recording = try number(.recording, registry, subject)
    try registry.correct(number: recording, changes: ["visit": "2026-02-06"], reason: "source")
    #expect(try registry.series(kind: .musix, subject: subject).map(\.date) == [day("2026-02-06")])
    #expect(try registry.check().isSound)
  }

  @Test func badCorrectionsChangeNothing() throws {
    let temporary = try TemporaryRegistry()
    let registry = temporary.registry
    let subject = try filled(temporary)
    let head = try registry.verify().headHash
    let value = try number(.measurement, registry, subject)
    let visit = try number(.visit, registry, subject)
    let run = try number(.analysisRun, registry, subject)
    let bad: [(RecordID, [String: String])] = [
      (value, ["value": "many"]), (value, ["value": "-5"]), (value, ["weight": "1"]),
      (value, ["side": "up"]), (value, ["quality": "good"]), (value, ["value": "48"]),
      (value, ["value": ""]), (value, ["condition": "x"]), (value, ["visit": "2020-01-01"]),
      (visit, ["date": "2026-01-05"]), (visit, ["date": "05.02.2026"]),
      (subject, ["pseudonym": "Max Mustermann"]), (subject, ["attribute.name": "Max"]),
      (run, ["method": "other"]), (99_999, ["value": "1"]),
    ]
    for (number, changes) in bad {
      #expect(throws: RegistryError.self, "\(changes)") {
        try registry.correct(number: number, changes: changes, reason: "try")
      }
    }
    #expect(throws: RegistryError.reasonMissing(table: "measurement", id: value)) {
      try registry.correct(number: value, changes: ["value": "50"], reason: " ")
    }
    #expect(try registry.verify().headHash == head)
  }

  @Test func retractionAsksBeforeItTakesMore() throws {
    let temporary = try TemporaryRegistry()
    let registry = temporary.registry
    let subject = try filled(temporary)
    let visit = try number(.visit, registry, subject)
    let head = try registry.verify().headHash
    #expect(throws: RegistryError.self) {
      try registry.retract(number: visit, reason: "wrong patient")
    }
    #expect(try registry.verify().headHash == head)
    let report = try registry.retract(
      number: visit, reason: "wrong patient", includingDependents: true)
    #expect(report.dependents == ["measurement": 1, "outcome": 1])
    #expect(try registry.series(kind: .munix, subject: subject).isEmpty)
    #expect(throws: RegistryError.self) { try registry.record(number: visit) }
    #expect(try registry.history(number: visit).map(\.entry.action) == [.add, .retract])
    #expect(try registry.history(number: visit).last?.values == nil)
    let therapy = try number(.intervention, registry, subject)
    #expect(try registry.retract(number: therapy, reason: "never given").dependents.isEmpty)
    #expect(try registry.check().isSound)
  }

  /// The order of the hash of a record is that of the names' bytes, also with a column of its own.
  @Test func theHashDoesNotDependOnTheWayOfSorting() throws {
    let fields = RecordFields([
      "visit": .integer(3), "kind": .text("munix"), "value": .real(1.5), "qc": .text("pass"),
    ])
    var sorted = CanonicalBytes()
    sorted.append(fields)
    var known = CanonicalBytes()
    known.append(fields, order: RecordTable.hashOrder("measurement"))
    #expect(sorted.bytes == known.bytes)
    var later = fields
    later["a_later_column"] = .text("x")
    var first = CanonicalBytes()
    first.append(later)
    var second = CanonicalBytes()
    second.append(later, order: RecordTable.hashOrder("measurement"))
    #expect(first.bytes == second.bytes && first.bytes != sorted.bytes)
  }
}
