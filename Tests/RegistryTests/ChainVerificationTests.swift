import Foundation
import GRDB
import Testing

@testable import Registry

@Suite struct ChainVerificationTests {
  /// A registry with two subjects, visits, a recording, a run and measurements.
  private func filled() throws -> TemporaryRegistry {
    let temporary = try TemporaryRegistry()
    let recording = try temporary.addRecording("P01", seed: 1)
    try temporary.registry.addRun(
      AnalysisRun(recording: recording.id, method: "munix", softwareVersion: "1"),
      measurements: [
        Measurement(kind: .munix, value: 100), Measurement(kind: .musix, value: 40),
      ])
    try temporary.addRecording("P02", seed: 2)
    return temporary
  }

  private func dropTriggers(_ temporary: TemporaryRegistry) throws {
    let queue = try DatabaseQueue(path: temporary.path)
    try queue.write { db in
      let names = try String.fetchAll(
        db, sql: "SELECT name FROM sqlite_schema WHERE type = 'trigger'")
      for name in names { try db.execute(sql: "DROP TRIGGER \(name)") }
    }
  }

  @Test func anUntouchedRegistryIsIntact() throws {
    let report = try filled().registry.verify()
    #expect(report.isIntact)
    #expect(report.entryCount == 9)
    #expect(report.headHash.count == 64)
  }

  @Test func anEmptyRegistryIsIntact() throws {
    let report = try TemporaryRegistry().registry.verify()
    #expect(report.isIntact && report.entryCount == 0)
    #expect(report.headHash == String(repeating: "0", count: 64))
  }

  @Test(arguments: [
    ("UPDATE measurement SET value = 101 WHERE id = 5", "entry 5 (add measurement): its content"),
    ("UPDATE measurement SET standard_error = 0 WHERE id = 5", "entry 5 (add measurement): its"),
    ("UPDATE visit SET day = day + 1 WHERE id = 2", "entry 2 (add visit): its content"),
    ("UPDATE ledger SET author = 'other' WHERE seq = 3", "entry 3 (add recording): its content"),
    ("UPDATE ledger SET at = '2020-01-01T00:00:00.000Z' WHERE seq = 3", "entry 3"),
    ("UPDATE ledger SET hash = zeroblob(32) WHERE seq = 4", "entry 4 (add analysis_run): its"),
    ("DELETE FROM measurement WHERE id = 6", "entry 6 (add measurement): its record is missing"),
    ("DELETE FROM measurement WHERE id = 6; DELETE FROM ledger WHERE seq = 6", "entries 6 to 6"),
    (
      "INSERT INTO measurement SELECT 50, 50, visit, run, kind, 7, unit, standard_error, censored, "
        + "qc, replicate, muscle, side, conditions FROM measurement WHERE id = 5",
      "measurement 50: a record without ledger entry"
    ),
    ("UPDATE measurement SET origin = 4 WHERE id = 5", "entry 5 (add measurement)"),
    ("UPDATE subject SET pseudonym = 'P99' WHERE id = 1", "entry 1 (add subject): its content"),
    ("UPDATE ledger SET record_table = 'nothing' WHERE seq = 1", "unknown table"),
  ]) func tamperingIsFound(_ sql: String, _ finding: String) throws {
    let temporary = try filled()
    try dropTriggers(temporary)
    try temporary.execute("PRAGMA foreign_keys = OFF; " + sql)
    let report = try temporary.registry.verify()
    #expect(report.findings.contains { $0.contains(finding) }, "\(report.findings)")
  }

  @Test func aCutEndIsFoundByACitation() throws {
    let temporary = try filled()
    let citation = try temporary.registry.cohortSeries(MeasurementFilter(kinds: [.munix])).citation
    #expect(try temporary.registry.verify(citation: citation).isIntact)
    try dropTriggers(temporary)
    try temporary.execute(
      "PRAGMA foreign_keys = OFF; DELETE FROM recording WHERE id = 9; DELETE FROM ledger WHERE seq = 9"
    )
    #expect(try temporary.registry.verify().isIntact)
    let report = try temporary.registry.verify(citation: citation)
    #expect(
      report.findings == ["citation: entry 9 is missing: the ledger was cut off or rewritten"])
  }

  @Test func aChainRewrittenAsAWholeIsFoundByACitation() throws {
    let first = try filled()
    let citation = try first.registry.cohortSeries(MeasurementFilter(kinds: [.munix])).citation
    let second = try TemporaryRegistry(author: "somebody else")
    for number in 1...9 { try second.registry.addSubject(pseudonym: "X\(number)") }
    let report = try second.registry.verify(citation: citation)
    #expect(
      report.findings == [
        "citation: entry 9 is no longer the same: the ledger was changed and its hashes worked "
          + "out again"
      ])
  }
}
