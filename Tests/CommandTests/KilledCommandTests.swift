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
}
