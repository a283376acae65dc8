import Foundation
import Testing

@testable import Signal

@Suite struct ZeroPhaseFilterTests {
  private func amplitude(_ frequency: Double, through filter: ZeroPhaseFilter) -> Double {
    let rate = filter.samplingRate
    let input = (0..<Int(6 * rate)).map { Float(sin(2 * .pi * frequency * Double($0) / rate)) }
    let output = filter.apply([input])[0]
    let middle = output[Int(2 * rate)..<Int(4 * rate)]
    return (2 * middle.reduce(0.0) { $0 + Double($1 * $1) } / Double(middle.count)).squareRoot()
  }

  @Test func passesAndStopsAsDesigned() {
    let filter = ZeroPhaseFilter(samplingRate: 2_048, lowEdge: 20, highEdge: 500, notches: [50])
    for frequency in [5.0, 20, 47, 50, 80, 200, 500, 800] {
      let expected = filter.gain(at: frequency)
      #expect(abs(amplitude(frequency, through: filter) - expected) < 0.03)
    }
    #expect(filter.gain(at: 50) == 0)
    #expect(abs(filter.gain(at: 20) - 0.5 * filter.gain(at: 20.001) / 0.5) < 0.01)
  }

  @Test func shiftsNothing() {
    let filter = ZeroPhaseFilter(samplingRate: 1_000, lowEdge: 20, highEdge: 300)
    var impulse = [Float](repeating: 0, count: 20_000)
    impulse[9_137] = 1
    let output = filter.apply([impulse])[0]
    let peak = output.indices.max { output[$0] < output[$1] }
    #expect(peak == 9_137)
    for distance in 1..<200 {
      #expect(abs(output[9_137 - distance] - output[9_137 + distance]) < 1e-5)
    }
  }

  @Test func threadsAndLengthsDoNotMatter() {
    var random = SeededGenerator(seed: 6)
    let channels = (0..<3).map { _ in (0..<30_000).map { _ in Float(random.normal()) } }
    let filter = ZeroPhaseFilter(samplingRate: 2_048, lowEdge: 20, highEdge: 500)
    #expect(
      filter.apply(channels, parallelism: .single)
        == filter.apply(channels, parallelism: Parallelism(threadCount: 3)))
    #expect(filter.apply([[]])[0].isEmpty)
    #expect(filter.apply([[3]])[0].count == 1)
  }
}
