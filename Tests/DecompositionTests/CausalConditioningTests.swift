import Foundation
import Testing

@testable import Decomposition

@Suite struct CausalConditioningTests {
  private func gain(_ frequency: Double, notches: [Double] = []) -> Double {
    let rate = 2_048.0
    var conditioning = CausalConditioning(
      configuration: ArrayConfiguration(), samplingRate: rate, notches: notches, channels: 1)
    let tone = (0..<8_192).map { Float(sin(2 * .pi * frequency * Double($0) / rate)) }
    let output = conditioning.condition(tone).suffix(2_048)
    let power = output.reduce(0) { $0 + Double($1) * Double($1) } / 2_048
    return (2 * power).squareRoot()
  }

  @Test func bandIsThatOfWholeRecordings() {
    #expect(abs(gain(100) - 1) < 0.01)
    #expect(abs(gain(20) - 0.5) < 0.02)
    #expect(abs(gain(500) - 0.5) < 0.02)
    #expect(gain(2) < 0.001)
    #expect(gain(900) < 0.05)
  }

  @Test func notchesTakeHumOut() {
    #expect(gain(50, notches: [50]) < 0.01)
    #expect(gain(60, notches: [50]) > 0.95)
  }

  @Test func blocksAndRateReductionFitTogether() {
    var configuration = ArrayConfiguration()
    configuration.electrodes = .surface
    let values = (0..<3_000).map { Float(($0 * 7_919) % 101) - 50 }
    func run(_ sizes: [Int]) -> [Float] {
      var conditioning = CausalConditioning(
        configuration: configuration, samplingRate: 4_096, notches: [], channels: 3)
      var result: [Float] = []
      var start = 0
      var turn = 0
      while start < 1_000 {
        let end = min(1_000, start + sizes[turn % sizes.count])
        result += conditioning.condition(Array(values[(3 * start)..<(3 * end)]))
        start = end
        turn += 1
      }
      return result
    }
    let whole = run([1_000])
    let conversion = configuration.rateConversion(samplingRate: 4_096)
    #expect(conversion.up == 3 && conversion.down == 8)
    #expect(whole.count == conversion.outputCount(of: 1_000 - conversion.halfLength) * 3)
    #expect(run([1, 2, 3, 50]) == whole)
  }
}
