import Foundation
import Testing

@testable import MATFiles
@testable import Recordings

@Suite struct MUeditFileTests {
  private func write(_ version: MATWriter.Version, rate: MATVariable?) throws -> String {
    // 64 channels x 100 samples in column order: channel c, sample n is 1000 c + n.
    let data = (0..<100).flatMap { sample in (0..<64).map { Double(1000 * $0 + sample) } }
    var fields: [(name: String, value: MATVariable)] = [
      ("data", .double(data, rows: 64, columns: 100)),
      ("gridname", .cells([.text("GR08MM1305")], rows: 1, columns: 1)),
      ("muscle", .cells([.text("VL")], rows: 1, columns: 1)),
      ("auxiliary", .double((0..<100).map { Double($0) * 0.5 }, rows: 1, columns: 100)),
      ("auxiliaryname", .cells([.text("Force left")], rows: 1, columns: 1)),
      (
        "Dischargetimes",
        .cells(
          [
            .double([1, 11, 21], rows: 1, columns: 3), .double([6], rows: 1, columns: 1),
          ], rows: 1, columns: 2)
      ),
    ]
    if let rate { fields.append(("fsamp", rate)) }
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("muedit-\(UUID().uuidString).mat").path
    try MATWriter.write([("signal", .structure(fields))], to: path, version: version)
    return path
  }

  @Test(arguments: MATWriter.Version.allCases)
  func readsSignalsGridAndDischarges(_ version: MATWriter.Version) throws {
    let path = try write(version, rate: .number(1000))
    defer { unlink(path) }
    let recording = try Recording.open(
      path, options: .init(unit: .microvolt), readers: .standard + [MATReader()])
    #expect(recording.source.formatName.hasSuffix("MUedit"))
    #expect(recording.emgChannels.count == 64)
    #expect(recording.samplingRate == 1000)
    #expect(recording.channels[0].name == "VL 1")
    #expect(recording.electrodeGrid?.name == "GR08MM1305")
    #expect(recording.forceChannel == 64)
    #expect(
      try recording.samples(channels: [5, 64], range: 10..<12) == [[5010, 5011], [5, 5.5]])
    let spikes = try #require(try recording.storedSpikes())
    // 1-based samples in the file.
    #expect(
      spikes.trains == [
        .init(unit: "1", times: [0, 0.01, 0.02]), .init(unit: "2", times: [0.005]),
      ])
  }

  @Test func theUnitMustBeGivenAndTheRateStated() throws {
    let path = try write(.level5, rate: .number(1000))
    defer { unlink(path) }
    #expect(throws: RecordingError.self) {
      try Recording.open(path, readers: .standard + [MATReader()])
    }
    let without = try write(.level5, rate: nil)
    defer { unlink(without) }
    let error = #expect(throws: RecordingError.self) {
      try Recording.open(
        without, options: .init(unit: .microvolt), readers: .standard + [MATReader()])
    }
    #expect(error?.kind == .missingSamplingRate)
  }
}
