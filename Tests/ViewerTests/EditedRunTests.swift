import Decomposition
import Foundation
import Signal
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

  /// What edits do, told as simply as can be.
  private struct PlainModel: Equatable {
    struct Unit: Equatable {
      var times: Set<Double>
      var isPresent = true
      var isFlagged = false
      var isLocked = false
    }
    var units: [Int: Unit]

    init(_ run: StoredRun) {
      units = Dictionary(
        uniqueKeysWithValues: run.units.map { ($0.id, Unit(times: Set($0.times))) })
    }

    init(_ state: EditedRun) {
      units = state.units.mapValues {
        Unit(
          times: Set($0.times), isPresent: $0.isPresent, isFlagged: $0.isFlagged,
          isLocked: $0.isLocked)
      }
    }

    /// Carries a command out, where it may be.
    mutating func apply(_ command: EditCommand) {
      guard let id = command.unit, var unit = units[id] else { return }
      guard unit.isPresent || command.kind == .restore else { return }
      switch command.kind {
      case .flag: unit.isFlagged.toggle()
      case .lock: unit.isLocked.toggle()
      case .remove: unit.isPresent = false
      case .restore: unit.isPresent = true
      case .accept where !unit.isLocked:
        let gone = Set(command.removed ?? []).intersection(unit.times)
        let new = Set(command.added ?? []).subtracting(unit.times)
        unit.times = unit.times.subtracting(gone).union(new)
      case .move where !unit.isLocked:
        guard let time = command.time, let by = command.by, unit.times.contains(time),
          !unit.times.contains(time + by)
        else { return }
        unit.times.remove(time)
        unit.times.insert(time + by)
      case .merge:
        guard let other = command.other, other != id, let joined = units[other], joined.isPresent,
          !joined.isLocked, !unit.isLocked
        else { return }
        let own = unit.times
        unit.times.formUnion(joined.times.filter { time in own.allSatisfy { abs($0 - time) >= 5 } })
        units[other]?.isPresent = false
      default: return
      }
      units[id] = unit
    }
  }

  /// More that mends than that closes, so that most commands meet a unit that is there.
  private static let kinds: [EditCommand.Kind] =
    [.flag, .lock, .remove, .merge] + Array(repeating: .restore, count: 4)
    + Array(repeating: .accept, count: 6) + Array(repeating: .move, count: 4)

  @Test(
    "Random edits do what a plain model of them does", arguments: 21...28 as ClosedRange<UInt64>)
  func followsPlainModel(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var state = EditedRun(Self.run)
    var model = PlainModel(Self.run)
    var entries: [EditEntry] = []
    for _ in 0..<500 {
      let ids = state.units.keys.sorted()
      var command = EditCommand(kind: .flag, unit: ids[random.index(below: ids.count)])
      let times = state.units[command.unit ?? 0]?.times ?? []
      command.kind = Self.kinds[random.index(below: Self.kinds.count)]
      command.added = [Double(random.index(below: 99_000)) + 0.25]
      if !times.isEmpty {
        command.removed = [times[random.index(below: times.count)]]
        command.time = times[random.index(below: times.count)]
      }
      command.by = random.uniform() < 0.5 ? 1 : -1
      command.other = ids[random.index(below: ids.count)]
      let planning = EditPlanning(run: Self.run, state: state, entries: entries)
      if let entry = try? planning.entry(command, source: nil) {
        try state.apply(entry)
        entries.append(entry)
      }
      model.apply(command)
      #expect(PlainModel(state) == model, "after \(command)")
    }
    #expect(entries.count > 100)
    #expect(try EditedRun(Self.run, entries: entries) == state)
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
