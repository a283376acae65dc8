import FollowUp
import Foundation
import Hummingbird
import Registry
import Reports

extension RegistryDesk {
  /// A scan of a visit, for drawing scans one upon the other.
  private struct ScanLine: Encodable {
    let recording: RecordID
    let date: String?
    let muscle: String?
    let side: String?
    /// The number of motor units that was estimated; nil without an estimate.
    let unitCount: Double?
    /// Stimuli in mA and responses in mV, by stimulus.
    let stimulus: [Double]
    let response: [Double]
  }

  /// Scans of a patient that are kept.
  func addScans(to table: inout RouteTable) {
    table.get("api/v1/patients/:patient/scans", .reader, "CMAP scans of a patient that are kept") {
      [self] _, context in
      try json(try scans(try subject(context)))
    }
    table.get("patients/:patient/scans", .reader, "CMAP scans of a patient as a page") {
      [self] _, context in
      let subject = try subject(context)
      return page(
        "Scans of \(subject.pseudonym)", context,
        [
          .init("h1", text: "CMAP scans of \(subject.pseudonym)"),
          .init("p", ["id": "status", "role": "status"]),
          .init(
            "canvas",
            [
              "id": "scans", "class": "courses", "role": "img",
              "aria-label": "Response by stimulus of each visit, one upon the other",
            ]),
          .init("div", ["class": "scroll", "id": "scans-table"]),
        ], script: "scans.js", data: [("patient", subject.pseudonym)])
    }
  }

  /// Whether any scan of a subject is kept.
  func hasScans(_ visits: [VisitSummary]) -> Bool {
    visits.contains { $0.recordings.contains { kept.hasScan($0.sha256) } }
  }

  private func scans(_ subject: Subject) throws -> [ScanLine] {
    let values = try registry.measurements(subject: subject.id).filter { $0.kind == .scanUnitCount }
    var result: [ScanLine] = []
    for visit in try registry.visits(subject: subject.id) {
      for recording in try registry.recordings(visit: visit.id) {
        guard let scan = kept.scan(recording.sha256) else { continue }
        let runs = Set(try registry.runs(recording: recording.id).map(\.id))
        let order = scan.stimulus.indices.sorted { scan.stimulus[$0] < scan.stimulus[$1] }
        result.append(
          ScanLine(
            recording: recording.id, date: visit.date?.description, muscle: recording.muscle,
            side: recording.side?.rawValue,
            unitCount: values.first { $0.run.map(runs.contains) == true }?.value,
            stimulus: order.map { scan.stimulus[$0] }, response: order.map { scan.response[$0] }))
      }
    }
    return result
  }
}
