import Foundation
import Recordings

/// The extremes of a recording's channels over ever longer stretches, kept in a file, so that any
/// part of an hour is drawn from as few values as the screen has columns.
///
/// | bytes | content |
/// |---|---|
/// | 0..<4 | `MMP1` |
/// | 4..<8 | length H of the header in bytes, UInt32 |
/// | 8..<8+H | header in JSON, see `Header` |
/// | then | levels, finest first; each is frames x channels x (min, max), Int16 |
///
/// Numbers are little-endian. A value is a count times the channel's scale; minima are rounded
/// down and maxima up, so the band that is drawn always holds the signal.
public struct SignalPyramid: Sendable {
  /// Samples of a frame of the finest level.
  public static let base = 16
  /// Frames of a level in a frame of the next.
  public static let factor = 4
  static let mark = Array("MMP1".utf8)

  /// What the file says of itself.
  public struct Header: Codable, Sendable, Equatable {
    /// One level.
    public struct Level: Codable, Sendable, Equatable {
      /// Samples of a frame.
      public var step: Int
      /// Number of frames; the last may be shorter.
      public var frames: Int
      /// Bytes of the file before the level.
      public var offset: Int
    }
    /// Version of the form.
    public var version = 1
    /// Number of channels.
    public var channels: Int
    /// Samples of each channel.
    public var sampleCount: Int
    /// Sampling rate in Hz.
    public var samplingRate: Double
    /// Physical value of a count, for each channel.
    public var scale: [Float]
    /// The levels, finest first.
    public var levels: [Level]
    /// SHA-256 of the recording.
    public var sha256: String
  }

  /// What the file says of itself.
  public let header: Header
  /// The file.
  public let path: String
  private let bytes: Data

  /// Opens a pyramid; the file is mapped, not read.
  ///
  /// - Throws: `RecordingError` for a file that is no pyramid, or not a whole one.
  public init(path: String) throws {
    self.path = path
    let url = URL(fileURLWithPath: path)
    guard let data = try? Data(contentsOf: url, options: .alwaysMapped) else {
      throw RecordingError(.cannotOpen, path: path, "cannot be opened")
    }
    func refuse(_ problem: String) -> RecordingError {
      RecordingError(.malformed, path: path, problem, remedy: "delete it; it is made anew")
    }
    guard data.count >= 8, Array(data.prefix(4)) == Self.mark else {
      throw refuse("is no signal pyramid")
    }
    let length = (0..<4).reduce(0) { $0 | Int(data[4 + $1]) << (8 * $1) }
    guard length > 0, 8 + length <= data.count,
      let header = try? JSONDecoder().decode(Header.self, from: data[8..<(8 + length)]),
      header.version == 1, header.channels >= 0, header.scale.count == header.channels
    else { throw refuse("has a damaged header") }
    for level in header.levels {
      guard level.step > 0, level.frames >= 0, level.offset >= 8 + length,
        level.frames <= (data.count - level.offset) / max(1, 4 * header.channels)
      else { throw refuse("ends early") }
    }
    self.header = header
    bytes = data
  }

  /// Minima and maxima of channels over columns, channel after channel, as counts.
  ///
  /// - Parameters:
  ///   - frames: frames of the level.
  ///   - columns: at most as many as frames.
  func extremes(
    level: Header.Level, frames: Range<Int>, columns: Int, channels: [Int]
  ) -> [Int16] {
    let stride = header.channels * 2
    var result = [Int16](repeating: 0, count: channels.count * columns * 2)
    bytes.withUnsafeBytes { raw in
      func value(_ index: Int) -> Int16 {
        Int16(
          littleEndian: raw.loadUnaligned(fromByteOffset: level.offset + 2 * index, as: Int16.self))
      }
      for column in 0..<columns {
        let first = frames.lowerBound + column * frames.count / columns
        let last = frames.lowerBound + (column + 1) * frames.count / columns
        for (place, channel) in channels.enumerated() {
          var low = value(first * stride + 2 * channel)
          var high = value(first * stride + 2 * channel + 1)
          var frame = first + 1
          while frame < last {
            low = min(low, value(frame * stride + 2 * channel))
            high = max(high, value(frame * stride + 2 * channel + 1))
            frame += 1
          }
          result[2 * (place * columns + column)] = low
          result[2 * (place * columns + column) + 1] = high
        }
      }
    }
    return result
  }
}
