import Foundation
import Registry
import Reports
import Testing
import UnitNumber

@testable import Viewer

/// Pages of unit number estimates.
struct UnitNumberPageTests {
  private static let scan = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Samples/patient/visit01-scan.csv")

  @Test("All methods stand on one page, and a kept scan leads to its estimate")
  func pages() async throws {
    let fixture = try RegistryFixture(patients: 2)
    let scan = try CMAPScan.open(Self.scan)
    let estimate = try CMAPScanEstimator().estimate(scan)
    let hash = String(repeating: "cd", count: 32)
    let subject = try fixture.registry.subject(pseudonym: "P1")
    let visit = try fixture.registry.visits(subject: subject.id)[0]
    let number = try fixture.registry.addRecording(
      StoredRecording(
        visit: visit.id, muscle: "apb", side: .left, modality: "cmap-scan", sha256: hash),
      run: AnalysisRun(recording: 0, method: "scan", softwareVersion: "test"),
      measurements: [
        Measurement(
          kind: .scanUnitCount, value: 100, standardError: 10,
          conditions: ["cmap_step_uv": "10"])
      ]
    ).recording.id
    try KeptRecordings(folder: KeptRecordings.path(registry: fixture.path))
      .keep(.init(scan), sha256: hash)
    var client = Client(try fixture.server())
    try await client.begin()
    func page(_ path: String) async throws -> String {
      try await client.text(try await client.send(.get, path))
    }
    #expect(try await page("/patients/P1").contains("/patients/P1/unit-numbers"))
    let numbers = try await page("/patients/P1/unit-numbers")
    // 100 exp(±1.96 · 10 / 100), on the logarithmic scale of counts.
    #expect(numbers.contains("82.2 to 122") && numbers.contains("cmap step uv 10"))
    #expect(numbers.contains("MUNIX") && numbers.contains("/patients/P1/scans/\(number)\""))
    let picture = try await page("/patients/P1/scans/\(number)")
    #expect(
      picture.contains(NumberText.significant(estimate.unitCount, 3)) && picture.contains("<svg"))
    #expect(picture.contains(hash.prefix(12)))
    // No other patient's page shows it, and nothing is told of what is not kept.
    for path in ["P2/scans/\(number)", "P1/scans/1", "P1/scans/x", "P3/unit-numbers"] {
      #expect(try await client.send(.get, "/patients/\(path)").status == .notFound, "\(path)")
    }
  }
}
