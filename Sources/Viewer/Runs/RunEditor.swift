import Analyses
import Decomposition
import Foundation
import Recordings

/// The edits of one run: one writer, its log on the disk, its state in memory.
actor RunEditor {
  let run: StoredRun
  private let fields: SourceFields
  private var log: EditLog
  private(set) var state: EditedRun

  /// Opens the log of a run and replays it.
  ///
  /// - Throws: `ViewerError` where the log is damaged.
  init(_ run: StoredRun, folder: RunFolder, fields: SourceFields) throws {
    self.run = run
    self.fields = fields
    log = try EditLog(
      path: folder.folder(run.id) + "/edits.jsonl", base: try folder.baseHash(run.id))
    state = try EditedRun(run, entries: log.entries)
  }

  var entries: [EditEntry] { log.entries }
  var warning: String? { log.warning }

  /// What an edit came to.
  struct Outcome: Sendable {
    var seq: Int
    var entry: EditEntry?
  }

  /// Carries a command out.
  ///
  /// - Parameters:
  ///   - expected: number of the last edit that the page knows.
  /// - Throws: `ViewerError`, `.conflict` where another edit came first.
  func apply(_ command: EditCommand, expected: Int?, author: String) async throws -> Outcome {
    try check(expected)
    let needsSource: Set<EditCommand.Kind> = [.add, .delete, .rateOutliers, .split]
    var source: UnitSource?
    if needsSource.contains(command.kind), let id = command.unit, let unit = state.units[id] {
      let box = try EditPlanning.box(command)
      source = try await fields.source(
        run, unit: unit, segment: fields.segment(of: (box.lowerBound + box.upperBound) / 2))
      // The source may have taken a while: somebody may have been faster.
      try check(expected)
    }
    var resolved: [Int: [Double]] = [:]
    if command.kind == .resolve {
      resolved = try await self.resolved(in: try EditPlanning.box(command))
      try check(expected)
    }
    let planning = EditPlanning(run: run, state: state, entries: log.entries)
    guard var entry = try planning.entry(command, source: source, resolved: resolved) else {
      return Outcome(seq: state.seq, entry: nil)
    }
    entry.at = StoredRun.now()
    entry.author = author
    entry.previous = log.head
    var next = state
    try next.apply(entry)
    try log.append(entry)
    state = next
    return Outcome(seq: state.seq, entry: entry)
  }

  private func check(_ expected: Int?) throws {
    if let expected, expected != state.seq {
      throw ViewerError.conflict(
        "another edit came first: the run is at edit \(state.seq), this page at \(expected)")
    }
  }

  /// Discharges of the units that are not locked in a window, explained anew together.
  ///
  /// - Throws: `ViewerError` where the run is no needle's or the window is too long.
  func resolved(in window: Range<Double>) async throws -> [Int: [Double]] {
    let segment = fields.segment(of: (window.lowerBound + window.upperBound) / 2)
    guard let field = try await fields.field(run, segment: segment) as? NeedleField else {
      throw ViewerError.unusable("superpositions are resolved in needle recordings")
    }
    guard window.upperBound - window.lowerBound <= NeedleField.longestWindow * field.rate else {
      throw ViewerError.unusable(
        "the view is too long to be resolved at once: show half a second or less")
    }
    let present = state.present
    let artefacts = state.artefacts
    return await Background.value {
      let found = field.resolve(
        present.map { .init(components: $0.components, train: $0.times) }, in: window)
      let near = 0.000_5 * field.rate
      var result: [Int: [Double]] = [:]
      for (unit, times) in zip(present, found) where !unit.isLocked {
        // A discharge that is found again keeps its time.
        var own: [Double] = []
        for time in times where !artefacts.contains(where: { $0[0] <= time && time < $0[1] }) {
          let known = unit.times.filter { window.contains($0) && abs($0 - time) <= near }
            .min { abs($0 - time) < abs($1 - time) }
          let kept = known ?? time
          if own.last != kept { own.append(kept) }
        }
        result[unit.id] = own
      }
      return result
    }
  }

  /// The unit as edited.
  ///
  /// - Throws: `ViewerError` where there is none.
  func unit(_ id: Int) throws -> EditedRun.Unit {
    guard let unit = state.units[id] else { throw ViewerError.notFound("there is no unit \(id)") }
    return unit
  }

  /// Figures of a unit in a stretch, on its own source.
  func quality(of id: Int, in range: Range<Double>) async throws -> SourceQuality {
    let unit = try unit(id)
    return try await source(of: unit, in: range).quality(of: unit.times, in: range)
  }

  /// Figures of the automatic train of a unit, on the automatic source; nil for a unit that the run lacks.
  func automaticQuality(of id: Int, in range: Range<Double>) async throws -> SourceQuality? {
    guard let unit = EditedRun(run).units[id] else { return nil }
    return try? await source(of: unit, in: range).quality(of: unit.times, in: range)
  }

  /// Figures of a unit for each second of a stretch.
  func course(of id: Int, in range: Range<Double>) async throws -> [SourceQuality] {
    let unit = try unit(id)
    let source = try await source(of: unit, in: range)
    let second = run.samplingRate
    return await Background.value {
      stride(from: range.lowerBound, to: range.upperBound, by: second).map { start in
        source.quality(of: unit.times, in: start..<min(start + second, range.upperBound))
      }
    }
  }

  private func source(of unit: EditedRun.Unit, in range: Range<Double>) async throws -> UnitSource {
    let segment = fields.segment(of: (range.lowerBound + range.upperBound) / 2)
    return try await fields.source(run, unit: unit, segment: segment)
  }

  /// The edited units as a run of their own.
  func edited(author: String) async -> StoredRun {
    var result = run
    result.method = .edit
    result.parent = run.id
    result.record = nil
    result.author = author
    result.at = StoredRun.now()
    result.software = SoftwareVersion.text
    var units: [StoredRun.Unit] = []
    let before = Dictionary(uniqueKeysWithValues: run.units.map { ($0.id, $0) })
    for unit in state.present {
      var stored = before[unit.id] ?? StoredRun.Unit(id: unit.id, times: [])
      if stored.times != unit.times || before[unit.id] == nil {
        stored.times = unit.times
        // Figures of the parent hold no longer: those on the source of the busiest segment do.
        let busiest = unit.times.isEmpty ? 0 : unit.times[unit.times.count / 2]
        let segment = fields.segment(of: busiest)
        let quality = try? await quality(of: unit.id, in: fields.core(segment))
        stored.silhouette = quality?.silhouette
        stored.pulseToNoise = quality?.pulseToNoise
        stored.predictedAgreement = quality?.predictedAgreement
      }
      stored.isFlagged = unit.isFlagged ? true : nil
      units.append(stored)
    }
    result.units = units
    return result
  }
}
