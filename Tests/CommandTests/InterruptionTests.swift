import Foundation
import TestSupport
import Testing

@Suite("Interrupted commands")
struct InterruptionTests {
  /// An interrupted command says so in one line, with the exit code of its signal, and leaves nothing.
  @Test(arguments: [(SIGINT, Int32(130)), (SIGTERM, 143)])
  func interruptedCommandLeavesNothing(_ number: Int32, _ code: Int32) throws {
    let folder = try CommandFolder()
    let grid = SharedData.packageFolder.appendingPathComponent("Samples/grid.wav").path
    // Rounds without end: the sample alone would be done too soon in a fast build.
    let process = folder.process([
      "validate", grid, "--threads", "1", "--sil", "0.9999", "--rounds", "1000",
      "--output", "check.csv",
    ])
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    usleep(300_000)
    #expect(process.isRunning)
    kill(process.processIdentifier, number)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == code)
    let text = String(
      decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(text == "motorpool: interrupted\n")
    #expect(folder.contents.isEmpty, "\(folder.contents)")
  }
}
