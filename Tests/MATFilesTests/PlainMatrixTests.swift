import Foundation
import Testing

@testable import MATFiles
@testable import Recordings

@Suite struct PlainMatrixTests {
  private func open(
    _ variables: [(name: String, value: MATVariable)], _ options: RecordingOptions = .init(),
    version: MATWriter.Version = .level5
  ) throws -> Recording {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("plain-\(UUID().uuidString).mat").path
    defer { unlink(path) }
    try MATWriter.write(variables, to: path, version: version)
    let recording = try Recording.open(path, options: options, readers: .standard + [MATReader()])
    // Read before the file goes away.
    let samples = try recording.emgSamples()
    var inMemory = recording
    inMemory.samples = SamplesInMemory(channels: samples)
    return inMemory
  }

  private func error(
    _ variables: [(name: String, value: MATVariable)], _ options: RecordingOptions = .init()
  ) -> RecordingError? {
    do {
      _ = try open(variables, options)
      return nil
    } catch { return error as? RecordingError }
  }

  private let values = (0..<60).map { Double($0) }

  @Test(arguments: MATWriter.Version.allCases)
  func theLongerSideIsTime(_ version: MATWriter.Version) throws {
    let options = RecordingOptions(samplingRate: 500, unit: .millivolt)
    // Column order: the first column holds 0..<20.
    let tall = try open([("x", .double(values, rows: 20, columns: 3))], options, version: version)
    #expect(tall.channels.count == 3)
    #expect(try tall.samples(channel: 1) == (20..<40).map { Float($0) * 1000 })
    let wide = try open([("x", .double(values, rows: 3, columns: 20))], options, version: version)
    #expect(wide.channels.count == 3)
    #expect(wide.sampleCount == 20)
    #expect(try wide.samples(channel: 1) == (0..<20).map { Float($0 * 3 + 1) * 1000 })
  }

  @Test func missingRateAndUnitSayWhatIsToBeStated() {
    let matrix = MATVariable.double(values, rows: 20, columns: 3)
    let rate = error([("x", matrix)], .init(unit: .microvolt))
    #expect(rate?.kind == .missingSamplingRate)
    #expect(rate?.input == .stateSamplingRate)
    let unit = error([("x", matrix), ("fsamp", .number(2048))])
    #expect(unit?.kind == .missingUnit)
    #expect(unit?.input == .stateUnit)
    let both = error([("x", matrix), ("Fs", .number(2048)), ("units", .text("mV"))])
    #expect(both == nil)
    let wrong = error(
      [("x", matrix), ("Fs", .number(2048)), ("units", .text("mV"))], .init(unit: .volt))
    // The user's unit wins and is said.
    #expect(wrong == nil)
    #expect(error([("x", matrix), ("fs", .number(-1))], .init(unit: .volt))?.kind == .malformed)
  }

  @Test func theLargestMatrixIsTakenAndTheOthersAreNamed() throws {
    let recording = try open(
      [
        ("small", .double(values, rows: 20, columns: 3)),
        (
          "large",
          .single(values.map { Float($0) } + values.map { Float($0) }, rows: 40, columns: 3)
        ),
      ], .init(samplingRate: 10, unit: .microvolt))
    #expect(recording.sampleCount == 40)
    #expect(recording.warnings.contains { $0.contains("large") && $0.contains("small") })
  }

  @Test func aFileWithoutMatrixSaysWhatItHolds() {
    let found = error([("note", .text("hello")), ("n", .number(3))])
    #expect(found?.kind == .unsupported)
    #expect(found?.description.contains("note, n") == true)
  }
}
