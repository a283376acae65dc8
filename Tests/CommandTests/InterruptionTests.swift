import Foundation
import Testing

@Suite("Interrupted commands")
struct InterruptionTests {
  /// An interrupted command says so in one line, with the exit code of its signal, and leaves nothing.
  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
  func interruptedCommandLeavesNothing(_ number: Int32, _ code: Int32) throws {
    let folder = try CommandFolder()
    // Ten minutes of a large grid take longer than any machine needs to send the signal.
    let process = folder.process([
      "simulate", "array", "-o", "long.wav", "--truth", "truth.csv", "--duration", "600",
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
