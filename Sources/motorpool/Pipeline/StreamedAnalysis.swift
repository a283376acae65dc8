import Decomposition
import Foundation
import Recordings
import Reports

/// A recording taken block by block through kept filters, with the time that each block took.
struct StreamedAnalysis {
  let recording: Recording
  let model: SeparationModel
  let modelFile: String
  let blockMilliseconds: Double
  let adapts: Bool
  /// The units that can be separated as the signal arrives.
  let units: [SeparationModel.Unit]
  /// Discharges in samples of the recording, one list for each unit.
  let trains: [[Double]]
  let latency: Double
  /// Processor time of each block in milliseconds.
  let blockTimes: [Double]

  /// Reads and processes the whole recording.
  ///
  /// - Throws: `RecordingError`.
  init(
    _ recording: Recording, model: SeparationModel, modelFile: String, blockMilliseconds: Double,
    adapts: Bool
  ) throws {
    self.recording = recording
    self.model = model
    self.modelFile = modelFile
    self.blockMilliseconds = blockMilliseconds
    self.adapts = adapts
    var configuration = StreamingDecomposer.Configuration()
    configuration.updatesFilters = adapts
    var decomposer = StreamingDecomposer(model, configuration: configuration)
    latency = decomposer.latency
    let followed = Set(decomposer.unitIDs)
    units = model.units.filter { followed.contains($0.id) }
    var trains = [[Double]](repeating: [], count: units.count)
    var times: [Double] = []
    let step = max(1, Int((blockMilliseconds / 1_000 * recording.samplingRate).rounded()))
    for start in stride(from: 0, to: recording.sampleCount, by: step) {
      let range = start..<min(start + step, recording.sampleCount)
      let block = try recording.emgSamples(in: range)
      let before = Self.processorTime()
      let found = decomposer.process(block)
      times.append((Self.processorTime() - before) * 1_000)
      for (unit, discharges) in found.enumerated() { trains[unit] += discharges }
    }
    for (unit, discharges) in decomposer.finish().enumerated() { trains[unit] += discharges }
    self.trains = trains
    blockTimes = times
  }

  /// What users of the results should know.
  var warnings: [String] {
    let followed = Set(units.map(\.id))
    let left = model.units.map(\.id).filter { !followed.contains($0) }
    if left.isEmpty { return recording.warnings }
    return recording.warnings + [
      "left out: unit(s) \(left.map(String.init).joined(separator: ", ")), which only a whole "
        + "recording can separate; apply without --stream looks for them"
    ]
  }

  private static func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Median, 99th percentile and maximum of the time of a block in milliseconds.
  var timing: (median: Double, high: Double, most: Double) {
    let sorted = blockTimes.sorted()
    guard let last = sorted.last else { return (0, 0, 0) }
    return (sorted[sorted.count / 2], sorted[min(sorted.count - 1, sorted.count * 99 / 100)], last)
  }

  /// Writes the results and prints what was done.
  ///
  /// - Throws: `Failure.Message` naming the folder.
  func finish(_ place: OutputPlace, showsTimings: Bool, json: Bool) throws {
    let output = place.path
    let trains = self.trains.map { SpikeTrain(times: $0, samplingRate: recording.samplingRate) }
    let channels = recording.emgChannels
    let export = DecompositionExport(
      version: SoftwareVersion.number, seed: model.configuration.seed,
      parameters: try JSONValue(encoding: model.configuration),
      input: InputFile(name: recording.source.fileName, sha256: try recording.source.inputHash()),
      samplingRate: recording.samplingRate, sampleCount: recording.sampleCount,
      channels: channels.map { recording.channels[$0].name },
      units: zip(units, trains).map { unit, train in
        DecompositionExport.Unit(
          id: String(unit.id), positions: train.times, samplingRate: recording.samplingRate,
          intervalCoV: train.intervalVariation, meanRate: train.meanRate,
          predictedAccuracy: unit.streaming.trainingAgreement, round: unit.quality.round)
      },
      notes: [ReportWording.identifiedCounts, ReportWording.researchUse] + warnings)
    var folder = ResultFolder()
    folder.add("units.json", export.unitsJSON())
    folder.add("spikes.csv", export.spikesCSV())
    let origin = place.origin(
      seed: model.configuration.seed,
      inputs: [try .init(recording)] + [modelFile].compactMap { OutputOrigin.Input($0) })
    OutputPlace.tell(kept: try folder.write(to: place, origin))
    print(
      json
        ? try JSONText.of(StreamSummary(self, output: output))
        : text(trains, output: output, showsTimings),
      terminator: json ? "" : "\n")
  }

  private func text(_ trains: [SpikeTrain], output: String, _ showsTimings: Bool) -> String {
    var lines = [
      "\(recording.source.fileName): \(Formatting.duration(recording.duration)) in blocks of "
        + "\(Formatting.plain(blockMilliseconds)) ms through the filters of "
        + "\(model.provenance.recording), \(units.count) of \(model.units.count) units",
      "a discharge is reported at most \(Formatting.fixed(latency * 1_000, 0)) ms and one block "
        + "after it",
      ReportWording.identifiedCounts, "",
    ]
    var table = TextTable(["Unit", "Discharges", "Rate (Hz)", "CoV ISI"])
    for (unit, train) in zip(units, trains) {
      table.add([
        String(unit.id), String(train.times.count), Formatting.fixed(train.meanRate, 1),
        Formatting.fixed(train.intervalVariation, 2),
      ])
    }
    lines.append(table.text)
    if showsTimings {
      let times = timing
      lines.append("")
      lines.append(
        "\(blockTimes.count) blocks; processor time of a block: median "
          + "\(Formatting.fixed(times.median, 3)) ms, 99 % below \(Formatting.fixed(times.high, 3)) "
          + "ms, at most \(Formatting.fixed(times.most, 3)) ms")
    }
    lines.append("")
    if !warnings.isEmpty { lines += warnings.map { "Warning: \($0)" } + [""] }
    lines.append("Results in \(output): units.json, spikes.csv")
    return lines.joined(separator: "\n")
  }
}

/// What `motorpool apply --stream --json` prints.
struct StreamSummary: Encodable {
  let software = SoftwareVersion.text
  let file: String
  let output: String
  let modelRecording: String
  let modelSHA256: String
  let units: Int
  let modelUnits: Int
  let discharges: Int
  let blockMilliseconds: Double
  let latencySeconds: Double
  let blocks: Int
  let medianBlockMilliseconds: Double
  let highBlockMilliseconds: Double
  let mostBlockMilliseconds: Double
  let adapts: Bool
  let warnings: [String]
  let note = ReportWording.identifiedCounts

  init(_ analysis: StreamedAnalysis, output: String) {
    file = analysis.recording.source.fileName
    self.output = output
    modelRecording = analysis.model.provenance.recording
    modelSHA256 = analysis.model.provenance.sha256
    units = analysis.trains.count
    modelUnits = analysis.model.units.count
    discharges = analysis.trains.reduce(0) { $0 + $1.count }
    blockMilliseconds = analysis.blockMilliseconds
    latencySeconds = analysis.latency
    blocks = analysis.blockTimes.count
    (medianBlockMilliseconds, highBlockMilliseconds, mostBlockMilliseconds) = analysis.timing
    adapts = analysis.adapts
    warnings = analysis.warnings
  }
}
