import Foundation
import TestSupport
import Testing

@testable import Recordings

@Suite struct RecordingTests {
  @Test func hashIsThatOfTheFile() throws {
    let folder = try TemporaryFolder()
    try folder.write("r.dat", [1, 0, 2, 0])
    let path = try folder.write("abc", "abc")
    let source = RecordingSource(path: path, formatName: "x")
    // The digest of "abc" in FIPS 180-2.
    #expect(
      try source.inputHash() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    try FileManager.default.removeItem(atPath: path)
    #expect(try source.inputHash().hasPrefix("ba78"))
    let url = try SharedData.file("data/hdsemg/sim64.wav")
    #expect(
      try Recording.open(url.path).source.inputHash()
        == "87bf50155d5657245ba9229b07eefef97675e62015e79b4748d27b1dd6bd79c3")
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func valuesThatAreNotFiniteAreNamed(_ bad: Float) throws {
    var signals = SyntheticEMG.signals(channels: 2, samples: 100)
    signals[1][42] = bad
    let recording = Recording(signals: signals, samplingRate: 1000)
    #expect(try recording.samples(channels: [0, 1], range: 0..<42).count == 2)
    let error = thrown { try recording.samples(channels: [0, 1], range: 40..<50) }
    #expect(error?.place == "channel 2 (EMG 2), sample 42")
  }

  @Test func chunksCoverEverythingOnce() throws {
    let recording = SyntheticEMG.recording(channels: 3, samples: 1001)
    var seen: [Float] = []
    try recording.forEachChunk(channels: [2, 0], length: 100) { start, block in
      #expect(start == seen.count)
      #expect(block.count == 2)
      seen += block[0]
    }
    #expect(try recording.samples(channel: 2) == seen)
  }

  @Test func rolesAndChannelsCanBeStated() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a.csv", "a,b,c\n1,2,3\n4,5,6\n")
    var options = RecordingOptions(samplingRate: 100, unit: .microvolt)
    options.emgChannels = [0, 2]
    options.roles = [1: .force]
    let recording = try Recording.open(path, options: options)
    #expect(recording.emgChannels == [0, 2])
    #expect(recording.forceChannel == 1)
    options.emgChannels = [3]
    let error = thrown { try Recording.open(path, options: options) }
    #expect(error?.kind == .wrongOption)
    #expect(error?.description.contains("names channel 4, the file has 3") == true)
  }

  @Test(arguments: [0, -1, Double.nan, .infinity, 1e9])
  func senselessRatesAreRefused(_ rate: Double) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a.csv", "1,2\n3,4\n")
    let options = RecordingOptions(samplingRate: rate, unit: .microvolt)
    #expect(thrown { try Recording.open(path, options: options) }?.kind == .wrongOption)
  }

  /// Resident memory of this process in bytes.
  private func residentBytes() throws -> Int {
    let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
    return (Int(text.split(separator: " ")[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
  }

  @Test func openingAnHourOfSixtyFourChannelsCostsNoMemory() throws {
    let folder = try TemporaryFolder()
    // Sparse files: the header is written, the samples are a hole of 0.94 GB (0 digital).
    var file = EDFBytes(isBDF: false, records: 0, duration: "1", stated: "3600")
    for index in 0..<64 {
      file.add("EMG\(index)", unit: "uV", perRecord: 2048, physical: ("-3276.8", "3276.7"))
    }
    let header = file.bytes { _, _, _ in 0 }
    let edf = try folder.write("hour.edf", header)
    truncate(edf, off_t(header.count + 3600 * 64 * 2048 * 2))
    var wave = Array("RIFF".utf8) + [0xFF, 0xFF, 0xFF, 0x7F] + Array("WAVEfmt ".utf8)
    wave += [16, 0, 0, 0, 1, 0, 64, 0, 0, 8, 0, 0, 0, 0, 4, 0, 128, 0, 16, 0] + Array("data".utf8)
    let size = 3600 * 64 * 2048 * 2
    wave += (0..<4).map { UInt8(truncatingIfNeeded: size >> (8 * $0)) }
    let wav = try folder.write("hour.wav", wave)
    truncate(wav, off_t(44 + size))
    let before = try residentBytes()
    for path in [edf, wav] {
      let recording = try Recording.open(path)
      #expect(recording.duration == 3600)
      #expect(recording.emgChannels.count == 64)
      let last = try recording.samples(channels: [63], range: 3599 * 2048..<3600 * 2048)
      #expect(last[0].count == 2048)
    }
    // Other tests run at the same time; the samples would be 1.9 GB.
    #expect(try residentBytes() - before < 200 << 20)
  }
}
