import Foundation
import Signal
import Testing

@testable import Decomposition

@Suite struct FiringRhythmTests {
  private static let rate = 40_000.0

  /// Firings at intervals that grow from 80 to 120 ms, 10 % of them off by chance.
  private static func firings(_ count: Int, seed: UInt64) -> [Int] {
    var random = SeededGenerator(seed: seed, stream: 1)
    var time = 0.1
    return (0..<count).map { index in
      time += (0.08 + 0.04 * Double(index) / Double(count)) * (1 + 0.1 * random.normal())
      return Int(time * rate)
    }
  }

  @Test func usualIntervalFollowsTheRate() {
    let firings = Self.firings(120, seed: 1)
    let rhythm = FiringRhythm(firings: firings, rate: Self.rate)
    var hint = 0
    let early = rhythm.interval(at: 1, hint: &hint)
    let late = rhythm.interval(at: 11, hint: &hint)
    #expect(abs(early - 0.083) < 0.008 && abs(late - 0.117) < 0.008, "\(early) \(late)")
    #expect(rhythm.spread > 0.08 && rhythm.spread < 0.16, "\(rhythm.spread)")
  }

  @Test func falseFiringsLeaveTheRhythmAsItIs() {
    let clean = Self.firings(120, seed: 2)
    // Every tenth interval is split by a false firing.
    let split = (clean + stride(from: 5, to: 115, by: 10).map { (clean[$0] + clean[$0 + 1]) / 2 })
      .sorted()
    let rhythm = FiringRhythm(firings: split, rate: Self.rate)
    let reference = FiringRhythm(firings: clean, rate: Self.rate)
    #expect(abs(rhythm.spread - reference.spread) < 0.03)
    var hint = 0
    var other = 0
    for time in stride(from: 1.0, to: 11, by: 1) {
      let usual = rhythm.interval(at: time, hint: &hint)
      #expect(abs(usual / reference.interval(at: time, hint: &other) - 1) < 0.08)
      // Splitting an interval costs more than any peak that is no firing can give.
      let whole = rhythm.logDensity(usual, usual: usual)
      let halves = 2 * rhythm.logDensity(0.5 * usual, usual: usual)
      #expect(halves < whole - 5, "\(halves) \(whole)")
    }
  }

  @Test func densityIsOne() {
    let rhythm = FiringRhythm(firings: Self.firings(60, seed: 3), rate: Self.rate)
    let sum = stride(from: 0.000_5, to: 2.0, by: 0.001).reduce(0.0) {
      $0 + 0.001 * exp(rhythm.logDensity($1, usual: 0.1))
    }
    #expect(abs(sum - 1) < 0.05, "\(sum)")
    #expect(rhythm.logDensity(0.02, usual: 0.1) < -1_000)
  }

  @Test func fewFiringsGiveTheMixture() {
    let rhythm = FiringRhythm(firings: [4_000, 8_000, 12_100], rate: Self.rate)
    var hint = 0
    #expect(rhythm.interval(at: 0.2, hint: &hint) > 0)
    #expect(FiringRhythm(firings: [], rate: Self.rate).spread > 0)
  }
}
