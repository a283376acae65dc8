import Foundation
import TestSupport
import Testing

@Suite("Commands that are killed", .serialized)
struct KilledCommandTests {
  /// An import killed at growing delays stores all of its rows or none, and loses nothing older.
  @Test(.enabled(if: TestTier.isLong)) func killedImportIsWholeOrAbsent() throws {
    let folder = try CommandFolder()
    try folder.succeed("patient", "add", "P001")
    var known = 1
    let batch = 60
    var killed = 0
    for attempt in 0..<12 {
      var rows = "subject,date,kind,value,muscle,side\n"
      for patient in 0..<batch {
        for month in 1...8 {
          rows += "K\(attempt)-\(patient),2025-0\(month)-15,munix,\(90 - month),apb,left\n"
        }
      }
      let file = try folder.write(rows, to: "batch.csv")
      let process = folder.process(["import", file])
      try process.run()
      usleep(UInt32(40_000 * (attempt + 1)))
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
      process.waitUntilExit()
      if process.terminationReason == .uncaughtSignal { killed += 1 }
      let list = try #require(try folder.succeed("patient", "list", "--json").json() as? [Any])
      #expect(list.count == known || list.count == known + batch)
      // A command that ended by itself has stored its rows.
      if process.terminationReason == .exit { #expect(list.count == known + batch) }
      known = list.count
      #expect(try folder.succeed("registry", "check").output.contains("sound"))
    }
    #expect(killed > 0)
  }

  /// What the registry holds: every line of its audit, which is every version of every record.
  private func audit(_ folder: CommandFolder) throws -> [Substring] {
    let name = "audit-\(UUID().uuidString).jsonl"
    try folder.succeed("registry", "export-audit", "--to", name)
    defer { try? FileManager.default.removeItem(atPath: folder.path(name)) }
    return try String(contentsOfFile: folder.path(name), encoding: .utf8).split(separator: "\n")
  }

  /// Every command that writes, killed at delays over its whole run: what was stored before is there
  /// after, byte for byte, what was new is there whole or not at all, and the file is sound.
  @Test(.enabled(if: TestTier.isLong)) func everyWritingCommandIsWholeOrAbsent() throws {
    let folder = try CommandFolder()
    try PatientFlowTests.addPatient(to: folder)
    let start = Date()
    try folder.succeed("registry", "verify")
    let run = max(0.02, Date().timeIntervalSince(start))
    try folder.succeed("registry", "backup", "--to", "backup.sqlite")
    let commands: [(name: String, entries: Set<Int>, arguments: (Int) -> [String])] = [
      ("patient", [0, 1], { ["patient", "add", "K\($0)"] }),
      ("visit", [0, 1], { ["visit", "add", "P001", "--date", "2026-01-\(10 + $0)"] }),
      (
        "measure", [0, 2],
        {
          [
            "measure", "add", "P001", "--date", "2026-02-\(10 + $0)", "--kind", "munix", "--value",
            "50",
          ]
        }
      ),
      (
        "therapy", [0, 1],
        { ["therapy", "add", "P001", "--start", "2026-03-\(10 + $0)", "--kind", "x"] }
      ),
      (
        "event", [0, 1],
        { ["event", "add", "P001", "--date", "2026-03-\(10 + $0)", "--kind", "niv"] }
      ),
      (
        "outcome", [0, 1, 2],
        { ["outcome", "add", "P001", "--date", "2026-01-\(10 + $0)", "--alsfrs", "\(30 + $0)"] }
      ),
      (
        "correct", [0, 1],
        { ["registry", "correct", "1", "arm=arm\($0)", "--reason", "try \($0)"] }
      ),
      (
        // A visit with the one value that belongs to it.
        "retract", [0, 2],
        { ["registry", "retract", "\(2 + 2 * $0)", "--reason", "try", "--with-dependents"] }
      ),
    ]
    var killed = 0
    for command in commands {
      for attempt in 0..<3 {
        let before = try audit(folder)
        let process = folder.process(command.arguments(attempt))
        try process.run()
        usleep(UInt32(1e6 * run * (0.2 + 0.4 * Double(attempt))))
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        if process.terminationReason == .uncaughtSignal { killed += 1 }
        let after = try audit(folder)
        #expect(after.starts(with: before), "\(command.name)")
        #expect(command.entries.contains(after.count - before.count), "\(command.name)")
        if process.terminationReason == .exit && process.terminationStatus == 0 {
          #expect(after.count > before.count, "\(command.name)")
        }
        #expect(try folder.succeed("registry", "check").output.contains("sound"))
      }
    }
    #expect(killed > 4)
    // A restore leaves the state before or that of the backup, nothing between.
    let backup = try #require(
      try folder.succeed("registry", "verify", "--registry", "backup.sqlite", "--json").object()[
        "entries"] as? Int)
    for attempt in 0..<3 {
      try folder.succeed("patient", "add", "R\(attempt)")
      let before = try audit(folder).count
      let process = folder.process([
        "registry", "restore", "--from", "backup.sqlite", "--discard-later",
      ])
      try process.run()
      usleep(UInt32(1e6 * run * (0.3 + 0.5 * Double(attempt))))
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
      process.waitUntilExit()
      #expect([before, backup].contains(try audit(folder).count))
      #expect(try folder.succeed("registry", "check").output.contains("sound"))
    }
  }
}
