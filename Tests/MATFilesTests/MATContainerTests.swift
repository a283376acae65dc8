import Foundation
import TestSupport
import Testing

@testable import MATFiles
@testable import Recordings

/// Whatever bytes a MAT file holds, opening it gives a recording or one line, never a crash.
@Suite struct MATContainerTests {
  private struct Bits: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state
    }
  }

  private func failure(_ path: String) -> RecordingError? {
    do {
      let recording = try Recording.open(
        path, options: .init(unit: .microvolt), readers: .standard + [MATReader()])
      _ = try recording.samples(channels: [0], range: 0..<min(10, recording.sampleCount))
      _ = try recording.storedSpikes()
      return nil
    } catch {
      let known = error as? RecordingError
      #expect(known != nil, "\(error)")
      return known
    }
  }

  private func file(_ version: MATWriter.Version, _ path: String) throws -> [UInt8] {
    let recording = Recording(
      signals: (0..<3).map { channel in (0..<500).map { Float($0 * channel) } },
      samplingRate: 1000)
    try MATWriter.write(recording, to: path, version: version)
    return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  private func scratch() -> String {
    FileManager.default.temporaryDirectory
      .appendingPathComponent("container-\(UUID().uuidString).mat").path
  }

  @Test(arguments: MATWriter.Version.allCases)
  func cutFilesAreErrors(_ version: MATWriter.Version) throws {
    let path = scratch()
    defer { unlink(path) }
    let bytes = try file(version, path)
    #expect(failure(path) == nil)
    for part in [
      20, 100, 127, 128, 130, 136, 600, bytes.count / 2, bytes.count - 9, bytes.count - 1,
    ]
    where part < bytes.count {
      try Data(bytes.prefix(part)).write(to: URL(fileURLWithPath: path))
      let error = failure(path)
      #expect(error != nil, "cut at \(part)")
      #expect(error?.description.contains("\n") == false)
    }
  }

  @Test(arguments: MATWriter.Version.allCases)
  func changedFilesNeverCrash(_ version: MATWriter.Version) throws {
    let path = scratch()
    defer { unlink(path) }
    let bytes = try file(version, path)
    var bits = Bits(state: 77)
    for _ in 0..<60 {
      var changed = bytes
      for _ in 0..<Int.random(in: 1...5, using: &bits) {
        changed[Int.random(in: 116..<changed.count, using: &bits)] = UInt8.random(
          in: 0...255, using: &bits)
      }
      try Data(changed).write(to: URL(fileURLWithPath: path))
      _ = failure(path)
    }
  }

  @Test func withoutTheReaderTheFormatIsNamed() throws {
    let path = scratch()
    defer { unlink(path) }
    _ = try file(.level5, path)
    let error = #expect(throws: RecordingError.self) { try Recording.open(path) }
    #expect(error?.description.contains("MAT file (level 5)") == true)
  }

  @Test func aCutReferenceFileSaysWhere() throws {
    let url = try SharedData.file("data/hdsemg/vastus_lateralis_64ch.mat")
    let path = scratch()
    defer { unlink(path) }
    try Data(contentsOf: url).prefix(5_000_000).write(to: URL(fileURLWithPath: path))
    let error = failure(path)
    #expect(error?.kind == .truncated)
    #expect(error?.place.hasPrefix("variable 1 at byte 128") == true)
  }
}
