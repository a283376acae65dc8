import Decomposition
import Foundation
import Testing

@testable import Viewer

struct EditedRunTests {
  static let run = StoredRun(
    id: 1, method: .decompose, author: "a", at: "", software: "", sha256: "x", samplingRate: 1_000,
    sampleCount: 100_000, channels: [0], excludedSeconds: [], configuration: ArrayConfiguration(),
    units: (0..<3).map { unit in
      StoredRun.Unit(id: unit, times: (0..<200).map { Double($0) * 100.37 + Double(unit) * 31 })
    }, warnings: [])

  /// Random commands that need no source, over a run.
  private static func session(seed: UInt64, path: String) throws -> (EditedRun, EditLog) {
    var generator = seed
    func draw(_ limit: Int) -> Int {
      generator = generator &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(generator >> 33) % limit
    }
    var state = EditedRun(run)
    var log = try EditLog(path: path, base: "base")
    for _ in 0..<200 {
      let ids = state.units.keys.sorted()
      let id = ids[draw(ids.count)]
      let times = state.units[id]?.times ?? []
      var command = EditCommand(kind: .flag, unit: id)
      switch draw(9) {
      case 0: command.kind = .undo
      case 1: command.kind = .redo
      case 2:
        command.kind = .accept
        command.added = [Double(draw(100_000)) + 0.123_456_789]
        if !times.isEmpty { command.removed = [times[draw(times.count)]] }
      case 3 where !times.isEmpty:
        command.kind = .move
        command.time = times[draw(times.count)]
        command.by = 1
      case 4: command.kind = .lock
      case 5:
        command.kind = .artefact
        command.time = Double(draw(100_000))
      case 6: command.kind = .remove
      case 7:
        command.kind = .merge
        command.other = ids[draw(ids.count)]
      default: break
      }
      let planning = EditPlanning(run: run, state: state, entries: log.entries)
      guard var entry = try? planning.entry(command, source: nil) else { continue }
      entry.previous = log.head
      try state.apply(entry)
      try log.append(entry)
    }
    return (state, log)
  }

  @Test(
    "The log read back gives the same state, and undoing all gives the automatic result",
    arguments: [1, 2, 3, 4, 5] as [UInt64])
  func replays(seed: UInt64) throws {
    let path = NSTemporaryDirectory() + "edits-\(UUID().uuidString).jsonl"
    defer { unlink(path) }
    var (state, log) = try Self.session(seed: seed, path: path)
    #expect(log.entries.count > 50)
    let again = try EditLog(path: path, base: "base")
    #expect(again.entries == log.entries)
    #expect(try EditedRun(Self.run, entries: again.entries) == state)
    while let entry = try EditPlanning(run: Self.run, state: state, entries: log.entries)
      .entry(EditCommand(kind: .undo), source: nil)
    {
      var entry = entry
      entry.previous = log.head
      try state.apply(entry)
      try log.append(entry)
    }
    let automatic = EditedRun(Self.run)
    #expect(state.present == automatic.present)
    #expect(state.artefacts.isEmpty)
  }

  @Test("A log that was tampered with is refused, one cut short loses its last line only")
  func checksChain() throws {
    let path = NSTemporaryDirectory() + "edits-\(UUID().uuidString).jsonl"
    defer { unlink(path) }
    let (_, log) = try Self.session(seed: 9, path: path)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try text.dropLast(10).description.write(toFile: path, atomically: true, encoding: .utf8)
    let cut = try EditLog(path: path, base: "base")
    #expect(cut.entries == Array(log.entries.dropLast()))
    #expect(cut.warning != nil)
    var lines = text.split(separator: "\n")
    lines.remove(at: 3)
    try (lines.joined(separator: "\n") + "\n").write(
      toFile: path, atomically: true, encoding: .utf8)
    #expect(throws: ViewerError.self) { try EditLog(path: path, base: "base") }
  }
}
