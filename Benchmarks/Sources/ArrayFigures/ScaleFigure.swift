import Decomposition
import Foundation
import MotorUnits
import Signal

/// What one decomposition of the scaling benchmark took and found.
public struct ScaleFigure: Codable, Sendable {
  /// Channels.
  public let channels: Int
  /// Seconds of the recording.
  public let seconds: Double
  /// Processor seconds.
  public let processorSeconds: Double
  /// Peak memory of the process in MB, the recording included.
  public let megabytes: Double?
  /// True units with ten or more discharges.
  public let trueUnits: Int
  /// Units accepted.
  public let units: Int
  /// Units at a rate of agreement of 0.9 or more.
  public let good: Int
  /// Units that repeat another.
  public let duplicates: Int
  /// Units that agree with no true one by 0.3.
  public let falseUnits: Int
  /// Where the time went.
  public let timings: [StageTiming]

  /// Decomposes a recording as the command line would: in segments above 90 s.
  public init(of recording: ScaleRecording, file: URL, parallelism: Parallelism) throws {
    let handle = try FileHandle(forReadingFrom: file)
    let decomposer = ArrayDecomposer(parallelism: parallelism)
    let start = ResourceUse.processorSeconds
    seconds = Double(recording.sampleCount) / recording.samplingRate
    let result: ArrayDecomposition
    if seconds > SegmentConfiguration().automaticAbove {
      result = try SegmentedDecomposition(
        sampleCount: recording.sampleCount, samplingRate: recording.samplingRate,
        decomposer: decomposer, samples: { try recording.samples($0, from: handle) }
      ).decomposition
    } else {
      result = try decomposer.decompose(
        recording.samples(0..<recording.sampleCount, from: handle),
        samplingRate: recording.samplingRate)
    }
    processorSeconds = ResourceUse.processorSeconds - start
    megabytes = ResourceUse.peakMegabytes
    let score = DecompositionScore(
      found: result.units.map { (name: String($0.id), times: $0.train.times) },
      truth: recording.truth.enumerated().map { (name: String($0), times: $1) },
      samplingRate: recording.samplingRate)
    channels = recording.channelCount
    trueUnits = recording.truth.count
    units = result.units.count
    good = score.count(agreementAtLeast: 0.9)
    duplicates = score.duplicates.count
    falseUnits = score.falseUnits.count
    timings = result.timings
  }

  /// Heading of the Markdown table.
  public static let heading = [
    "| channels | seconds | CPU s | peak MB | true units | accepted | RoA >= 0.9 | duplicates "
      + "| false | CPU s per accepted unit |", "|" + String(repeating: "---|", count: 10),
  ]

  /// Row of the Markdown table.
  public var row: String {
    String(
      format: "| %d | %.0f | %.2f | %@ | %d | %d | %d | %d | %d | %.3f |", channels, seconds,
      processorSeconds, megabytes.map { String(format: "%.0f", $0) } ?? "–", trueUnits, units,
      good, duplicates, falseUnits, processorSeconds / Double(max(1, units)))
  }

  /// Slope of ln CPU over ln of a size: 1 is linear; nil for fewer than two sizes.
  public static func exponent(
    _ figures: [ScaleFigure], of value: (ScaleFigure) -> Double, over size: (ScaleFigure) -> Double
  ) -> Double? {
    if figures.count < 2 { return nil }
    let x = figures.map { log(size($0)) }
    let y = figures.map { log(value($0)) }
    let number = Double(figures.count)
    let meanX = x.reduce(0, +) / number
    let meanY = y.reduce(0, +) / number
    let spread = x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
    if spread <= 0 { return nil }
    return zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) } / spread
  }
}
