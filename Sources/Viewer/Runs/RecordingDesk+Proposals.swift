import Decomposition
import Foundation
import MotorUnits

extension RecordingDesk {
  /// What a page asks to be proposed.
  struct ProposalRequest: Decodable {
    enum Kind: String, Decodable, CaseIterable {
      /// The filter is re-estimated over the view.
      case filter
      /// The same in windows of the view's length over the whole part of the recording.
      case extend
      /// The view of a needle is explained anew by the discharges of all units.
      case resolve
    }
    var kind: Kind?
    var unit: Int?
    let start: Double
    let end: Double
  }
  struct Proposal: Encodable {
    let unit: Int
    let added: [Double]
    let removed: [Double]
    let basis: [Double]
    let before: SourceQuality
    let after: SourceQuality
  }
  /// Changes of several units at once.
  struct Resolution: Encodable {
    struct Change: Encodable {
      let unit: Int
      let added: [Double]
      let removed: [Double]
    }
    let units: [Change]
  }
  /// Figures of a unit as edited, with those of the automatic result.
  struct QualityAnswer: Encodable {
    let now: SourceQuality
    let automatic: SourceQuality?

    private enum Keys: String, CodingKey { case automatic }

    func encode(to encoder: any Encoder) throws {
      try now.encode(to: encoder)
      var own = encoder.container(keyedBy: Keys.self)
      try own.encodeIfPresent(automatic, forKey: .automatic)
    }
  }
  /// Figures of a unit second by second, in the part of the recording around a place.
  struct Course: Encodable {
    let startSeconds: Double
    let stepSeconds: Double
    let silhouettes: [Double?]
    let discharges: [Int]
  }
  /// Identified units that are active, window by window.
  struct Counts: Encodable {
    let windowSeconds: Double
    let stepSeconds: Double
    let fewestDischarges: Int
    let windows: [ActiveUnitCounts.Window]
    let note: String
  }

  /// Train and filter of one unit as they might be, over the view or from there on.
  func proposal(_ editor: RunEditor, _ wanted: ProposalRequest) async throws -> Proposal {
    let view = try Self.view(wanted)
    guard let id = wanted.unit else { throw ViewerError.badRequest("\"unit\" is missing") }
    let unit = try await editor.unit(id)
    if unit.isLocked { throw ViewerError.conflict("unit \(unit.id) is locked; unlock it first") }
    let segment = fields.segment(of: (wanted.start + wanted.end) / 2)
    let field = try await fields.field(editor.run, segment: segment)
    let current = try await fields.source(editor.run, unit: unit, segment: segment)
    let artefacts = await editor.state.artefacts.map { $0[0]..<$0[1] }
    let stretch = fields.core(segment)
    let isExtended = wanted.kind == .extend
    let found = await Background.value {
      isExtended
        ? field.extend(
          components: unit.components, train: unit.times, from: view.clamped(to: stretch),
          avoiding: artefacts, over: stretch)
        : field.reestimate(
          components: unit.components, train: unit.times, in: view, avoiding: artefacts)
    }
    guard let found else {
      throw ViewerError.unusable(
        "the view holds too little of unit \(unit.id) for a new filter: at least five discharges "
          + "and ten peaks are needed")
    }
    let gone = Set(found.removed)
    let next = (unit.times.filter { !gone.contains($0) } + found.added).sorted()
    let judged = isExtended ? stretch : view
    return Proposal(
      unit: unit.id, added: found.added, removed: found.removed, basis: found.basis,
      before: current.quality(of: unit.times, in: judged),
      after: found.source.quality(of: next, in: judged))
  }

  /// What resolving the view would change.
  func resolution(_ editor: RunEditor, _ wanted: ProposalRequest) async throws -> Resolution {
    let view = try Self.view(wanted)
    let window = view.lowerBound..<view.upperBound.nextUp
    let found = try await editor.resolved(in: window)
    let units = await editor.state.units
    return Resolution(
      units: found.keys.sorted().compactMap { id in
        EditPlanning.change(units[id], within: window, to: found[id] ?? []).map {
          .init(unit: id, added: $0.added, removed: $0.removed)
        }
      })
  }

  private static func view(_ wanted: ProposalRequest) throws -> Range<Double> {
    guard wanted.start.isFinite, wanted.end.isFinite, wanted.start < wanted.end else {
      throw ViewerError.badRequest("the view is empty")
    }
    return wanted.start..<wanted.end
  }

  /// Units that are probably one.
  func duplicates(_ editor: RunEditor) async -> [DuplicateUnits] {
    let present = await editor.state.present
    let rate = editor.run.samplingRate
    return await Background.value {
      DuplicateUnits.pairs(present.map { ($0.id, $0.times) }, samplingRate: rate)
    }
  }

  /// Identified units over time, as edited.
  func counts(_ editor: RunEditor) async -> Counts {
    let run = editor.run
    let present = await editor.state.present
    let counted = ActiveUnitCounts(
      trains: present.map { SpikeTrain(times: $0.times, samplingRate: run.samplingRate) },
      duration: Double(run.sampleCount) / run.samplingRate)
    return Counts(
      windowSeconds: counted.configuration.window, stepSeconds: counted.configuration.step,
      fewestDischarges: counted.configuration.fewestDischarges, windows: counted.windows,
      note: "Identified units that are active, not the number of motor units.")
  }
}
