import Analyses
import Decomposition
import Foundation

/// What a command comes to: changes for the log, worked out from the state and the source.
struct EditPlanning {
  let run: StoredRun
  let state: EditedRun
  let entries: [EditEntry]

  /// The entry of a command without its place in the log; nil where it changes nothing.
  ///
  /// - Parameters:
  ///   - source: of the unit, over the part of the recording that the command reaches.
  ///   - resolved: discharges of units in the window of `resolve`, by their number.
  /// - Throws: `ViewerError` for commands that make no sense.
  func entry(
    _ command: EditCommand, source: UnitSource?, resolved: [Int: [Double]] = [:]
  ) throws -> EditEntry? {
    var entry = EditEntry(
      seq: state.seq + 1, at: "", author: "", kind: command.kind.rawValue, changes: [],
      software: SoftwareVersion.text, previous: "")
    for (name, value) in [
      ("start", command.start), ("end", command.end), ("low", command.low),
      ("high", command.high), ("time", command.time), ("by", command.by),
    ] {
      if let value { entry.parameters[name] = value }
    }
    switch command.kind {
    case .undo, .redo:
      let list = command.kind == .undo ? state.undoable : state.redoable
      guard let seq = list.last else { return nil }
      let last = entries[seq - 1]
      entry.reverses = seq
      entry.changes = last.changes.reversed().map(\.reversed)
      entry.artefactsAdded = last.artefactsRemoved
      entry.artefactsRemoved = last.artefactsAdded
      return entry
    case .artefact:
      guard let time = command.time, time.isFinite else { throw missing("time") }
      if let inside = state.artefacts.first(where: { $0[0] <= time && time < $0[1] }) {
        entry.artefactsRemoved = [inside]
      } else {
        let half = 0.012_5 * run.samplingRate
        entry.artefactsAdded = [[time - half, time + half]]
      }
      return entry
    case .resolve:
      let window = try Self.box(command)
      entry.changes = resolved.keys.sorted().compactMap {
        Self.change(state.units[$0], within: window, to: resolved[$0] ?? [])
      }
      return entry.changes.isEmpty ? nil : entry
    default: break
    }
    let unit = try unit(command)
    let changes = try self.changes(command, unit: unit, source: source)
    if changes.isEmpty { return nil }
    entry.changes = changes
    return entry
  }

  /// The change of a unit whose discharges in a window become others; nil where they are the same.
  static func change(
    _ unit: EditedRun.Unit?, within window: Range<Double>, to times: [Double]
  ) -> UnitChange? {
    guard let unit else { return nil }
    let before = unit.times.filter { window.contains($0) }
    let next = Set(times)
    let own = Set(before)
    let change = UnitChange(
      unit: unit.id, added: times.filter { !own.contains($0) },
      removed: before.filter { !next.contains($0) })
    return change.added.isEmpty && change.removed.isEmpty ? nil : change
  }

  private func unit(_ command: EditCommand) throws -> EditedRun.Unit {
    guard let id = command.unit else { throw missing("unit") }
    guard let unit = state.units[id] else { throw ViewerError.notFound("there is no unit \(id)") }
    guard unit.isPresent || command.kind == .restore else {
      throw ViewerError.conflict("unit \(id) is deleted; restore it first")
    }
    let touches: Set<EditCommand.Kind> = [
      .add, .delete, .deleteRate, .rateOutliers, .accept, .move, .split,
    ]
    if unit.isLocked && touches.contains(command.kind) {
      throw ViewerError.conflict("unit \(id) is locked; unlock it first")
    }
    return unit
  }

  private func missing(_ field: String) -> ViewerError {
    ViewerError.badRequest("\"\(field)\" is missing")
  }

  /// The box of a command in samples.
  static func box(_ command: EditCommand) throws -> Range<Double> {
    guard let start = command.start, let end = command.end, start.isFinite, end.isFinite else {
      throw ViewerError.badRequest("\"start\" and \"end\" are missing")
    }
    return min(start, end)..<max(start, end).nextUp
  }

  private func changes(
    _ command: EditCommand, unit: EditedRun.Unit, source: UnitSource?
  ) throws -> [UnitChange] {
    switch command.kind {
    case .add:
      let box = try Self.box(command)
      guard let source, let low = command.low else { throw missing("low") }
      let near = UnitSource.peakDistance * run.samplingRate
      let added = source.peaks(in: box, above: low).map(\.time).filter { time in
        !unit.times.contains { abs($0 - time) < near } && !isArtefact(time)
      }
      return added.isEmpty ? [] : [UnitChange(unit: unit.id, added: added)]
    case .delete:
      let gone = try inBox(command, unit: unit, source: source)
      return gone.isEmpty ? [] : [UnitChange(unit: unit.id, removed: gone)]
    case .deleteRate:
      let box = try Self.box(command)
      guard let low = command.low, let high = command.high else { throw missing("low and high") }
      let gone = zip(unit.times.dropFirst(), unit.times).compactMap { time, before in
        let rate = run.samplingRate / (time - before)
        return box.contains(time) && rate >= min(low, high) && rate <= max(low, high) ? time : nil
      }
      return gone.isEmpty ? [] : [UnitChange(unit: unit.id, removed: gone)]
    case .rateOutliers:
      guard let source else { throw missing("start and end") }
      let gone = rateOutliers(unit, in: try Self.box(command), source: source)
      return gone.isEmpty ? [] : [UnitChange(unit: unit.id, removed: gone)]
    case .accept:
      let own = Set(unit.times)
      let removed = (command.removed ?? []).filter(own.contains)
      let added = Set(command.added ?? []).subtracting(own).filter {
        $0.isFinite && $0 >= 0 && $0 < Double(run.sampleCount)
      }.sorted()
      var change = UnitChange(unit: unit.id, added: added, removed: removed)
      if let basis = command.basis, basis != unit.basis, !basis.isEmpty {
        change.basis = .init(from: unit.basis, to: basis)
      }
      return added.isEmpty && removed.isEmpty && change.basis == nil ? [] : [change]
    case .move:
      guard let time = command.time, let by = command.by, by.isFinite else {
        throw missing("time and by")
      }
      guard unit.times.contains(time) else {
        throw ViewerError.conflict("unit \(unit.id) has no discharge at sample \(time)")
      }
      let target = time + by
      guard target >= 0, target < Double(run.sampleCount), !unit.times.contains(target) else {
        throw ViewerError.badRequest("the discharge cannot move there")
      }
      return [UnitChange(unit: unit.id, added: [target], removed: [time])]
    case .flag:
      var change = UnitChange(unit: unit.id)
      change.isFlagged = .init(from: unit.isFlagged, to: !unit.isFlagged)
      return [change]
    case .lock:
      var change = UnitChange(unit: unit.id)
      change.isLocked = .init(from: unit.isLocked, to: !unit.isLocked)
      return [change]
    case .remove, .restore:
      var change = UnitChange(unit: unit.id)
      if unit.isPresent == (command.kind == .restore) { return [] }
      change.isPresent = .init(from: unit.isPresent, to: command.kind == .restore)
      return [change]
    case .merge: return try merge(command, unit: unit)
    case .split:
      let own = try inBox(command, unit: unit, source: source)
      guard !own.isEmpty, own.count < unit.times.count else {
        throw ViewerError.badRequest("a split needs some of the unit's discharges, not all")
      }
      var new = UnitChange(unit: state.freeNumber, added: own)
      new.isPresent = .init(from: false, to: true)
      new.basis = .init(from: [], to: own)
      new.components = .init(from: [], to: unit.components)
      var old = UnitChange(unit: unit.id, removed: own)
      let gone = Set(own)
      old.basis = .init(from: unit.basis, to: unit.times.filter { !gone.contains($0) })
      return [old, new]
    case .undo, .redo, .artefact, .resolve: return []
    }
  }

  private func isArtefact(_ time: Double) -> Bool {
    state.artefacts.contains { $0[0] <= time && time < $0[1] }
  }

  /// Discharges of a unit whose source lies in the box.
  private func inBox(
    _ command: EditCommand, unit: EditedRun.Unit, source: UnitSource?
  ) throws -> [Double] {
    let box = try Self.box(command)
    guard let source, let low = command.low, let high = command.high else {
      throw missing("low and high")
    }
    return unit.times.filter { time in
      guard box.contains(time), let height = source.height(at: time) else { return false }
      return height >= min(low, high) && height <= max(low, high)
    }
  }

  /// Discharges to remove until no rate exceeds the mean by 3 SD, of each pair the one whose
  /// source is lower; at most 30 rounds.
  private func rateOutliers(
    _ unit: EditedRun.Unit, in view: Range<Double>, source: UnitSource
  ) -> [Double] {
    var times = unit.times.filter { view.contains($0) }
    var gone: [Double] = []
    for _ in 0..<30 {
      let rates = zip(times.dropFirst(), times).map { run.samplingRate / ($0 - $1) }
      if rates.count < 4 { break }
      let mean = rates.reduce(0, +) / Double(rates.count)
      let spread =
        (rates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rates.count)).squareRoot()
      let outliers = rates.indices.filter { rates[$0] > mean + 3 * spread }
      if outliers.isEmpty { break }
      var lost: Set<Double> = []
      for index in outliers {
        let pair = [times[index], times[index + 1]]
        if lost.contains(pair[0]) || lost.contains(pair[1]) { continue }
        let heights = pair.map { source.height(at: $0) ?? 0 }
        lost.insert(heights[0] < heights[1] ? pair[0] : pair[1])
      }
      gone += times.filter(lost.contains)
      times.removeAll(where: lost.contains)
    }
    return gone.sorted()
  }

  private func merge(_ command: EditCommand, unit: EditedRun.Unit) throws -> [UnitChange] {
    guard let id = command.other else { throw missing("other") }
    guard id != unit.id, let other = state.units[id], other.isPresent else {
      throw ViewerError.notFound("there is no other unit \(id)")
    }
    guard !unit.isLocked, !other.isLocked else {
      throw ViewerError.conflict("a locked unit cannot be merged; unlock it first")
    }
    let near = UnitSource.peakDistance * run.samplingRate
    let added = other.times.filter { time in !unit.times.contains { abs($0 - time) < near } }
    var change = UnitChange(unit: unit.id, added: added)
    let basis = (unit.times + added).sorted()
    change.basis = .init(from: unit.basis, to: basis)
    let components = unit.components + other.components.filter { !unit.components.contains($0) }
    change.components = .init(from: unit.components, to: components)
    var gone = UnitChange(unit: id)
    gone.isPresent = .init(from: true, to: false)
    return [change, gone]
  }
}
