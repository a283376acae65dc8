import Foundation
import Recordings

/// A part of a recording as the browser draws it: minima and maxima of channels over columns.
///
/// | bytes | content |
/// |---|---|
/// | 0..<4 | `MPR1` |
/// | 4..<8 | version, UInt32 |
/// | 8..<12 | length H of the header in bytes, UInt32; a multiple of 4 |
/// | 12..<12+H | header in JSON, see `Header` |
/// | then | channel after channel, column after column: minimum and maximum, Int16 |
///
/// Numbers are little-endian; a value is a count times the channel's scale.
public struct RangeMessage: Sendable, Equatable {
  /// What the message says of itself.
  public struct Header: Codable, Sendable, Equatable {
    /// First sample of the first column.
    public var start: Int
    /// Sample after the last column.
    public var end: Int
    /// Columns; the first sample of column c is start + step * floor(c * (end - start) / step / columns).
    public var columns: Int
    /// Samples of the frames that columns are merged from; 1 for samples themselves.
    public var step: Int
    /// Level of the pyramid, nil for samples themselves.
    public var level: Int?
    /// Sampling rate in Hz.
    public var samplingRate: Double
    /// Indices of the channels.
    public var channels: [Int]
    /// Physical value of a count, for each of these channels.
    public var scale: [Float]
    /// Symbol of the unit of each of these channels.
    public var unit: [String]
  }

  /// What the message says of itself.
  public var header: Header
  /// Minima and maxima as counts, `channels x columns x 2`.
  public var counts: [Int16]

  /// The most columns of a message.
  public static let mostColumns = 8_192

  /// A range of samples at about `columns` columns, never more.
  ///
  /// Read from the coarsest level with as many frames, and from the samples themselves where even
  /// the finest level has fewer.
  ///
  /// - Throws: `RecordingError` where samples cannot be read.
  public init(
    _ range: Range<Int>, columns: Int, channels: [Int], pyramid: SignalPyramid,
    source: PyramidSource
  ) throws {
    let total = pyramid.header.sampleCount
    let start = max(0, min(range.lowerBound, total))
    let end = max(start, min(range.upperBound, total))
    let wanted = max(1, min(columns, Self.mostColumns))
    let scale = channels.map { pyramid.header.scale[$0] }
    func frames(_ step: Int) -> Range<Int> { (start / step)..<((end + step - 1) / step) }
    let level = pyramid.header.levels.lastIndex { frames($0.step).count >= wanted }
    var header = Header(
      start: start, end: end, columns: 0, step: 1, level: level,
      samplingRate: pyramid.header.samplingRate, channels: channels, scale: scale,
      unit: channels.map { source.units[$0] })
    if let level {
      let entry = pyramid.header.levels[level]
      let rows = frames(entry.step)
      header.step = entry.step
      header.columns = min(wanted, rows.count)
      header.start = rows.lowerBound * entry.step
      header.end = rows.upperBound * entry.step
      counts = pyramid.extremes(
        level: entry, frames: rows, columns: header.columns, channels: channels)
    } else {
      header.columns = min(wanted, end - start)
      let values = try source.samples(start..<end)
      counts = Self.counts(
        channels.map { values[$0] }, columns: header.columns, scale: scale)
    }
    self.header = header
  }

  /// Extremes of samples over columns, as counts.
  static func counts(_ values: [[Float]], columns: Int, scale: [Float]) -> [Int16] {
    var result: [Int16] = []
    result.reserveCapacity(values.count * columns * 2)
    for (samples, scale) in zip(values, scale) {
      for column in 0..<columns {
        let first = column * samples.count / columns
        let last = max(first + 1, (column + 1) * samples.count / columns)
        var low = samples[first]
        var high = low
        for index in first..<last {
          low = min(low, samples[index])
          high = max(high, samples[index])
        }
        let isOne = low == high
        let lowCount = isOne ? (low / scale).rounded() : (low / scale).rounded(.down)
        let highCount = isOne ? lowCount : (high / scale).rounded(.up)
        result.append(Int16(max(-32_768, min(32_767, lowCount))))
        result.append(Int16(max(-32_768, min(32_767, highCount))))
      }
    }
    return result
  }

  /// The message as bytes.
  public func encoded() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    var json = try encoder.encode(header)
    json.append(Data(repeating: 0x20, count: (4 - json.count % 4) % 4))
    var data = Data("MPR1".utf8)
    data.reserveCapacity(12 + json.count + 2 * counts.count)
    for word in [UInt32(1), UInt32(json.count)] {
      withUnsafeBytes(of: word.littleEndian) { data.append(contentsOf: $0) }
    }
    data.append(json)
    data.append(littleEndian: counts)
    return data
  }
}
