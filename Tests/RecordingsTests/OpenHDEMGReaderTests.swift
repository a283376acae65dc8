import Foundation
import TestSupport
import Testing

@testable import Recordings

/// Files as openhdemg 0.1 and 0.2 write them, built by their published layout.
enum OpenHDEMGExample {
  static let pulses = [[3, 10, 17], [5], []]

  /// The stored EMG in microvolts.
  static func emg(_ channel: Int, _ sample: Int) -> Double {
    Double((channel * 7 + sample * 3) % 40) - 19.5
  }

  private static func twice(_ text: String) -> String {
    "\"" + text.replacingOccurrences(of: "\"", with: "\\\"") + "\""
  }

  private static func table(
    rows: Int, columns: Int, order: [Int]? = nil, _ value: (Int, Int) -> String
  ) -> String {
    let rows = order ?? Array(0..<rows)
    let data = rows.map { row in
      "[" + (0..<columns).map { value(row, $0) }.joined(separator: ",") + "]"
    }
    return twice(
      "{\"columns\":\((0..<columns).map { "\($0)" }),\"index\":\(rows),\"data\":["
        .replacingOccurrences(of: "\\\"", with: "\"") + data.joined(separator: ",") + "]}")
  }

  static func json(samples: Int = 20, reversed: Bool = false, fsamp: String = "2048.0") -> String {
    let order = reversed ? Array((0..<samples).reversed()) : nil
    let lists = "[" + pulses.map { "\($0)" }.joined(separator: ",") + "]"
    func columns(_ text: String) -> String { text }
    return "{\"SOURCE\":\(twice("\"OTB\"")),\"FILENAME\":\(twice("\"a.mat\"")),"
      + "\"RAW_SIGNAL\":"
      + table(rows: samples, columns: 4, order: order) { String(emg($1, $0)) }
      + ",\"REF_SIGNAL\":" + table(rows: samples, columns: 1) { row, _ in "\(row)" }
      + ",\"ACCURACY\":" + table(rows: 3, columns: 1) { row, _ in ["0.91", "null", "0.8"][row] }
      + ",\"IPTS\":" + table(rows: samples, columns: 3) { "\($0 + $1)" }
      + ",\"MUPULSES\":\(twice(lists)),\"FSAMP\":\(twice(fsamp)),\"IED\":\(twice("8.0")),"
      + "\"EMG_LENGTH\":\(twice("\(samples)")),\"NUMBER_OF_MUS\":\(twice("3")),"
      + "\"BINARY_MUS_FIRING\":" + table(rows: samples, columns: 3) { _, _ in "0" }
      + ",\"EXTRAS\":" + table(rows: 0, columns: 1) { _, _ in "" } + "}"
  }

  static func doubles(_ values: [Double]) -> [UInt8] {
    values.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } }
  }

  /// Writes a module of 20 samples; returns the manifest's bytes.
  @discardableResult
  static func writeModule(
    _ folder: TemporaryFolder, name: String, path: String = "files\\\\RAW_SIGNAL.bin",
    checksum: String = "null"
  ) throws -> [UInt8] {
    let files = FileManager.default
    let root = folder.url.appendingPathComponent(name)
    try files.createDirectory(
      at: root.appendingPathComponent("files"), withIntermediateDirectories: true)
    let signal = (0..<20).flatMap { sample in (0..<4).map { emg($0, sample) } }
    try folder.write("\(name)/files/RAW_SIGNAL.bin", doubles(signal))
    try folder.write("\(name)/files/ACCURACY.bin", doubles([0.91, .nan, 0.8]))
    let times = pulses.flatMap { $0 }
    try folder.write(
      "\(name)/files/MUPULSES.bin",
      times.flatMap { value in withUnsafeBytes(of: Int64(value)) { Array($0) } })
    try folder.write("\(name)/.openhdemg_module", "")
    func frame(_ file: String, _ rows: Int, _ columns: Int, checksum: String = "null") -> String {
      "{\"data_type\":\"pd.DataFrame\",\"data_file_path\":\"\(file)\",\"compression\":null,"
        + "\"order\":\"C\",\"columns\":\(Array(0..<columns)),\"shape\":[\(rows),\(columns)],"
        + "\"endian_dtype\":\"<f8\",\"checksum\":\(checksum)}"
    }
    let manifest = """
      {"_metadata":{"data_structure_version":"1.0"},
       "SOURCE":{"data_type":"str","text":"OPENHDEMG"},
       "FSAMP":{"data_type":"float","value":2048.0},"IED":{"data_type":"float","value":8.0},
       "GOOD_CHANNELS":{"data_type":"dict","value":{"0":1,"1":0,"2":1,"3":1}},
       "MU_LABELS":{"data_type":"dict","value":{"0":"first"}},
       "RAW_SIGNAL":\(frame(path, 20, 4, checksum: checksum)),
       "REF_SIGNAL":{"data_type":"empty pd.DataFrame","columns":[0],"shape":[0,1]},
       "ACCURACY":\(frame("files/ACCURACY.bin", 3, 1)),
       "MUPULSES":{"data_type":"list_of_1D_np.ndarray","data_file_path":"files/MUPULSES.bin",
        "compression":null,"order":"C","lengths":[3,1,0],"offsets":[0,24,32],
        "dtypes":["int64","int64","int64"],"endian_dtypes":["<i8","<i8","<i8"],"checksum":null}}
      """
    try folder.write("\(name)/manifest.json", manifest)
    return Array(manifest.utf8)
  }
}

@Suite struct OpenHDEMGReaderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func check(_ recording: Recording) throws {
    #expect(recording.samplingRate == 2048)
    #expect(recording.sampleCount == 20)
    let emg = recording.channels.indices.filter { recording.channels[$0].unit == .microvolt }
    let values = try recording.samples(channels: Array(emg.prefix(4)), range: 2..<9)
    for channel in 0..<4 {
      for sample in 2..<9 {
        #expect(values[channel][sample - 2] == Float(OpenHDEMGExample.emg(channel, sample)))
      }
    }
    let spikes = try #require(try recording.storedSpikes())
    #expect(
      spikes.trains.map { $0.times.map { Int(($0 * 2048).rounded()) } } == OpenHDEMGExample.pulses)
    #expect(spikes.trains[0].silhouette.map { abs($0 - 0.91) < 1e-6 } == true)
    #expect(spikes.trains[1].silhouette == nil)
  }

  @Test(arguments: [false, true]) func jsonIsRead(_ reversed: Bool) throws {
    let path = try folder.write("a.json", OpenHDEMGExample.json(reversed: reversed))
    let recording = try Recording.open(path)
    #expect(recording.source.formatName == "openhdemg JSON")
    try check(recording)
    #expect(recording.emgChannels == Array(0..<4))
    let force = try #require(recording.forceChannel)
    #expect(try recording.samples(channel: force) == (0..<20).map { Float($0) })
    let sources = recording.channels(of: .storedSource)
    #expect(sources.count == 3)
    #expect(try recording.samples(channel: sources[1])[4] == 5)
    #expect(recording.samples.readsWhole)
  }

  @Test func unitOfTheUserWins() throws {
    let path = try folder.write("a.json", OpenHDEMGExample.json())
    let recording = try Recording.open(path, options: RecordingOptions(unit: .millivolt))
    let value = try recording.samples(channels: [1], range: 3..<4)[0][0]
    #expect(value == Float(OpenHDEMGExample.emg(1, 3) * 1000))
  }

  @Test func moduleIsReadFromItsFolder() throws {
    try OpenHDEMGExample.writeModule(folder, name: "m")
    let recording = try Recording.open(folder.path("m"))
    #expect(recording.source.formatName == "openhdemg module")
    try check(recording)
    #expect(recording.emgChannels == [0, 2, 3])
    #expect(recording.warnings.contains { $0.contains("GOOD_CHANNELS marks 1") })
    #expect(try recording.storedSpikes()?.trains[0].unit == "first")
    #expect(recording.source.files.count == 4)
  }

  @Test func moduleNeverReadsOutsideItsFolder() throws {
    try folder.write("outside.bin", [UInt8](repeating: 0, count: 640))
    for path in ["../outside.bin", "/etc/passwd", "files/../../outside.bin", "C:\\\\x.bin"] {
      try OpenHDEMGExample.writeModule(folder, name: "m", path: path)
      let error = thrown { try Recording.open(folder.path("m")) }
      #expect(error?.description.contains("no file inside the module") == true, "\(path)")
    }
  }

  @Test func changedTableIsFoundByItsChecksum() throws {
    let wrong = "\"\(String(repeating: "0", count: 64))\""
    try OpenHDEMGExample.writeModule(folder, name: "m", checksum: wrong)
    let error = thrown { try Recording.open(folder.path("m")) }
    #expect(error?.description.contains("SHA-256") == true)
  }

  @Test func shortTableIsRefused() throws {
    try OpenHDEMGExample.writeModule(folder, name: "m")
    try folder.write("m/files/RAW_SIGNAL.bin", [UInt8](repeating: 0, count: 8))
    #expect(thrown { try Recording.open(folder.path("m")) }?.kind == .truncated)
  }

  @Test func changedFilesNeverCrash() throws {
    let count = TestTier.isLong ? 5000 : 1000
    func read(_ path: String) throws {
      let recording = try Recording.open(path)
      for channel in recording.channels.indices {
        let end = min(30, recording.channels[channel].sampleCount)
        _ = try recording.samples(channels: [channel], range: 0..<end)
      }
      _ = try recording.storedSpikes()
    }
    try FileMutation(seed: 11).run(
      Array(OpenHDEMGExample.json().utf8), count: count, folder: folder, name: "a.json", read)
    let manifest = try OpenHDEMGExample.writeModule(folder, name: "m")
    try FileMutation(seed: 12).run(
      manifest, count: count, folder: folder, name: "m/manifest.json", read)
  }
}
