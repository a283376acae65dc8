import Foundation
import Testing

@testable import Recordings

@Suite struct WAVWriterTests {
  @Test(arguments: AudioFormat.allCases)
  func roundTrip(_ format: AudioFormat) throws {
    let folder = try TemporaryFolder()
    let original = SyntheticEMG.recording(channels: 4, samples: 3000, samplingRate: 1259.25926)
    let path = folder.path("a.audio")
    let scale = try #require(
      try WAVWriter.write(original, to: path, configuration: .init(format: format)))
    // W64 has no comment: rate and scale are stated again.
    let options =
      format == .wave64Float32
      ? RecordingOptions(samplingRate: 1259.25926, millivoltsAtFullScale: scale)
      : RecordingOptions()
    let read = try Recording.open(path, options: options)
    #expect(read.hasPhysicalAmplitude)
    #expect(read.samplingRate == 1259.25926)
    #expect(read.sampleCount == 3000)
    let difference = SyntheticEMG.largestDifference(
      try original.emgSamples(), try read.emgSamples())
    let step = format.isInteger ? Float(scale * 1000 / 32768) : 1e-4
    #expect(difference <= 0.51 * step)
    #expect(folder.names == ["a.audio"])
  }

  @Test func hundredsOfChannels() throws {
    let folder = try TemporaryFolder()
    let original = SyntheticEMG.recording(channels: 512, samples: 300)
    try WAVWriter.write(original, to: folder.path("a.wav"))
    let read = try Recording.open(folder.path("a.wav"))
    #expect(read.channels.count == 512)
    #expect(
      SyntheticEMG.largestDifference(try original.emgSamples(), try read.emgSamples()) < 1e-3)
  }

  @Test func aGivenScaleIsKeptAndClipsInWholeNumbersOnly() throws {
    let folder = try TemporaryFolder()
    let original = Recording(signals: [[0, 500, -2000]], samplingRate: 1000)
    try WAVWriter.write(
      original, to: folder.path("i.wav"),
      configuration: .init(format: .wavPCM16, millivoltsAtFullScale: 1))
    let clipped = try Recording.open(folder.path("i.wav")).samples(channel: 0)
    #expect(abs(clipped[1] - 500) < 0.02)
    #expect(abs(clipped[2] + 1000) < 0.05)
    try WAVWriter.write(
      original, to: folder.path("f.wav"), configuration: .init(millivoltsAtFullScale: 1))
    #expect(try Recording.open(folder.path("f.wav")).samples(channel: 0) == [0, 500, -2000])
  }

  @Test func relativeRecordingsStayRelative() throws {
    let folder = try TemporaryFolder()
    var original = Recording(signals: [[0, 0.5, -0.25]], samplingRate: 1000)
    original.channels[0].unit = .relative
    #expect(try WAVWriter.write(original, to: folder.path("a.wav")) == nil)
    let read = try Recording.open(folder.path("a.wav"))
    #expect(read.channels[0].unit == .relative)
    #expect(try read.samples(channel: 0) == [0, 0.5, -0.25])
  }

  @Test func tooManyChannelsForFLACLeaveNothing() throws {
    let folder = try TemporaryFolder()
    let error = thrown {
      try WAVWriter.write(
        SyntheticEMG.recording(channels: 9, samples: 10), to: folder.path("a.flac"),
        configuration: .init(format: .flacPCM16))
    }
    #expect(error?.kind == .cannotWrite)
    #expect(folder.names.isEmpty)
  }
}
