import Foundation
import Testing

@testable import Recordings

@Suite struct EDFWriterTests {
  @Test(arguments: [false, true])
  func roundTripWithinHalfAStep(_ isBDF: Bool) throws {
    let folder = try TemporaryFolder()
    var original = SyntheticEMG.recording(channels: 5, samples: 4096)
    original.channels[4].role = .force
    original.channels[4].unit = .percentMVC
    original.channels[4].name = "Force"
    original.startTime = Date(timeIntervalSince1970: 1_772_446_830)
    original.annotations = [
      Annotation(onset: 0.5, duration: 0.25, text: "Kraft hält"),
      Annotation(onset: 1.75, text: "stop"),
    ]
    let path = folder.path("a.edf")
    let summary = try EDFWriter.write(original, to: path, configuration: .init(isBDF: isBDF))
    #expect(summary.paddedSamples == 0)
    let read = try Recording.open(path)
    #expect(read.source.formatName == (isBDF ? "BDF+" : "EDF+"))
    #expect(read.samplingRate == 2048)
    #expect(read.channels.map(\.role) == original.channels.map(\.role))
    #expect(read.channels.map(\.unit) == original.channels.map(\.unit))
    #expect(read.channels.map(\.sampleCount) == original.channels.map(\.sampleCount))
    #expect(read.startTime == original.startTime)
    #expect(read.annotations == original.annotations)
    let difference = SyntheticEMG.largestDifference(
      try original.samples(channels: [0, 1, 2, 3, 4], range: 0..<4096),
      try read.samples(channels: [0, 1, 2, 3, 4], range: 0..<4096))
    // 250 uV over 32767 or 8388607 steps; the latter reaches the precision of Float.
    #expect(difference <= Float(summary.largestStep) * 0.51 + 4e-5)
    #expect(summary.largestStep < (isBDF ? 4e-5 : 1e-2))
    #expect(folder.names == ["a.edf"])
  }

  @Test(arguments: [
    (4000.0, 50860), (1259.2592592592594, 5037), (2048.0, 4097), (2441.40625, 10_000),
    (10_240.0, 20_480), (500.0, 1),
  ])
  func keepsRatesAndCounts(_ rate: Double, _ samples: Int) throws {
    let folder = try TemporaryFolder()
    let original = SyntheticEMG.recording(channels: 2, samples: samples, samplingRate: rate)
    let summary = try EDFWriter.write(
      original, to: folder.path("a.bdf"), configuration: .init(isBDF: true))
    let read = try Recording.open(folder.path("a.bdf"))
    #expect(abs(read.samplingRate / rate - 1) < 1e-6)
    #expect(read.sampleCount == samples + summary.paddedSamples)
    let part = try read.samples(channels: [1], range: 0..<samples)[0]
    let expected = try original.samples(channel: 1)
    #expect(SyntheticEMG.largestDifference([part], [expected]) < 1e-3)
    // Padding repeats the last value.
    if summary.paddedSamples > 0 {
      #expect(try read.samples(channel: 1).last == part.last)
    }
  }

  @Test func differingRatesShareARecord() throws {
    let folder = try TemporaryFolder()
    let fast = SyntheticEMG.signals(channels: 1, samples: 20_000)[0]
    let slow = SyntheticEMG.signals(channels: 2, samples: 2_000)[1]
    let original = Recording(
      source: RecordingSource(path: "x", formatName: "memory", files: []),
      channels: [
        Channel(
          name: "EMG", role: .emg, unit: .microvolt, gainProvenance: "", samplingRate: 2000,
          sampleCount: 20_000),
        Channel(
          name: "Force", role: .force, unit: .newton, gainProvenance: "", samplingRate: 200,
          sampleCount: 2_000),
      ], samples: SamplesInMemory(channels: [fast, slow]))
    try EDFWriter.write(original, to: folder.path("a.edf"))
    let read = try Recording.open(folder.path("a.edf"))
    #expect(read.channels.map(\.samplingRate) == [2000, 200])
    #expect(SyntheticEMG.largestDifference([slow], [try read.samples(channel: 1)]) < 0.01)
  }

  @Test func rangesAreNeverBelowTheData() {
    for value in [0.000_001, 0.123_456_78, 1, 9.999_999_9, 250.123_456, 32_768.4, 9_999_999.5, 3e9]
    {
      let text = EDFScale.roundedUp(value, characters: 7)
      #expect(text.utf8.count <= 7)
      #expect((Double(text) ?? 0) >= value)
    }
  }

  @Test func aFailedWriteLeavesNothing() throws {
    let folder = try TemporaryFolder()
    var original = SyntheticEMG.recording(channels: 1, samples: 100)
    original.gaps = [Gap(position: 0.01, onset: 0.01, duration: 1)]
    #expect(
      thrown { try EDFWriter.write(original, to: folder.path("a.edf")) }?.kind == .cannotWrite)
    #expect(folder.names.isEmpty)
  }
}
