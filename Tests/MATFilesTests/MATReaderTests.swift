import Foundation
import TestSupport
import Testing

@testable import MATFiles
@testable import Recordings

@Suite struct MATReaderTests {
  private let readers = [any RecordingReader].standard + [MATReader()]

  @Test func readsTheGridExport() throws {
    let url = try SharedData.file("data/hdsemg/vastus_lateralis_64ch.mat")
    let recording = try Recording.open(url.path, readers: readers)
    #expect(recording.channels.count == 75)
    #expect(recording.emgChannels == Array(0..<64))
    #expect(recording.samplingRate == 2048)
    #expect(recording.sampleCount == 66_560)
    #expect(recording.duration == 32.5)
    #expect(recording.channels[0].gainProvenance == "Description [uV]")
    #expect(recording.channels(of: .storedFirings) == Array(64..<69))
    #expect(recording.channels(of: .storedSource) == Array(69..<74))
    #expect(recording.forceChannel == 74)
    #expect(recording.channels[74].unit == .percentMVC)
    // Values read with another program.
    #expect(try recording.samples(channels: [17], range: 12345..<12346) == [[-131.22559]])
    let start = try recording.samples(channels: [0], range: 0..<3)[0]
    #expect(start == [10.172526, 14.750163, 6.1035156])
    let force = try recording.samples(channel: 74)
    #expect(force.min() == 0.86691314)
    #expect(force.max() == 27.170013)
  }

  @Test func knowsTheGridOfTheExport() throws {
    let url = try SharedData.file("data/hdsemg/vastus_lateralis_64ch.mat")
    let recording = try Recording.open(url.path, readers: readers)
    let grid = try #require(recording.electrodeGrid)
    #expect(grid.name == "GR08MM1305")
    #expect(grid.rows == 13 && grid.columns == 5)
    #expect(grid.interElectrodeDistanceMillimetres == 8)
    #expect(grid.missingPositions == [.init(row: 0, column: 0)])
    // Neighbours in a row record nearly the same: only the true order of electrodes gives that.
    let signals = try recording.samples(
      channels: grid.electrodes.map(\.channel), range: 20_000..<24_000)
    var sum = 0.0
    var count = 0
    for electrode in grid.electrodes where electrode.position.column < 4 {
      let beside = ElectrodeGrid.Position(
        row: electrode.position.row, column: electrode.position.column + 1)
      guard let other = grid.channel(at: beside) else { continue }
      sum += correlation(signals[electrode.channel], signals[other])
      count += 1
    }
    #expect(count == 51)
    #expect(sum / Double(count) > 0.9)
  }

  private func correlation(_ a: [Float], _ b: [Float]) -> Double {
    let n = Double(a.count)
    let ma = a.reduce(0.0) { $0 + Double($1) } / n
    let mb = b.reduce(0.0) { $0 + Double($1) } / n
    var (ab, aa, bb) = (0.0, 0.0, 0.0)
    for (x, y) in zip(a, b) {
      ab += (Double(x) - ma) * (Double(y) - mb)
      aa += (Double(x) - ma) * (Double(x) - ma)
      bb += (Double(y) - mb) * (Double(y) - mb)
    }
    return ab / (aa * bb).squareRoot()
  }

  @Test func givesTheStoredFirings() throws {
    let url = try SharedData.file("data/hdsemg/vastus_lateralis_64ch.mat")
    let recording = try Recording.open(url.path, readers: readers)
    let spikes = try #require(try recording.storedSpikes())
    #expect(spikes.trains.map(\.times.count) == [137, 154, 197, 293, 292])
    #expect(spikes.trains[0].samples(samplingRate: 2048).prefix(3) == [4998, 6667, 8318])
    #expect(spikes.trains[4].samples(samplingRate: 2048).prefix(3) == [4816, 5101, 5331])
  }
}
