import Foundation
import Simulation

/// A simulated recording on disk, as long as wanted, for measurements in a process of its own.
///
/// Contractions of 40 s of one muscle follow one another; each has its own discharges and noise.
/// The file holds 32-bit floats, the channels of one sample together.
public struct ScaleRecording: Codable, Sendable {
  /// Levels of the contractions of a dynamic recording in percent of maximal force.
  public static let levels = [30.0, 20, 35, 15]
  /// How far the electrodes of a dynamic recording move, in mm.
  public static let travel = 6.0
  /// Seconds of one contraction.
  public static let contraction = 40.0

  /// Channels.
  public let channelCount: Int
  /// Samples of each channel.
  public let sampleCount: Int
  /// Sampling rate in Hz.
  public let samplingRate: Double
  /// Discharges of the true units in samples, those with ten or more.
  public let truth: [[Double]]

  /// Simulates a recording at 2,048 Hz and writes its samples to `file`, the rest to `file`.json.
  ///
  /// Grids up to 64 channels have 8 mm between electrodes, larger ones 4 mm. A dynamic recording
  /// goes through `levels` in turn, and its electrodes move by `travel` mm along the fibres, half as
  /// much across them, and back.
  /// - Throws: `SimulationError`; errors of the file system.
  public init(
    channels: Int, seconds: Double, seed: UInt64, isDynamic: Bool = false, file: URL, threads: Int
  ) throws {
    var settings = ArraySimulationConfiguration()
    // As square as the number allows.
    var columns = Int(Double(channels).squareRoot())
    while columns > 1 && channels % columns != 0 { columns -= 1 }
    settings.electrodes = .grid(
      rows: channels / columns, columns: columns, spacing: channels > 64 ? 4 : 8)
    settings.muscleSeed = seed
    let place = (settings.electrodes.shiftAlong, settings.electrodes.shiftAcross)
    let contractions = (seconds / Self.contraction).rounded(.up)
    func moved(_ contraction: Int) -> Double {
      Self.travel * (1 - abs(2 * Double(contraction) / max(1, contractions) - 1))
    }
    var contraction = 0
    try Data().write(to: file)
    let handle = try FileHandle(forWritingTo: file)
    var trains: [Int: [Double]] = [:]
    var written = 0
    let total = Int((seconds * settings.samplingRate).rounded())
    while written < total {
      settings.seed = seed + UInt64(written)
      settings.duration = min(
        Self.contraction, Double(total - written) / settings.samplingRate)
      if isDynamic {
        let shift = moved(contraction)
        settings.electrodes.shiftAlong = place.0 + shift
        settings.electrodes.shiftAcross = place.1 + shift / 2
        settings.templateDriftMillimetres = moved(contraction + 1) - shift
        settings.drive.levelPercentMVC = Self.levels[contraction % Self.levels.count]
      }
      contraction += 1
      let part = try simulateArray(settings, threads: threads)
      // The noise of the electrodes does not follow the contractions.
      settings.noise.amplitudeMicrovolts = part.noiseMicrovolts
      for unit in part.units {
        trains[unit.id, default: []] += unit.spikeTimes.map { $0 + Double(written) }
      }
      var frames = [Float](repeating: 0, count: part.sampleCount * channels)
      for (channel, signal) in part.signals.enumerated() {
        for (index, value) in signal.enumerated() { frames[index * channels + channel] = value }
      }
      try handle.write(contentsOf: frames.withUnsafeBytes { Data($0) })
      written += part.sampleCount
    }
    try handle.close()
    channelCount = channels
    sampleCount = written
    samplingRate = settings.samplingRate
    truth = trains.sorted { $0.key < $1.key }.map(\.value).filter { $0.count >= 10 }
    try JSONEncoder().encode(self).write(to: file.appendingPathExtension("json"))
  }

  /// Reads what stands beside the samples in `file`.
  public init(besides file: URL) throws {
    self = try JSONDecoder().decode(
      Self.self, from: Data(contentsOf: file.appendingPathExtension("json")))
  }

  /// Reads a range of samples as channels x samples.
  public func samples(_ range: Range<Int>, from handle: FileHandle) throws -> [[Float]] {
    var channels = [[Float]](
      repeating: [Float](repeating: 0, count: range.count), count: channelCount)
    let frame = channelCount * MemoryLayout<Float>.size
    // A second at a time: the interleaved copy would double the memory otherwise.
    let step = Int(samplingRate)
    for first in stride(from: range.lowerBound, to: range.upperBound, by: step) {
      let count = min(step, range.upperBound - first)
      try handle.seek(toOffset: UInt64(first * frame))
      guard let data = try handle.read(upToCount: count * frame), data.count == count * frame
      else { throw CocoaError(.fileReadCorruptFile) }
      data.withUnsafeBytes { bytes in
        let values = bytes.bindMemory(to: Float.self)
        for channel in 0..<channelCount {
          for index in 0..<count {
            channels[channel][first - range.lowerBound + index] =
              values[index * channelCount + channel]
          }
        }
      }
    }
    return channels
  }
}
