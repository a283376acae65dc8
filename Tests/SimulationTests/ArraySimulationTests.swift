import Foundation
import Testing

@testable import Simulation

@Suite struct ArraySimulationTests {
  @Test func sameSeedSameRecordingWhateverTheThreads() throws {
    var configuration = ArrayExamples.small()
    configuration.templateDriftMillimetres = 2
    configuration.crosstalkDecibels = -15
    let one = try simulateArray(configuration, threads: 1)
    let four = try simulateArray(configuration, threads: 4)
    #expect(one.signals == four.signals)
    #expect(one.truthTable == four.truthTable)
    configuration.seed += 1
    let other = try simulateArray(configuration, threads: 4)
    #expect(other.signals != four.signals)
  }

  @Test func muscleSeedFixesTheMuscle() throws {
    var configuration = ArrayExamples.small()
    configuration.muscleSeed = 77
    let first = try simulateArray(configuration)
    configuration.seed = 99
    let second = try simulateArray(configuration)
    #expect(first.units.map(\.depth) == second.units.map(\.depth))
    #expect(first.units[0].template == second.units[0].template)
    #expect(first.units[0].spikeTimes != second.units[0].spikeTimes)
  }

  @Test(arguments: [5.0, 25.0]) func noiseIsAsAsked(decibels: Double) throws {
    var configuration = ArrayExamples.small()
    configuration.noise.signalToNoiseDecibels = decibels
    let noisy = try simulateArray(configuration)
    configuration.noise.signalToNoiseDecibels = 200
    let clean = try simulateArray(configuration)
    var signal = 0.0
    var noise = 0.0
    for (a, b) in zip(noisy.signals, clean.signals) {
      signal += ArrayExamples.power(b, 1001..<4000)
      noise += ArrayExamples.power(zip(a, b).map { $0 - $1 }, 0..<4000)
    }
    #expect(abs(10 * log10(signal / noise) - decibels) < 0.5)
  }

  @Test(arguments: [0.5, 4.0]) func fixedNoiseDoesNotFollowTheSignal(amplitude: Double) throws {
    var configuration = ArrayExamples.small()
    configuration.noise.amplitudeMicrovolts = amplitude
    let recording = try simulateArray(configuration)
    #expect(recording.noiseMicrovolts == amplitude)
    let rest = recording.signals.map { ArrayExamples.power($0, 0..<900) }
    let measured = (rest.reduce(0, +) / Double(rest.count)).squareRoot()
    #expect(abs(measured - amplitude) < 0.1 * amplitude)
  }

  @Test func recordingIsTheSumOfTemplatesAtTheSpikeTimes() throws {
    var configuration = ArrayExamples.small()
    configuration.amplitudeJitter = 0
    configuration.noise.signalToNoiseDecibels = 200
    let recording = try simulateArray(configuration)
    // Templates are exact for spikes on a sample; shifted by a windowed sinc for the others.
    var expected = [Double](repeating: 0, count: recording.sampleCount)
    for unit in recording.units {
      for time in unit.spikeTimes {
        let start = time - Double(unit.templateLead)
        for index in expected.indices where abs(Double(index) - start - 25) < 70 {
          let position = Double(index) - start
          let nearest = Int(position.rounded())
          for tap in nearest - 12...nearest + 12 where unit.template[4].indices.contains(tap) {
            let x = position - Double(tap)
            let sinc = abs(x) < 1e-9 ? 1 : sin(Double.pi * x) / (Double.pi * x)
            let window = 0.5 * (1 + cos(Double.pi * x / 13))
            expected[index] += sinc * window * Double(unit.template[4][tap])
          }
        }
      }
    }
    let found = recording.signals[4]
    let error = zip(found, expected).reduce(0.0) { $0 + pow(Double($1.0) - $1.1, 2) }
    let energy = expected.reduce(0) { $0 + $1 * $1 }
    #expect(error < 1e-3 * energy)
  }

  @Test func wavesTravelAtTheConductionVelocity() throws {
    var configuration = ArrayExamples.small()
    configuration.samplingRate = 8000
    configuration.duration = 2.5
    configuration.electrodes = .grid(rows: 6, columns: 1, spacing: 6)
    configuration.electrodes.shiftAlong = -25
    configuration.muscle.endPlateSpread = 1
    configuration.muscle.thickness = 8
    configuration.muscle.width = 8
    for model in [PotentialModel.tripole, .travellingWave] {
      configuration.model = model
      let recording = try simulateArray(configuration)
      let unit = try #require(recording.activeUnits.first)
      // Minima of the rows on one side of the innervation zone, 30 mm from first to last.
      let peaks = unit.template.map { row in
        row.indices.min { row[$0] < row[$1] } ?? 0
      }
      let seconds = Double(peaks[0] - peaks[5]) / 8000
      let velocity = 0.030 / seconds
      #expect(abs(velocity - unit.conductionVelocity) < 0.1 * unit.conductionVelocity)
    }
  }

  @Test func disturbancesReachTheirChannelsOnly() throws {
    var configuration = ArrayExamples.small()
    let plain = try simulateArray(configuration)
    configuration.noise.deadChannels = [2]
    configuration.noise.noisyChannels = [5]
    let disturbed = try simulateArray(configuration)
    #expect(disturbed.signals[2].allSatisfy { $0 == 0 })
    #expect(disturbed.signals[3] == plain.signals[3])
    let rest = 0..<900
    let ratio =
      ArrayExamples.power(disturbed.signals[5], rest) / ArrayExamples.power(plain.signals[5], rest)
    #expect(abs(ratio - 100) < 1)
    configuration.noise = .init()
    configuration.noise.lineAmplitudeMicrovolts = 50
    let hum = try simulateArray(configuration)
    #expect(ArrayExamples.power(hum.signals[0], rest) > 500)
  }

  @Test func truthCountsAddUp() throws {
    let recording = try simulateArray(ArrayExamples.small())
    #expect(recording.units.count == 12)
    #expect(recording.signals.count == 12 && recording.sampleCount == 4000)
    let active = recording.activeUnits.count
    #expect(active > 4 && active < 12)
    #expect(recording.activeCount(in: 0..<4000) == active)
    #expect(recording.activeCount(in: 0..<1000) == 0)
    let lines = recording.truthTable.split(separator: "\n")
    #expect(lines.count == 1 + recording.units.reduce(0) { $0 + $1.spikeTimes.count })
    #expect(lines[0] == "unit,sample,time_s")
    let thresholds = recording.units.map(\.recruitmentThresholdPercentMVC)
    #expect(thresholds == thresholds.sorted())
  }

  @Test func fatWeakensPotentials() throws {
    var configuration = ArrayExamples.small()
    configuration.noise.signalToNoiseDecibels = 200
    let lean = try simulateArray(configuration)
    configuration.muscle.fatThickness = 12
    let fat = try simulateArray(configuration)
    let first = ArrayExamples.power(lean.signals[4], 1500..<4000)
    let second = ArrayExamples.power(fat.signals[4], 1500..<4000)
    #expect(second < 0.5 * first)
  }

  @Test func settingsOutOfRangeAreNamed() {
    var configuration = ArrayExamples.small()
    configuration.samplingRate = 0
    #expect(
      throws: SimulationError.invalidValue(
        name: "samplingRate", found: "0.0", expected: "200.0 to 100000.0")
    ) { try simulateArray(configuration) }
    configuration = ArrayExamples.small()
    configuration.noise.deadChannels = [12]
    #expect(throws: SimulationError.self) { try simulateArray(configuration) }
    configuration = ArrayExamples.small()
    configuration.pool.unitCount = 0
    #expect(throws: SimulationError.self) { try simulateArray(configuration) }
  }

  @Test func configurationsSurviveJSON() throws {
    for configuration in [
      ArraySimulationConfiguration.simulatorB, .intramuscular(channels: 16), .compact,
    ] {
      let data = try JSONEncoder().encode(configuration)
      let back = try JSONDecoder().decode(ArraySimulationConfiguration.self, from: data)
      #expect(back == configuration)
    }
  }

  @Test func intramuscularPotentialsAreLargeAndShort() throws {
    var configuration = ArraySimulationConfiguration.intramuscular(channels: 3)
    configuration.samplingRate = 5000
    configuration.duration = 2
    configuration.pool.unitCount = 8
    configuration.pool.meanFibresPerUnit = 40
    configuration.drive = DriveProfile(.constant, levelPercentMVC: 30)
    configuration.drive.restSeconds = 0.5
    configuration.muscle.width = 12
    configuration.muscle.thickness = 12
    let recording = try simulateArray(configuration)
    #expect(recording.signals.count == 3)
    let peaks = recording.activeUnits.map { unit in
      unit.template.map { ($0.max() ?? 0) - ($0.min() ?? 0) }.max() ?? 0
    }
    #expect((peaks.max() ?? 0) > 60)
    #expect((peaks.max() ?? 0) < 10_000)
  }
}
