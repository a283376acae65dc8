import Testing

@testable import UnitNumber

@Suite struct TriggerEdgesTests {
  private func codes(_ marks: [(at: Int, code: Float)], idle: Float = 0) -> [Float] {
    var channel = [Float](repeating: idle, count: 5000)
    for mark in marks { for index in mark.at..<mark.at + 10 { channel[index] = mark.code } }
    return channel
  }

  @Test func severalCodesHaveToBeChosenFrom() throws {
    let channel = codes([(1000, 1), (2000, 4), (3000, 1)])
    #expect {
      try TriggerEdges().edges(in: channel, samplingRate: 1000)
    } throws: { "\($0)".contains("1 (2 times), 4 (1 times)") }
    #expect(try TriggerEdges(code: 1).edges(in: channel, samplingRate: 1000) == [999.5, 2999.5])
    #expect(try TriggerEdges(code: 4).edges(in: channel, samplingRate: 1000) == [1999.5])
    #expect(throws: UnitNumberError.self) {
      try TriggerEdges(code: 7).edges(in: channel, samplingRate: 1000)
    }
  }

  @Test func anIdleLevelAboveThePulsesIsUnderstood() throws {
    let channel = codes([(1000, 0), (3000, 0)], idle: 255)
    #expect(try TriggerEdges().edges(in: channel, samplingRate: 1000) == [999.5, 2999.5])
  }

  @Test(arguments: [1, -1] as [Float])
  func oneArtefactDoesNotHideThePulses(_ sign: Float) throws {
    var state: UInt64 = 7
    var channel = (0..<5000).map { _ -> Float in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return 0.01 * Float(state >> 40) / Float(1 << 24)
    }
    for start in [1000, 2000, 3000] { for index in start..<start + 5 { channel[index] = 3 * sign } }
    channel[500] = 40 * sign
    let edges = try TriggerEdges().edges(in: channel, samplingRate: 1000)
    #expect(edges.count == 4)
    #expect(zip(edges.dropFirst(), [1000, 2000, 3000]).allSatisfy { abs($0 - Double($1)) <= 1 })
  }
}
