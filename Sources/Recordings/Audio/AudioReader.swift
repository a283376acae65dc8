import Foundation

/// Reads WAV, RF64, W64, FLAC, AIFF and CAF with any number of channels (up to 1024).
///
/// Audio files hold fractions of full scale and whole sampling rates. The unit comes from
/// `--mv-per-fs` (millivolts at full scale) or from the comment that `WAVWriter` leaves; without
/// either the values are relative, with a warning. `--fs` gives the exact rate.
public struct AudioReader: RecordingReader {
  /// Makes the reader.
  public init() {}

  /// The formats of this reader.
  public var formats: String { "WAV, RF64, W64, FLAC, AIFF, CAF" }

  /// Their extensions.
  public var extensions: [String] { ["wav", "rf64", "w64", "flac", "aiff", "aif", "caf", "au"] }

  /// Whether the file starts like one of the audio containers.
  public func recognises(_ file: SniffedFile) -> Bool { AudioContainer(file) != nil }

  /// Opens the file; throws `RecordingError` also where it ends before what its header states.
  public func open(_ file: SniffedFile, options: RecordingOptions) throws -> Recording {
    guard let container = AudioContainer(file) else {
      throw RecordingError(.unknownFormat, path: file.path, "is not an audio file")
    }
    let lengthWarning = try container.lengthWarning(file)
    let sound = try SoundFile(path: file.path)
    guard sound.frameCount > 0 else {
      throw RecordingError(.malformed, path: file.path, "holds no samples")
    }
    // A compressed file shows only here that its end is missing.
    do {
      _ = try sound.read(channels: [0], range: sound.frameCount - 1..<sound.frameCount)
    } catch {
      throw RecordingError(
        .truncated, path: file.path,
        "ends before its \(sound.frameCount) samples per channel",
        remedy: "copy the file again from its origin")
    }
    var warnings = lengthWarning.map { [$0] } ?? []
    let comment = AudioScaleComment(sound.comment)
    var scale = 1.0
    var unit = PhysicalUnit.relative
    var provenance = "fraction of full scale"
    if let millivolts = options.millivoltsAtFullScale {
      (scale, unit) = (millivolts * 1000, .microvolt)
      provenance = "given scale of \(millivolts) mV at full scale"
    } else if let millivolts = comment.millivoltsAtFullScale {
      (scale, unit) = (millivolts * 1000, .microvolt)
      provenance = "file comment (\(millivolts) mV at full scale)"
    } else if let given = options.unit {
      guard sound.isFloatingPoint else {
        throw RecordingError(
          .wrongOption, path: file.path,
          "the given unit \(given.rawValue) is not the scale of whole-number samples",
          remedy: .stateScale)
      }
      (scale, unit) = (given.microvolts, .microvolt)
      provenance = "given unit \(given.rawValue)"
    } else {
      warnings.append(
        "the file states no unit: amplitudes are relative until the millivolts at full scale are "
          + "stated")
    }
    let rate = try self.rate(sound, comment, options, path: file.path, &warnings)
    let channels = (0..<sound.channelCount).map { index in
      Channel(
        name: "\(index + 1)", role: .emg, unit: unit, gainProvenance: provenance,
        samplingRate: rate, sampleCount: sound.frameCount)
    }
    return Recording(
      source: RecordingSource(path: file.path, formatName: container.name), channels: channels,
      samples: AudioSamples(sound: sound, scale: Float(scale)),
      remarks: comment.isOurs || sound.comment.isEmpty
        ? [] : ["comment: \(sound.comment.onOneLine)"],
      warnings: warnings)
  }

  private func rate(
    _ sound: SoundFile, _ comment: AudioScaleComment, _ options: RecordingOptions, path: String,
    _ warnings: inout [String]
  ) throws -> Double {
    let stated = Double(sound.samplingRate)
    if let given = options.samplingRate {
      if abs(given - stated) > 1 {
        warnings += [options.replacement(ofRate: stated, of: "the file")].compactMap { $0 }
      }
      return given
    }
    guard stated > 0 else {
      throw RecordingError(
        .missingSamplingRate, path: path, "states a sampling rate of 0 Hz",
        remedy: .stateSamplingRate)
    }
    if let exact = comment.samplingRate, abs(exact - stated) <= 1, exact > 0 { return exact }
    return stated
  }
}

/// Frames of an audio file, scaled.
struct AudioSamples: SampleSource {
  let sound: SoundFile
  /// Factor from fractions of full scale to the channel's unit.
  let scale: Float

  func samples(channels: [Int], range: Range<Int>) throws -> [[Float]] {
    var result = try sound.read(channels: channels, range: range)
    if scale != 1 {
      for place in result.indices {
        for index in result[place].indices { result[place][index] *= scale }
      }
    }
    return result
  }
}

/// What `WAVWriter` writes into a file's comment, because WAV has no place for a unit.
struct AudioScaleComment {
  private static let mark = "MotorPool"
  var millivoltsAtFullScale: Double?
  var samplingRate: Double?
  /// Whether the comment was written by this project.
  var isOurs = false

  init(millivoltsAtFullScale: Double?, samplingRate: Double) {
    self.millivoltsAtFullScale = millivoltsAtFullScale
    self.samplingRate = samplingRate
  }

  init(_ text: String) {
    let words = text.split(separator: " ")
    guard words.first == "MotorPool" else { return }
    isOurs = true
    for word in words.dropFirst() {
      let pair = word.split(separator: "=")
      guard pair.count == 2, let value = Double(pair[1]), (1e-9...1e9).contains(value) else {
        continue
      }
      if pair[0] == "mv-per-fs" { millivoltsAtFullScale = value }
      if pair[0] == "fs" { samplingRate = value }
    }
  }

  var text: String {
    var words = [Self.mark]
    if let samplingRate { words.append("fs=\(samplingRate)") }
    if let millivoltsAtFullScale { words.append("mv-per-fs=\(millivoltsAtFullScale)") }
    return words.joined(separator: " ")
  }
}
