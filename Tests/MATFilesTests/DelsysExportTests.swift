import Foundation
import Testing

@testable import MATFiles
@testable import Recordings

@Suite struct DelsysExportTests {
  /// Four pins of one sensor at 2,222 Hz and a load cell at half of it, padded with zeros.
  private func write(rates: [Double], path: String) throws {
    let names = (1...4).map { "Galileo sensor 1: EMG \($0)" } + ["Trigno Load Cell 2: Analog"]
    var values: [Double] = []
    for sample in 0..<100 {
      for pin in 1...4 { values.append(1e-6 * Double(sample * pin)) }
      values.append(sample < 50 ? 3.5 : 0)
    }
    try MATWriter.write(
      [
        ("Data", .double(values, rows: 5, columns: 100)),
        ("Channels", .cells(names.map { .text($0) }, rows: 1, columns: 5)),
        ("Fs", .double(rates, rows: 1, columns: rates.count)),
      ], to: path)
  }

  private func open(_ path: String, _ options: RecordingOptions) throws -> Recording {
    try Recording.open(path, options: options, readers: .standard + [MATReader()])
  }

  @Test func channelsHaveTheirOwnRateAndLength() throws {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("delsys-\(UUID().uuidString).mat").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try write(rates: [2222, 2222, 2222, 2222, 1111], path: path)
    let found = try open(path, .init(unit: .volt))
    #expect(found.source.formatName.contains("Delsys Neuromap"))
    #expect(found.emgChannels == [0, 1, 2, 3])
    #expect(found.forceChannel == 4)
    #expect(found.channels.map(\.samplingRate) == [2222, 2222, 2222, 2222, 1111])
    #expect(found.channels.map(\.sampleCount) == [100, 100, 100, 100, 50])
    #expect(abs(try found.samples(channel: 2)[10] - 30) < 1e-4)
    #expect(try found.samples(channel: 4).allSatisfy { $0 == 3.5 })
    // The user's rate is that of the fastest channels, the others keep their proportion.
    let stated = try open(path, .init(samplingRate: 2000, unit: .volt))
    #expect(stated.channels.map(\.samplingRate) == [2000, 2000, 2000, 2000, 1000])
    let error = #expect(throws: RecordingError.self) { _ = try open(path, .init()) }
    #expect(error?.kind == .missingUnit)
  }

  @Test func oneRateHoldsForAll() throws {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("delsys-\(UUID().uuidString).mat").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try write(rates: [1000], path: path)
    let found = try open(path, .init(unit: .microvolt))
    #expect(found.channels.allSatisfy { $0.samplingRate == 1000 && $0.sampleCount == 100 })
  }
}
