import Testing

@testable import Recordings

@Suite struct CheckedNumberTests {
  @Test(arguments: [Double.nan, .infinity, -.infinity, 1e300, -1e19, 9.3e18, -1, 11])
  func numbersOutsideAreNil(_ value: Double) { #expect(Int(bounded: value, in: 0...10) == nil) }

  @Test func numbersInsideAreRounded() {
    #expect(Int(bounded: 2.6, in: 0...10) == 3)
    #expect(Int(bounded: -0.4, in: 0...10) == 0)
    #expect(Int(bounded: 1e300, in: .min ... .max) == nil)
  }

  @Test func productsThatOverflowOrExceedAreNil() {
    #expect(Int.product(3, 4, 5, atMost: 60) == 60)
    #expect(Int.product(3, 4, 5, atMost: 59) == nil)
    #expect(Int.product(.max, 2, atMost: .max) == nil)
    #expect(Int.product(-1, 2, atMost: 10) == nil)
  }

  @Test func whatNoRecordingHasIsRefused() {
    func recording(rate: Double, count: Int) -> Recording {
      Recording(
        source: .init(path: "x", formatName: "x", files: []),
        channels: [
          Channel(
            name: "a", role: .emg, unit: .microvolt, gainProvenance: "", samplingRate: rate,
            sampleCount: count)
        ], samples: SamplesInMemory(channels: [[]]))
    }
    for (rate, count) in [(0.0, 1), (1e300, 1), (.nan, 1), (1000, -1), (1000, Int.max)] {
      #expect(throws: RecordingError.self) { try recording(rate: rate, count: count).checked() }
    }
    #expect(throws: Never.self) { try recording(rate: 1000, count: 5).checked() }
  }

  @Test func controlCharactersAndFloodsDoNotPass() throws {
    var recording = Recording(signals: [[0]], samplingRate: 1, names: ["a\u{1B}[31m\n"])
    recording.warnings = (0..<500).map { "w\($0)\u{7}" }
    let checked = try recording.checked()
    #expect(checked.channels[0].name == "a [31m ")
    #expect(checked.warnings.count == RecordingLimits.messageCount + 1)
    #expect(checked.warnings.last == "and 440 more")
    #expect(!checked.warnings.contains { $0.contains("\u{7}") })
  }
}
