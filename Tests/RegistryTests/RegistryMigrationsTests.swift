import Foundation
import GRDB
import Testing

@testable import Registry

@Suite struct RegistryMigrationsTests {
  /// The path of a registry of version 1 that this program did not make.
  private func version1(_ temporary: TemporaryRegistry) throws -> String {
    let path = temporary.url("v1.sqlite").path
    try temporary.execute(RegistryV1Fixture.sql, at: path)
    return path
  }

  @Test func aRegistryOfVersion1IsOpenedWhole() throws {
    let temporary = try TemporaryRegistry()
    let registry = try PatientRegistry.open(path: version1(temporary), createIfMissing: false)
    let report = try registry.check()
    #expect(report.findings == [])
    #expect(report.chain.headHash == RegistryV1Fixture.headHash)
    let subject = try registry.subject(pseudonym: "P01")
    #expect(subject.arm == "B" && subject.attributes == ["sex": "f"])
    let points = try registry.series(kind: .identifiedUnitsMaximum, subject: subject.id)
    #expect(points.map(\.value) == [12])
    #expect(try registry.series(kind: .slowVitalCapacity, subject: subject.id).map(\.value) == [88])
    #expect(try registry.events().isEmpty)
    let run = try #require(points.first?.run)
    #expect(try registry.units(run: run).map(\.spikes) == [[10, 200.5]])
    try registry.addSubject(pseudonym: "P02")
    #expect(try registry.check().isSound)
  }

  @Test func version2KeepsElectrodesAndTheEvidenceOfLinks() throws {
    let temporary = try TemporaryRegistry()
    let registry = try PatientRegistry.open(path: version1(temporary), createIfMissing: false)
    let subject = try registry.subject(pseudonym: "P01")
    let point = try #require(
      try registry.series(kind: .identifiedUnitsMaximum, subject: subject.id).first)
    let old = try #require(point.run)
    let run = try #require(try registry.record(AnalysisRun.self, id: old))
    #expect(run.electrodes == nil)
    let stored = try registry.addRun(
      AnalysisRun(
        recording: run.recording, method: "decompose", softwareVersion: "test",
        electrodes: [[0, 0], [0, 8.5]]),
      units: [StoredUnit(index: 0, samplingRate: 2_048, spikes: [5, 90])])
    let again = try registry.record(AnalysisRun.self, id: stored.run.id)
    #expect(again?.electrodes == [[0, 0], [0, 8.5]])
    let first = try #require(try registry.units(run: old).first)
    try registry.addUnitLinks([
      UnitLink(
        first: first.id, second: stored.units[0].id, confidence: 0.97, method: "template",
        evidence: ["similarity": 0.99, "margin": .infinity])
    ])
    let links = try registry.unitLinks(run: old)
    #expect(links.map(\.evidence) == [["similarity": 0.99]])
    #expect(try registry.check().isSound)
    #expect(throws: RegistryError.self) {
      try registry.addRun(
        AnalysisRun(
          recording: run.recording, method: "decompose", softwareVersion: "test",
          electrodes: [[0]]))
    }
  }

  @Test func version4KeepsWhereATherapyWasGiven() throws {
    let temporary = try TemporaryRegistry()
    let path = temporary.url("v3.sqlite").path
    try temporary.execute(RegistryV3Fixture.sql, at: path)
    let registry = try PatientRegistry.open(path: path, createIfMissing: false)
    let report = try registry.check()
    #expect(report.findings == [])
    #expect(report.chain.headHash == RegistryV3Fixture.headHash)
    let subject = try registry.subject(pseudonym: "P01")
    let old = try #require(try registry.interventions(subject: subject.id).first)
    #expect(old.kind == "cells" && old.dose == 2 && old.muscle == nil && old.side == nil)
    let start = try #require(CivilDate("2026-03-01"))
    try registry.addIntervention(
      subject: subject.id, kind: "cells", startDate: start, muscle: "TA", side: .left)
    let new = try #require(try registry.interventions(subject: subject.id).last)
    #expect(new.muscle == "tibialis anterior" && new.side == .left)
    #expect(try registry.check().isSound)
  }

  @Test func aLaterColumnLeavesTheChainIntact() throws {
    let temporary = try TemporaryRegistry()
    let path = try version1(temporary)
    let queue = try DatabaseQueue(path: path)
    var migrator = RegistryMigrations.migrator
    migrator.registerMigration("later") { db in
      try db.execute(sql: "ALTER TABLE visit ADD COLUMN assessor TEXT")
    }
    try migrator.migrate(queue)
    #expect(try queue.read { try ChainVerification.run($0).findings } == [])
    try queue.close()
    #expect(throws: RegistryError.newerSchema(path: path)) { try PatientRegistry.open(path: path) }
  }

  @Test func theMigrationsAreNamedOnceAndInOrder() throws {
    #expect(RegistryMigrations.migrator.migrations == ["v1", "v2", "v3", "v4"])
  }
}
