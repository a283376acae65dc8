import Foundation
import TestSupport
import Testing

@testable import Simulation

@Suite struct ArrayRealismTests {
  /// Median frequency in Hz above 15 Hz, from plain Fourier sums over half-second stretches.
  private func medianFrequency(_ signal: [Float], rate: Int, from start: Int) -> Double {
    let length = rate / 2
    let cosine = (0..<length).map { cos(2 * Double.pi * Double($0) / Double(length)) }
    let sine = (0..<length).map { sin(2 * Double.pi * Double($0) / Double(length)) }
    var power = [Double](repeating: 0, count: length / 2)
    for first in stride(from: start, to: signal.count - length, by: length) {
      for bin in 8..<length / 2 {
        var real = 0.0
        var imaginary = 0.0
        var phase = 0
        for index in 0..<length {
          real += Double(signal[first + index]) * cosine[phase]
          imaginary += Double(signal[first + index]) * sine[phase]
          phase += bin
          if phase >= length { phase -= length }
        }
        power[bin] += real * real + imaginary * imaginary
      }
    }
    let half = power.reduce(0, +) / 2
    var sum = 0.0
    for (bin, value) in power.enumerated() {
      sum += value
      if sum >= half { return 2 * Double(bin) }
    }
    return 0
  }

  @Test(arguments: [PotentialModel.tripole, .travellingWave])
  func surfaceSpectraHaveTheirMedianWhereMusclesHaveIt(model: PotentialModel) throws {
    var configuration = ArrayExamples.small(seed: 5)
    configuration.model = model
    configuration.pool.unitCount = 30
    let recording = try simulateArray(configuration)
    let medians = [1, 4, 7, 10].map {
      medianFrequency(recording.signals[$0], rate: 1000, from: 1500)
    }
    let mean = medians.reduce(0, +) / 4
    #expect(mean > 45 && mean < 140)
    let rms = ArrayExamples.power(recording.signals[4], 1500..<4000).squareRoot()
    #expect(rms > 5 && rms < 1000)
  }

  @Test func crosstalkHasItsLevel() throws {
    var configuration = ArrayExamples.small()
    configuration.noise.signalToNoiseDecibels = 200
    let alone = try simulateArray(configuration)
    configuration.crosstalkDecibels = -10
    let both = try simulateArray(configuration)
    var own = 0.0
    var other = 0.0
    for (a, b) in zip(alone.signals, both.signals) {
      own += ArrayExamples.power(a, 1001..<4000)
      other += ArrayExamples.power(zip(a, b).map { $1 - $0 }, 1001..<4000)
    }
    #expect(abs(10 * log10(other / own) + 10) < 0.3)
    // The truth holds the units of the muscle only.
    #expect(both.truthTable == alone.truthTable)
  }

  @Test func templatesDriftFromTheFirstPlaceToTheLast() throws {
    var configuration = ArrayExamples.small()
    configuration.noise.signalToNoiseDecibels = 200
    configuration.amplitudeJitter = 0
    let steady = try simulateArray(configuration)
    var moved = configuration
    moved.electrodes.shiftAlong = 6
    moved.electrodes.shiftAcross = 3
    let last = try simulateArray(moved)
    configuration.templateDriftMillimetres = 6
    let drifting = try simulateArray(configuration)
    func distance(_ other: SimulatedRecording, _ range: Range<Int>) -> Double {
      zip(drifting.signals, other.signals).reduce(0) { sum, pair in
        sum + ArrayExamples.power(zip(pair.0, pair.1).map { $0 - $1 }, range)
      }
    }
    #expect(distance(steady, 1000..<1500) < distance(last, 1000..<1500))
    #expect(distance(last, 3500..<4000) < 0.2 * distance(steady, 3500..<4000))
  }

  @Test func simulatorsShareNeitherShapeNorSizes() throws {
    var a = ArrayExamples.small()
    a.muscleSeed = 5
    var b = a
    b.model = ArraySimulationConfiguration.simulatorB.model
    b.pool.sizeLaw = ArraySimulationConfiguration.simulatorB.pool.sizeLaw
    let first = try simulateArray(a)
    let second = try simulateArray(b)
    #expect(first.units.map(\.fibreCount) != second.units.map(\.fibreCount))
    #expect(ArraySimulationConfiguration.simulatorB.model != ArraySimulationConfiguration().model)
  }

  @Test func compactRecordingsFitIntoASmallFile() throws {
    let configuration = ArraySimulationConfiguration.compact
    let samples = Int(configuration.samplingRate * configuration.duration)
    let channels = configuration.electrodes.channelCount
    // Sixteen bits per value, force and header included.
    #expect((channels + 1) * samples * 2 + 10_000 < 700_000)
  }

  @Test func gridsWithMissingPlacesHaveAChannelLess() throws {
    var configuration = ArrayExamples.small()
    let full = try simulateArray(configuration)
    configuration.electrodes.missing = [0]
    let partial = try simulateArray(configuration)
    #expect(partial.signals.count == 11 && partial.electrodes.count == 11)
    #expect(partial.units[0].template[0] == full.units[0].template[1])
  }

  @Test(.enabled(if: TestTier.isLong)) func wideGridsAndLongRecordings() throws {
    var configuration = ArraySimulationConfiguration()
    configuration.electrodes = .grid(rows: 16, columns: 16, spacing: 4)
    configuration.duration = 5
    configuration.muscle.bundlesPerUnit = 4
    configuration.drive.rampSeconds = 0.5
    let recording = try simulateArray(configuration)
    #expect(recording.signals.count == 256 && recording.sampleCount == 10_240)
    #expect(recording.activeUnits.count > 50)
    #expect(recording.signals.allSatisfy { $0.allSatisfy(\.isFinite) })
  }
}
