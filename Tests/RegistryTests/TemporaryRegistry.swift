import Foundation
import GRDB
import Testing

@testable import Registry

/// A registry in a folder of its own that is removed at the end of the test.
final class TemporaryRegistry {
  let folder: URL
  let registry: PatientRegistry

  var path: String { registry.path }

  /// A registry whose clock is fixed, so that hashes repeat.
  init(author: String = "tester") throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("registry-\(UUID().uuidString)")
    registry = try PatientRegistry.open(
      path: folder.appendingPathComponent("registry.sqlite").path, author: author,
      clock: { Date(timeIntervalSince1970: 1_800_000_000.25) })
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }

  func url(_ name: String) -> URL {
    folder.appendingPathComponent(name)
  }

  /// Runs SQL on a connection of its own, as somebody would who edits the file by hand.
  func execute(_ sql: String, at path: String? = nil) throws {
    let queue = try DatabaseQueue(path: path ?? self.path)
    try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
    try queue.close()
  }

  /// A subject with one visit and one recording of `sha256(seed)`.
  @discardableResult
  func addRecording(_ pseudonym: String = "P01", seed: UInt8 = 1) throws -> StoredRecording {
    let subject = try registry.addSubject(pseudonym: pseudonym)
    let visit = try registry.addVisit(subject: subject.id, date: day("2026-01-05"))
    return try registry.addRecording(
      StoredRecording(
        visit: visit.id, muscle: "TA", side: .left, modality: "surface-grid", sha256: sha256(seed),
        samplingRate: 2048, channels: 64, duration: 20))
  }
}

/// A made-up file hash.
func sha256(_ seed: UInt8) -> String {
  let digits = String(seed, radix: 16)
  return String(repeating: "0", count: 64 - digits.count) + digits
}

/// A date that the test knows to be one.
func day(_ text: String) throws -> CivilDate {
  try #require(CivilDate(text))
}

/// Repeatable random numbers for tests (SplitMix64, Steele, Lea & Flood 2014).
struct TestGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
