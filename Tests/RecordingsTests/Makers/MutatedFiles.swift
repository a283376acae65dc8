import Foundation
import Testing

@testable import Recordings

/// Damaged copies of a good file: whatever they hold, opening them gives a recording or one line.
enum MutatedFiles {
  /// A small generator of its own, so that cases repeat.
  struct Bits: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state
    }
  }

  /// Bytes of address space beyond those of the test that opening damaged files may take.
  private static let memory: rlim_t = 512 << 20

  /// Opens and reads damaged copies of a file, with a limit on memory: run it in an exit test, where
  /// a crash is a failure and not the end of all tests.
  ///
  /// - Parameters:
  ///   - name: name of the file whose content is changed; others may lie beside it.
  ///   - folder: where it lies.
  ///   - headerCount: bytes at the start in which most changes are made.
  static func open(
    _ name: String, in folder: TemporaryFolder, count: Int, headerCount: Int, seed: UInt64,
    readers: [any RecordingReader] = .standard
  ) throws {
    limitMemory()
    let good = try FileBytes(path: folder.path(name)).all(limit: 1 << 22)
    var bits = Bits(state: seed)
    var opened = 0
    for round in 0..<count {
      let path = try folder.write(name, damaged(good, headerCount, &bits))
      do {
        let recording = try Recording.open(path, readers: readers)
        for index in recording.channels.indices.prefix(4) {
          let end = recording.channels[index].sampleCount
          _ = try recording.samples(channels: [index], range: 0..<min(500, end))
          _ = try recording.samples(channels: [index], range: max(0, end - 500)..<end)
        }
        _ = try recording.storedSpikes()
        opened += 1
      } catch let error as RecordingError {
        let line = error.description
        #expect(!line.contains { $0.isNewline } && line.utf8.count < 1500, "round \(round)")
        #expect(line.hasPrefix(folder.url.path), "round \(round): \(line)")
      }
    }
    // Where no copy opens the changes never reach what lies behind the first check.
    #expect(opened > count / 50)
  }

  private static func damaged(_ good: [UInt8], _ headerCount: Int, _ bits: inout Bits) -> [UInt8] {
    var bytes = good
    switch Int.random(in: 0..<10, using: &bits) {
    case 0: return Array(bytes.prefix(Int.random(in: 1..<bytes.count, using: &bits)))
    case 1: bytes += bytes.suffix(Int.random(in: 1...64, using: &bits))
    case 2:
      let place = Int.random(in: 0..<min(bytes.count, headerCount), using: &bits)
      bytes.remove(at: place)
    default: break
    }
    for _ in 0..<Int.random(in: 1...4, using: &bits) {
      let place = Int.random(in: 0..<min(bytes.count, headerCount), using: &bits)
      bytes[place] =
        [0, 255, 127, 128, bytes[place] ^ 1, UInt8.random(in: 0...255, using: &bits)]
        .randomElement(using: &bits) ?? 0
    }
    return bytes
  }

  private static func limitMemory() {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
      let pages = text.split(separator: " ").first.flatMap({ rlim_t($0) })
    else { return }
    // Under a sanitizer the address space is full of shadows, and a limit says nothing.
    guard pages < 1 << 28 else { return }
    var limit = rlimit()
    let kind = __rlimit_resource_t(RLIMIT_AS.rawValue)
    getrlimit(kind, &limit)
    limit.rlim_cur = min(pages * rlim_t(sysconf(Int32(_SC_PAGESIZE))) + memory, limit.rlim_max)
    setrlimit(kind, &limit)
  }
}
