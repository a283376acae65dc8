import Foundation
import Testing

@testable import MATFiles
@testable import Recordings

@Suite struct NWBTests {
  private static let readers: [any RecordingReader] = .standard + [NWBReader()]

  private static func recording() -> Recording {
    let rate = 2048.0
    let signals = (0..<8).map { channel in
      (0..<3000).map { Float(channel * 100) + sin(Float($0) * 0.1) * 37.5 }
    }
    var recording = Recording(
      signals: signals + [(0..<3000).map { Float($0) / 100 }], samplingRate: rate,
      names: (1...8).map { "TA \($0)" } + ["Force"],
      spikes: SpikeAnnotations(
        origin: "test",
        trains: [.init(unit: "MU a", times: [0.5, 0.25, 1]), .init(unit: "MU b", times: [0.125])]))
    recording.channels[8].role = .force
    recording.channels[8].unit = .newton
    recording.electrodeGrids = [
      ElectrodeGrid(
        name: "grid 1", rows: 4, columns: 2, interElectrodeDistanceMillimetres: 8,
        electrodes: (0..<8).map {
          .init(channel: $0, position: .init(row: $0 % 4, column: $0 / 4))
        })
    ]
    recording.startTime = Date(timeIntervalSince1970: 1_700_000_000.5)
    return recording
  }

  @Test func whatIsWrittenComesBack() throws {
    let folder = try TemporaryFiles()
    let path = folder.path("a.nwb")
    let original = Self.recording()
    try NWBWriter.write(original, to: path)
    let found = try Recording.open(path, readers: Self.readers)
    #expect(found.source.formatName == "NWB 2.8.0")
    #expect(found.channels.map(\.name) == original.channels.map(\.name))
    #expect(found.channels.map(\.role) == original.channels.map(\.role))
    #expect(found.channels.map(\.unit) == original.channels.map(\.unit))
    #expect(found.channels.allSatisfy { $0.samplingRate == 2048 && $0.sampleCount == 3000 })
    #expect(found.electrodeGrids == original.electrodeGrids)
    #expect(found.startTime == original.startTime)
    #expect(found.warnings.isEmpty)
    for channel in original.channels.indices {
      let (a, b) = (try found.samples(channel: channel), try original.samples(channel: channel))
      #expect(zip(a, b).allSatisfy { abs($0 - $1) <= 1e-6 * max(1, abs($1)) })
    }
    let part = try found.samples(channels: [7, 2, 8], range: 1111..<1200)
    #expect(part[1] == Array(try found.samples(channel: 2)[1111..<1200]))
    #expect(part[2] == Array(try found.samples(channel: 8)[1111..<1200]))
    let spikes = try #require(try found.storedSpikes())
    #expect(spikes.trains == (try original.storedSpikes())?.trains)
  }

  @Test func unitsKeepPotentialsAndSources() throws {
    let folder = try TemporaryFiles()
    let path = folder.path("units.nwb")
    var original = Self.recording()
    // The EMG starts later than the force: discharges count from its first sample.
    for index in 0..<8 { original.channels[index].startSeconds = 0.25 }
    let source = (0..<3000).map { Float($0 % 700 == 0 ? 1 : 0) }
    let potential = (0..<8).map { channel in (0..<20).map { Float(channel * 20 + $0) } }
    let units = NWBUnits(
      origin: "test",
      units: [
        .init(
          name: "a", times: [0.5, 0.75], silhouette: 0.93, pulseToNoise: 31, source: source,
          potential: potential),
        .init(name: "b", times: [], source: source.map { -$0 }, potential: [[1]]),
      ], potentialRate: 2048)
    try NWBWriter.write(original, to: path, units: units)
    let found = try Recording.open(path, readers: Self.readers)
    let spikes = try #require(try found.storedSpikes())
    #expect(spikes.trains.map(\.unit) == ["a", "b"])
    #expect(spikes.trains.map(\.times) == [[0.5, 0.75], []])
    #expect(spikes.trains.map(\.silhouette) == [0.93, nil])
    let sources = found.channels(of: .storedSource)
    #expect(sources.count == 2)
    #expect(try found.samples(channel: sources[0]) == source)
    #expect(try found.samples(channel: sources[1]) == source.map { -$0 })
    try MATFile.exclusively {
      let file = try HDF5File(path: path)
      let means = try #require(file.dataset("/units/waveform_mean"))
      #expect(means.dimensions == [2, 20, 8])
      #expect(file.text("unit", of: "/units/waveform_mean") == "volts")
      #expect(file.number("resolution", of: "/units/spike_times") == 1.0 / 2048)
      // Samples run slower than electrodes; what is not there is NaN.
      let row = try file.numbers("/units/waveform_mean", start: [0, 3, 0], count: [1, 1, 8])
      for electrode in 0..<8 {
        let expected = 1e-6 * Double(electrode * 20 + 3)
        #expect(abs(row[electrode] - expected) < 1e-10)
      }
      let other = try file.numbers("/units/waveform_mean", start: [1, 0, 0], count: [1, 2, 8])
      #expect(abs(other[0] - 1e-6) < 1e-12 && other[1...].allSatisfy(\.isNaN))
    }
  }

  @Test func theUsersRateWins() throws {
    let folder = try TemporaryFiles()
    let path = folder.path("a.nwb")
    try NWBWriter.write(Self.recording(), to: path)
    let found = try Recording.open(
      path, options: .init(samplingRate: 1024), readers: Self.readers)
    #expect(found.channels.allSatisfy { $0.samplingRate == 1024 })
    #expect(found.warnings.contains { $0.contains("1024") })
  }

  @Test func otherHDF5FilesAreNamed() throws {
    let folder = try TemporaryFiles()
    let path = folder.path("a.h5")
    try MATFile.exclusively {
      let writer = try HDF5Writer(path: path, finalPath: path)
      try writer.numbers("/data", [1, 2, 3])
      try writer.finish()
    }
    let error = #expect(throws: RecordingError.self) {
      _ = try Recording.open(path, readers: Self.readers)
    }
    #expect(error?.description.contains("no NWB file") == true)
  }

  @Test func timeStampsGiveRateAndGaps() throws {
    let folder = try TemporaryFiles()
    let path = folder.path("a.nwb")
    let stamps = (0..<5000).map { 10 + Double($0) / 1000 + ($0 >= 2000 ? 0.5 : 0) }
    try MATFile.exclusively {
      let writer = try HDF5Writer(path: path, finalPath: path)
      try writer.set([("nwb_version", .text("2.7.0"))], of: "/")
      try writer.group("/acquisition")
      try writer.group("/acquisition/EMG", [("neurodata_type", .text("ElectricalSeries"))])
      try writer.samples(
        "/acquisition/EMG/data", sampleCount: 5000, channelCount: 2, isList: false,
        [("unit", .text("volts")), ("conversion", .number(2e-6)), ("offset", .number(1e-6))]
      ) { range in [range.map { Float($0) }, range.map { _ in 3 }] }
      try writer.numbers("/acquisition/EMG/timestamps", stamps)
      try writer.numbers("/acquisition/EMG/channel_conversion", [1, 0.5])
      try writer.finish()
    }
    let found = try Recording.open(path, readers: Self.readers)
    #expect(found.samplingRate == 1000)
    #expect(found.gaps.count == 1)
    #expect(abs((found.gaps.first?.duration ?? 0) - 0.5) < 1e-6)
    #expect(found.gaps.first?.position == 2)
    #expect(try found.samples(channels: [0, 1], range: 100..<101) == [[201], [4]])
  }

  @Test func damagedFilesNeverCrashTheReader() async throws {
    // The library may end this process where a file is damaged: that is what the process of its own
    // is for. Here what the process sends is damaged instead, and must be refused.
    var message = MATMessage()
    let folder = try TemporaryFiles()
    try NWBWriter.write(Self.recording(), to: folder.path("a.nwb"))
    message.append(try NWBFile(path: folder.path("a.nwb")).contents())
    var state: UInt64 = 99
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var opened = 0
    for _ in 0..<5000 {
      var bytes = message.bytes
      for _ in 0..<1 + random(3) { bytes[random(bytes.count)] = UInt8(random(256)) }
      var reader = MATMessageReader(bytes[...])
      guard let value = try? reader.value(), case .structure(let fields) = value else { continue }
      var layout = NWBLayout(
        file: NWBFile(path: folder.path("a.nwb")), options: .init(), fields: fields)
      do {
        _ = try layout.recording().checked()
        opened += 1
      } catch let error as RecordingError {
        #expect(!error.description.contains { $0.isNewline })
      }
    }
    #expect(opened > 100)
  }
}

/// A folder that is removed at the end of a test.
private final class TemporaryFiles {
  let url = FileManager.default.temporaryDirectory.appendingPathComponent(
    "nwb-\(UUID().uuidString)")
  init() throws {
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }
  deinit { try? FileManager.default.removeItem(at: url) }
  func path(_ name: String) -> String { url.appendingPathComponent(name).path }
}
