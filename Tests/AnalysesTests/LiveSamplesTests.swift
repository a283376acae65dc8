import Testing

@testable import Analyses

@Suite struct LiveSamplesTests {
  private func bytes(_ values: [Int16]) -> [UInt8] {
    values.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
  }

  private func number(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  @Test("blocks do not depend on the pieces in which bytes come", arguments: [1, 3, 7, 64])
  func pieces(_ size: Int) throws {
    var stream = LiveSamples(
      .init(channelCount: 2, format: .int16le, microvoltsPerCount: 0.5, blockSamples: 3))
    let all = bytes([1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 600, -600, 7, -7]) + [9]
    var events: [LiveSamples.Event] = []
    for start in stride(from: 0, to: all.count, by: size) {
      events += try stream.take(all[start..<min(start + size, all.count)])
    }
    #expect(
      events == [
        .block([[0.5, 1, 1.5], [-0.5, -1, -1.5]], notFinite: 0),
        .block([[2, 2.5, 300], [-2, -2.5, -300]], notFinite: 0),
      ])
    let rest = stream.finish()
    #expect(rest.block == .block([[3.5], [-3.5]], notFinite: 0) && rest.bytesLeft == 1)
    #expect(stream.finish().block == nil)
  }

  @Test("floating-point samples that are no numbers are counted and set to 0")
  func floats() throws {
    var stream = LiveSamples(.init(channelCount: 1, format: .float32le, blockSamples: 3))
    let values: [Float] = [1.5, .nan, -.infinity]
    let found = try stream.take(values.flatMap { number($0.bitPattern) })
    #expect(found == [.block([[1.5, 0, 0]], notFinite: 2)])
  }

  @Test("lost blocks are known by the counter, over its end too; a stream out of step is refused")
  func numbered() throws {
    var stream = LiveSamples(
      .init(channelCount: 1, format: .int16le, blockSamples: 1, isNumbered: true))
    let last = UInt32.max
    let found = try stream.take(
      number(last - 1) + bytes([1]) + number(last) + bytes([2]) + number(3) + bytes([3]))
    #expect(
      found == [
        .block([[1]], notFinite: 0), .block([[2]], notFinite: 0), .lost(first: 0, count: 3),
        .block([[3]], notFinite: 0),
      ])
    #expect {
      _ = try stream.take(number(2) + bytes([4]))
    } throws: { "\($0)".contains("out of step") }
  }

  @Test("samples that never come are told once by the clock; what comes late is no loss")
  func clock() {
    var clock = LiveClock(samplingRate: 1000, tolerance: 0.25)
    var told: [(block: Int, missing: Double)] = []
    for block in 0..<60 {
      // 100 samples each 100 ms; blocks 10 to 12 come in a burst, 0.5 s are lost after block 30.
      var time = 0.1 * Double(block)
      if (10...12).contains(block) { time = 1.25 }
      if block > 30 { time += 0.5 }
      if let missing = clock.arrived(samples: 100, at: time) { told.append((block, missing)) }
    }
    #expect(told.count == 1)
    #expect(told.first.map { $0.block > 30 && abs($0.missing - 0.5) < 0.01 } == true)
  }

  @Test(arguments: [
    (0.1, 1e300, 30), (0.1, .nan, 30), (0.1, 0, 30), (10, 1e7, 64), (1e300, 2048, 64),
  ])
  func blocksOfNoSensibleSizeAreRefused(seconds: Double, rate: Double, channels: Int) {
    #expect(throws: AnalysisError.self) {
      try LiveSamples.Configuration.blockSamples(
        seconds: seconds, samplingRate: rate, channelCount: channels)
    }
  }

  @Test func aBlockHoldsAtLeastOneSample() throws {
    typealias Configuration = LiveSamples.Configuration
    #expect(
      try Configuration.blockSamples(seconds: 1e-9, samplingRate: 1000, channelCount: 4) == 1)
    #expect(
      try Configuration.blockSamples(seconds: 0.1, samplingRate: 2048, channelCount: 64) == 205)
  }
}
