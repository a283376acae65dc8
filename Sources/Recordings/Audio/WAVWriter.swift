import Foundation

/// How EMG channels are written to an audio file.
public struct WAVWriterConfiguration: Hashable, Codable, Sendable {
  /// Container and sample type.
  public var format: AudioFormat
  /// Millivolts at full scale; nil chooses the largest absolute value for whole-number formats
  /// and 1 mV for floating-point formats (which may exceed full scale without loss).
  public var millivoltsAtFullScale: Double?
  /// The channels to write; nil takes the EMG channels.
  public var channels: [Int]?

  /// Makes a configuration; lossless float32 WAV by default.
  public init(
    format: AudioFormat = .wavFloat32, millivoltsAtFullScale: Double? = nil, channels: [Int]? = nil
  ) {
    self.format = format
    self.millivoltsAtFullScale = millivoltsAtFullScale
    self.channels = channels
  }
}

/// Writes the EMG channels of a recording as WAV, RF64, W64, FLAC, AIFF or CAF.
public enum WAVWriter {
  /// Writes the file atomically, in bounded memory.
  ///
  /// Scale and exact sampling rate go into the file's comment, which `AudioReader` understands;
  /// other programs need the returned scale. All channels must have one rate and be in microvolts
  /// or all be relative.
  /// - Returns: millivolts at full scale, nil for a recording in relative units.
  /// - Throws: `RecordingError`.
  @discardableResult
  public static func write(
    _ recording: Recording, to path: String,
    configuration: WAVWriterConfiguration = WAVWriterConfiguration()
  ) throws -> Double? {
    let channels = configuration.channels ?? recording.emgChannels
    func refuse(_ problem: String) -> RecordingError {
      RecordingError(.cannotWrite, path: path, problem)
    }
    guard let first = channels.first.map({ recording.channels[$0] }) else {
      throw refuse("there is no channel to write")
    }
    guard channels.allSatisfy({ recording.channels[$0].samplingRate == first.samplingRate }) else {
      throw refuse("an audio file has one sampling rate, the channels differ")
    }
    guard channels.allSatisfy({ recording.channels[$0].unit == first.unit }),
      first.unit.isVoltage || first.unit == .relative
    else { throw refuse("an audio file has one scale, the channels differ in unit") }
    let frames = channels.map { recording.channels[$0].sampleCount }.min() ?? 0
    guard frames > 0 else { throw refuse("there are no samples to write") }
    guard first.samplingRate >= 0.5, first.samplingRate < 1e9 else {
      throw refuse("a rate of \(first.samplingRate) Hz has no place in an audio file")
    }

    var fullScale = 1.0
    if first.unit.isVoltage {
      fullScale = (configuration.millivoltsAtFullScale ?? 1) * 1000
      if configuration.millivoltsAtFullScale == nil, configuration.format.isInteger {
        fullScale = try largest(recording, channels)
        // The largest value becomes 32767; 32768 would be clipped.
        fullScale = max(fullScale, 1e-3) * 32768 / 32767
      }
    }
    let millivolts = first.unit.isVoltage ? fullScale / 1000 : nil
    let comment = AudioScaleComment(
      millivoltsAtFullScale: millivolts, samplingRate: first.samplingRate)
    let file = try AtomicFile(path: path)
    let factor = Float(1 / fullScale)
    try SoundFile.write(
      path: file.temporaryPath, format: configuration.format, channelCount: channels.count,
      samplingRate: Int(first.samplingRate.rounded()), frameCount: frames, comment: comment.text
    ) { range in
      try recording.samples(channels: channels, range: range).map { $0.map { $0 * factor } }
    }
    try file.finish()
    return millivolts
  }

  private static func largest(_ recording: Recording, _ channels: [Int]) throws -> Double {
    var largest: Float = 0
    try recording.forEachChunk(channels: channels, length: 1 << 14) { _, block in
      for values in block { for value in values { largest = max(largest, abs(value)) } }
    }
    return Double(largest)
  }
}
