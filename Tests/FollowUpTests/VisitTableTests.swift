import Foundation
import Recordings
import Registry
import Synchronization
import Testing

@testable import FollowUp

@Suite("A table of visits")
struct VisitTableTests {
  private final class Folder {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("visits-\(UUID().uuidString)")
    init() throws {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(at: url) }
    func write(_ text: String, _ name: String = "visits.csv") throws -> String {
      let path = url.appendingPathComponent(name).path
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      return path
    }
    func registry() throws -> PatientRegistry {
      let registry = try PatientRegistry.open(
        path: url.appendingPathComponent("registry.sqlite").path, author: "tester")
      _ = try registry.addSubject(pseudonym: "P1")
      return registry
    }
  }

  @Test func columnsBecomeFilesAndSettings() throws {
    let folder = try Folder()
    let file = try folder.write(
      "Subject;Visit date;muscle;recording;cmap;accept;living units\n"
        + "P1;2026-01-15;ta;a.edf|/b.edf;c.edf;yes;40\n")
    let table = try VisitTable(file: file, patient: nil)
    #expect(table.passedOver == ["living units"])
    let row = try #require(table.rows.first)
    let here = folder.url.standardizedFileURL.path
    #expect(row.patient == "P1" && row.date == "2026-01-15" && row.line == 2)
    #expect(row.plainFiles == ["\(here)/a.edf", "/b.edf"])
    #expect(row.files == ["\(here)/a.edf", "/b.edf", "\(here)/c.edf"])
    #expect(
      row.entries == [
        .setting(name: "date", value: "2026-01-15"), .setting(name: "muscle", value: "ta"),
        .file(kind: "cmap", path: "\(here)/c.edf"), .flag("accept"),
      ])
  }

  @Test func whatCannotBeUsedIsRefusedWithItsPlace() throws {
    let folder = try Folder()
    let nameless = try folder.write("date,file\n2026-01-15,a.edf\n")
    let first = #expect(throws: FollowUpError.self) {
      try VisitTable(file: nameless, patient: nil)
    }
    #expect(first?.remedy == .namePatient && first?.kind == .wrongSetting)
    #expect(try VisitTable(file: nameless, patient: "P1").rows.first?.patient == "P1")
    let other = try folder.write("patient,date\nP2,2026-01-15\n", "other.csv")
    let second = #expect(throws: FollowUpError.self) {
      try VisitTable(file: other, patient: "P1")
    }
    #expect(second?.path == "\(other), line 2")
    let dateless = try folder.write("patient,file\nP1,a.edf\n", "dateless.csv")
    #expect(throws: FollowUpError.self) { try VisitTable(file: dateless, patient: nil) }
    let missing = #expect(throws: FollowUpError.self) {
      try VisitTable(file: folder.url.path + "/nowhere.csv", patient: nil)
    }
    #expect(missing?.kind == .cannotOpen)
  }

  @Test func oneFailureStopsNoOther() throws {
    let folder = try Folder()
    let registry = try folder.registry()
    let subject = try registry.subject(pseudonym: "P1")
    _ = try registry.addVisit(subject: subject.id, date: try #require(CivilDate("2026-01-15")))
    let file = try folder.write(
      """
      patient,date,file
      P1,2026-01-15,
      P1,2026-02-15,
      P1,2026-03-15,
      P9,2026-01-15,
      P1,15.4.2026,
      P1,2026-05-15,nowhere.csv

      """)
    var entry = try VisitTableEntry(
      file: file, patient: nil, registry: { registry }, problem: { "\($0)" })
    #expect(entry.due.map(\.date) == ["2026-02-15", "2026-03-15"])
    #expect(entry.rows.map(\.state) == [.there, .planned, .planned, .failed, .failed, .failed])
    let preview = VisitTableSummary(entry, failures: nil)
    #expect(preview.text(isPreview: true).hasSuffix("3 not possible; nothing was stored"))
    let workers = Mutex<Set<Int>>([])
    entry.store(workers: 2) { row, worker in
      _ = workers.withLock { $0.insert(worker) }
      return row.date == "2026-03-15" ? "no room" : nil
    }
    #expect(workers.withLock { $0.isSubset(of: [0, 1]) })
    let summary = VisitTableSummary(entry, failures: "visits-failed.csv")
    #expect(summary.stored == 1 && summary.there == 1 && summary.failed == 4)
    let failures = try #require(entry.failures).split(separator: "\n")
    #expect(failures.count == 5)
    #expect(failures[0] == "patient,date,file,problem")
    #expect(failures[1] == "P1,2026-03-15,,no room")
    #expect(failures[3].contains("expected YYYY-MM-DD"))
  }

  @Test func aStopLeavesTheRestUndone() throws {
    let folder = try Folder()
    let registry = try folder.registry()
    let file = try folder.write("patient,date\nP1,2026-02-15\nP1,2026-03-15\n")
    var entry = try VisitTableEntry(
      file: file, patient: nil, registry: { registry }, problem: { "\($0)" })
    entry.store(workers: 1, isStopped: { true }) { _, _ in nil }
    #expect(entry.rows.allSatisfy { $0.problem == "stopped before its turn" })
  }
}
