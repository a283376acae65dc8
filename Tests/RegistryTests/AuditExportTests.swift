import Foundation
import Testing

@testable import Registry

@Suite struct AuditExportTests {
  @Test func theChainCanBeRecomputedFromTheExportAlone() throws {
    let temporary = try TemporaryRegistry()
    let registry = temporary.registry
    let recording = try temporary.addRecording()
    try registry.addRun(
      AnalysisRun(recording: recording.id, method: "decompose", softwareVersion: "1", seed: 1),
      measurements: [Measurement(kind: .munix, value: 0.1 + 0.2, conditions: ["a": "é\"\n"])],
      units: [StoredUnit(index: 0, samplingRate: 1000, spikes: [1, 2.5], template: [[0.5]])])
    var subject = try registry.subject(pseudonym: "P01")
    subject.arm = "B"
    try registry.correct(subject, reason: "misread")
    try registry.retract(recording, reason: "wrong file")

    let file = temporary.url("audit.jsonl").path
    let count = try registry.exportAudit(to: file)
    let text = try String(contentsOfFile: file, encoding: .utf8)
    let lines = try text.split(separator: "\n").map {
      try JSONDecoder().decode(AuditLine.self, from: Data($0.utf8))
    }
    #expect(lines.count == count)
    var previous = LedgerEntry.genesis
    for line in lines {
      let entry = LedgerEntry(
        position: line.seq, action: line.action, table: line.table, supersedes: line.supersedes,
        timestamp: line.at, author: line.author, reason: line.reason)
      let fields = line.record.map { RecordFields($0.mapValues(\.field)) }
      previous = entry.hash(after: previous, origin: line.origin, fields: fields)
      #expect(HexText.encode(previous) == line.hash)
    }
    #expect(HexText.encode(previous) == (try registry.verify().headHash))
    #expect(lines.map(\.action).filter { $0 == .retract }.count == 4)
  }

  @Test func anExistingFileIsNotOverwritten() throws {
    let temporary = try TemporaryRegistry()
    let file = temporary.url("audit.jsonl").path
    try temporary.registry.exportAudit(to: file)
    #expect(throws: RegistryError.fileExists(path: file)) {
      try temporary.registry.exportAudit(to: file)
    }
  }
}
