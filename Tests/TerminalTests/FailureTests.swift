import Analyses
import Batch
import FollowUp
import Foundation
import Recordings
import Registry
import Testing

@testable import Terminal

@Suite("Failures in one line with an exit code")
struct FailureTests {
  @Test func eachKindHasItsCode() throws {
    let failures: [(any Error, Int32)] = [
      (AnalysisError("too short"), 65), (AnalysisError(.wrongSetting, "no"), 64),
      (AnalysisError(.cannotOpen, "no"), 66), (AnalysisError(.cannotWrite, "no"), 73),
      (RegistryError.noSuchFile(path: "a.sqlite"), 66),
      (RegistryError.tampered(path: "a.sqlite", findings: ["entry 1"]), 69),
      (RegistryError.fileExists(path: "a.sqlite"), 73),
      (BatchError(.refused, "no"), 65), (BatchError(.unavailable, "no"), 69),
      (Failure.Message("no"), 65), (Failure.Message("no", code: 64), 64),
      (CancellationError(), 130),
    ]
    for (error, code) in failures {
      let line = try #require(Failure.line(for: error))
      #expect(line.1 == code, "\(error)")
      #expect(!line.0.isEmpty && !line.0.contains("\n"))
    }
  }

  @Test func remedyIsWordedInOptions() throws {
    let error = AnalysisError(path: "a.csv", "no rate", remedy: .stateSamplingRate)
    let line = try #require(Failure.line(for: error))
    #expect(line.0.hasPrefix("a.csv: no rate; ") && line.0.hasSuffix("--fs"))
    for remedy in Remedy.allCases { #expect(!RemedyText.text(remedy).isEmpty) }
  }
}
