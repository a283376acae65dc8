import Foundation
import Testing

@testable import MATFiles
@testable import Recordings

@Suite struct MATWriterTests {
  private let readers = [any RecordingReader].standard + [MATReader()]

  private func recording() -> Recording {
    let signals = (0..<5).map { channel in
      (0..<3000).map { Float(sin(Double($0) * 0.1 + Double(channel)) * 300) }
    }
    return Recording(signals: signals, samplingRate: 1259.2592592592594)
  }

  private func folder() throws -> URL {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("mat-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    return url
  }

  @Test(arguments: MATWriter.Version.allCases)
  func describedChannelsRoundTripExactly(_ version: MATWriter.Version) throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    var original = recording()
    original.channels[3].role = .force
    original.channels[3].unit = .percentMVC
    original.channels[4].role = .storedFirings
    original.channels[4].unit = .dimensionless
    original.channels[0].name = "Muscle µ GR10MM0804 (1)"
    let path = folder.appendingPathComponent("a.mat").path
    try MATWriter.write(original, to: path, version: version)
    let read = try Recording.open(path, readers: readers)
    #expect(read.source.formatName.contains(version == .level5 ? "level 5" : "7.3"))
    #expect(read.samplingRate == original.samplingRate)
    #expect(read.channels.map(\.role) == original.channels.map(\.role))
    #expect(read.channels.map(\.unit) == original.channels.map(\.unit))
    #expect(read.channels[0].name == original.channels[0].name)
    #expect(read.electrodeGrid?.electrodes.count == 1)
    for channel in 0..<5 {
      #expect(try read.samples(channel: channel) == original.samples(channel: channel))
    }
    let part = try read.samples(channels: [2, 0], range: 1234..<1240)
    #expect(part == (try original.samples(channels: [2, 0], range: 1234..<1240)))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.mat"])
  }

  @Test(arguments: MATWriter.Version.allCases)
  func aPlainMatrixTellsRateAndUnit(_ version: MATWriter.Version) throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("a.mat").path
    try MATWriter.write(recording(), to: path, layout: .plainMatrix, version: version)
    let read = try Recording.open(path, readers: readers)
    #expect(read.emgChannels.count == 5)
    #expect(read.samplingRate == 1259.2592592592594)
    #expect(read.channels[0].gainProvenance == "variable unit")
    #expect(try read.emgSamples() == recording().emgSamples())
  }

  @Test func relativeRecordingsAreNotWrittenAsMicrovolts() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    var original = recording()
    original.channels[0].unit = .relative
    let path = folder.appendingPathComponent("a.mat").path
    #expect(throws: RecordingError.self) {
      try MATWriter.write(original, to: path, layout: .plainMatrix)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }
}
