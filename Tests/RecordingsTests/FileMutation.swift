import Foundation
import TestSupport
import Testing

@testable import Recordings

/// Changes a good file in many ways and asks that whatever reads it gives a value or one line.
///
/// Memory is not looked at: other tests of the process run beside it.
struct FileMutation {
  let seed: UInt64

  func run(
    _ good: [UInt8], count: Int, folder: TemporaryFolder, name: String,
    _ read: (String) throws -> Void
  ) throws {
    var damage = DamagedBytes(good, seed: seed)
    for turn in 0..<count {
      let path = try folder.write(name, damage.next())
      do {
        try read(path)
      } catch let error as RecordingError {
        let text = error.description
        #expect(!text.contains { $0.isNewline }, "turn \(turn)")
        #expect(text.utf8.count < 1500, "turn \(turn)")
      } catch {
        Issue.record("turn \(turn): \(error) is no RecordingError")
      }
    }
  }
}
