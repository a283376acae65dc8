internal import CSndfile
import Foundation
import Synchronization

/// An audio file opened through libsndfile; reading is serialised by a lock.
final class SoundFile: Sendable {
  private struct Handle: @unchecked Sendable {
    var pointer: OpaquePointer
  }

  let path: String
  let frameCount: Int
  let channelCount: Int
  /// Whole hertz, as audio files keep it.
  let samplingRate: Int
  let isFloatingPoint: Bool
  /// The file's comment, empty where it has none.
  let comment: String
  private let handle: Mutex<Handle>

  /// Opens a file for reading; throws `RecordingError`.
  init(path: String) throws {
    var info = SF_INFO()
    guard let pointer = sf_open(path, Int32(SFM_READ), &info) else {
      let reason = String(cString: sf_strerror(nil)).trimmingWhitespace()
      throw RecordingError(
        .malformed, path: path, "cannot be read as audio: \(reason.onOneLine)")
    }
    guard info.channels >= 1, info.frames >= 0, info.frames < Int64.max / 65536,
      info.seekable != 0
    else {
      sf_close(pointer)
      throw RecordingError(
        .malformed, path: path,
        "states \(info.channels) channels and \(info.frames) samples, which cannot be read")
    }
    self.path = path
    frameCount = Int(info.frames)
    channelCount = Int(info.channels)
    samplingRate = Int(info.samplerate)
    let subtype = Int(info.format) & Int(SF_FORMAT_SUBMASK)
    isFloatingPoint = subtype == Int(SF_FORMAT_FLOAT) || subtype == Int(SF_FORMAT_DOUBLE)
    comment = sf_get_string(pointer, Int32(SF_STR_COMMENT)).map { String(cString: $0) } ?? ""
    handle = Mutex(Handle(pointer: pointer))
  }

  deinit { handle.withLock { _ = sf_close($0.pointer) } }

  /// Some channels over a range of frames, as fractions of full scale.
  ///
  /// Floating-point files give their values as they are.
  ///
  /// - Throws: `RecordingError` where the file ends early.
  func read(channels: [Int], range: Range<Int>) throws -> [[Float]] {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= frameCount
        && channels.allSatisfy { $0 >= 0 && $0 < channelCount }, "outside the file")
    let blockFrames = max(1, (1 << 18) / channelCount)
    return try handle.withLock { handle in
      guard
        sf_seek(handle.pointer, sf_count_t(range.lowerBound), Int32(SEEK_SET))
          == sf_count_t(range.lowerBound)
      else { throw failure(range.lowerBound, handle.pointer) }
      var result = [[Float]](repeating: [], count: channels.count)
      for place in result.indices { result[place].reserveCapacity(range.count) }
      var block = [Float](repeating: 0, count: min(blockFrames, range.count) * channelCount)
      var frame = range.lowerBound
      while frame < range.upperBound {
        let wanted = min(blockFrames, range.upperBound - frame)
        let got = block.withUnsafeMutableBufferPointer {
          sf_readf_float(handle.pointer, $0.baseAddress, sf_count_t(wanted))
        }
        guard got == sf_count_t(wanted) else { throw failure(frame + Int(got), handle.pointer) }
        for (place, channel) in channels.enumerated() {
          var index = channel
          for _ in 0..<wanted {
            result[place].append(block[index])
            index += channelCount
          }
        }
        frame += wanted
      }
      return result
    }
  }

  private func failure(_ frame: Int, _ pointer: OpaquePointer) -> RecordingError {
    RecordingError(
      .truncated, path: path, place: "sample \(frame)",
      "cannot be read on (\(String(cString: sf_strerror(pointer)).onOneLine)), expected "
        + "\(frameCount) samples per channel")
  }

  /// Writes channels of equal length as an audio file at a path.
  ///
  /// `block` gives channels x samples (fractions of full scale) of a range of frames. Whole-number
  /// formats are rounded here: the library's own conversion differs in scale from its reading and
  /// rounds towards minus infinity where it clips.
  ///
  /// - Throws: `RecordingError`.
  static func write(
    path: String, format: AudioFormat, channelCount: Int, samplingRate: Int, frameCount: Int,
    comment: String, block: (Range<Int>) throws -> [[Float]]
  ) throws {
    var info = SF_INFO()
    info.channels = Int32(channelCount)
    info.samplerate = Int32(samplingRate)
    info.format = format.code
    guard sf_format_check(&info) != 0, let pointer = sf_open(path, Int32(SFM_WRITE), &info) else {
      throw RecordingError(
        .cannotWrite, path: path,
        "\(format) with \(channelCount) channels at \(samplingRate) Hz cannot be written",
        remedy: "choose fewer channels (FLAC holds 8), or a format such as WAV")
    }
    defer { sf_close(pointer) }
    sf_set_string(pointer, Int32(SF_STR_COMMENT), comment)
    let step = max(1, (1 << 18) / channelCount)
    var frame = 0
    while frame < frameCount {
      let end = min(frameCount, frame + step)
      let part = try block(frame..<end)
      let count = sf_count_t(end - frame)
      let written =
        format.isInteger
        ? interleave(part, frames: end - frame) { (value: Float) -> Int16 in
          Int16(max(-32768, min(32767, (value * 32768).rounded())))
        }.withUnsafeBufferPointer { sf_writef_short(pointer, $0.baseAddress, count) }
        : interleave(part, frames: end - frame) { (value: Float) -> Float in value }
          .withUnsafeBufferPointer { sf_writef_float(pointer, $0.baseAddress, count) }
      guard written == count else {
        throw RecordingError(
          .cannotWrite, path: path,
          "cannot be written: \(String(cString: sf_strerror(pointer)).onOneLine)")
      }
      frame = end
    }
  }
}

/// Values of all channels, frame by frame.
private func interleave<Number: Numeric>(
  _ channels: [[Float]], frames: Int, _ convert: (Float) -> Number
) -> [Number] {
  var result = [Number](repeating: 0, count: frames * channels.count)
  for (channel, values) in channels.enumerated() {
    var index = channel
    for value in values {
      result[index] = convert(value)
      index += channels.count
    }
  }
  return result
}

/// The audio formats that can be written.
public enum AudioFormat: String, CaseIterable, Codable, Sendable, CustomStringConvertible {
  /// WAV with 32-bit floating-point samples: lossless for any scale.
  case wavFloat32 = "WAV float32"
  /// WAV with 16-bit samples.
  case wavPCM16 = "WAV PCM16"
  /// WAV of any size (RF64) with 32-bit floating-point samples.
  case rf64Float32 = "RF64 float32"
  /// Sony Wave64 with 32-bit floating-point samples; it has no place for the scale, which must be
  /// stated again when the file is read.
  case wave64Float32 = "W64 float32"
  /// FLAC with 16-bit samples, at most 8 channels.
  case flacPCM16 = "FLAC PCM16"
  /// AIFF with 16-bit samples.
  case aiffPCM16 = "AIFF PCM16"
  /// CAF with 32-bit floating-point samples.
  case cafFloat32 = "CAF float32"

  /// The name.
  public var description: String { rawValue }

  /// Whether values are rounded to whole numbers.
  public var isInteger: Bool { self == .wavPCM16 || self == .flacPCM16 || self == .aiffPCM16 }

  fileprivate var code: Int32 {
    let (container, subtype) =
      switch self {
      case .wavFloat32: (Int(SF_FORMAT_WAV), Int(SF_FORMAT_FLOAT))
      case .wavPCM16: (Int(SF_FORMAT_WAV), Int(SF_FORMAT_PCM_16))
      case .rf64Float32: (Int(SF_FORMAT_RF64), Int(SF_FORMAT_FLOAT))
      case .wave64Float32: (Int(SF_FORMAT_W64), Int(SF_FORMAT_FLOAT))
      case .flacPCM16: (Int(SF_FORMAT_FLAC), Int(SF_FORMAT_PCM_16))
      case .aiffPCM16: (Int(SF_FORMAT_AIFF), Int(SF_FORMAT_PCM_16))
      case .cafFloat32: (Int(SF_FORMAT_CAF), Int(SF_FORMAT_FLOAT))
      }
    return Int32(container | subtype)
  }
}
