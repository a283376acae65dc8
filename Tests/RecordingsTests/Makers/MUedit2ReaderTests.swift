import Foundation
import Testing

@testable import Recordings

/// Archives of NumPy arrays as MUedit2 saves them.
@Suite struct MUedit2ReaderTests {
  /// An array in NumPy's form.
  private static func array(_ type: String, _ shape: [Int], _ values: [UInt8]) -> [UInt8] {
    let places = shape.map { "\($0)," }.joined()
    var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(places)), }"
    while (header.utf8.count + 11) % 64 != 0 { header += " " }
    header += "\n"
    return [0x93] + Array("NUMPY".utf8)
      + [1, 0, UInt8(header.utf8.count & 255), UInt8(header.utf8.count >> 8)] + Array(header.utf8)
      + values
  }

  private static func bytes<Value: FixedWidthInteger>(_ values: [Value]) -> [UInt8] {
    values.flatMap { value in withUnsafeBytes(of: value.littleEndian) { Array($0) } }
  }

  private static func floats(_ values: [Float]) -> [UInt8] { bytes(values.map(\.bitPattern)) }

  private static func doubles(_ values: [Double]) -> [UInt8] { bytes(values.map(\.bitPattern)) }

  private static func text(_ text: String) -> [UInt8] {
    array("<U\(text.unicodeScalars.count)", [], bytes(text.unicodeScalars.map(\.value)))
  }

  /// A zip archive of stored members.
  static func archive(_ members: [(String, [UInt8])]) -> [UInt8] {
    var file: [UInt8] = []
    var directory: [UInt8] = []
    for (name, content) in members {
      let sizes = bytes([UInt32(content.count), UInt32(content.count)])
      let start = UInt32(file.count)
      file += bytes([UInt32(0x0403_4B50)]) + bytes([UInt16](repeating: 0, count: 5))
      file += bytes([UInt32(0)]) + sizes + bytes([UInt16(name.utf8.count), 0]) + Array(name.utf8)
      file += content
      directory += bytes([UInt32(0x0201_4B50)]) + bytes([UInt16](repeating: 0, count: 6))
      directory += bytes([UInt32(0)]) + sizes + bytes([UInt16(name.utf8.count), 0, 0, 0, 0])
      directory += bytes([UInt32(0), start]) + Array(name.utf8)
    }
    let start = UInt32(file.count)
    let count = UInt16(members.count)
    return file + directory + bytes([UInt32(0x0605_4B50)]) + bytes([UInt16(0), 0, count, count])
      + bytes([UInt32(directory.count), start]) + bytes([UInt16(0)])
  }

  /// Two units on one grid of 64 electrodes, of which one is marked as bad.
  static func good() -> [UInt8] {
    var signal: [Float] = []
    for row in 0..<64 { for sample in 0..<100 { signal.append(Float(100 * row + sample) / 100) } }
    var sources: [Float] = []
    for row in 0..<2 { for sample in 0..<100 { sources.append(sample % 10 == row ? 1 : 0) } }
    var flags = [UInt8](repeating: 0, count: 64)
    flags[5] = 1
    return archive([
      ("schema_version.npy", array("<i8", [], bytes([Int64(2)]))),
      ("fsamp.npy", array("<f8", [], doubles([2048]))),
      ("total_samples.npy", array("<i8", [], bytes([Int64(100)]))),
      ("spike_times.npy", array("<i4", [5], bytes([Int32(0), 10, 20, 31, 99]))),
      ("spike_offsets.npy", array("<i8", [3], bytes([Int64(0), 3, 5]))),
      ("mu_grid_index.npy", array("<i2", [2], bytes([Int16(0), 0]))),
      ("grid_names.npy", text("[\"GR08MM1305\"]")), ("muscle.npy", text("[\"VL\"]")),
      ("pulse_trains.npy", array("<f4", [2, 100], floats(sources))),
      ("sil.npy", array("<f8", [2], doubles([0.95, .nan]))),
      ("emg_data.npy", array("<f4", [64, 100], floats(signal))),
      ("discard_channels.npy", array("|u1", [64], flags)),
      ("discard_channel_offsets.npy", array("<i8", [2], bytes([Int64(0), 64]))),
    ])
  }

  @Test func dischargesSourcesAndSignalAreRead() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a.npz", Self.good())
    let found = try Recording.open(path, options: .init(unit: .millivolt))
    #expect(found.source.formatName == "MUedit2")
    #expect(found.samplingRate == 2048)
    #expect(found.emgChannels.count == 63)
    #expect(found.channels[5].role == .auxiliary)
    #expect(
      found.warnings.contains { $0.contains("marks 1 channels as bad: 6") || $0.contains("6") })
    #expect(found.electrodeGrid?.rows == 13)
    #expect(found.remarks == ["muscle: VL"])
    #expect(
      try found.samples(channels: [3, 0], range: 10..<12) == [[3100, 3110], [100, 110]])
    let sources = found.channels(of: .storedSource)
    #expect(try found.samples(channel: sources[1])[1] == 1)
    let spikes = try #require(try found.storedSpikes())
    #expect(spikes.trains.map { $0.times.map { $0 * 2048 } } == [[0, 10, 20], [31, 99]])
    #expect(spikes.trains.map(\.silhouette) == [0.95, nil])
    // Without a unit the signal is refused; the trains are for those who need no amplitudes.
    let error = #expect(throws: RecordingError.self) { _ = try Recording.open(path) }
    #expect(error?.kind == .missingUnit)
  }

  @Test func dischargesAloneAreARecordingOfFirings() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "a.npz",
      Self.archive([
        ("fsamp.npy", Self.array("<f8", [1], Self.doubles([1000]))),
        ("total_samples.npy", Self.array("<i4", [], Self.bytes([Int32(50)]))),
        (
          "spike_times.npy",
          Self.array(">i4", [2], Self.bytes([Int32(3).bigEndian, Int32(40).bigEndian]))
        ),
        ("spike_offsets.npy", Self.array("<i8", [2], Self.bytes([Int64(0), 2]))),
      ]))
    let found = try Recording.open(path)
    #expect(found.channels.map(\.role) == [.storedFirings])
    #expect(found.sampleCount == 50)
    let firings = try found.samples(channel: 0)
    #expect(firings.indices.filter { firings[$0] == 1 } == [3, 40])
  }

  /// What NumPy 2.2 pickles for two trains of whole numbers, `[3, 14, 30]` and `[8, 20]`, protocol 4.
  static let pickled: [UInt8] = Array(
    Data(
      base64Encoded: """
        gASVEgEAAAAAAACMFm51bXB5Ll9jb3JlLm11bHRpYXJyYXmUjAxfcmVjb25zdHJ1Y3SUk5SMBW51bXB5lIwHbmRhcn\
        JheZSTlEsAhZRDAWKUh5RSlChLAUsChZRoA4wFZHR5cGWUk5SMAk84lImIh5RSlChLA4wBfJROTk5K/////0r/////\
        Sz90lGKJXZQoaAJoBUsAhZRoB4eUUpQoSwFLA4WUaAyMAmk4lImIh5RSlChLA4wBPJROTk5K/////0r/////SwB0lG\
        KJQxgDAAAAAAAAAA4AAAAAAAAAHgAAAAAAAACUdJRiaAJoBUsAhZRoB4eUUpQoSwFLAoWUaBmJQxAIAAAAAAAAABQA\
        AAAAAAAAlHSUYmV0lGIu
        """) ?? Data())

  @Test func pickledTrainsAreParsed() throws {
    let value = try PickledObjects.value(Self.pickled[...])
    #expect(value.objects?.map { $0.numbers ?? [] } == [[3, 14, 30], [8, 20]])
    // A pickle that would call anything else is refused.
    for call in ["cos\nsystem\n(X\u{02}\0\0\0lstR.", "cbuiltins\neval\n(NtR.", "}R.", "", "."] {
      #expect(throws: PickledObjects.Refused.self) {
        _ = try PickledObjects.value(Array(call.utf8)[...])
      }
    }
  }

  @Test func otherArchivesAreNamed() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "a.npz", Self.archive([("data.npy", Self.array("<f8", [1], Self.doubles([1])))]))
    let error = #expect(throws: RecordingError.self) { _ = try Recording.open(path) }
    #expect(error?.kind == .unknownFormat)
    #expect(error?.description.contains("none of MUedit2") == true)
  }

  @Test(arguments: 0..<4) func damagedArchivesAreOneLine(_ seed: UInt64) throws {
    let folder = try TemporaryFolder()
    try FileMutation(seed: seed).run(Self.good(), count: 400, folder: folder, name: "a.npz") {
      path in
      let found = try Recording.open(path, options: .init(unit: .microvolt))
      for channel in found.channels.indices.suffix(4) {
        _ = try found.samples(
          channels: [channel], range: 0..<min(500, found.channels[channel].sampleCount))
      }
      _ = try found.storedSpikes()
    }
  }
}
