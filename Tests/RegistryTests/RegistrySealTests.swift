import Foundation
import GRDB
import Testing

@testable import Registry

@Suite struct RegistrySealTests {
  /// A registry with a value; `isInserted`: with one more value entered before it.
  private func filled(isInserted: Bool = false) throws -> TemporaryRegistry {
    let temporary = try TemporaryRegistry()
    let recording = try temporary.addRecording("P01", seed: 1)
    if isInserted {
      try temporary.registry.addMeasurements([
        Measurement(visit: recording.visit, kind: .munix, value: 55, replicate: 2)
      ])
    }
    try temporary.registry.addMeasurements([
      Measurement(visit: recording.visit, kind: .munix, value: 100),
      Measurement(visit: recording.visit, kind: .musix, value: 40),
    ])
    return temporary
  }

  private func seal(_ temporary: TemporaryRegistry, _ key: SealKey) throws -> RegistrySeal {
    try RegistrySeal(head: temporary.registry.head(), key: key)
  }

  /// Changes the file by SQL, works out every hash again and puts the triggers back.
  private func forge(_ temporary: TemporaryRegistry, _ sql: String) throws {
    let queue = try DatabaseQueue(path: temporary.path)
    try queue.writeWithoutTransaction { db in
      let triggers = try Row.fetchAll(
        db, sql: "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
      for row in triggers { try db.execute(sql: "DROP TRIGGER \(row["name"] as String)") }
      try db.execute(sql: "PRAGMA foreign_keys = OFF; " + sql)
      var previous = LedgerEntry.genesis
      for row in try Row.fetchAll(db, sql: "SELECT * FROM ledger ORDER BY seq") {
        let entry = try LedgerEntry(row: row)
        let record = try Row.fetchOne(
          db, sql: "SELECT * FROM \(entry.table) WHERE id = ?", arguments: [entry.position])
        let hash = entry.hash(
          after: previous, origin: record.map { $0["origin"] },
          fields: record.map { RecordFields(row: $0) })
        try db.execute(
          sql: "UPDATE ledger SET hash = ? WHERE seq = ?", arguments: [hash, entry.position])
        previous = hash
      }
      for row in triggers { try db.execute(sql: row["sql"] as String) }
    }
    try queue.close()
  }

  private func findings(_ temporary: TemporaryRegistry, _ seal: RegistrySeal) throws -> [String] {
    try temporary.registry.check(citations: [seal.citation(source: "seal")]).findings
  }

  @Test func anUntouchedAndAGrownRegistryAgreeWithTheSeal() throws {
    let temporary = try filled()
    let seal = try seal(temporary, SealKey())
    #expect(try findings(temporary, seal) == [])
    try temporary.registry.addSubject(pseudonym: "P02")
    #expect(try findings(temporary, seal) == [])
  }

  @Test func aChangedValueWithAllHashesWorkedOutAgainIsFound() throws {
    let temporary = try filled()
    let seal = try seal(temporary, SealKey())
    try forge(temporary, "UPDATE measurement SET value = 101 WHERE kind = 'munix'")
    // The forgery is good: nothing within the file tells of it.
    #expect(try temporary.registry.check().isSound)
    #expect(try findings(temporary, seal).count == 1)
    #expect(try findings(temporary, seal)[0].contains("no longer the same"))
  }

  @Test func aTailThatWasCutOffIsFound() throws {
    let temporary = try filled()
    let seal = try seal(temporary, SealKey())
    try forge(temporary, "DELETE FROM measurement WHERE id = 5; DELETE FROM ledger WHERE seq = 5")
    #expect(try temporary.registry.check().isSound)
    #expect(try findings(temporary, seal)[0].contains("missing"))
    try temporary.registry.addSubject(pseudonym: "P02")
    #expect(try findings(temporary, seal)[0].contains("no longer the same"))
  }

  @Test func anInsertedEntryIsFound() throws {
    let seal = try seal(try filled(), SealKey())
    // The same history with one more entry, as a forger who knows every input would write it.
    let forged = try filled(isInserted: true)
    #expect(try forged.registry.check().isSound)
    #expect(try findings(forged, seal)[0].contains("no longer the same"))
  }

  @Test func aNotedHashIsEnough() throws {
    let temporary = try filled()
    let head = try temporary.registry.head().hash
    func findings(_ hash: String) throws -> [String] {
      try temporary.registry.verify(
        citations: [LedgerCitation(position: nil, hash: hash, source: "report")]
      ).findings
    }
    try temporary.registry.addSubject(pseudonym: "P02")
    #expect(try findings(head.uppercased()) == [])
    #expect(try findings(String(repeating: "a", count: 64)).count == 1)
    try forge(temporary, "UPDATE measurement SET value = 101 WHERE kind = 'munix'")
    #expect(try findings(head).count == 1)
  }

  @Test func aSealIsItsTextAndNothingElse() throws {
    let seal = try seal(try filled(), SealKey())
    #expect(try RegistrySeal(text: seal.text, source: "s") == seal)
    let crlf = seal.text.replacingOccurrences(of: "\n", with: " \r\n")
    #expect(try RegistrySeal(text: crlf, source: "s") == seal)
    let changes = [
      ("entries: 5", "entries: 4"), ("time: 20", "time: 19"), (seal.headHash, sha256(3)),
      (seal.publicKey, SealKey().publicText), ("signature", "signed"), ("seal 1", "seal 2"),
      ("time:", "site: x\ntime:"),
    ]
    for (old, new) in changes {
      #expect(seal.text.contains(old))
      #expect(throws: RegistryError.self, "\(old)") {
        try RegistrySeal(
          text: seal.text.replacingOccurrences(of: old, with: new), source: "s")
      }
    }
  }

  @Test func aKeyIsItsOwnersAndNeverReplaced() throws {
    let temporary = try filled()
    let path = temporary.url("keys/site.key").path
    let key = SealKey()
    try key.save(path: path)
    #expect(throws: RegistryError.fileExists(path: path + ".pub")) {
      try SealKey().save(path: path)
    }
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(try SealKey(path: path).publicText == key.publicText)
    #expect(try SealKey.publicText(path: path + ".pub") == key.publicText)
    chmod(path, 0o640)
    #expect(throws: RegistryError.self) { try SealKey(path: path) }
  }
}
