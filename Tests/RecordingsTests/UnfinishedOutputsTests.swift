import Foundation
import Testing

@testable import Recordings

/// In a process of its own, since what it removes is that of all tests.
@Suite struct UnfinishedOutputsTests {
  @Test func onlyWhatIsNotFinishedGoes() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "unfinished-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.path
    await #expect(processExitsWith: .success) { [path = path as String] in
      try AtomicFile.write("whole", to: path + "/whole.txt")
      let half = try AtomicFile(path: path + "/half.txt")
      try half.append(Array("half".utf8))
      let partial = try PartialFolder(in: path, for: "out")
      try "part".write(toFile: partial.path + "/part", atomically: false, encoding: .utf8)
      UnfinishedOutputs.removeAll()
      let left = try FileManager.default.contentsOfDirectory(atPath: path)
      withExtendedLifetime((half, partial)) {}
      exit(left == ["whole.txt"] ? 0 : 1)
    }
  }
}
