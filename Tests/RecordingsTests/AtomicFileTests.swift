import Foundation
import Synchronization
import Testing

@testable import Recordings

@Suite struct AtomicFileTests {
  @Test func showsTheWholeFileOrTheOldOne() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("a.txt")
    try AtomicFile.write("old", to: path)
    do {
      let file = try AtomicFile(path: path)
      try file.append(Array("half".utf8))
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
      #expect(folder.names.count == 2)
    }
    // Dropped without finishing: the temporary file is gone, the old one is there.
    #expect(folder.names == ["a.txt"])
    try AtomicFile.write(Data("new".utf8), to: path)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
    #expect(folder.names == ["a.txt"])
  }

  @Test func saysWhereItCannotWrite() throws {
    let folder = try TemporaryFolder()
    let error = thrown { try AtomicFile.write("x", to: folder.path("none/a.txt")) }
    #expect(error?.kind == .cannotWrite)
    #expect(error?.path == folder.path("none/a.txt"))
  }

  @Test func writersOfOneFileDoNotTakeEachOthersTemporaries() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("a.txt")
    let failures = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: 400) { number in
      do { try AtomicFile.write("\(number % 10)", to: path) } catch {
        failures.add(1, ordering: .relaxed)
      }
    }
    #expect(failures.load(ordering: .relaxed) == 0)
    #expect(folder.names == ["a.txt"])
    #expect(try String(contentsOfFile: path, encoding: .utf8).count == 1)
  }
}
