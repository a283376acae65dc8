import Foundation
import Signal
import Testing

@testable import MotorUnits

@Suite struct ShapeVariabilityTests {
  private func rows(jitter: Double, noise: Double) -> [[Float]] {
    var generator = SeededGenerator(seed: 6)
    return (0..<80).map { _ in
      let shift = jitter * generator.normal()
      return (0..<200).map { index in
        let t = (Double(index) - 100 - shift) / 8
        return Float(500 * (1 - t * t) * exp(-0.5 * t * t) + noise * generator.normal())
      }
    }
  }

  @Test func noiseAloneIsNotJiggle() throws {
    let steady = try #require(
      ShapeVariability(potentials: rows(jitter: 0, noise: 20), core: 60..<140, baselines: [0..<40]))
    #expect(steady.jiggle < 0.06)
    #expect(steady.pairs == 79)
  }

  @Test func jiggleGrowsWithJitter() throws {
    let values = try [0.5, 1.5, 3].map { jitter in
      try #require(
        ShapeVariability(
          potentials: rows(jitter: jitter, noise: 10), core: 60..<140,
          baselines: [0..<40, 160..<200])
      ).jiggle
    }
    #expect(values[0] < values[1] && values[1] < values[2])
    #expect(values[2] > 0.1)
  }

  @Test func slowBackgroundCountsLess() throws {
    // A drifting baseline of distant units, far below any high-pass of the search.
    var generator = SeededGenerator(seed: 9)
    let wandering = rows(jitter: 0, noise: 3).map { row in
      let (a, b) = (60 * generator.normal(), 60 * generator.normal())
      return row.enumerated().map { index, value in
        value + Float(a * sin(Double(index) / 30) + b * cos(Double(index) / 30))
      }
    }
    let all = try #require(
      ShapeVariability(potentials: wandering, core: 60..<140, baselines: [0..<40, 160..<200]))
    let ignored = try #require(
      ShapeVariability(potentials: wandering, core: 60..<140, baselines: []))
    #expect(all.jiggle < 0.65 * ignored.jiggle)
  }

  @Test func fewPotentialsHaveNone() {
    let few = Array(rows(jitter: 1, noise: 1).prefix(9))
    #expect(ShapeVariability(potentials: few, core: 60..<140, baselines: []) == nil)
  }
}
