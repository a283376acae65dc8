import Foundation
import Testing

@testable import Registry

@Suite struct RegistryCheckTests {
  @Test func aFreshRegistryIsSound() throws {
    let temporary = try TemporaryRegistry()
    try temporary.addRecording()
    let report = try temporary.registry.check()
    #expect(report.findings.isEmpty)
    #expect(report.chain.entryCount == 3)
  }

  @Test func aDroppedTriggerIsFound() throws {
    let temporary = try TemporaryRegistry()
    try temporary.execute("DROP TRIGGER measurement_no_update")
    let report = try temporary.registry.check()
    #expect(report.schema == ["schema: trigger measurement_no_update is missing"])
    #expect(!report.isSound)
  }

  @Test func aForeignTriggerAndAnAlteredViewAreFound() throws {
    let temporary = try TemporaryRegistry()
    try temporary.execute(
      """
      CREATE TRIGGER quiet AFTER INSERT ON visit BEGIN SELECT 1; END;
      DROP VIEW current_visit; CREATE VIEW current_visit AS SELECT * FROM visit;
      """)
    #expect(
      try temporary.registry.check().schema == [
        "schema: view current_visit is altered", "schema: trigger quiet does not belong here",
      ])
  }

  @Test func aDanglingReferenceIsFound() throws {
    let temporary = try TemporaryRegistry()
    try temporary.execute(
      """
      PRAGMA foreign_keys = OFF;
      INSERT INTO visit (id, origin, subject, day, status) VALUES (1, 1, 99, 1, 'done');
      """)
    let report = try temporary.registry.check()
    #expect(report.foreignKeys.contains("visit 1: refers to a subject record that is not there"))
    #expect(report.chain.findings == ["visit 1: a record without ledger entry"])
  }

  @Test func damagedPagesAreFound() throws {
    let temporary = try TemporaryRegistry()
    for number in 1...200 { try temporary.registry.addSubject(pseudonym: "P\(number)") }
    let copy = temporary.url("copy.sqlite").path
    try temporary.registry.backup(to: copy)
    var bytes = try Data(contentsOf: URL(fileURLWithPath: copy))
    let found = try #require(bytes.range(of: Data("P150".utf8)))
    bytes.replaceSubrange(found, with: Data("P151".utf8))
    try bytes.write(to: URL(fileURLWithPath: copy))
    let damaged = try PatientRegistry.open(path: copy)
    #expect(!(try damaged.check().isSound))
  }
}
