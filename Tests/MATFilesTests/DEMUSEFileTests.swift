import Foundation
import TestSupport
import Testing

@testable import MATFiles
@testable import Recordings

@Suite struct DEMUSEFileTests {
  /// An array of 3 x 2 with a missing corner, 50 samples, two units.
  private func write(units: Int = 2, edited: Bool = false) throws -> String {
    let cells = (0..<6).map { cell -> MATVariable in
      if cell == 0 { return .double([], rows: 0, columns: 0) }
      return .double((0..<50).map { Double(100 * cell + $0) }, rows: 1, columns: 50)
    }
    let trains = [[3, 14, 30], [8, 20]].prefix(units)
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("demuse-\(UUID().uuidString).mat").path
    let pulses = trains.map { MATVariable.whole($0, rows: 1, columns: $0.count) }
    try MATWriter.write(
      [
        ("SIG", .cells(cells, rows: 3, columns: 2)),
        (
          "IPTs",
          .double(
            (0..<50 * units).map { Double($0) / 10 }, rows: units, columns: 50)
        ),
        ("MUPulses", .cells(pulses, rows: 1, columns: units)), ("fsamp", .number(2048)),
        ("IED", .number(8)),
        ("ref_signal", .double((0..<50).map { Double($0) }, rows: 1, columns: 50)),
      ], to: path)
    return path
  }

  private func open(_ path: String) throws -> Recording {
    try Recording.open(
      path, options: .init(unit: .millivolt), readers: .standard + [MATReader()])
  }

  @Test(arguments: [1, 2]) func isARecordingWithUnits(_ units: Int) throws {
    let path = try write(units: units)
    defer { unlink(path) }
    let recording = try open(path)
    #expect(recording.source.formatName.hasSuffix("DEMUSE"))
    #expect(recording.emgChannels == Array(0..<5))
    #expect(recording.samplingRate == 2048)
    #expect(try recording.samples(channels: [1], range: 4..<6) == [[204_000, 205_000]])
    let grid = try #require(recording.electrodeGrid)
    #expect(grid.rows == 3 && grid.columns == 2 && grid.interElectrodeDistanceMillimetres == 8)
    #expect(grid.missingPositions == [.init(row: 0, column: 0)])
    #expect(grid.position(ofChannel: 2) == .init(row: 0, column: 1))
    let force = try #require(recording.forceChannel)
    #expect(try recording.samples(channel: force)[7] == 7)
    let spikes = try #require(try recording.storedSpikes())
    // From 1 in the file.
    #expect(spikes.trains[0].times == [2, 13, 29].map { $0 / 2048 })
    let sources = recording.channels(of: .storedSource)
    #expect(sources.count == units)
    #expect(
      try recording.samples(channels: [sources[0]], range: 3..<4)[0] == [Float(3 * units) / 10])
  }

  @Test func theUnitMustBeGiven() throws {
    let path = try write()
    defer { unlink(path) }
    #expect(throws: RecordingError.self) {
      try Recording.open(path, readers: .standard + [MATReader()])
    }
  }

  @Test func changedFilesGiveARecordingOrOneLine() throws {
    let path = try write()
    defer { unlink(path) }
    let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
    var state: UInt64 = 99
    func random(_ range: Range<Int>) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return range.lowerBound + Int(state % UInt64(range.count))
    }
    for turn in 0..<(TestTier.isLong ? 2000 : 100) {
      var changed = bytes
      for _ in 0..<random(1..<6) { changed[random(116..<changed.count)] = UInt8(random(0..<256)) }
      if turn % 5 == 0 { changed.removeLast(random(0..<changed.count)) }
      try Data(changed).write(to: URL(fileURLWithPath: path))
      do {
        let recording = try open(path)
        _ = try recording.samples(channels: [0], range: 0..<min(10, recording.sampleCount))
        _ = try recording.storedSpikes()
      } catch let error as RecordingError {
        #expect(!error.description.contains { $0.isNewline }, "turn \(turn)")
      }
    }
  }

  @Test func editedTrainsOfMUeditWin() throws {
    func cells(_ trains: [[Double]]) -> MATVariable {
      .cells(trains.map { .double($0, rows: 1, columns: $0.count) }, rows: 1, columns: trains.count)
    }
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("edition-\(UUID().uuidString).mat").path
    defer { unlink(path) }
    try MATWriter.write(
      [
        (
          "signal",
          .structure([
            ("data", .double([Double](repeating: 1, count: 400), rows: 4, columns: 100)),
            ("fsamp", .number(1000)), ("Dischargetimes", cells([[1, 50], [7]])),
          ])
        ),
        (
          "edition",
          .structure([
            ("Dischargetimes", cells([[1, 50, 90], []])),
            ("silval", .cells([.number(0.95), .number(.nan)], rows: 1, columns: 2)),
            (
              "Pulsetrain",
              .cells(
                [.double((0..<100).map { Double($0) }, rows: 1, columns: 100)], rows: 1, columns: 1)
            ),
          ])
        ),
      ], to: path, version: .version73)
    let recording = try open(path)
    let spikes = try #require(try recording.storedSpikes())
    #expect(spikes.origin == "MUedit edition")
    #expect(spikes.trains.count == 1)
    #expect(spikes.trains[0].times == [0, 0.049, 0.089])
    #expect(spikes.trains[0].silhouette == 0.95)
    #expect(recording.warnings.contains { $0.contains("edited discharge times") })
    let source = try #require(recording.channels(of: .storedSource).first)
    #expect(try recording.samples(channel: source)[42] == 42)
  }
}
