import Foundation
import Testing

@testable import Registry

@Suite struct RegistryBackupTests {
  @Test func aBackupHoldsTheSameChain() throws {
    let temporary = try TemporaryRegistry()
    try temporary.addRecording()
    let copy = temporary.url("backup.sqlite").path
    let report = try temporary.registry.backup(to: copy)
    #expect(report.headHash == (try temporary.registry.verify().headHash))
    #expect(report.entryCount == 3)
    #expect(!FileManager.default.fileExists(atPath: copy + "-wal"))
    let opened = try PatientRegistry.open(path: copy, createIfMissing: false)
    #expect(try opened.subjects() == temporary.registry.subjects())
    #expect(throws: RegistryError.fileExists(path: copy)) {
      try temporary.registry.backup(to: copy)
    }
    let left = try FileManager.default.contentsOfDirectory(atPath: temporary.folder.path)
    #expect(!left.contains { $0.contains(".part-") })
  }

  @Test func restoreMakesANewRegistry() throws {
    let temporary = try TemporaryRegistry()
    try temporary.addRecording()
    let copy = temporary.url("backup.sqlite").path
    try temporary.registry.backup(to: copy)
    let target = temporary.url("restored.sqlite").path
    let report = try PatientRegistry.restore(backup: copy, to: target)
    #expect(report.replacedStatePath == nil)
    let restored = try PatientRegistry.open(path: target)
    #expect(try restored.check().isSound)
    try restored.addSubject(pseudonym: "P02")
    #expect(try restored.verify().entryCount == 4)
  }

  @Test func restoreRefusesToLoseRecordsUnlessTold() throws {
    let temporary = try TemporaryRegistry()
    try temporary.addRecording()
    let copy = temporary.url("backup.sqlite").path
    try temporary.registry.backup(to: copy)
    try temporary.registry.addSubject(pseudonym: "P02")
    try temporary.registry.addSubject(pseudonym: "P03")
    #expect(throws: RegistryError.wouldLoseRecords(path: temporary.path, count: 2)) {
      try PatientRegistry.restore(backup: copy, to: temporary.path)
    }
    #expect(try temporary.registry.subjects().count == 3)
    let report = try PatientRegistry.restore(
      backup: copy, to: temporary.path, discardingLaterRecords: true)
    #expect(try temporary.registry.subjects().count == 1)
    #expect(try temporary.registry.check().isSound)
    let kept = try PatientRegistry.open(path: try #require(report.replacedStatePath))
    #expect(try kept.subjects().count == 3)
  }

  @Test func restoreBringsBackWhatWasLost() throws {
    let temporary = try TemporaryRegistry()
    let old = temporary.url("old.sqlite").path
    try temporary.registry.backup(to: old)
    try temporary.addRecording()
    let full = temporary.url("full.sqlite").path
    try temporary.registry.backup(to: full)
    try PatientRegistry.restore(backup: full, to: old)
    #expect(try PatientRegistry.open(path: old).subjects().map(\.pseudonym) == ["P01"])
  }

  @Test func aTamperedBackupIsRefused() throws {
    let temporary = try TemporaryRegistry()
    try temporary.addRecording()
    let copy = temporary.url("backup.sqlite").path
    try temporary.registry.backup(to: copy)
    try temporary.execute(
      "DROP TRIGGER visit_no_update; UPDATE visit SET day = 1", at: copy)
    let error = #expect(throws: RegistryError.self) {
      try PatientRegistry.restore(backup: copy, to: temporary.url("new.sqlite").path)
    }
    guard case .tampered(_, let findings)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(findings.count == 2)
    #expect(!FileManager.default.fileExists(atPath: temporary.url("new.sqlite").path))
  }

  @Test func aDestroyedRegistryIsMovedAsideOnRequest() throws {
    let temporary = try TemporaryRegistry()
    try temporary.addRecording()
    let copy = temporary.url("backup.sqlite").path
    try temporary.registry.backup(to: copy)
    let destroyed = temporary.url("destroyed.sqlite")
    try Data("no database, whatever its name says".utf8).write(to: destroyed)
    #expect(throws: RegistryError.self) {
      try PatientRegistry.restore(backup: copy, to: destroyed.path)
    }
    let report = try PatientRegistry.restore(
      backup: copy, to: destroyed.path, discardingLaterRecords: true)
    #expect(try PatientRegistry.open(path: destroyed.path).subjects().count == 1)
    let kept = try #require(report.replacedStatePath)
    #expect(FileManager.default.fileExists(atPath: kept))
  }

  @Test func restoreOfAMissingBackupIsOneClearError() throws {
    #expect(throws: RegistryError.noSuchFile(path: "/nonexistent/backup.sqlite")) {
      try PatientRegistry.restore(backup: "/nonexistent/backup.sqlite", to: "/nonexistent/x")
    }
  }
}
