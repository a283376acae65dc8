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
}
