import Foundation
import Testing

@Suite("The program's version and its linear algebra kernel")
struct KernelRestartTests {
  private func facts(_ environment: [String: String]) throws -> (code: Int32, text: String) {
    let process = Process()
    process.executableURL = CommandRun.program
    process.arguments = ["--version", "--verbose"]
    var all = ProcessInfo.processInfo.environment
    for name in ["OPENBLAS_CORETYPE", "MOTORPOOL_BLAS_KERNEL"] { all[name] = nil }
    process.environment = all.merging(environment) { $1 }
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }

  @Test func tellsKernelThreadsAndLibraries() throws {
    let (code, text) = try facts([:])
    #expect(code == 0 && text.hasPrefix("MotorPool "))
    for word in ["Processor", "BLAS kernel", "BLAS library  OpenBLAS", "Threads", "libfftw3f"] {
      #expect(text.contains(word), "\(word)")
    }
  }

  @Test func keepsWhatTheUserAskedFor() throws {
    let (code, text) = try facts(["OPENBLAS_CORETYPE": "Nehalem"])
    #expect(code == 0 && text.contains("OPENBLAS_CORETYPE=Nehalem"))
  }

  @Test func startsAgainAtMostOnce() throws {
    // The mark of a second start together with a kernel that is too old: it stays as it is.
    let (code, text) = try facts([
      "MOTORPOOL_BLAS_KERNEL": "Nehalem", "OPENBLAS_CORETYPE": "Nehalem",
    ])
    #expect(code == 0 && text.contains("chosen by MotorPool"))
  }
}
