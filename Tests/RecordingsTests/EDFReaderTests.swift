import Foundation
import TestSupport
import Testing

@testable import Recordings

@Suite struct EDFReaderTests {
  @Test func readsTheEDFPlusGeneratorFile() throws {
    let url = try SharedData.file("data/formats/test_generator_2.edf")
    let recording = try Recording.open(url.path)
    #expect(recording.source.formatName == "EDF+")
    #expect(recording.channels.count == 11)
    #expect(recording.channels[0].name == "squarewave")
    #expect(recording.channels.allSatisfy { $0.samplingRate == 200 && $0.sampleCount == 120_000 })
    // The channel called ECG is no EMG; the header's start is 10 December 2009, 12:44:02.
    #expect(recording.channels[3].role == .auxiliary)
    #expect(recording.startTime == Date(timeIntervalSince1970: 1_260_449_042))
    #expect(recording.gaps.isEmpty)
    #expect(
      recording.annotations == [
        Annotation(onset: 0, text: "RECORD START"), Annotation(onset: 600, text: "REC STOP"),
      ])
    // Values computed from the bytes with another program.
    let ramp = try recording.samples(channel: 1)
    #expect(abs(ramp[0] + 99.961_852) < 1e-3)
    #expect(abs(ramp[777] - 77.012_283) < 1e-3)
    #expect(abs(ramp[119_999] - 98.985_275) < 1e-3)
    let part = try recording.samples(channels: [9, 4], range: 777..<778)
    #expect(abs(part[0][0] - 72.892_348) < 1e-3)
    #expect(abs(part[1][0] - 50.003_815) < 1e-3)
  }

  @Test func partsAgreeWithTheWhole() throws {
    let url = try SharedData.file("data/formats/test_generator_2.edf")
    let recording = try Recording.open(url.path)
    let whole = try recording.samples(channels: [5, 8], range: 0..<4000)
    for range in [0..<1, 199..<201, 399..<1001, 3333..<4000] {
      let part = try recording.samples(channels: [5, 8], range: range)
      #expect(part[0] == Array(whole[0][range]))
      #expect(part[1] == Array(whole[1][range]))
      #expect(try recording.samples(channels: [8], range: range)[0] == part[1])
    }
  }

  @Test func readsRatesThatDifferAndOneSampleRecords() throws {
    let folder = try TemporaryFolder()
    var file = EDFBytes(isBDF: false, records: 3, duration: "1")
    file.add("EMG a", unit: "mV", perRecord: 4, physical: ("-3.2768", "3.2767"))
    file.add("Force", unit: "N", perRecord: 1, physical: ("-32768", "32767"))
    let path = try folder.write(
      "a.edf", file.bytes { signal, record, index in signal == 0 ? record * 10 + index : record })
    let recording = try Recording.open(path)
    #expect(recording.samplingRate == 4)
    #expect(recording.channels[1].samplingRate == 1)
    #expect(recording.channels.map(\.sampleCount) == [12, 3])
    #expect(recording.forceChannel == 1)
    // 0.1 uV a step: millivolts became microvolts.
    let values = try recording.samples(channel: 0)
    for (value, digital) in zip(values, [0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23]) {
      #expect(abs(value - 0.1 * Float(digital)) < 1e-3)
    }
    #expect(try recording.samples(channels: [1], range: 1..<3) == [[1, 2]])
  }

  @Test func reads24BitValuesWithTheirSign() throws {
    let folder = try TemporaryFolder()
    var file = EDFBytes(isBDF: true, records: 1, duration: "1")
    file.add(
      "EMG", unit: "uV", perRecord: 4, physical: ("-8388608", "8388607"),
      digital: ("-8388608", "8388607"))
    file.add(
      "Status", unit: "Boolean", perRecord: 4, physical: ("-8388608", "8388607"),
      digital: ("-8388608", "8388607"))
    let values = [-8_388_608, -1, 1, 8_388_607]
    let path = try folder.write("a.bdf", file.bytes { _, _, index in values[index] })
    let recording = try Recording.open(path)
    #expect(recording.source.formatName == "BDF")
    #expect(try recording.samples(channel: 0) == values.map { Float($0) })
    #expect(recording.channels[1].role == .trigger)
    #expect(recording.channels[1].unit == .dimensionless)
  }

  @Test func takesTheRecordCountFromTheFileSizeWhereItIsOpen() throws {
    let folder = try TemporaryFolder()
    var file = EDFBytes(isBDF: false, records: 5, duration: "0.5", stated: "-1")
    file.add("EMG", unit: "uV", perRecord: 2, physical: ("-100", "100"))
    let recording = try Recording.open(
      try folder.write("a.edf", file.bytes { _, record, _ in record } + [7]))
    #expect(recording.sampleCount == 10)
    #expect(recording.samplingRate == 4)
    #expect(recording.warnings.contains { $0.contains("number of records") })
    #expect(recording.warnings.contains { $0.contains("incomplete last record") })
  }

  @Test func readsTheWholeRecordsOfACutFileAndSaysSo() throws {
    let folder = try TemporaryFolder()
    var file = EDFBytes(isBDF: false, records: 5, duration: "0.5")
    file.add("EMG", unit: "uV", perRecord: 2, physical: ("-100", "100"))
    let bytes = file.bytes { _, record, _ in record }
    let cut = try Recording.open(try folder.write("a.edf", Array(bytes.dropLast(5))))
    #expect(cut.sampleCount == 6)
    #expect(cut.warnings.contains { $0.contains("3 of 5 data records (1.5 s) are read") })
    let none = try folder.write("b.edf", Array(bytes.prefix(514)))
    #expect(thrown { try Recording.open(none) }?.kind == .truncated)
  }

  @Test func takesUnitAndRateOfTheUserAndSaysSo() throws {
    let folder = try TemporaryFolder()
    var file = EDFBytes(isBDF: false, records: 2, duration: "1")
    file.add("EMG", unit: "uV", perRecord: 100, physical: ("-100", "100"))
    let path = try folder.write("a.edf", file.bytes { _, _, index in index })
    let volts = try Recording.open(path, options: .init(unit: .volt))
    #expect(volts.warnings.contains { $0.contains("given unit V replaces") })
    let twice = try Recording.open(path, options: .init(samplingRate: 200))
    #expect(twice.samplingRate == 200)
    #expect(twice.warnings.contains { $0.contains("given 200.0 Hz replaces") })
    // Eight characters cannot state every rate: a close one is a correction.
    let exact = try Recording.open(path, options: .init(samplingRate: 100.05))
    #expect(exact.samplingRate == 100.05)
    #expect(exact.warnings.contains { $0.contains("given 100.05 Hz") })
  }

  @Test func signalsWithoutUnitAreRelativeUntilItIsGiven() throws {
    let folder = try TemporaryFolder()
    var file = EDFBytes(isBDF: false, records: 1, duration: "1")
    file.add("EMG", unit: "", perRecord: 2, physical: ("-32768", "32767"))
    let path = try folder.write("a.edf", file.bytes { _, _, index in index })
    let relative = try Recording.open(path)
    #expect(relative.channels[0].unit == .relative)
    #expect(!relative.warnings.isEmpty)
    let volts = try Recording.open(path, options: .init(unit: .millivolt))
    #expect(try volts.samples(channel: 0) == [0, 1000])
    #expect(volts.channels[0].gainProvenance == "given unit mV")
  }
}
