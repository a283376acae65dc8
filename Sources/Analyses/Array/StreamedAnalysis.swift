import Decomposition
import Foundation
import Recordings
import Reports

/// A recording taken block by block through kept filters, with the time that each block took.
package struct StreamedAnalysis {
  package let recording: Recording
  package let model: SeparationModel
  package let modelFile: String
  package let blockMilliseconds: Double
  /// How the signal is followed.
  package let configuration: StreamingDecomposer.Configuration
  /// Whether potentials and filters follow the signal.
  package var adapts: Bool { configuration.updatesFilters }
  /// The units that can be separated as the signal arrives.
  package let units: [SeparationModel.Unit]
  /// Discharges in samples of the recording, one list for each unit.
  package let trains: [[Double]]
  package let latency: Double
  /// Processor time of each block in milliseconds.
  package let blockTimes: [Double]

  /// Reads and processes the whole recording.
  ///
  /// - Throws: `RecordingError`, and what `progress` throws, which is called before each block.
  package init(
    _ recording: Recording, model: SeparationModel, modelFile: String, blockMilliseconds: Double,
    configuration: StreamingDecomposer.Configuration = .init(),
    progress: AnalysisProgressHandler = { _ in }
  ) throws {
    self.recording = recording
    self.model = model
    self.modelFile = modelFile
    self.blockMilliseconds = blockMilliseconds
    self.configuration = configuration
    var decomposer = StreamingDecomposer(model, configuration: configuration)
    latency = decomposer.latency
    let followed = Set(decomposer.unitIDs)
    units = model.units.filter { followed.contains($0.id) }
    var trains = [[Double]](repeating: [], count: units.count)
    var times: [Double] = []
    let step = max(1, Int((blockMilliseconds / 1_000 * recording.samplingRate).rounded()))
    for start in stride(from: 0, to: recording.sampleCount, by: step) {
      try progress(AnalysisProgress(Double(start) / Double(max(1, recording.sampleCount))))
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
  package var warnings: [String] {
    let followed = Set(units.map(\.id))
    let left = model.units.map(\.id).filter { !followed.contains($0) }
    if left.isEmpty { return recording.warnings }
    return recording.warnings + [
      "left out: unit(s) \(left.map(String.init).joined(separator: ", ")), which only a whole "
        + "recording can separate"
    ]
  }

  private static func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Median, 99th percentile and maximum of the time of a block in milliseconds.
  package var timing: (median: Double, high: Double, most: Double) {
    let sorted = blockTimes.sorted()
    guard let last = sorted.last else { return (0, 0, 0) }
    return (sorted[sorted.count / 2], sorted[min(sorted.count - 1, sorted.count * 99 / 100)], last)
  }

  /// The trains of the units in their order.
  package var spikeTrains: [SpikeTrain] {
    trains.map { SpikeTrain(times: $0, samplingRate: recording.samplingRate) }
  }

  /// Writes units.json and spikes.csv into a folder.
  ///
  /// Returns where a folder of another origin is kept, if one was there.
  ///
  /// - Throws: `OutputError` or `RecordingError` naming the folder or file.
  package func write(to place: OutputPlace, _ origin: OutputOrigin) throws -> String? {
    let channels = recording.emgChannels
    let export = DecompositionExport(
      version: SoftwareVersion.number, seed: model.configuration.seed,
      parameters: try JSONValue(encoding: model.configuration),
      input: InputFile(name: recording.source.fileName, sha256: try recording.source.inputHash()),
      samplingRate: recording.samplingRate, sampleCount: recording.sampleCount,
      channels: channels.map { recording.channels[$0].name },
      units: exportedUnits,
      notes: [ReportWording.identifiedCounts, ReportWording.researchUse] + warnings)
    var folder = ResultFolder()
    folder.add("units.json", export.unitsJSON())
    folder.add("units.csv", export.unitsCSV())
    folder.add("spikes.csv", export.spikesCSV())
    return try folder.write(to: place, origin)
  }

  /// The units with what is told of them.
  package var exportedUnits: [DecompositionExport.Unit] {
    zip(units, spikeTrains).map { unit, train in
      DecompositionExport.Unit(
        id: String(unit.id), positions: train.times, samplingRate: recording.samplingRate,
        isiCoV: train.isiCoV, meanRate: train.meanRate,
        predictedAgreement: unit.streaming.trainingAgreement, round: unit.quality.round)
    }
  }
}
