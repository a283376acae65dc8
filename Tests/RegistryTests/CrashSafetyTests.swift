import Foundation
import TestSupport
import Testing

@testable import Registry

/// What a killed process had stored is there; what it was storing is there whole or not at all.
@Suite struct CrashSafetyTests {
  static let measurementsPerRun = 40

  /// Stores subjects with a run each and notes each one that was stored; returns after `count`.
  static func writeSubjects(_ path: String, prefix: String, count: Int) throws {
    let registry = try PatientRegistry.open(path: path, author: prefix)
    let log = Foundation.open(path + ".log", O_WRONLY | O_CREAT | O_APPEND, 0o600)
    for number in 0..<count {
      let pseudonym = "\(prefix)\(number)"
      let subject = try registry.addSubject(pseudonym: pseudonym)
      let visit = try registry.addVisit(subject: subject.id, date: CivilDate(dayNumber: 20_000))
      let hash = sha256(UInt8(number % 256))
      try registry.addRecording(
        StoredRecording(visit: visit.id, modality: "surface-grid", sha256: hash),
        run: AnalysisRun(recording: 0, method: "decompose", softwareVersion: "1"),
        measurements: (0..<measurementsPerRun).map {
          Measurement(kind: .identifiedUnitsMedian, value: Double($0), replicate: $0 + 1)
        },
        units: [StoredUnit(index: 0, samplingRate: 2048, spikes: [1, 2, 3])])
      let line = Array("\(pseudonym)\n".utf8)
      guard Foundation.write(log, line, line.count) == line.count else { exit(9) }
    }
    close(log)
  }

  /// Lets another process write, which has to end well.
  private func writeInChild(_ path: String, prefix: String, count: Int) async {
    await #expect(processExitsWith: .success) {
      [path = path as String, prefix = prefix as String, count = count as Int] in
      try CrashSafetyTests.writeSubjects(path, prefix: prefix, count: count)
    }
  }

  /// The subjects a process noted as stored.
  private func noted(_ path: String) throws -> [String] {
    guard let text = try? String(contentsOfFile: path + ".log", encoding: .utf8) else { return [] }
    return text.split(separator: "\n").map(String.init)
  }

  private func expectWhole(_ path: String) throws {
    let registry = try PatientRegistry.open(path: path, createIfMissing: false)
    #expect(try registry.check().findings == [])
    let measurements = Dictionary(grouping: try registry.measurements(), by: \.run)
    for (run, values) in measurements {
      #expect(run != nil)
      #expect(values.count == Self.measurementsPerRun)
    }
    let stored = Set(try registry.subjects().map(\.pseudonym))
    for pseudonym in try noted(path) {
      #expect(stored.contains(pseudonym))
      let subject = try registry.subject(pseudonym: pseudonym)
      let points = try registry.series(kind: .identifiedUnitsMedian, subject: subject.id)
      #expect(points.count == Self.measurementsPerRun)
    }
  }

  @Test func aKilledWriterLosesNothingStored() async throws {
    let temporary = try TemporaryRegistry()
    let path = temporary.path
    let rounds = TestTier.isLong ? 40 : 5
    for round in 0..<rounds {
      let delay = UInt32(2_000 + (round * 37_117) % 90_000)
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [path = path as String, round = round as Int, delay = delay as UInt32] in
        let prefix = "R\(round)-"
        // However slow the machine, some subjects are stored before the end comes.
        try CrashSafetyTests.writeSubjects(path, prefix: prefix + "first", count: 2)
        Thread.detachNewThread {
          usleep(delay)
          kill(getpid(), SIGKILL)
        }
        try CrashSafetyTests.writeSubjects(path, prefix: prefix, count: 100_000)
      }
      try expectWhole(path)
    }
    #expect(try noted(path).count >= 2 * rounds)
  }

  @Test func aWriterKilledInsideATransactionLeavesTheStateBefore() async throws {
    let temporary = try TemporaryRegistry()
    let path = temporary.path
    try temporary.addRecording()
    let before = try temporary.registry.verify()
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let registry = try PatientRegistry.open(path: path)
      let visit = try registry.visits(subject: registry.subject(pseudonym: "P01").id)[0]
      try registry.write { writer in
        for number in 1...5000 {
          _ = try writer.add(
            Measurement(visit: visit.id, kind: .munix, value: Double(number), replicate: number))
        }
        kill(getpid(), SIGKILL)
      }
    }
    let reopened = try PatientRegistry.open(path: path, createIfMissing: false)
    #expect(try reopened.verify() == before)
    #expect(try reopened.measurements().isEmpty)
    try reopened.addSubject(pseudonym: "P02")
    #expect(try reopened.check().isSound)
  }

  @Test func severalReadersSeeWholeStatesWhileOneWrites() async throws {
    let temporary = try TemporaryRegistry()
    let path = temporary.path
    let writer = Task { await writeInChild(path, prefix: "W", count: 60) }
    try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<3 {
        group.addTask {
          let reader = try PatientRegistry.open(path: path, createIfMissing: false)
          var seen = 0
          var reads = 0
          while seen < 60, reads < 4000 {
            let measurements = try reader.measurements()
            #expect(measurements.count % CrashSafetyTests.measurementsPerRun == 0)
            let count = try reader.subjects().count
            #expect(count >= seen)
            seen = count
            reads += 1
            try await Task.sleep(for: .milliseconds(5))
          }
          return seen
        }
      }
      for try await seen in group { #expect(seen == 60) }
    }
    await writer.value
    try expectWhole(path)
  }

  @Test func severalWritersWaitForEachOther() async throws {
    let temporary = try TemporaryRegistry()
    let path = temporary.path
    async let first: Void = writeInChild(path, prefix: "A", count: 25)
    async let second: Void = writeInChild(path, prefix: "B", count: 25)
    for number in 0..<25 { try temporary.registry.addSubject(pseudonym: "C\(number)") }
    _ = await (first, second)
    try expectWhole(path)
    #expect(try temporary.registry.subjects().count == 75)
  }

  @Test func twoProcessesMayCreateTheRegistryAtOnce() async throws {
    let temporary = try TemporaryRegistry()
    let path = temporary.url("new/registry.sqlite").path
    async let first: Void = writeInChild(path, prefix: "A", count: 3)
    async let second: Void = writeInChild(path, prefix: "B", count: 3)
    _ = await (first, second)
    try expectWhole(path)
    #expect(try noted(path).count == 6)
  }

  /// Opening the file again in one process must not drop the locks of the first connection: with
  /// POSIX locks, closing any other descriptor of the file would, and a second process that closes
  /// last would then remove the write-ahead log under the first.
  @Test func aSecondConnectionKeepsTheLocksOfTheFirst() async throws {
    let temporary = try TemporaryRegistry()
    let path = temporary.path
    for round in 0..<4 {
      _ = try PatientRegistry.open(path: path, createIfMissing: false).subjects()
      await writeInChild(path, prefix: "W\(round)-", count: 2)
      try temporary.registry.addSubject(pseudonym: "P\(round)")
      #expect(FileManager.default.fileExists(atPath: path + "-wal"))
    }
    try expectWhole(path)
    #expect(try temporary.registry.subjects().count == 12)
  }
}
