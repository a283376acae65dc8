import Foundation
import Testing

@testable import MotorUnits

@Suite struct InterferencePatternTests {
  @Test func sineHasTwoTurnsForEachPeriod() throws {
    let rate = 10_000.0
    let samples = (0..<20_000).map { Float(400 * sin(2 * .pi * 100 * Double($0) / rate)) }
    var configuration = InterferencePatternConfiguration()
    configuration.highPass = 0
    let epochs = interferencePattern(samples, samplingRate: rate, configuration: configuration)
    #expect(epochs.count == 2)
    let first = try #require(epochs.first)
    #expect(abs(first.turnsPerSecond - 200) <= 2)
    #expect(abs((first.meanTurnAmplitudeMicrovolts ?? 0) - 800) < 5)
    #expect(abs((first.turnsAmplitudeRatio ?? 0) - 250) < 5)
    #expect(abs(first.envelopeMicrovolts - 800) < 5)
    #expect(abs(first.rmsMicrovolts - 400 / 2.0.squareRoot()) < 2)
    #expect(first.activity == 1)
    // Half a period lasts 5 ms: no small segment.
    #expect(first.smallSegmentsPerSecond == 0)
  }

  @Test func segmentsAreSmallBelowTwoMillivoltsAndThreeMilliseconds() throws {
    // Half a period of 250 Hz lasts 2 ms, of 160 Hz 3.1 ms; turns are twice the amplitude apart.
    for (frequency, amplitude, expected) in [
      (250.0, 900.0, 500.0), (250, 1_100, 0), (160, 900, 0), (250, 40, 0),
    ] {
      let samples = (0..<10_000).map {
        Float(amplitude * sin(2 * .pi * frequency * Double($0) / 10_000))
      }
      var configuration = InterferencePatternConfiguration()
      configuration.highPass = 0
      let epoch = try #require(
        interferencePattern(samples, samplingRate: 10_000, configuration: configuration).first)
      #expect(abs(epoch.smallSegmentsPerSecond - expected) <= 2)
    }
  }

  @Test func silenceHasNoTurns() throws {
    let epochs = interferencePattern([Float](repeating: 0, count: 12_000), samplingRate: 10_000)
    let first = try #require(epochs.first)
    #expect(first.turnsPerSecond == 0 && first.meanTurnAmplitudeMicrovolts == nil)
    #expect(first.activity == 0 && first.envelopeMicrovolts == 0)
  }
}
