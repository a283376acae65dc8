import Foundation
import TestSupport
import Testing

@testable import Recordings

/// A tar archive in memory.
struct TarBytes {
  var bytes: [UInt8] = []

  mutating func add(
    _ name: String, _ content: [UInt8], kind: Character = "0", stated: Int? = nil
  ) {
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, _ at: Int) {
      for (index, byte) in text.utf8.enumerated() { header[at + index] = byte }
    }
    put(String(name.prefix(100)), 0)
    put("0000644", 100)
    let size = String(stated ?? content.count, radix: 8)
    put(String(repeating: "0", count: 11 - size.count) + size, 124)
    put("        ", 148)
    put(String(kind), 156)
    put("ustar", 257)
    put("00", 263)
    let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
    put(String(repeating: "0", count: 6 - sum.count) + sum + "\0 ", 148)
    bytes += header + content
    bytes += [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
  }

  mutating func add(_ name: String, _ text: String) { add(name, Array(text.utf8)) }

  var finished: [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }
}

/// Archives of both kinds, built by the published rules.
enum OTBExample {
  static func int16(_ values: [Int]) -> [UInt8] {
    values.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
  }

  /// The stored value of a channel at a sample.
  static func count(_ channel: Int, _ sample: Int) -> Int {
    (channel * 37 + sample * 11) % 400 - 200
  }

  static func signal(channels: Int, samples: Int) -> [UInt8] {
    int16((0..<samples).flatMap { sample in (0..<channels).map { count($0, sample) } })
  }

  static func plusXML(
    device: String = "QUATTROCENTO", bits: Int = 16, code: String = "GR08MM1305",
    gain: String = "150"
  ) -> String {
    let array = (0..<64).map {
      """
      <Channel Index="\($0)" Gain="1" Muscle="Tibialis Anterior" Side="Left" ID="\(code)" Prefix=""/>
      """
    }.joined()
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <Device Name="\(device);1" SampleFrequency="2048" DeviceTotalChannels="68" ad_bits="\(bits)">
       <Channels>
        <Adapter ID="MULTIPLE IN 1" Gain="\(gain)" ChannelStartIndex="0" HighPassFilter="10" LowPassFilter="500">\(array)</Adapter>
        <Adapter ID="Direct connection" Gain="0.5" ChannelStartIndex="64">
         <Channel Index="0" Gain="1" ID="AUX" Muscle="Not defined"/>
         <Channel Index="1" Gain="1" ID="Force" Description="Load cell &amp; arm"/></Adapter>
        <Adapter ID="AdapterControl" Gain="1" ChannelStartIndex="66">
         <Channel Index="0" Gain="1" ID="Buffer"/><Channel Index="1" Gain="1" ID="Ramp"/></Adapter>
       </Channels></Device>
      """
  }

  static func plus(samples: Int = 50, xml: String = plusXML()) -> TarBytes {
    var tar = TarBytes()
    tar.add("acq.xml", xml)
    tar.add("acq.sig", signal(channels: 68, samples: samples))
    tar.add(
      "patient.xml",
      "<Patient><family_name>Doe</family_name><time>2025-06-10T14:03:05</time></Patient>")
    tar.add(
      "markers_0.xml",
      "<Markers><Marker><Milliseconds>12.5</Milliseconds><Description>go</Description></Marker></Markers>"
    )
    return tar
  }

  static func track(
    _ title: String, _ subtitle: String, stream: String = "a.sig", first: Int, count: Int,
    total: Int = 69, size: Int = 2, rate: String = "2000", unit: String = "mV", bits: Int = 16,
    gain: String = "1", factor: String = "1000", more: String = ""
  ) -> String {
    """
    <TrackInfo><Device>Muovi+;1</Device><Title>\(title)</Title><SubTitle>\(subtitle)</SubTitle>
    <SignalStreamPath>\(stream)</SignalStreamPath><AcquisitionChannel>\(first)</AcquisitionChannel>
    <NumberOfChannels>\(count)</NumberOfChannels><TotalChannelsInFile>\(total)</TotalChannelsInFile>
    <SampleSize>\(size)</SampleSize><SamplingFrequency>\(rate)</SamplingFrequency>
    <ADC_Nbits>\(bits)</ADC_Nbits><ADC_Range>0.0187</ADC_Range><Gain>\(gain)</Gain>
    <UnitOfMeasurement>\(unit)</UnitOfMeasurement>
    <UnitOfMeasurementFactor>\(factor)</UnitOfMeasurementFactor>\(more)
    <StringsDescriptions><StartDate>2025-06-10T14:03:05.1</StartDate></StringsDescriptions></TrackInfo>
    """
  }

  static func four(samples: Int = 40) -> TarBytes {
    var tar = TarBytes()
    tar.add(
      "Tracks_000.xml",
      "<?xml version=\"1.0\"?><ArrayOfTrackInfo xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">"
        + track("Vastus", "HD08MM1305", first: 0, count: 64)
        + track("", "Quaternion", first: 64, count: 4, unit: "a.u.", bits: 0, factor: "1")
        + track(
          "", "Buffer", first: 68, count: 1, unit: "", bits: 0, factor: "1",
          more: "<IsControl>true</IsControl>") + "</ArrayOfTrackInfo>")
    tar.add("a.sig", signal(channels: 69, samples: samples))
    tar.add(
      "TrapezoidalTracks_000.xml",
      "<ArrayOfTrackInfo>"
        + track(
          "Performed Path", "", stream: "p.sip", first: 0, count: 1, total: 2, size: 8, rate: "100",
          unit: "%MVC")
        + track(
          "Original Path", "", stream: "p.sip", first: 1, count: 1, total: 2, size: 8, rate: "100",
          unit: "%MVC") + "</ArrayOfTrackInfo>")
    let path = (0..<6).flatMap { [Double($0) * 1.5, Double($0)] }
    tar.add("p.sip", path.flatMap { value in withUnsafeBytes(of: value.bitPattern) { Array($0) } })
    return tar
  }
}

@Suite struct OTBReaderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func open(
    _ tar: TarBytes, options: RecordingOptions = RecordingOptions()
  ) throws -> Recording {
    try Recording.open(folder.write("a.otb", tar.finished), options: options)
  }

  @Test func plusGivesMicrovoltsByTheMakersFactor() throws {
    let recording = try open(OTBExample.plus())
    #expect(recording.source.formatName == "OTB+")
    #expect(recording.channels.count == 68 && recording.emgChannels == Array(0..<64))
    #expect(recording.samplingRate == 2048 && recording.sampleCount == 50)
    let values = try recording.samples(channels: [3, 65], range: 10..<20)
    for (place, sample) in (10..<20).enumerated() {
      // 5 V in 2^16 steps behind a gain of 150, in microvolts.
      let expected = Double(OTBExample.count(3, sample)) * 5e6 / 65536 / 150
      #expect(abs(Double(values[0][place]) - expected) < 1e-3)
      let direct = Double(OTBExample.count(65, sample)) * 5e6 / 65536 / 0.5
      #expect(abs(Double(values[1][place]) - direct) < 1)
    }
    #expect(recording.channels[65].role == .force)
    #expect(recording.channels[64].role == .auxiliary)
    #expect(recording.channels[66].role == .auxiliary)
    #expect(recording.channels[66].unit == .relative)
    let grid = try #require(recording.electrodeGrid)
    #expect(grid.rows == 13 && grid.columns == 5)
    #expect(grid.electrodes.map(\.channel) == Array(0..<64))
    #expect(recording.annotations == [Annotation(onset: 0.0125, text: "go")])
    #expect(recording.startTime == Date(timeIntervalSince1970: 1_749_564_185))
    #expect(!"\(recording)".contains("Doe"))
    #expect(recording.channels[0].gainProvenance.contains("QUATTROCENTO: 5.0 V"))
  }

  @Test(arguments: [
    ("QUATTROCENTO", "MULTIPLE IN 1", 150.0, 5.0863e-4), ("DUE+", "IN1", 202, 2.4928e-4),
    ("DUE", "IN1", 200, 3.8147e-4), ("SYNCSTATION", "AdapterLoadCell", 205, 3.7217e-4),
    ("SYNCSTATION", "Muovi", 256, 2.8610e-4), ("QUATTROCENTO", "Direct connection", 0.5, 0.1526),
    ("SESSANTAQUATTRO", "IN1", 1, 2.8610e-4), ("MUOVI", "IN1", 256, 2.8610e-4),
  ])
  func factorsAreThoseOfTheMaker(
    _ device: String, _ adapter: String, _ gain: Double, _ factor: Double
  ) {
    let conversion = OTBConversion(device: device, adapter: adapter, gain: gain, bits: 16)
    #expect(abs(conversion.factor / factor - 1) < 1e-3)
    #expect((conversion.doubt != nil) == (device == "DUE"))
  }

  @Test func contradictingGainIsSaid() throws {
    let recording = try open(OTBExample.plus(xml: OTBExample.plusXML(gain: "500")))
    #expect(recording.warnings.contains { $0.contains("500.0") && $0.contains("150.0") })
  }

  @Test func packed24BitsAreToldFromFourBytes() throws {
    for width in [3, 4] {
      var tar = TarBytes()
      tar.add("a.xml", OTBExample.plusXML(device: "SESSANTAQUATTRO", bits: 24, gain: "1"))
      let content = (0..<20).flatMap { sample in
        (0..<68).flatMap { channel -> [UInt8] in
          let value = OTBExample.count(channel, sample) * 300
          return (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
      }
      tar.add("a.sig", content)
      tar.add("patient.xml", "<Patient><duration>\(20.0 / 2048)</duration></Patient>")
      let recording = try open(tar)
      #expect(recording.sampleCount == 20)
      let values = try recording.samples(channels: [7], range: 0..<20)[0]
      let expected = Double(OTBExample.count(7, 5) * 300) * 4.8e6 / 16_777_216
      #expect(abs(Double(values[5]) - expected) < 0.01)
    }
  }

  @Test func fourReadsTracksOfDifferentRates() throws {
    let recording = try open(OTBExample.four())
    #expect(recording.source.formatName == "OTB4")
    #expect(recording.emgChannels == Array(0..<64))
    #expect(recording.sampleCount == 40 && recording.samplingRate == 2000)
    let force = try #require(recording.forceChannel)
    #expect(recording.channels[force].name == "Performed Path")
    #expect(recording.channels[force].samplingRate == 100)
    #expect(recording.channels[force].unit == .percentMVC)
    #expect(try recording.samples(channel: force) == [0, 1.5, 3, 4.5, 6, 7.5])
    let target = try #require(recording.channels.firstIndex { $0.name == "Original Path" })
    #expect(recording.channels[target].role == .auxiliary)
    let values = try recording.samples(channels: [1, 66], range: 3..<9)
    // 0.0187 V / 2^16 * 1000 is in millivolts.
    let expected = Double(OTBExample.count(1, 4)) * 0.0187 / 65536 * 1e6
    #expect(abs(Double(values[0][1]) - expected) < 1e-3)
    #expect(values[1][1] == Float(OTBExample.count(66, 4)))
    #expect(recording.electrodeGrid?.name == "HD08MM1305")
  }

  @Test func fileOwnMapIsTakenForUnknownArrays() throws {
    var tar = TarBytes()
    let map =
      "<Description><Name>MYGRID</Name><NRow>2</NRow><NColumn>2</NColumn><Map><ArrayOfInt><int>0</int>"
      + "<int>3</int></ArrayOfInt><ArrayOfInt><int>1</int><int>2</int></ArrayOfInt></Map></Description>"
    tar.add(
      "Tracks_000.xml",
      "<ArrayOfTrackInfo>"
        + OTBExample.track("EMG", "own", first: 0, count: 3, total: 3, more: map)
        + "</ArrayOfTrackInfo>")
    tar.add("a.sig", OTBExample.signal(channels: 3, samples: 10))
    let grid = try #require(try open(tar).electrodeGrid)
    #expect(grid.channel(at: .init(row: 0, column: 1)) == 2)
    #expect(grid.channel(at: .init(row: 0, column: 0)) == nil)
  }

  @Test func gainOfZeroIsSaid() throws {
    var tar = TarBytes()
    tar.add(
      "Tracks_000.xml",
      "<ArrayOfTrackInfo>" + OTBExample.track("EMG", "x", first: 0, count: 2, total: 2, gain: "0")
        + "</ArrayOfTrackInfo>")
    tar.add("a.sig", OTBExample.signal(channels: 2, samples: 10))
    let recording = try open(tar)
    #expect(recording.channels[0].unit == .relative)
    #expect(recording.warnings.contains { $0.contains("gain of 0") })
  }

  @Test func hostileMembersAreNotFollowed() throws {
    var tar = OTBExample.plus()
    tar.add("../../etc/passwd", "x")
    tar.add("/abs.sig", "x")
    tar.add("link.sig", [], kind: "2")
    let recording = try open(tar)
    #expect(recording.warnings.filter { $0.contains("leads out of the archive") }.count == 2)
    #expect(recording.warnings.contains { $0.contains("no plain file") })
    #expect(recording.channels.count == 68)
  }

  @Test func entityBombIsRefused() throws {
    var tar = TarBytes()
    tar.add("a.xml", "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><Device Name=\"&a;\"/>")
    tar.add("a.sig", OTBExample.signal(channels: 2, samples: 10))
    let error = thrown { _ = try open(tar) }
    #expect(error?.description.contains("document type") == true)
  }

  @Test func cutArchiveIsReadAsFarAsItGoes() throws {
    let whole = OTBExample.plus().finished
    let start = 512 + (OTBExample.plusXML().utf8.count + 511) / 512 * 512 + 512
    let path = try folder.write("cut.otb+", Array(whole.prefix(start + 68 * 2 * 20 + 5)))
    let recording = try Recording.open(path)
    #expect(recording.sampleCount == 20)
    #expect(recording.warnings.contains { $0.contains("ends early: 20 of 50") })
  }

  @Test func otherTarArchivesAreNamed() throws {
    var tar = TarBytes()
    tar.add("notes.txt", "x")
    let error = thrown { _ = try open(tar) }
    #expect(error?.kind == .unknownFormat)
    #expect(error?.description.contains("notes.txt") == true)
  }

  /// Thousands of changed files: one line or a recording, never a crash, and bounded memory.
  @Test(arguments: [OTBExample.plus().finished, OTBExample.four().finished])
  func changedFilesNeverCrash(_ good: [UInt8]) throws {
    try FileMutation(seed: 7).run(
      good, count: TestTier.isLong ? 5000 : 1000, folder: folder, name: "m.otb4"
    ) { path in
      let recording = try Recording.open(path)
      for channel in recording.channels.indices {
        let end = min(200, recording.channels[channel].sampleCount)
        _ = try recording.samples(channels: [channel], range: 0..<end)
      }
    }
  }
}
