import Foundation
import Signal
import Testing

@testable import Decomposition

/// Mains hum is found at its frequencies and taken out without harm to potentials.
@Suite struct LineNoiseTests {
  static let rate = NeedleTestSignals.rate

  private static func hum(_ frequency: Double, amplitude: Double, count: Int) -> [Float] {
    (0..<count).map { index in
      let phase = 2 * Double.pi * frequency * Double(index) / rate + 0.7
      return Float(amplitude * (sin(phase) + 0.3 * sin(3 * phase + 1)))
    }
  }

  private static func harmonics(_ samples: [Float]) -> [Double] {
    LineNoise.harmonics(
      in: [samples], samplingRate: rate, band: (low: 50, high: rate / 2),
      settings: .init())
  }

  private static func rms(_ samples: ArraySlice<Float>) -> Double {
    (samples.reduce(0.0) { $0 + Double($1 * $1) } / Double(samples.count)).squareRoot()
  }

  @Test(arguments: [(50.0, [50.0, 150]), (49.93, [50, 150]), (60.05, [60, 180])])
  func findsTheMains(frequency: Double, expected: [Double]) {
    let (samples, _) = NeedleTestSignals.record(duration: 8, seed: 3)
    let hum = Self.hum(frequency, amplitude: 100, count: samples.count)
    #expect(Self.harmonics(zip(samples, hum).map { $0 + $1 }) == expected)
  }

  /// A train of nearly constant rate has lines of its own, which are no hum.
  @Test func regularTrainsAreNoHum() {
    for seed in 1...10 as ClosedRange<UInt64> {
      var samples = NeedleTestSignals.noise(5, count: 80_000, seed: seed)
      let times = NeedleTestSignals.train(mean: 0.1, variation: 0.05, duration: 8, seed: seed)
      NeedleTestSignals.add(0, amplitude: 500, at: times, to: &samples)
      #expect(Self.harmonics(samples).isEmpty)
    }
  }

  @Test func removalLeavesPotentials() {
    let (samples, _) = NeedleTestSignals.record(duration: 8, seed: 5)
    for frequency in [50, 49.95] {
      let hum = Self.hum(frequency, amplitude: 300, count: samples.count)
      let clean = LineNoise.removing(
        [50, 150], from: [zip(samples, hum).map { $0 + $1 }], samplingRate: Self.rate)[0]
      let difference = zip(clean, samples).map { $0 - $1 }
      // Of 218 uV rms; what is left at the ends lasts as long as the notch rings.
      #expect(Self.rms(difference[10_000..<70_000]) < 6)
      #expect(Self.rms(difference[...]) < 30)
    }
  }

  @Test func nothingToRemoveChangesNothing() {
    let (samples, _) = NeedleTestSignals.record(duration: 3, seed: 7)
    #expect(LineNoise.removing([], from: [samples], samplingRate: Self.rate) == [samples])
  }
}
