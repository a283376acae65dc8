import Decomposition
import Foundation
import Recordings
import Reports

extension RecordingDesk {
  struct RunLine: Encodable {
    /// Its number among the runs of its recording, and its name among all.
    let id: Int
    let name: String
    let method: String
    let parent: Int?
    let author: String
    let at: String
    let units: Int
  }
  struct UnitLine: Encodable {
    let id: Int
    let times: [Double]
    let isPresent: Bool
    let isFlagged: Bool
    let isLocked: Bool
    /// What is told of the unit, by the names of `UnitMeasure`.
    let measures: UnitMeasures
    let isEdited: Bool
  }
  /// A measure as a column of the list of units.
  struct UnitColumn: Encodable {
    let name: String
    let title: String
    let decimals: Int
    /// What a value is multiplied by to be shown.
    let factor: Double

    /// The column of a measure.
    init(_ measure: UnitMeasure) {
      name = measure.name
      title = measure.title
      (decimals, factor) =
        switch measure.style {
        case .fixed(let decimals): (decimals, 1)
        case .percent(let decimals): (decimals, 100)
        case .significant, .whole: (0, 1)
        }
    }
  }
  struct RunState: Encodable {
    let run: RunLine
    /// The recording's number, and the place of its force among the signals of a range, if it has one.
    let recording: Int64
    let force: Int?
    let seq: Int
    let canUndo: Bool
    let canRedo: Bool
    let samplingRate: Double
    let sampleCount: Int
    let isNeedle: Bool
    let segments: [[Double]]
    let artefacts: [[Double]]
    let units: [UnitLine]
    /// The measures that units have, in the order of the one list of them.
    let columns: [UnitColumn]
    let warnings: [String]
    let note: String
  }
  struct Potential: Encodable {
    struct Waveform: Encodable {
      let channel: Int
      let row: Int
      let column: Int
      let values: [Float]
      /// Standard deviation of the single potentials at each sample; nil where it is not known.
      var spread: [Float]?
    }
    let unit: Int
    let samplingRate: Double
    let origin: Int
    let rows: Int
    let columns: Int
    let unitSymbol: String
    let waveforms: [Waveform]
    /// The unit whose potential is most like it; nil for the only unit.
    let similar: Similar?

    struct Similar: Encodable {
      let unit: Int
      /// Largest normalised correlation over all channels and small lags, -1...1.
      let correlation: Double
      let waveforms: [Waveform]
    }
  }
  struct Marks: Encodable {
    let artefacts: [StoredRun.Artefact]
    let rejectedChannels: [StoredRun.Rejected]
  }
  /// A run in a list.
  func line(_ run: StoredRun) -> RunLine {
    RunLine(
      id: run.id, name: name(ofRun: run.id), method: run.method.rawValue, parent: run.parent,
      author: run.author, at: run.at,
      units: run.units.count)
  }

  /// Artefacts that were mended and bad channels; found out where the run does not say.
  func marks(_ run: StoredRun) async throws -> Marks {
    var rejected = run.rejectedChannels
    if rejected == nil, !run.units.isEmpty {
      let field = try await fields.field(run, segment: 0)
      rejected = field.rejectedChannels.map {
        StoredRun.Rejected(channel: run.channels[$0.index], reason: $0.reason)
      }
    }
    return Marks(artefacts: run.artefacts ?? [], rejectedChannels: rejected ?? [])
  }

  /// Stores a run as the next one, with its separation filters where it can have them.
  func save(_ run: StoredRun) async throws -> StoredRun {
    let recording = opened.recording
    let model = try? await Background.run { try RunModel.make(run, recording: recording) }
    return try runs.add(run, recording: recording, model: model)
  }

  /// The separation filters of a run as it stands now: those that were kept, or made from its trains.
  ///
  /// - Throws: `ViewerError` where it can have none.
  func model(_ editor: RunEditor, author: String) async throws -> Data {
    let isAsStored = await editor.state.units == EditedRun(editor.run).units
    if isAsStored, let kept = runs.model(editor.run.id) { return kept }
    let run = isAsStored ? editor.run : await editor.edited(author: author)
    let recording = opened.recording
    let model = try await Background.run { try RunModel.make(run, recording: recording) }
    // A folder of results stays as `decompose` wrote it.
    if isAsStored, run.id > 0 { try runs.keep(model, ofRun: run.id) }
    return model
  }

  /// The units of a run as edited.
  func state(_ editor: RunEditor) async throws -> RunState {
    let state = await editor.state
    let run = editor.run
    let before = Dictionary(uniqueKeysWithValues: run.units.map { ($0.id, $0) })
    let segments = (0..<fields.segmentCount).map { index in
      let core = fields.core(index)
      return [core.lowerBound, core.upperBound]
    }
    let warning = await editor.warning
    let units = state.units.values.sorted { $0.id < $1.id }.map { unit in
      let train = SpikeTrain(times: unit.times, samplingRate: run.samplingRate)
      let stored = before[unit.id]
      let isSame = stored?.times == unit.times
      return UnitLine(
        id: unit.id, times: unit.times, isPresent: unit.isPresent, isFlagged: unit.isFlagged,
        isLocked: unit.isLocked,
        measures: UnitMeasures([
          (.meanRate, train.meanRate), (.isiCoV, train.isiCoV),
          (.silhouette, isSame ? stored?.silhouette : nil),
          (.pulseToNoise, isSame ? stored?.pulseToNoise : nil),
          (.predictedAgreement, isSame ? stored?.predictedAgreement : nil),
          (.amplitude, stored?.amplitudeMicrovolts),
        ]), isEdited: !isSame)
    }
    return RunState(
      run: line(run), recording: self.id, force: opened.forcePlace, seq: state.seq,
      canUndo: !state.undoable.isEmpty,
      canRedo: !state.redoable.isEmpty, samplingRate: run.samplingRate,
      sampleCount: run.sampleCount, isNeedle: run.needle != nil, segments: segments,
      artefacts: state.artefacts, units: units,
      columns: UnitMeasure.all.filter { measure in
        units.contains { $0.measures[measure] != nil }
      }.map { UnitColumn($0) },
      warnings: run.warnings + (warning.map { [$0] } ?? []),
      note: ReportWording.identifiedCounts)
  }

  /// The potential of a unit on the electrodes, and the one that is most like it.
  func potential(
    _ editor: RunEditor, unit id: Int, segment: Int
  ) async throws -> Potential {
    let unit = try await editor.unit(id)
    guard let component = unit.components.first else {
      throw ViewerError.notFound("unit \(id) has no potential")
    }
    let field = try await fields.field(editor.run, segment: segment)
    let template = field.template(of: component)
    let recording = opened.recording
    let grid = recording.electrodeGrid
    let channels = editor.run.channels
    let columns = grid?.columns ?? max(1, Int(Double(channels.count).squareRoot().rounded()))
    let rows = grid?.rows ?? (channels.count + columns - 1) / columns
    func placed(_ template: MUAPTemplate, spread: MUAPTemplate? = nil) -> [Potential.Waveform] {
      channels.enumerated().compactMap { place, channel in
        let values = template.channels[place]
        if values.isEmpty { return nil }
        let site =
          grid == nil
          ? ElectrodeGrid.Position(row: place / columns, column: place % columns)
          : grid?.position(ofChannel: channel)
        guard let site else { return nil }
        return .init(
          channel: channel, row: site.row, column: site.column, values: values,
          spread: spread?.channels[place])
      }
    }
    let spread = await Background.value {
      field.spread(components: unit.components, discharges: unit.times)
    }
    let others = await editor.state.present.filter { $0.id != id }
    let similar = await Background.value { () -> (unit: Int, found: TemplateSimilarity)? in
      others.compactMap { other in
        other.components.first.map {
          (other.id, TemplateSimilarity(template, field.template(of: $0)))
        }
      }.max { $0.1.correlation < $1.1.correlation }
    }
    return Potential(
      unit: id, samplingRate: template.samplingRate, origin: template.origin, rows: rows,
      columns: columns, unitSymbol: recording.hasPhysicalAmplitude ? "µV" : "a.u.",
      waveforms: placed(template, spread: spread),
      similar: similar.map {
        .init(
          unit: $0.unit, correlation: $0.found.correlation, waveforms: placed($0.found.shifted))
      })
  }
}
