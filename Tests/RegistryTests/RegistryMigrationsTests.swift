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
    #expect(RegistryMigrations.migrator.migrations == ["v1"])
  }
}
