import Foundation
import Testing

@Suite("Interrupted commands")
struct InterruptionTests {
  /// An interrupted command says so in one line, with the exit code of its signal, and leaves nothing.
  @Test(arguments: [("INT", 130), ("TERM", 143)] as [(String, Int32)])
  func interruptedCommandLeavesNothing(_ name: String, _ code: Int32) throws {
    let folder = try CommandFolder()
    let process = folder.process([])
    process.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
    // Ten minutes of a large grid take seconds; a program of its own sends the signal, since the thread of a
    // test may wait longer than that.
    process.arguments =
      ["--foreground", "--preserve-status", "-s", name, "0.5", CommandRun.program.path]
      + ["simulate", "array", "-o", "long.wav", "--truth", "truth.csv", "--duration", "600"]
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == code)
    let text = String(
      decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(text == "motorpool: interrupted\n")
    #expect(folder.contents.isEmpty, "\(folder.contents)")
  }
}
