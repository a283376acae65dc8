import Foundation
import Signal
import Testing

@testable import MotorUnits

@Suite struct AveragingErrorTests {
  /// White noise of 30 uV.
  private func rows(_ count: Int, using random: inout SeededGenerator) -> [[Float]] {
    (0..<count).map { _ in (0..<201).map { _ in Float(30 * random.normal()) } }
  }

  @Test func followsTheScatterAndTheNumber() throws {
    var random = SeededGenerator(seed: 11, stream: 1)
    let error = try #require(
      AveragingError(potentials: rows(100, using: &random), samplingRate: 10_000))
    #expect(abs(error.deflectionMicrovolts - 3) < 0.3)
    // Two independent values 1 ms apart.
    #expect(abs(error.slopeMicrovoltsPerMillisecond - 3 * 2.0.squareRoot()) < 0.4)
    #expect(AveragingError(potentials: rows(9, using: &random), samplingRate: 10_000) == nil)
  }

  @Test func constantPotentialIsNoError() throws {
    let row = (0..<201).map { Float(500 * exp(-pow(Double($0 - 100) / 15, 2))) }
    let error = try #require(
      AveragingError(potentials: Array(repeating: row, count: 20), samplingRate: 10_000))
    #expect(error.deflectionMicrovolts == 0 && error.slopeMicrovoltsPerMillisecond == 0)
  }

  /// A potential that begins and ends at known times: a half-sine wave of 4 ms between two of 3 ms.
  private func potential(_ milliseconds: Double) -> Double {
    if abs(milliseconds) < 2 { return -800 * cos(.pi * milliseconds / 4) }
    let tail = abs(milliseconds) - 2
    return tail < 3 ? 250 * sin(.pi * tail / 3) : 0
  }

  @Test func durationIsRightUnderSlowRemainsOfOtherUnits() throws {
    // Each of 100 potentials holds three foreign ones, as wide as its own and at random places.
    var random = SeededGenerator(seed: 5, stream: 2)
    var durations: [Double] = []
    var unaware: [Double] = []
    for _ in 0..<12 {
      let rows = (0..<100).map { _ -> [Float] in
        let foreign = (0..<3).map { _ in (random.uniform(-20, 20), 90 * random.normal()) }
        return (-150...150).map { index in
          let t = Double(index) / 10
          let remains = foreign.reduce(0) { $0 + $1.1 * exp(-pow((t - $1.0) / 2, 2)) }
          return Float(potential(t) + remains + 10 * random.normal())
        }
      }
      let average = (0..<301).map { sample in rows.reduce(Float(0)) { $0 + $1[sample] } / 100 }
      let error = try #require(AveragingError(potentials: rows, samplingRate: 10_000))
      durations.append(
        try #require(
          PotentialMeasures(potential: average, samplingRate: 10_000, averagingError: error)
        ).durationMilliseconds)
      unaware.append(
        try #require(PotentialMeasures(potential: average, samplingRate: 10_000))
          .durationMilliseconds)
    }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    func deviation(_ values: [Double]) -> Double {
      let centre = mean(values)
      return mean(values.map { ($0 - centre) * ($0 - centre) }).squareRoot()
    }
    #expect(abs(mean(durations) - 10) < 0.5, "\(mean(durations))")
    #expect(deviation(durations) < 0.6, "\(deviation(durations))")
    #expect(deviation(durations) <= deviation(unaware), "\(deviation(unaware))")
  }
}
