import Foundation
import Testing

@testable import Recordings

/// EDF and BDF files with one bad part, and what they say of triggers and grids.
@Suite struct OddEDFTests {
  @Test(
    arguments: [
      (("0", "0"), ("-32768", "32767")), (("-1", "1"), ("5", "5")), (("one", "1"), ("-1", "1")),
      (("-1", "1"), ("7", "-7")),
    ] as [((String, String), (String, String))])
  func aChannelWithoutScaleIsLeftOutAlone(
    _ physical: (String, String), _ digital: (String, String)
  ) throws {
    let folder = try TemporaryFolder()
    var file = EDFBytes(isBDF: false, records: 2, duration: "1")
    file.add("EMG 1", unit: "uV", perRecord: 10, physical: ("-32768", "32767"))
    file.add("REF", unit: "uV", perRecord: 7, physical: physical, digital: digital)
    file.add("EMG 2", unit: "uV", perRecord: 10, physical: ("-32768", "32767"))
    let path = try folder.write("a.edf", file.bytes { signal, _, index in 100 * signal + index })
    let recording = try Recording.open(path)
    #expect(recording.channels.map(\.name) == ["EMG 1", "EMG 2"])
    #expect(recording.warnings.contains { $0.contains("channel REF: left out") })
    #expect(try recording.samples(channels: [1], range: 0..<2) == [[200, 201]])
  }

  @Test func channelsOfTwoRatesTellTheirOwnLength() throws {
    let folder = try TemporaryFolder()
    var file = EDFBytes(isBDF: false, records: 20, duration: "1")
    file.add("EMG fast", unit: "uV", perRecord: 200, physical: ("-100", "100"))
    file.add("EMG slow", unit: "uV", perRecord: 50, physical: ("-100", "100"))
    let recording = try Recording.open(
      try folder.write("a.edf", file.bytes { _, _, index in index }))
    #expect(recording.duration == 20)
    #expect(recording.channels.map(\.duration) == [20, 20])
    #expect(recording.sampleCount == 4000)
  }

  @Test func theStatusWordGivesItsTriggerBitsAlone() throws {
    let folder = try TemporaryFolder()
    var file = EDFBytes(isBDF: true, records: 1, duration: "1")
    file.add(
      "EMG", unit: "uV", perRecord: 4, physical: ("-8388608", "8388607"),
      digital: ("-8388608", "8388607"))
    file.add(
      "Status", unit: "Boolean", perRecord: 4, physical: ("-8388608", "8388607"),
      digital: ("-8388608", "8388607"))
    let words = [0x100000, 0x910001, 0x90FFFF, 0x010000]
    let path = try folder.write("a.bdf", file.bytes { _, _, index in words[index] })
    let recording = try Recording.open(path)
    #expect(recording.channels[1].role == .trigger)
    #expect(try recording.samples(channel: 1) == [0, 1, 65535, 0])
  }

  @Test(arguments: [false, true])
  func theGridOfAWrittenFileComesBack(_ isBDF: Bool) throws {
    let folder = try TemporaryFolder()
    var original = SyntheticEMG.recording(channels: 41, samples: 400, samplingRate: 1000)
    original.channels[40].role = .force
    original.electrodeGrids = [
      ElectrodeGrid(
        rows: 8, columns: 5, interElectrodeDistanceMillimetres: 10,
        electrodes: (0..<40).map {
          .init(channel: $0, position: .init(row: $0 % 8, column: $0 / 8))
        })
    ]
    let path = folder.path("a.edf")
    try EDFWriter.write(original, to: path, configuration: .init(isBDF: isBDF))
    #expect(try Recording.open(path).electrodeGrids == original.electrodeGrids)
  }

  @Test func aTransducerThatIsNoPlaceIsNone() {
    for text in [
      "", "EMG electrode", "EMG electrode, grid 1 8x5 row 9 column 1", "AgAgCl electrode",
      "EMG electrode, grid 1 999999999x5 row 1 column 1", "EMG electrode, grid 1 x row 1 column 1",
    ] { #expect(EDFElectrodeText(text) == nil, "\(text)") }
    #expect(EDFElectrodeText("EMG electrode, grid 2 8x5 row 3 column 2 4.0 mm")?.distance == 4)
  }
}
