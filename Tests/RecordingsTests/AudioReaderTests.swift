import Foundation
import TestSupport
import Testing

@testable import Recordings

@Suite struct AudioReaderTests {
  @Test func readsTheSimulatedGrid() throws {
    let url = try SharedData.file("data/hdsemg/sim64.wav")
    let recording = try Recording.open(url.path, options: .init(millivoltsAtFullScale: 1.0959))
    #expect(recording.source.formatName == "WAV")
    #expect(recording.emgChannels.count == 64)
    #expect(recording.samplingRate == 2048)
    #expect(recording.sampleCount == 81_920)
    #expect(recording.duration == 40)
    #expect(recording.hasPhysicalAmplitude)
    #expect(recording.channels[17].gainProvenance == "given scale of 1.0959 mV at full scale")
    #expect(recording.warnings.isEmpty)
    // 101 of 32768 in the file.
    let value = try recording.samples(channels: [17], range: 12345..<12346)[0][0]
    #expect(abs(value - 3.377_866) < 1e-4)
    let last = try recording.samples(channels: [63], range: 81_919..<81_920)[0][0]
    #expect(abs(last + 6.922_952) < 1e-4)
  }

  @Test func withoutAScaleValuesAreRelative() throws {
    let url = try SharedData.file("data/hdsemg/sim64.wav")
    let recording = try Recording.open(url.path)
    #expect(recording.channels.allSatisfy { $0.unit == .relative })
    #expect(!recording.hasPhysicalAmplitude)
    #expect(recording.warnings.contains { $0.contains("millivolts at full scale") })
    let value = try recording.samples(channels: [17], range: 12345..<12346)[0][0]
    #expect(value == Float(101) / 32768)
  }

  @Test func wholeNumbersNeedFullScaleNotAUnit() throws {
    let url = try SharedData.file("data/hdsemg/sim64.wav")
    let error = thrown { try Recording.open(url.path, options: .init(unit: .microvolt)) }
    #expect(error?.kind == .wrongOption)
    #expect(error?.input == .stateScale)
  }

  @Test func theStatedRateGoesBeforeTheFiles() throws {
    let url = try SharedData.file("data/hdsemg/sim64.wav")
    let recording = try Recording.open(url.path, options: .init(samplingRate: 2048.276))
    #expect(recording.samplingRate == 2048.276)
  }

  @Test func layersTheGridThatIsStated() throws {
    let url = try SharedData.file("data/hdsemg/sim64.wav")
    let options = RecordingOptions(grid: GridGeometry(option: "8x8,8"))
    let grid = try #require(try Recording.open(url.path, options: options).electrodeGrid)
    #expect(grid.electrodes.count == 64)
    #expect(grid.channel(at: .init(row: 2, column: 1)) == 10)
    #expect(grid.distanceMillimetres(0, 9) == 8 * 2.0.squareRoot())
    let wrong = RecordingOptions(grid: GridGeometry(option: "8x4"))
    #expect(thrown { try Recording.open(url.path, options: wrong) }?.kind == .wrongOption)
  }

  @Test(arguments: [AudioFormat.wavPCM16, .rf64Float32, .wave64Float32, .aiffPCM16, .cafFloat32])
  func theRestOfACutFileIsReadAndSaid(_ format: AudioFormat) throws {
    let folder = try TemporaryFolder()
    let path = folder.path("a")
    try WAVWriter.write(
      SyntheticEMG.recording(channels: 3, samples: 5000), to: path,
      configuration: .init(format: format))
    let bytes = try FileBytes(path: path)
    let all = try bytes.head(bytes.count)
    let cut = try folder.write("b", Array(all.dropLast(6000)))
    // libsndfile itself refuses a CAF file that is cut.
    if format == .cafFloat32 {
      #expect(thrown { try Recording.open(cut) }?.kind == .malformed)
      return
    }
    let recording = try Recording.open(cut)
    #expect((1..<5000).contains(recording.sampleCount))
    #expect(recording.warnings.contains { $0.contains("ends early") })
    #expect(try recording.samples(channel: 2).count == recording.sampleCount)
  }

  @Test func aCutFLACIsRefused() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("a.flac")
    try WAVWriter.write(
      SyntheticEMG.recording(channels: 2, samples: 20_000), to: path,
      configuration: .init(format: .flacPCM16))
    let bytes = try FileBytes(path: path)
    let cut = try folder.write("b.flac", try bytes.head(bytes.count - 9000))
    #expect(thrown { try Recording.open(cut) }?.kind == .truncated)
  }
}
