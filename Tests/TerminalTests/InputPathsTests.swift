import Analyses
import Testing

@testable import Terminal

@Suite("Several files, one of which fails")
struct InputPathsTests {
  @Test func othersAreDone() throws {
    let paths = try InputPaths(["a/one.edf", "b/two.edf", "c/three.edf"])
    var failed = 0
    let values = try paths.collect { path in
      if path.hasPrefix("b") { throw AnalysisError(path: path, "too short") }
      return path.count
    } atEnd: {
      failed = $0
    }
    #expect(values == [9, 11] && failed == 1)
    var done: [String] = []
    let error = #expect(throws: Failure.Message.self) {
      try paths.forEach(in: "out") { path, folder in
        if path.hasPrefix("b") { throw AnalysisError(path: path, "too short") }
        done.append(folder)
      }
    }
    #expect(done == ["out/one", "out/three"] && error?.code == 65)
    #expect(error?.description == "1 of 3 recordings failed; the others are done")
  }

  @Test func noneIsAnError() throws {
    let paths = try InputPaths(["one.edf", "two.edf"])
    let error = #expect(throws: Failure.Message.self) {
      try paths.collect { _ -> Int in throw AnalysisError("too short") }
    }
    #expect(error?.description == "none of the 2 files could be read")
  }

  @Test func sameNamesAreRefusedBeforeAnything() throws {
    let paths = try InputPaths(["a/one.edf", "b/one.edf"])
    let error = #expect(throws: Failure.Message.self) {
      try paths.forEach(in: "out") { _, _ in Issue.record("begun") }
    }
    #expect(error?.code == 64)
  }

  @Test func aStopEndsAll() throws {
    let paths = try InputPaths(["one.edf", "two.edf"])
    #expect(throws: CancellationError.self) {
      try paths.collect { _ -> Int in throw CancellationError() }
    }
  }
}
