import Foundation
import TestSupport
import Testing

@testable import Recordings

@Suite struct WFDBReaderTests {
  @Test(arguments: [
    ("emg_healthy", 50_860, 31.7, 8.3, 1113.3), ("emg_myopathy", 110_337, 185.0, 115.0, 775.0),
    ("emg_neuropathy", 147_858, 45.0, 28.3, 3276.7),
  ])
  func readsNeedleRecordings(
    _ name: String, _ count: Int, _ at9999: Float, _ last: Float, _ largest: Float
  ) throws {
    let url = try SharedData.file("data/needle/\(name).hea")
    let recording = try Recording.open(url.path)
    #expect(recording.source.formatName == "WFDB")
    #expect(recording.samplingRate == 4000)
    #expect(recording.sampleCount == count)
    #expect(recording.channels[0].role == .emg)
    #expect(recording.channels[0].unit == .microvolt)
    #expect(recording.remarks.contains { $0.contains("tibialis anterior") })
    let values = try recording.samples(channel: 0)
    #expect(abs(values[9999] - at9999) < 1e-3)
    #expect(abs((values.last ?? 0) - last) < 1e-3)
    #expect(abs((values.map { abs($0) }.max() ?? 0) - largest) < 1e-3)
    #expect(recording.source.files.count == 2)
  }

  @Test func readsTheBigEndianRecordWithItsAnnotation() throws {
    let url = try SharedData.file("data/needle/R00108.hea")
    let recording = try Recording.open(url.path)
    #expect(recording.samplingRate == 10_000)
    #expect(recording.sampleCount == 100_000)
    #expect(recording.channels[0].gainProvenance == "WFDB gain 500.0/mV")
    #expect(recording.remarks.contains("muscle: brachial biceps"))
    let values = try recording.samples(channel: 0)
    #expect(values[0] == -170)
    #expect(values[1] == -192)
    #expect(values[9999] == -228)
    #expect(values.map { abs($0) }.max() == 3792)
    let spikes = try #require(try recording.storedSpikes())
    #expect(spikes.spikeCount == 659)
    #expect(spikes.trains.map(\.unit) == ["1", "2", "3", "4", "5", "6", "7", "8"])
    #expect(spikes.trains.map(\.times.count) == [46, 87, 109, 78, 44, 101, 96, 98])
  }

  @Test(
    arguments: [
      ("16", [0x01, 0x00, 0xFF, 0xFF, 0x01, 0x80, 0xFF, 0x7F]),
      ("61", [0x00, 0x01, 0xFF, 0xFF, 0x80, 0x01, 0x7F, 0xFF]),
      ("160", [0x01, 0x80, 0xFF, 0x7F, 0x01, 0x00, 0xFF, 0xFF]),
    ] as [(String, [UInt8])])
  func readsSixteenBitFormats(_ format: String, _ bytes: [UInt8]) throws {
    let folder = try TemporaryFolder()
    try folder.write("r.dat", bytes)
    let path = try folder.write("r.hea", "r 1 1000 4\nr.dat \(format) 1/uV\n")
    #expect(try Recording.open(path).samples(channel: 0) == [1, -1, -32767, 32767])
  }

  @Test func readsBytesAndPairsOfTwelveBits() throws {
    let folder = try TemporaryFolder()
    try folder.write("b.dat", [128, 129, 1, 255])
    let bytes = try folder.write("b.hea", "b 1 1000 4\nb.dat 80 1/uV\n")
    #expect(try Recording.open(bytes).samples(channel: 0) == [0, 1, -127, 127])
    // Two signals, three frames: (1, -2), (2047, -2047), (-1, 5).
    try folder.write("p.dat", [0x01, 0xF0, 0xFE, 0xFF, 0x87, 0x01, 0xFF, 0x0F, 0x05])
    let pairs = try folder.write("p.hea", "p 2 500\np.dat 212 1/uV\np.dat 212 2(1)/mV\n")
    let recording = try Recording.open(pairs)
    #expect(recording.sampleCount == 3)
    #expect(try recording.samples(channel: 0) == [1, 2047, -1])
    #expect(try recording.samples(channel: 1) == [-1500, -1_024_000, 2000])
    #expect(try recording.samples(channels: [1, 0], range: 1..<2) == [[-1_024_000], [2047]])
  }

  @Test func readsSeveralFilesAndSamplesPerFrame() throws {
    let folder = try TemporaryFolder()
    // Two frames: three samples of the first signal and one of the second in each.
    try folder.write("a.dat", [1, 0, 2, 0, 3, 0, 100, 0, 4, 0, 5, 0, 6, 0, 200, 0])
    try folder.write("b.dat", [0xEE, 0, 7, 0, 8])
    let path = try folder.write(
      "r.hea",
      "# a remark\r\nr 3 100.5/3(0) 2 10:20:30.5 02/03/2026\r\n"
        + "a.dat 16x3 1/uV 16 0 1 21 0 EMG left\r\na.dat 16 2.0(0)/N 16 0 100 300 0 Force\r\n"
        + "b.dat 61+1 1/uV\r\n# end\r\n")
    let recording = try Recording.open(path)
    #expect(recording.channels.map(\.samplingRate) == [301.5, 100.5, 100.5])
    #expect(recording.channels.map(\.sampleCount) == [6, 2, 2])
    #expect(recording.channels.map(\.role) == [.emg, .force, .emg])
    #expect(recording.channels[0].name == "EMG left")
    #expect(try recording.samples(channel: 0) == [1, 2, 3, 4, 5, 6])
    #expect(try recording.samples(channels: [0], range: 2..<5) == [[3, 4, 5]])
    #expect(try recording.samples(channel: 1) == [50, 100])
    #expect(try recording.samples(channel: 2) == [7, 8])
    #expect(recording.startTime == Date(timeIntervalSince1970: 1_772_446_830.5))
    #expect(recording.remarks == ["a remark", "end"])
  }

  @Test func aWrongChecksumIsAnError() throws {
    let folder = try TemporaryFolder()
    try folder.write("r.dat", [1, 0, 2, 0])
    let path = try folder.write("r.hea", "r 1 1000 2\nr.dat 16 1/uV 16 0 1 4 0 EMG\n")
    let error = thrown { try Recording.open(path) }
    #expect(error?.kind == .malformed)
    #expect(error?.description.contains("checksum is 3, the header states 4") == true)
  }

  @Test(arguments: [
    ("r 1 1e300 2\nr.dat 16 1/uV\n", RecordingError.Kind.malformed),
    ("r 1\nr.dat 16 1/uV\n", .missingSamplingRate),
    ("r 2 1000\nr.dat 16 1/uV\n", .truncated),
    ("r 1 0\nr.dat 16 1/uV\n", .malformed),
    ("r 1 1000\nr.dat 99 1/uV\n", .malformed),
    ("r 1 1000\nr.dat 16:5 1/uV\n", .malformed),
    ("r 1 1000\nr.dat 16 one/uV\n", .malformed),
    ("r 1 1000\n../r.dat 16 1/uV\n", .unsupported),
    ("r 1 1000\nnone.dat 16 1/uV\n", .cannotOpen),
    ("r/2 1 1000\nr.dat 16 1/uV\n", .unsupported),
    ("r 1 1000\nr.dat 16x99999999999999999999 1/uV\n", .malformed),
  ])
  func badHeadersAreErrors(_ header: String, _ kind: RecordingError.Kind) throws {
    let folder = try TemporaryFolder()
    try folder.write("r.dat", [1, 0, 2, 0])
    let error = thrown { try Recording.open(try folder.write("r.hea", header)) }
    #expect(error?.kind == kind, "\(String(describing: error))")
  }

  @Test func missingSamplesAreSaidAndNeverSignal() throws {
    let folder = try TemporaryFolder()
    try folder.write("r.dat", [1, 0, 0, 0x80, 2, 0])
    let recording = try Recording.open(
      try folder.write("r.hea", "r 1 1000 3\nr.dat 16 1/uV 16 0 1\n"))
    #expect(recording.warnings.contains { $0.contains("1 of 3 samples are missing") })
    let error = thrown { try recording.samples(channel: 0) }
    #expect(error?.description.contains("sample 1: is missing") == true)
    #expect(try recording.samples(channels: [0], range: 2..<3) == [[2]])
  }

  @Test(arguments: [
    ("05:05:15 08/05/2014", 0), ("2014-05-08 05:05:15", 1), ("2014-05-08T05:05:15 x", 1),
    ("yesterday noon", 1),
  ])
  func oddDatesAreReadOrSaid(_ date: String, _ warnings: Int) throws {
    let folder = try TemporaryFolder()
    try folder.write("r.dat", [1, 0, 2, 0])
    let recording = try Recording.open(
      try folder.write("r.hea", "r 1 1000 2 \(date)\nr.dat 16 1/uV\n"))
    #expect(recording.warnings.count == warnings)
    let expected = date.contains("2014") ? 1_399_525_515.0 : nil
    #expect(recording.startTime?.timeIntervalSince1970 == expected)
  }

  @Test func aShortFileIsReadAsFarAsItGoes() throws {
    let folder = try TemporaryFolder()
    try folder.write("r.dat", [1, 0, 2, 0])
    let recording = try Recording.open(
      try folder.write("r.hea", "r 1 1000 3\nr.dat 16 1/uV 16 0 1 99\n"))
    #expect(recording.sampleCount == 2)
    #expect(recording.warnings.contains { $0.contains("2 of 3 samples per signal are read") })
  }

  @Test func dischargesThatCannotBeReadAreLeftOut() throws {
    let folder = try TemporaryFolder()
    try folder.write("r.dat", [1, 0, 2, 0])
    try folder.write("r.eaf", Array("no annotations".utf8))
    let recording = try Recording.open(try folder.write("r.hea", "r 1 1000\nr.dat 16 1/uV\n"))
    #expect(try recording.samples(channel: 0) == [1, 2])
    #expect(try recording.storedSpikes() == nil)
    #expect(
      recording.warnings.contains { $0.hasPrefix("the discharges beside it are left out: ") })
  }

  @Test func uncalibratedSignalsAreRelativeUntilScaled() throws {
    let folder = try TemporaryFolder()
    try folder.write("r.dat", [0, 0x40])
    let path = try folder.write("r.hea", "r 1 1000\nr.dat 16\n")
    #expect(try Recording.open(path).channels[0].unit == .relative)
    let scaled = try Recording.open(path, options: .init(millivoltsAtFullScale: 2))
    #expect(try scaled.samples(channel: 0) == [1000])
  }
}
