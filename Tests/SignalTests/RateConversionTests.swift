import Foundation
import Testing

@testable import Signal

@Suite("Rate conversion")
struct RateConversionTests {
  static func tone(_ frequency: Double, rate: Double, count: Int) -> [Float] {
    (0..<count).map { Float(sin(2 * .pi * frequency * Double($0) / rate + 0.3)) }
  }

  @Test("the ratio is the lowest of small numbers that reaches the wanted rate")
  func ratios() {
    func ratio(_ rate: Double, _ wanted: Double) -> [Int] {
      let conversion = RateConversion(from: rate, toAtLeast: wanted, passEdge: wanted / 3)
      return [conversion.up, conversion.down]
    }
    #expect(ratio(2_048, 1_500) == [3, 4])
    #expect(ratio(2_000, 1_500) == [3, 4])
    #expect(ratio(4_096, 1_500) == [3, 8])
    #expect(ratio(1_000, 1_500) == [1, 1])
    #expect(ratio(1_600, 1_500) == [1, 1])
    #expect(ratio(20_000, 10_000) == [1, 2])
    // A rate that went through a file finds its own ratio.
    for rate in [2_048, 2_222.2, 5_120, 10_240.0] {
      let first = RateConversion(from: rate, toAtLeast: 1_500, passEdge: 500)
      let again = RateConversion(
        from: rate, toAtLeast: first.rate(from: rate), passEdge: 500)
      #expect(first == again)
      #expect(first.rate(from: rate) >= 1_500)
    }
  }

  @Test("what lies in the band keeps its values and places", arguments: [37.0, 250, 500])
  func passes(frequency: Double) {
    for rate in [2_048.0, 2_222, 10_240] {
      let conversion = RateConversion(from: rate, toAtLeast: 1_500, passEdge: 500)
      let output = conversion.apply(Self.tone(frequency, rate: rate, count: 4_001))
      #expect(output.count == conversion.outputCount(of: 4_001))
      #expect(Double(output.count - 1) * conversion.ratio <= 4_000)
      #expect(Double(output.count) * conversion.ratio > 4_000)
      let edge = Int(Double(conversion.halfLength) / conversion.ratio) + 1
      for index in edge..<(output.count - edge) {
        let time = Double(index) * conversion.ratio / rate
        let expected = Float(sin(2 * .pi * frequency * time + 0.3))
        #expect(abs(output[index] - expected) < 0.004)
      }
    }
  }

  @Test("what would fold into the band is stopped")
  func stops() {
    let conversion = RateConversion(from: 2_048, toAtLeast: 1_500, passEdge: 500)
    for frequency in [780.0, 900, 1_010] {
      let output = conversion.apply(Self.tone(frequency, rate: 2_048, count: 4_096))
      let inner = output.dropFirst(40).dropLast(40)
      #expect((inner.map { abs($0) }.max() ?? 1) < 0.003)
    }
  }

  @Test("a signal that arrives in blocks of any length is converted as the whole is")
  func streams() {
    var generator = SeededGenerator(seed: 4)
    let channels = (0..<3).map { _ in (0..<700).map { _ in Float(generator.normal()) } }
    let conversion = RateConversion(from: 2_048, toAtLeast: 1_500, passEdge: 500)
    let whole = channels.map { conversion.apply($0) }
    var streaming = StreamingRateConversion(conversion, channelCount: 3)
    var converted: [Float] = []
    var start = 0
    for length in [1, 7, 100, 0, 292, 300] {
      let block = (start..<(start + length)).flatMap { sample in channels.map { $0[sample] } }
      converted += streaming.convert(block)
      start += length
    }
    // The last half length is not certain yet.
    let produced = converted.count / 3
    #expect(produced == conversion.outputCount(of: 700 - conversion.halfLength))
    let edge = conversion.halfLength
    for channel in 0..<3 {
      for index in edge..<produced {
        #expect(abs(converted[index * 3 + channel] - whole[channel][index]) < 1e-5)
      }
    }
  }

  @Test("rates that are near enough stay as they are")
  func identity() {
    let conversion = RateConversion(from: 1_600, toAtLeast: 1_500, passEdge: 500)
    let signal = Self.tone(100, rate: 1_600, count: 100)
    #expect(conversion.isIdentity && conversion.ratio == 1)
    #expect(conversion.apply(signal) == signal)
    var streaming = StreamingRateConversion(conversion, channelCount: 1)
    #expect(streaming.convert(signal) == signal)
    #expect(conversion.apply([]).isEmpty)
  }

  @Test(
    "any rate is reached, and what lies in the band keeps its values and places",
    arguments: [
      (2_048.0, 2_000.0, [125, 128]), (2_048, 4_000, [125, 64]), (10_000, 1_000, [1, 10]),
      (34_000.0 / 27, 1_000, [27, 34]), (1_000, 1_000, [1, 1]),
    ] as [(Double, Double, [Int])])
  func exactRates(rate: Double, wanted: Double, ratio: [Int]) throws {
    let conversion = try #require(RateConversion(from: rate, to: wanted))
    #expect([conversion.up, conversion.down] == ratio)
    let input = Self.tone(177, rate: rate, count: 5_001)
    let count = conversion.outputCount(of: input.count)
    let whole = conversion.isIdentity ? input : conversion.apply(input)
    for index in count / 4..<count * 3 / 4 {
      let expected = Float(sin(2 * .pi * 177 * Double(index) / wanted + 0.3))
      #expect(abs(whole[index] - expected) < 2e-4)
    }
    // Parts are parts of the whole, also at its ends.
    for outputs in [0..<7, 0..<count, 333..<334, count - 5..<count] where !conversion.isIdentity {
      let needed = conversion.inputs(of: outputs, inputCount: input.count)
      let part = conversion.apply(
        Array(input[needed]), outputs: outputs, inputCount: input.count)
      #expect(part == Array(whole[outputs]))
    }
  }

  @Test("rates without a ratio of whole numbers are none")
  func noRatio() {
    #expect(RateConversion(from: 2_048, to: 2_048 * Double.pi / 3) == nil)
    #expect(RateConversion(from: 10_000, to: 0.001) == nil)
  }

  @Test("what lies above half the new rate is stopped")
  func stopped() throws {
    let conversion = try #require(RateConversion(from: 10_000, to: 1_000))
    let output = conversion.apply(Self.tone(777, rate: 10_000, count: 20_000))
    #expect(output[200..<1_800].allSatisfy { abs($0) < 3e-4 })
  }
}
