import FollowUp
import Foundation
import Registry
import Signal

@testable import Viewer

/// A small registry with a cohort, therapies, events and a warning.
struct RegistryFixture {
  let path: String
  let registry: PatientRegistry

  /// `count` patients with eight monthly MUNIX values each, a therapy after the fourth.
  init(patients count: Int = 8, accounts: [(String, Role, String)] = []) throws {
    let folder = NSTemporaryDirectory() + "viewer-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    path = folder + "/registry.sqlite"
    registry = try PatientRegistry.open(path: path, author: "fixture")
    var generator = SeededGenerator(seed: 7)
    for index in 0..<count {
      let subject = try registry.addSubject(
        pseudonym: "P\(index + 1)", arm: index % 2 == 0 ? "treated" : "open")
      _ = try registry.addIntervention(
        subject: subject.id, kind: "tofersen", startDate: try Self.day(105))
      for visit in 0..<8 {
        let date = try Self.day(30 * visit)
        let stored = try registry.visit(subject: subject.id, date: date)
        let decline = visit < 4 ? 0.04 * Double(visit) : 0.12 + 0.01 * Double(visit - 3)
        let noise = Double.random(in: -0.03...0.03, using: &generator)
        _ = try registry.addMeasurements([
          Measurement(
            visit: stored.id, kind: .munix, value: 100 * exp(noise - decline),
            muscle: "abductor pollicis brevis", side: .left)
        ])
      }
      if index == 0 {
        _ = try registry.addEvent(subject: subject.id, kind: .gastrostomy, date: try Self.day(200))
      }
    }
    if !accounts.isEmpty {
      let file = Accounts(path: path + ".users", cost: Self.cost)
      for (name, role, password) in accounts {
        try file.add(name, role: role, password: password)
      }
    }
  }

  /// A cost at which a hash takes milliseconds.
  static let cost = Accounts.Cost(rounds: 1 << 10, blockSize: 8, parallelism: 1)

  static func day(_ days: Int) throws -> CivilDate {
    CivilDate(dayNumber: 20_000 + days)
  }

  func server(publicName: String? = nil) throws -> ViewerServer {
    try ViewerServer(
      ViewerConfiguration(registry: path, publicName: publicName, author: "me"),
      program: "/bin/false")
  }

  /// Stores a warning and gives its number.
  func warn(_ pseudonym: String, _ text: String) throws -> RecordID {
    let subject = try registry.subject(pseudonym: pseudonym)
    return try registry.add(
      StoredWarning(subject: subject.id, code: "date-differs", text: text)
    ).id
  }

  /// Stores a recording at the first visit and gives its number.
  func recording(_ pseudonym: String) throws -> RecordID {
    let subject = try registry.subject(pseudonym: pseudonym)
    let visit = try registry.visits(subject: subject.id)[0]
    return try registry.addRecording(
      StoredRecording(
        visit: visit.id, muscle: "apb", side: .left, modality: "surface-grid",
        sha256: String(repeating: "ab", count: 32)),
      run: AnalysisRun(recording: 0, method: "decompose", softwareVersion: "test"),
      units: [StoredUnit(index: 0, samplingRate: 2_048, spikes: [100, 300, 500])]
    ).recording.id
  }
}
