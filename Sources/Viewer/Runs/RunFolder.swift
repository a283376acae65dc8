import Analyses
import Decomposition
import Foundation
import Recordings
import Reports

/// The folder of a recording's runs: `run-1`, `run-2`, … each with `run.json`, `units.json`,
/// `spikes.csv`, of arrays `separation.filters` and, once edited, `edits.jsonl`.
///
/// A folder that `motorpool decompose` wrote can be given too: its own results are run 0.
public struct RunFolder: Sendable {
  /// The folder; it is made when the first run is.
  public let path: String
  /// SHA-256 of the recording.
  public let sha256: String

  /// Folders of results are their owner's, as those of the commands.
  private static var ownerOnly: [FileAttributeKey: Any] { [.posixPermissions: 0o700] }

  /// A folder, which need not be there yet.
  public init(path: String, sha256: String) {
    self.path = path
    self.sha256 = sha256
  }

  /// Folder of one run.
  func folder(_ id: Int) -> String { id == 0 ? path : path + "/run-\(id)" }

  /// Numbers of the runs that are there, ascending.
  public func ids() -> [Int] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    var ids = names.compactMap { name -> Int? in
      guard name.hasPrefix("run-"), let id = Int(name.dropFirst(4)), id > 0,
        FileManager.default.fileExists(atPath: "\(path)/\(name)/run.json")
      else { return nil }
      return id
    }
    if names.contains("units.json") { ids.append(0) }
    return ids.sorted()
  }

  /// Reads a run.
  ///
  /// - Throws: `ViewerError` where there is none, or it is of another recording.
  public func run(_ id: Int, recording: Recording) throws -> StoredRun {
    guard ids().contains(id) else { throw ViewerError.notFound("there is no run \(id)") }
    if id == 0 { return try imported(recording) }
    let file = folder(id) + "/run.json"
    guard let data = FileManager.default.contents(atPath: file),
      let run = try? JSONDecoder().decode(StoredRun.self, from: data)
    else { throw ViewerError.damaged("\(file): cannot be read as a run") }
    guard run.sha256 == sha256 else {
      throw ViewerError.unusable(
        "\(file): is of another recording (SHA-256 \(run.sha256.prefix(12))…)")
    }
    return run
  }

  /// The separation filters that were kept with a run; nil where there are none.
  func model(_ id: Int) -> Data? {
    FileManager.default.contents(atPath: "\(folder(id))/\(RunModel.fileName)")
  }

  /// Keeps separation filters with a run that has none yet.
  ///
  /// - Throws: `RecordingError` where they cannot be written.
  func keep(_ model: Data, ofRun id: Int) throws {
    try AtomicFile.write(model, to: "\(folder(id))/\(RunModel.fileName)")
  }

  /// What the log's first entry names as its base.
  func baseHash(_ id: Int) throws -> String {
    let file = folder(id) + (id == 0 ? "/units.json" : "/run.json")
    guard let data = FileManager.default.contents(atPath: file) else {
      throw ViewerError.notFound("\(file): cannot be opened")
    }
    return EditEntry.hash(data)
  }

  /// Writes a run as the next one; the folder appears when it is whole.
  ///
  /// - `model`: its separation filters; nil for a run that has none.
  /// - Returns: the run with its number.
  /// - Throws: `ViewerError` or `RecordingError` where it cannot be written.
  public func add(_ run: StoredRun, recording: Recording, model: Data?) throws -> StoredRun {
    let manager = FileManager.default
    do {
      try manager.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: Self.ownerOnly)
    } catch {
      throw ViewerError.cannotWrite("\(path): cannot be made: \(error.localizedDescription)")
    }
    let scratch = path + "/.new-\(UUID().uuidString)"
    do {
      try manager.createDirectory(
        atPath: scratch, withIntermediateDirectories: false, attributes: Self.ownerOnly)
    } catch {
      throw ViewerError.cannotWrite("\(scratch): cannot be made: \(error.localizedDescription)")
    }
    defer { try? manager.removeItem(atPath: scratch) }
    var stored = run
    stored.id = (ids().max() ?? 0) + 1
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Two writers may want one number: the rename of a folder onto a full one fails.
    for _ in 0..<100 {
      let export = try Self.export(stored, recording: recording)
      try AtomicFile.write(try encoder.encode(stored), to: scratch + "/run.json")
      try AtomicFile.write(export.unitsJSON(), to: scratch + "/units.json")
      try AtomicFile.write(export.spikesCSV(), to: scratch + "/spikes.csv")
      if let model { try AtomicFile.write(model, to: "\(scratch)/\(RunModel.fileName)") }
      if rename(scratch, folder(stored.id)) == 0 { return stored }
      guard errno == ENOTEMPTY || errno == EEXIST else { break }
      stored.id += 1
    }
    throw ViewerError.cannotWrite(
      "\(folder(stored.id)): cannot be written: \(String(cString: strerror(errno)))")
  }

  /// Notes where in the registry a run stands.
  ///
  /// - Throws: `RecordingError` where it cannot be written.
  func note(_ run: StoredRun) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(try encoder.encode(run), to: folder(run.id) + "/run.json")
  }

  /// A run as the exchange file of a decomposition.
  static func export(_ run: StoredRun, recording: Recording) throws -> DecompositionExport {
    DecompositionExport(
      version: SoftwareVersion.number, seed: run.configuration.seed,
      parameters: try run.needle.map { try JSONValue(encoding: $0) }
        ?? JSONValue(encoding: run.configuration),
      input: InputFile(name: recording.source.fileName, sha256: run.sha256),
      samplingRate: run.samplingRate, sampleCount: run.sampleCount,
      channels: run.channels.map { recording.channels[$0].name },
      units: run.units.map { unit in
        let train = SpikeTrain(times: unit.times, samplingRate: run.samplingRate)
        return DecompositionExport.Unit(
          id: String(unit.id), positions: unit.times, samplingRate: run.samplingRate,
          silhouette: unit.silhouette, pulseToNoise: unit.pulseToNoise,
          isiCoV: train.isiCoV, meanRate: train.meanRate,
          predictedAgreement: unit.predictedAgreement,
          amplitudeMicrovolts: unit.amplitudeMicrovolts, isTentative: unit.isFlagged)
      }, residualPowerShare: run.residualPowerShare,
      notes: [ReportWording.identifiedCounts, ReportWording.researchUse] + run.warnings
        + (run.method == .edit
          ? ["edited by \(run.author) from run \(run.parent ?? 0), saved \(run.at)"] : []))
  }

  /// The results that `motorpool decompose` wrote into the folder, as run 0.
  private func imported(_ recording: Recording) throws -> StoredRun {
    let file = path + "/units.json"
    guard let data = FileManager.default.contents(atPath: file) else {
      throw ViewerError.notFound("\(file): cannot be opened")
    }
    let export: DecompositionExport
    do {
      export = try DecompositionExport.reading(unitsJSON: data, name: file)
    } catch {
      throw ViewerError.damaged("\(error)")
    }
    if let input = export.input, input.sha256 != sha256 {
      throw ViewerError.unusable("\(file): is of another recording (\(input.name))")
    }
    let parameters = Data(export.parameters.text().utf8)
    let array = try? JSONDecoder().decode(ArrayConfiguration.self, from: parameters)
    let needle = try? JSONDecoder().decode(NeedleConfiguration.self, from: parameters)
    // Four channels may be either: what they were decomposed with tells.
    let isNeedle =
      ElectrodeChoice.auto.isNeedle(channelCount: recording.emgChannels.count)
      || needle != nil && recording.emgChannels.count <= 4
    return StoredRun(
      id: 0, method: .imported, parent: nil, author: "\(export.software) \(export.version)",
      at: "", software: "\(export.software) \(export.version)", sha256: sha256,
      samplingRate: export.samplingRate, sampleCount: export.sampleCount,
      channels: recording.emgChannels, excludedSeconds: [],
      configuration: array ?? ArrayConfiguration(),
      units: export.units.enumerated().map { index, unit in
        StoredRun.Unit(
          id: Int(unit.id) ?? index, times: unit.times.map { $0 * export.samplingRate },
          silhouette: unit.silhouette, pulseToNoise: unit.pulseToNoise,
          predictedAgreement: unit.predictedAgreement,
          amplitudeMicrovolts: unit.amplitudeMicrovolts, isFlagged: unit.isTentative)
      }, residualPowerShare: export.residualPowerShare, warnings: export.notes,
      artefacts: Self.artefacts(data, recording: recording),
      needle: isNeedle ? needle ?? NeedleConfiguration() : nil)
  }

  private struct Mended: Decodable { var artefacts: [RunReport.Artefact]? }

  /// What `units.json` says was mended, with channels by their index.
  private static func artefacts(_ data: Data, recording: Recording) -> [StoredRun.Artefact]? {
    let places = Dictionary(
      recording.channels.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first }
    )
    return (try? JSONDecoder().decode(Mended.self, from: data))?.artefacts?.map { artefact in
      StoredRun.Artefact(
        kind: artefact.kind, start: artefact.startSeconds * recording.samplingRate,
        end: artefact.endSeconds * recording.samplingRate,
        channels: artefact.channels.compactMap { places[$0] })
    }
  }
}
