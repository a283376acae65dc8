import Analyses
import Decomposition
import FollowUp
import Foundation
import Registry

extension RegistryDesk {
  /// Pseudonym of the patient whom a recording belongs to; nil where it is not of the registry.
  func owner(of recording: Int64) throws -> String? {
    guard let stored = try registry.record(StoredRecording.self, id: recording),
      let visit = try registry.record(Visit.self, id: stored.visit),
      let subject = try registry.record(Subject.self, id: visit.subject)
    else { return nil }
    return subject.pseudonym
  }

  /// How a run of the registry was decomposed.
  private struct Parameters<Configuration: Decodable>: Decodable {
    let decomposition: Configuration

    static func read(_ text: String) -> Configuration? {
      try? JSONDecoder().decode(Self.self, from: Data(text.utf8)).decomposition
    }
  }

  /// Makes the runs of the registry over a recording of an array or a needle editable: each becomes a run of its folder.
  ///
  /// - Throws: `RegistryError`, `ViewerError` or `RecordingError`.
  func fetchRuns(of stored: StoredRecording, to desk: RecordingDesk) throws {
    let isNeedle = stored.modality == "needle"
    guard isNeedle || ["array", "grid"].contains(where: { stored.modality.hasSuffix($0) }) else {
      return
    }
    let recording = desk.opened.recording
    let known = Set(
      desk.runs.ids().compactMap { try? desk.runs.run($0, recording: recording).record })
    for run in try registry.runs(recording: stored.id)
    where run.method == "decompose" && !known.contains(run.id) {
      let array = isNeedle ? nil : Parameters<ArrayConfiguration>.read(run.parameters)
      let needle = isNeedle ? Parameters<NeedleConfiguration>.read(run.parameters) : nil
      if array == nil && needle == nil { continue }
      let entry = try registry.history(number: run.id).first?.entry
      let units = try registry.units(run: run.id)
      _ = try desk.runs.add(
        StoredRun(
          id: 0, method: .decompose, parent: nil, author: entry?.author ?? "",
          at: entry?.timestamp ?? "", software: run.softwareVersion, sha256: stored.sha256,
          samplingRate: recording.samplingRate, sampleCount: recording.sampleCount,
          channels: recording.emgChannels, excludedSeconds: [],
          configuration: array ?? ArrayConfiguration(),
          units: units.map { unit in
            StoredRun.Unit(
              id: unit.index, times: unit.spikes, silhouette: unit.quality["silhouette"],
              pulseToNoise: unit.quality["pulse_to_noise_db"],
              predictedAgreement: unit.quality["predicted_agreement"],
              amplitudeMicrovolts: recording.hasPhysicalAmplitude
                ? Self.amplitude(unit) : nil)
          }, residualPowerShare: nil, warnings: [], needle: needle,
          record: run.id), recording: recording, model: nil)
    }
  }

  /// Largest peak-to-peak amplitude over the electrodes, in microvolts.
  private static func amplitude(_ unit: StoredUnit) -> Double? {
    unit.template?.compactMap { channel -> Double? in
      let values = channel.filter(\.isFinite)
      guard let low = values.min(), let high = values.max() else { return nil }
      return Double(high - low)
    }.max()
  }

  /// What an edited run is made from, beside its parent.
  private struct EditParameters: Encodable {
    /// The run of the registry that the edits began with; nil where it was made in the viewer.
    let editedFrom: Int64?
    /// Number of the run in the folder of the recording.
    let folderRun: Int
    let decomposition: ArrayConfiguration
  }

  /// Stores a saved run in the registry: trends and counts follow its trains.
  ///
  /// - Returns: the number of the run.
  /// - Throws: `RegistryError`.
  func store(
    _ run: StoredRun, of desk: RecordingDesk, context: ViewerContext
  ) throws -> Int64 {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let parent = try run.parent.map { try desk.runs.run($0, recording: desk.opened.recording) }
    let parameters = EditParameters(
      editedFrom: parent?.record, folderRun: run.id, decomposition: run.configuration)
    // A unit whose discharges are others keeps the potential that it was found with.
    var templates: [Int: StoredUnit] = [:]
    if let record = parent?.record {
      for unit in try registry.units(run: record) { templates[unit.index] = unit }
    }
    let trains = run.units.map { SpikeTrain(times: $0.times, samplingRate: run.samplingRate) }
    let units = zip(run.units, trains).map { unit, train in
      var quality: [String: Double] = [:]
      for name in ["template_rate_hz", "template_origin", "template_noise_uv"] {
        quality[name] = templates[unit.id]?.quality[name]
      }
      quality["silhouette"] = unit.silhouette
      quality["pulse_to_noise_db"] = unit.pulseToNoise
      quality["predicted_agreement"] = unit.predictedAgreement
      quality["isi_cov"] = train.isiCoV
      quality["mean_rate_hz"] = train.meanRate
      quality["flagged"] = unit.isFlagged == true ? 1 : nil
      return StoredUnit(
        index: unit.id, samplingRate: run.samplingRate, spikes: unit.times,
        template: templates[unit.id]?.template, quality: quality)
    }
    let stored = try writer(context).addEditedRun(
      AnalysisRun(
        recording: desk.id, method: "edit", softwareVersion: SoftwareVersion.text,
        parameters: String(decoding: try encoder.encode(parameters), as: UTF8.self),
        electrodes: try parent?.record.flatMap {
          try registry.record(AnalysisRun.self, id: $0)?.electrodes
        }),
      measurements: EditedTrains.measurements(
        trains: trains, amplitudes: run.units.compactMap(\.amplitudeMicrovolts),
        duration: desk.opened.recording.duration),
      units: units, reason: "edited by \(context.user): run \(run.id)")
    return stored.run.id
  }
}
