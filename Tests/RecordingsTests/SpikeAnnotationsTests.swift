import Foundation
import Testing

@testable import Recordings

@Suite struct SpikeAnnotationsTests {
  @Test func eafRoundTrip() throws {
    let folder = try TemporaryFolder()
    let original = SpikeAnnotations(
      origin: "test",
      trains: [
        .init(unit: "1", times: [0.5, 0.004_51, 2.123_456]), .init(unit: "2", times: [0.004_51]),
        .init(unit: "10", times: [1]), .init(unit: "left <a>", times: [3]),
      ])
    try original.writeEAF(to: folder.path("a.eaf"))
    let read = try SpikeAnnotations.readEAF(folder.path("a.eaf"))
    #expect(read.trains.map(\.unit) == ["1", "2", "10", "left_a"])
    #expect(read.trains.map(\.times) == [[0.004_51, 0.5, 2.123_456], [0.004_51], [1], [3]])
    #expect(read.origin == "EAF file a.eaf")
  }

  @Test func eafColumnsComeInTheOrderOfTheHeader() throws {
    let folder = try TemporaryFolder()
    let text = """
      <emglab_annotation_file><!-- <emglab_spike_x> --><emglab_spike_header><unit></unit>
      <!-- <chan></chan> --><time></time><amp/></emglab_spike_header><emglab_spike_events>
      A 0.25 7
      <!-- B 9 9 -->
      A 0.125 8

      </emglab_spike_events></emglab_annotation_file>
      """
    let read = try SpikeAnnotations.readEAF(try folder.write("a.eaf", text))
    #expect(read.trains == [.init(unit: "A", times: [0.125, 0.25])])
  }

  @Test(arguments: [
    "<xml/>",
    "<emglab_spike_header><time/></emglab_spike_header><emglab_spike_events>1</emglab_spike_events>",
    "<emglab_spike_header><time/><unit/></emglab_spike_header><emglab_spike_events>\nx 1\n</emglab_spike_events>",
    "<emglab_spike_header><time/><unit/></emglab_spike_header><emglab_spike_events>\n1\n</emglab_spike_events>",
    "<emglab_spike_header><time/><unit/></emglab_spike_header><emglab_spike_events>\nnan 1\n</emglab_spike_events>",
    "<emglab_spike_header><time/><unit/></emglab_spike_header><emglab_spike_events>1 1",
  ])
  func badEAFIsAnError(_ text: String) throws {
    let folder = try TemporaryFolder()
    let error = thrown { try SpikeAnnotations.readEAF(try folder.write("a.eaf", text)) }
    #expect(error?.kind == .malformed)
  }

  @Test func readsWFDBAnnotations() throws {
    let folder = try TemporaryFolder()
    func word(_ code: Int, _ field: Int) -> [UInt8] {
      let value = code << 10 | field
      return [UInt8(value & 255), UInt8(value >> 8)]
    }
    var bytes = word(22, 0) + word(63, 24) + Array("## time resolution: 2000".utf8)
    bytes += word(1, 100)
    bytes += word(1, 300) + word(61, 3)
    // An interval of 0x00010002 samples, high half first, then a named unit 50 samples later.
    bytes += word(59, 0) + [1, 0, 2, 0] + word(1, 50) + word(63, 3) + Array("MU7".utf8) + [0]
    bytes += word(0, 0)
    let path = try folder.write("r.atr", bytes)
    let read = try SpikeAnnotations.readWFDB(path, samplingRate: 1000)
    #expect(
      read.trains == [
        .init(unit: "1", times: [0.05]), .init(unit: "1.3", times: [0.2]),
        .init(unit: "MU7", times: [Double(400 + 65538 + 50) / 2000]),
      ])
    for cut in [bytes.count - 2, bytes.count - 3, 20, 1] {
      let part = try folder.write("cut.atr", Array(bytes.prefix(cut)))
      #expect(thrown { try SpikeAnnotations.readWFDB(part, samplingRate: 1000) } != nil)
    }
  }

  @Test func wfdbRoundTrip() throws {
    let folder = try TemporaryFolder()
    let rate = 10_000.0
    // Steps below and above the 1023 samples of one word, and one beyond 16 bits.
    let original = SpikeAnnotations(
      origin: "test",
      trains: [
        .init(unit: "1", times: [0, 0.004_5, 0.102_3, 0.102_4, 0.204_8, 20]),
        .init(unit: "2", times: [0.004_5, 0.1]), .init(unit: "left \u{00e9}", times: [3, 1_000]),
      ])
    try original.writeWFDB(to: folder.path("r.mu"), samplingRate: rate)
    // The file states its rate, which goes before any other.
    for stated in [nil, 250] as [Double?] {
      let read = try SpikeAnnotations.readWFDB(folder.path("r.mu"), samplingRate: stated)
      #expect(read.trains == original.trains)
      #expect(read.origin == "WFDB annotation file r.mu")
    }
    #expect(try SpikeAnnotations.isWFDB(folder.path("r.mu")))
  }

  @Test func wfdbHoldsWhatTheFormatSays() {
    let bytes = SpikeAnnotations(
      origin: "test", trains: [.init(unit: "7", times: [0.1, 2]), .init(unit: "ab", times: [0.1])]
    ).wfdbBytes(samplingRate: 1000)
    var expected: [UInt8] = [0, 22 << 2, 24, 63 << 2] + Array("## time resolution: 1000".utf8)
    // Type 1 after 100 samples, num 1, the name padded to a word; the same sample, num 2.
    expected += [100, 1 << 2, 1, 60 << 2, 1, 63 << 2, UInt8(ascii: "7"), 0]
    expected += [0, 1 << 2, 2, 60 << 2, 2, 63 << 2] + Array("ab".utf8)
    // 1900 samples on in an interval of 32 bits, its high half first.
    expected += [0, 59 << 2, 0, 0, 0x6C, 0x07, 0, 1 << 2, 1, 60 << 2, 1, 63 << 2]
    expected += [UInt8(ascii: "7"), 0, 0, 0]
    #expect(bytes == expected)
  }

  @Test func wfdbNamesAreCutAndNumbersEnd() throws {
    let folder = try TemporaryFolder()
    let names =
      (1...130).map { "unit \($0)" } + [String(repeating: "\u{00e9}", count: 300), "", "a\nb"]
    let original = SpikeAnnotations(
      origin: "test", trains: names.enumerated().map { .init(unit: $1, times: [Double($0) / 100]) })
    try original.writeWFDB(to: folder.path("r.mu"), samplingRate: 2048.5)
    let read = try SpikeAnnotations.readWFDB(folder.path("r.mu"))
    #expect(read.trains.count == names.count)
    #expect(read.trains.contains { $0.unit == String(repeating: "\u{00e9}", count: 127) })
    #expect(read.trains.contains { $0.unit == "?" })
    let last = try #require(read.trains.first { $0.unit == "unit 130" })
    #expect(abs(last.times[0] - 1.29) <= 0.5 / 2048.5)
  }

  @Test func wfdbNumbersTellUnitsWithoutText() throws {
    let folder = try TemporaryFolder()
    func word(_ code: Int, _ field: Int) -> [UInt8] {
      [UInt8((code << 10 | field) & 255), UInt8((code << 10 | field) >> 8)]
    }
    // A number holds until the next one; 0x3FF is -1.
    var bytes = word(1, 10) + word(60, 2) + word(1, 10) + word(1, 10) + word(60, 0x3FF)
    bytes += word(1, 10) + word(60, 0) + word(0, 0)
    let path = try folder.write("r.atr", bytes)
    let read = try SpikeAnnotations.readWFDB(path, samplingRate: 100)
    #expect(
      read.trains == [
        .init(unit: "1", times: [0.4]), .init(unit: "1#-1", times: [0.3]),
        .init(unit: "1#2", times: [0.1, 0.2]),
      ])
    #expect(thrown { try SpikeAnnotations.readWFDB(path) }?.kind == .missingSamplingRate)
    _ = try folder.write("r.hea", "r 1 1000 50\nr.dat 16 200 16 0\n")
    #expect(try SpikeAnnotations.readWFDB(path).trains[0].times == [0.04])
  }

  @Test func mutilatedWFDBAnnotationsAreReadOrRefused() throws {
    let folder = try TemporaryFolder()
    let original = SpikeAnnotations(
      origin: "test",
      trains: (1...3).map { unit in
        .init(unit: "\(unit)", times: (0..<20).map { Double($0 * unit) * 0.21 })
      })
    let intact = original.wfdbBytes(samplingRate: 4000)
    var state: UInt64 = 1
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var refused = 0
    for _ in 0..<400 {
      var bytes = intact
      for _ in 0...next(6) { bytes[next(bytes.count)] = UInt8(next(256)) }
      if next(2) == 0 { bytes.removeLast(next(bytes.count)) }
      let path = try folder.write("f.mu", bytes)
      do {
        let read = try SpikeAnnotations.readWFDB(path, samplingRate: 4000)
        #expect(read.trains.allSatisfy { $0.times.allSatisfy { $0 >= 0 && $0.isFinite } })
      } catch is RecordingError {
        refused += 1
      }
    }
    #expect(refused > 50)
  }
}
