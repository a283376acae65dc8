import Foundation
import Registry
import Testing

@testable import FollowUp

@Suite("Trends of one patient, from the registry")
struct PatientTrendsTests {
  /// A patient whose value falls by a share each month, by another after the therapy.
  private func registry(
    before: Double, after: Double, folder: URL
  ) throws -> PatientRegistry {
    let registry = try PatientRegistry.open(
      path: folder.appendingPathComponent("r.sqlite").path, author: "tester")
    let subject = try registry.addSubject(pseudonym: "P01")
    _ = try registry.addIntervention(
      subject: subject.id, kind: "drug", startDate: CivilDate(dayNumber: 19_000 + 183))
    for month in 0..<13 {
      let day = CivilDate(dayNumber: 19_000 + Int((Double(month) * 30.4375).rounded()))
      let visit = try registry.addVisit(subject: subject.id, date: day)
      let t = Double(day.dayNumber - 19_000) / 30.4375
      let turn = 183 / 30.4375
      // A small alternation stands for the error of measurement.
      let value =
        100 * exp(before * min(t, turn) + after * max(0, t - turn))
        * (month % 2 == 0 ? 1.01 : 0.99)
      for side in [BodySide.left, .right] {
        _ = try registry.addMeasurements([
          Measurement(
            visit: visit.id, kind: .munix, value: side == .left ? value : 2 * value,
            muscle: "abductor pollicis brevis", side: side)
        ])
      }
    }
    return registry
  }

  @Test func slopesBeforeAndAfterAreFoundInEachMuscle() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("trends-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let registry = try registry(before: -0.08, after: -0.02, folder: folder)
    let trends = try PatientTrends("p01", registry, request: .init())
    #expect(trends.series.map(\.side) == [.left, .right])
    #expect(trends.therapy?.kind == "drug")
    for series in trends.series {
      let fit = try #require(series.fit, "\(series.reason ?? "")")
      #expect(series.slopeUnit == "% per month")
      #expect(abs(fit.before.value + 0.08) < 0.01, "\(fit.before)")
      #expect(abs(fit.after.value + 0.02) < 0.01, "\(fit.after)")
    }
    let none = #expect(throws: FollowUpError.self) {
      _ = try PatientTrends("P01", registry, request: .init(muscle: "soleus"))
    }
    #expect(none.map { "\($0)" }?.contains("no values") == true)
  }
}
