import Foundation
import Recordings
import Testing

@testable import Viewer

struct SignalPyramidTests {
  private static let folder: String = {
    let path = NSTemporaryDirectory() + "viewer-tests-\(UUID().uuidString)"
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }()

  private static func source(_ values: [[Float]]) -> PyramidSource {
    PyramidSource(
      names: values.indices.map { "\($0)" }, units: values.map { _ in "uV" }, samplingRate: 1_000,
      sampleCount: values[0].count
    ) { range in values.map { Array($0[range]) } }
  }

  private static func noise(_ count: Int, _ channels: Int) -> [[Float]] {
    var state: UInt64 = 42
    return (0..<channels).map { channel in
      (0..<count).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Float(Int64(bitPattern: state) >> 40) / 1_000 * Float(channel + 1)
      }
    }
  }

  @Test("Every range holds the extremes of its columns", arguments: [3, 17, 1_000, 70_001])
  func matchesPlainModel(count: Int) throws {
    let values = Self.noise(count, 3)
    let source = Self.source(values)
    let path = Self.folder + "/\(count).mmp"
    try SignalPyramid.write(source, sha256: "x", to: path)
    let pyramid = try SignalPyramid(path: path)
    #expect(pyramid.header.sampleCount == count)
    for (start, end, columns) in [
      (0, count, 10), (0, count, 1_600), (count / 3, count, 7), (1, max(2, count / 2), 100),
    ] {
      let message = try RangeMessage(
        start..<end, columns: columns, channels: [2, 0], pyramid: pyramid, source: source)
      let header = message.header
      #expect(header.columns <= columns)
      #expect(header.start <= start && header.end >= end)
      let frames = (header.end - header.start) / header.step
      for (place, channel) in [2, 0].enumerated() {
        for column in 0..<header.columns {
          let first = header.start + column * frames / header.columns * header.step
          let last = header.start + (column + 1) * frames / header.columns * header.step
          let part = values[channel][first..<min(count, last)]
          let low = try #require(part.min())
          let high = try #require(part.max())
          let scale = header.scale[place]
          let index = 2 * (place * header.columns + column)
          let shown = (
            Float(message.counts[index]) * scale, Float(message.counts[index + 1]) * scale
          )
          #expect(abs(shown.0 - low) <= 1.01 * scale && abs(shown.1 - high) <= 1.01 * scale)
        }
      }
    }
  }

  @Test("A message is read back from its bytes")
  func encodes() throws {
    let source = Self.source(Self.noise(500, 2))
    let path = Self.folder + "/message.mmp"
    try SignalPyramid.write(source, sha256: "x", to: path)
    let message = try RangeMessage(
      0..<500, columns: 20, channels: [0, 1], pyramid: try SignalPyramid(path: path), source: source
    )
    let data = try message.encoded()
    #expect(Array(data.prefix(4)) == Array("MPR1".utf8))
    let length = Int(data[8]) | Int(data[9]) << 8
    #expect(length % 4 == 0)
    let header = try JSONDecoder().decode(RangeMessage.Header.self, from: data[12..<(12 + length)])
    #expect(header == message.header)
    #expect(data.count == 12 + length + 2 * message.counts.count)
  }

  @Test("A file cut short is refused")
  func refusesTruncated() throws {
    let path = Self.folder + "/whole.mmp"
    try SignalPyramid.write(Self.source(Self.noise(5_000, 2)), sha256: "x", to: path)
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    for length in [0, 3, 8, 100, data.count - 1] {
      try data.prefix(length).write(to: URL(fileURLWithPath: path + ".cut"))
      #expect(throws: RecordingError.self) { try SignalPyramid(path: path + ".cut") }
    }
  }
}
