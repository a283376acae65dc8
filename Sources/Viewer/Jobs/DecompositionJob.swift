import Analyses
import Decomposition
import Foundation
import Recordings
import Signal

/// A decomposition that a child process carries out, so that it can be ended at any time and its
/// memory goes with it.
public struct DecompositionJob: Codable, Sendable {
  /// The recording.
  public var file: String
  /// What the user states about it.
  public var options: RecordingOptions
  /// Folder of the runs.
  public var output: String
  /// Indices of channels that are left out.
  public var excludedChannels: [Int]
  /// Stretches in seconds that are left out.
  public var excludedSeconds: [[Double]]
  /// How to decompose.
  public var configuration: ArrayConfiguration
  /// Who asked for it.
  public var author: String

  /// Decomposes and stores the run.
  ///
  /// - Throws: `RecordingError`, `DecompositionError` or `ViewerError`.
  /// - Returns: the number of the run.
  public func run(report: @escaping @Sendable (JobReport) -> Void) throws -> Int {
    let recording = try Recording.open(file, options: options, readers: RecordingReading.readers)
    let channels = recording.emgChannels.filter { !excludedChannels.contains($0) }
    if ElectrodeChoice.auto.isNeedle(channelCount: channels.count),
      ElectrodeChoice.auto.isNeedle(channelCount: recording.emgChannels.count)
    {
      return try decomposeNeedle(recording, channels: channels, report: report)
    }
    if channels.count < ArrayDecomposer.fewestChannels {
      throw ViewerError.unusable(
        "\(channels.count) EMG channels are left; a decomposition needs "
          + "\(ArrayDecomposer.fewestChannels): include more")
    }
    let rate = recording.samplingRate
    let excluded = excludedSeconds
    func samples(_ range: Range<Int>) throws -> [[Float]] {
      let values = try recording.samples(channels: channels, range: range)
      return Self.silencing(excluded, in: values, start: range.lowerBound, samplingRate: rate)
    }
    let decomposer = ArrayDecomposer(configuration: configuration)
    let decomposition: ArrayDecomposition
    if recording.duration > SegmentConfiguration().automaticAbove {
      decomposition = try SegmentedDecomposition(
        sampleCount: recording.sampleCount, samplingRate: rate, decomposer: decomposer,
        progress: { report(JobReport(fraction: $0.fraction, units: $0.unitCount)) },
        samples: samples
      ).decomposition
    } else {
      decomposition = try decomposer.decompose(
        try samples(0..<recording.sampleCount), samplingRate: rate,
        progress: { report(JobReport(fraction: $0.fraction, units: $0.unitCount)) })
    }
    var warnings = recording.warnings
    for rejected in decomposition.rejectedChannels {
      let name = recording.channels[channels[rejected.index]].name
      warnings.append("channel \(name) was left out: \(rejected.reason)")
    }
    if decomposition.units.isEmpty {
      warnings.append("no motor unit could be identified in this recording")
    }
    let hash = try recording.source.inputHash()
    let stored = StoredRun(
      id: 0, method: .decompose, parent: nil, author: author, at: StoredRun.now(),
      software: SoftwareVersion.text, sha256: hash, samplingRate: rate,
      sampleCount: recording.sampleCount, channels: channels, excludedSeconds: excluded,
      configuration: configuration,
      units: decomposition.units.map { unit in
        StoredRun.Unit(
          id: unit.id, times: unit.train.times, silhouette: unit.quality.silhouette,
          pulseToNoise: unit.quality.pulseToNoise,
          predictedAgreement: unit.quality.predictedAgreement,
          amplitudeMicrovolts: recording.hasPhysicalAmplitude
            ? Double(unit.template.peakToPeak) : nil)
      }, residualPowerShare: decomposition.residualPowerShare, warnings: warnings,
      artefacts: decomposition.artefacts.map {
        StoredRun.Artefact(
          kind: $0.kind.words, start: Double($0.start), end: Double($0.end),
          channels: $0.channels.map { channels[$0] })
      },
      rejectedChannels: decomposition.rejectedChannels.map {
        StoredRun.Rejected(channel: channels[$0.index], reason: $0.reason)
      })
    // The run stands without its filters; they are made from its trains when they are asked for.
    let model = try? RunModel.make(
      decomposition, run: stored, recording: recording, samples: samples)
    // The last progress may have known others than were kept.
    report(JobReport(fraction: 1, units: stored.units.count))
    return try RunFolder(path: output, sha256: hash)
      .add(stored, recording: recording, model: model).id
  }

  /// Decomposes the channels of a needle.
  private func decomposeNeedle(
    _ recording: Recording, channels: [Int], report: @escaping @Sendable (JobReport) -> Void
  ) throws -> Int {
    let samples = Self.silencing(
      excludedSeconds,
      in: try recording.samples(channels: channels, range: 0..<recording.sampleCount), start: 0,
      samplingRate: recording.samplingRate)
    let configuration = NeedleConfiguration()
    let result = try NeedleDecomposition.decompose(
      channels: samples, samplingRate: recording.samplingRate, configuration: configuration,
      progress: { report(JobReport(fraction: $0)) })
    var warnings = recording.warnings + result.flags.map(\.message)
    if let refusal = result.refusal { warnings.append("not decomposed: \(refusal)") }
    let hash = try recording.source.inputHash()
    let stored = StoredRun(
      id: 0, method: .decompose, parent: nil, author: author, at: StoredRun.now(),
      software: SoftwareVersion.text, sha256: hash, samplingRate: recording.samplingRate,
      sampleCount: recording.sampleCount, channels: channels, excludedSeconds: excludedSeconds,
      configuration: self.configuration,
      units: result.units.map { unit in
        StoredRun.Unit(
          id: unit.id + 1, times: unit.train.times, predictedAgreement: unit.predictedAgreement,
          amplitudeMicrovolts: recording.hasPhysicalAmplitude
            ? Double(unit.template.peakToPeak) : nil,
          isFlagged: unit.isTentative ? true : nil)
      }, residualPowerShare: nil, warnings: warnings, needle: configuration)
    report(JobReport(fraction: 1, units: stored.units.count))
    return try RunFolder(path: output, sha256: hash)
      .add(stored, recording: recording, model: nil).id
  }

  /// Channels with stretches set to zero; 10 ms at their edges fade, so that no step is made.
  static func silencing(
    _ seconds: [[Double]], in values: [[Float]], start: Int, samplingRate: Double
  ) -> [[Float]] {
    if seconds.isEmpty { return values }
    let fade = max(1, 0.01 * samplingRate)
    let count = values.first?.count ?? 0
    var weights = [Float](repeating: 1, count: count)
    for stretch in seconds where stretch.count == 2 {
      let low = stretch[0] * samplingRate - Double(start)
      let high = stretch[1] * samplingRate - Double(start)
      let first = max(0, Int((low - fade).rounded(.up)))
      let last = min(count, Int((high + fade).rounded(.down)) + 1)
      if first >= last { continue }
      for index in first..<last {
        let outside = max(low - Double(index), Double(index) - high)
        weights[index] = min(weights[index], Float(max(0, min(1, outside / fade))))
      }
    }
    return values.map { channel in zip(channel, weights).map { $0 * $1 } }
  }

  /// What the child process does: reads the job, prints reports, ends with an exit code.
  public static func perform(_ text: String) -> Int32 {
    @Sendable func put(_ report: JobReport) {
      guard var data = try? JSONEncoder().encode(report) else { return }
      data.append(0x0A)
      try? FileHandle.standardOutput.write(contentsOf: data)
    }
    do {
      let job = try JSONDecoder().decode(DecompositionJob.self, from: Data(text.utf8))
      put(JobReport(fraction: 1, run: try job.run(report: put)))
      return 0
    } catch {
      let known = ViewerError(error)
      put(JobReport(error: known.description))
      return known.exitCode
    }
  }
}
