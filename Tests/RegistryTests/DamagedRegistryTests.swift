import Foundation
import TestSupport
import Testing

@testable import Registry

/// Whatever happened to the file, reading ends in values, findings or an error, never in a crash, and
/// what is called sound holds what was stored.
@Suite struct DamagedRegistryTests {
  /// A registry file with every table, closed; its bytes and what an auditor reads from it.
  private func original(_ temporary: TemporaryRegistry) throws -> (bytes: [UInt8], audit: Data) {
    let path = temporary.url("original.sqlite").path
    for number in 1...4 {
      let recording = try temporary.addRecording("P0\(number)", seed: UInt8(number))
      let visit = try #require(try temporary.registry.record(Visit.self, id: recording.visit))
      let run = try temporary.registry.addRun(
        AnalysisRun(recording: recording.id, method: "decompose", softwareVersion: "1"),
        measurements: (1...10).map { Measurement(kind: .munix, value: Double($0), replicate: $0) },
        units: [
          StoredUnit(
            index: 0, samplingRate: 2048, spikes: (0..<300).map { Double($0 * 40) },
            template: [[Float]](repeating: [Float](repeating: 1, count: 40), count: 8)),
          StoredUnit(index: 1, samplingRate: 2048, spikes: [1, 2]),
        ])
      try temporary.registry.addUnitLinks([
        UnitLink(first: run.units[0].id, second: run.units[1].id, confidence: 0.9, method: "t")
      ])
      try temporary.registry.addOutcome(.slowVitalCapacity(visit: visit.id, percent: 80))
      try temporary.registry.addEvent(
        subject: visit.subject, kind: .withdrawal, date: day("2026-03-01"), detail: "moved")
      try temporary.registry.addIntervention(
        subject: visit.subject, kind: "x", startDate: day("2026-02-01"))
    }
    try temporary.registry.backup(to: path)
    return ([UInt8](try Data(contentsOf: URL(fileURLWithPath: path))), try audit(path, temporary))
  }

  private func audit(_ path: String, _ temporary: TemporaryRegistry) throws -> Data {
    let file = temporary.url("audit-\(UUID().uuidString)").path
    try PatientRegistry.open(path: path, createIfMissing: false).exportAudit(to: file)
    defer { try? FileManager.default.removeItem(atPath: file) }
    return try Data(contentsOf: URL(fileURLWithPath: file))
  }

  /// Damage of one kind: single bytes, runs of zeros, pages exchanged, pages of another state, the end
  /// cut off.
  private func damage(_ bytes: inout [UInt8], _ generator: inout TestGenerator) {
    let page = 4096
    switch Int.random(in: 0..<5, using: &generator) {
    case 0:
      for _ in 0..<Int.random(in: 1...8, using: &generator) {
        bytes[Int.random(in: bytes.indices, using: &generator)] = .random(
          in: 0...255, using: &generator)
      }
    case 1:
      let start = Int.random(in: bytes.indices, using: &generator)
      for index in start..<min(bytes.count, start + 300) { bytes[index] = 0 }
    case 2:
      let pages = (0..<2).map { _ in Int.random(in: 1..<bytes.count / page, using: &generator) }
      for offset in 0..<page { bytes.swapAt(pages[0] * page + offset, pages[1] * page + offset) }
    case 3:
      bytes.removeLast(Int.random(in: 1..<bytes.count - 200, using: &generator))
    default:
      let start = Int.random(in: 1..<bytes.count / page, using: &generator) * page
      for _ in 0..<40 {
        bytes[start + Int.random(in: 0..<120, using: &generator)] ^= UInt8(
          1 << Int.random(in: 0..<8, using: &generator))
      }
    }
  }

  /// Reads everything; what cannot be read throws.
  private func readAll(_ registry: PatientRegistry) throws {
    for subject in try registry.subjects() {
      _ = try registry.records(subject: subject.id)
      for visit in try registry.visits(subject: subject.id) {
        _ = visit.date?.description
        for recording in try registry.recordings(visit: visit.id) {
          for run in try registry.runs(recording: recording.id) {
            _ = try registry.units(run: run.id)
            _ = try registry.unitLinks(run: run.id)
          }
        }
      }
    }
    _ = try registry.measurements()
    _ = try registry.outcomes()
    _ = try registry.exportDocument()
    _ = try registry.cohortSeries(MeasurementFilter())
  }

  @Test func nothingCrashesAndNothingIsCalledSoundThatIsNot() throws {
    let temporary = try TemporaryRegistry()
    let (bytes, expected) = try original(temporary)
    var generator = TestGenerator(seed: 16)
    let copies = TestTier.isLong ? 2_000 : 120
    var (found, sound, refused) = (0, 0, 0)
    for number in 0..<copies {
      var damaged = bytes
      damage(&damaged, &generator)
      let path = temporary.url("damaged-\(number).sqlite").path
      try Data(damaged).write(to: URL(fileURLWithPath: path))
      defer {
        for suffix in ["", "-wal", "-shm", "-journal"] { unlink(path + suffix) }
      }
      do {
        let registry = try PatientRegistry.open(path: path, createIfMissing: false)
        do { try readAll(registry) } catch is RegistryError {}
        let check = try registry.check()
        let verified = try registry.verify()
        // What the chain finds, the check finds too.
        #expect(Set(verified.findings).isSubset(of: check.findings))
        if check.isSound {
          sound += 1
          #expect(try audit(path, temporary) == expected, "copy \(number)")
        } else {
          found += 1
        }
      } catch let error as RegistryError {
        _ = error.description
        refused += 1
      }
    }
    print("damaged copies: \(copies), found \(found), refused \(refused), unharmed \(sound)")
    #expect(found + refused > copies / 2)
    #expect(found > 0 && refused > 0)
  }
}
