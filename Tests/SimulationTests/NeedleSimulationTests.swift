import Foundation
import Signal
import Testing

@testable import Simulation

@Suite struct NeedleSimulationTests {
  private func small(
    _ kind: NeedleSimulationConfiguration.Kind = .normal, units: Int = 3, seed: UInt64 = 2
  ) -> NeedleSimulationConfiguration {
    var configuration = NeedleSimulationConfiguration(kind, unitCount: units, seed: seed)
    configuration.duration = 3
    configuration.samplingRate = 5000
    configuration.backgroundUnitCount = 1
    // A point electrode needs one profile per fibre: quick without optimisation.
    configuration.electrode = .fineWire
    return configuration
  }

  @Test func sameSeedSameRecordingWhateverTheThreads() throws {
    let one = try simulateNeedle(small(), threads: 1)
    let three = try simulateNeedle(small(), threads: 3)
    #expect(one.signals == three.signals)
    #expect(one.truthTable == three.truthTable)
    let other = try simulateNeedle(small(seed: 3))
    #expect(other.signals != one.signals)
  }

  @Test func dischargesAreRegularAndCounted() throws {
    var configuration = small()
    configuration.duration = 8
    let recording = try simulateNeedle(configuration)
    for unit in recording.units {
      let intervals = ArrayExamples.intervals(unit.spikeTimes.map { $0 / 5000 })
      #expect(intervals.mean > 0.04 && intervals.mean < 0.2)
      #expect(intervals.variation > 0.06 && intervals.variation < 0.3)
    }
    let lines = recording.truthTable.split(separator: "\n").count
    #expect(lines == 1 + recording.units.reduce(0) { $0 + $1.spikeTimes.count })
  }

  @Test func distantUnitsAreNumberedOn() throws {
    let recording = try simulateNeedle(small())
    let rows = recording.distantTruthTable.split(separator: "\n").dropFirst()
    #expect(rows.count == recording.distantSpikeTimes.reduce(0) { $0 + $1.count })
    let near = Set(recording.units.map { String($0.id) })
    let distant = Set(rows.compactMap { $0.split(separator: ",").first.map(String.init) })
    #expect(!distant.isEmpty && distant.isDisjoint(with: near))
  }

  @Test func humIsAddedToTheSameRecording() throws {
    var configuration = small()
    let quiet = try simulateNeedle(configuration)
    configuration.lineAmplitudeMicrovolts = 100
    let loud = try simulateNeedle(configuration)
    #expect(loud.truthTable == quiet.truthTable)
    let hum = zip(loud.signals[0], quiet.signals[0]).map { Double($0 - $1) }
    let power = hum.reduce(0) { $0 + $1 * $1 } / Double(hum.count)
    #expect(abs(power - 5_000 * (1 + 0.09 + 0.04 + 0.01)) < 100)
    configuration.lineAmplitudeMicrovolts = -1
    #expect(throws: SimulationError.self) { try simulateNeedle(configuration) }
  }

  @Test func signalIsTemplatesPlusBackgroundWithoutJitter() throws {
    var configuration = small(units: 1)
    configuration.jitterGain = 0
    configuration.amplitudeJitter = 0
    let recording = try simulateNeedle(configuration)
    let unit = recording.units[0]
    let own = zip(recording.signals[0], recording.background[0]).map { Double($0 - $1) }
    // At each discharge the template, shifted by less than a sample, explains the signal.
    let template = unit.template[0].map(Double.init)
    let energy = template.reduce(0) { $0 + $1 * $1 }
    for time in unit.spikeTimes.dropFirst().dropLast() {
      let start = Int(time.rounded()) - unit.templateLead
      let dot = template.indices.reduce(0) { $0 + template[$1] * own[start + $1] }
      #expect(abs(dot / energy - 1) < 0.2)
    }
    // The whole: between discharges there is nothing.
    let total = own.reduce(0) { $0 + $1 * $1 }
    #expect(abs(total / (energy * Double(unit.spikeTimes.count)) - 1) < 0.1)
  }

  @Test func kindsDifferAsInTheClinic() throws {
    var amplitude: [NeedleSimulationConfiguration.Kind: Double] = [:]
    var fibres: [NeedleSimulationConfiguration.Kind: Double] = [:]
    for kind in NeedleSimulationConfiguration.Kind.allCases {
      var configuration = small(kind, units: 8)
      configuration.duration = 0.2
      configuration.backgroundUnitCount = 0
      let units = try simulateNeedle(configuration).units
      let peaks = units.map(\.peakToPeakMicrovolts).sorted()
      amplitude[kind] = peaks[4]
      fibres[kind] = Double(units.map(\.fibreCount).reduce(0, +)) / 8
    }
    let normal = try #require(amplitude[.normal])
    #expect(normal > 50 && normal < 5000)
    #expect(try #require(amplitude[.neuropathic]) > normal)
    #expect(try #require(amplitude[.myopathic]) < normal)
    #expect(try #require(fibres[.neuropathic]) > 1.5 * #require(fibres[.normal]))
    #expect(try #require(fibres[.myopathic]) < 0.7 * #require(fibres[.normal]))
  }

  @Test func backgroundDoubles() throws {
    var configuration = small(units: 0)
    configuration.noiseMicrovolts = 0
    let single = try simulateNeedle(configuration)
    configuration.backgroundGain = 2
    let double = try simulateNeedle(configuration)
    #expect(single.units.isEmpty)
    #expect(abs(double.backgroundMicrovolts - 2 * single.backgroundMicrovolts) < 1e-3)
    #expect(single.signals == single.background)
  }

  /// The jitter of single-fibre EMG: 15 to 35 us in health, 25 to 90 us in reinnervation.
  @Test(arguments: [
    (NeedleSimulationConfiguration.Kind.normal, 25.0), (.neuropathic, 57.5), (.myopathic, 30),
  ])
  func jitterIsTheMeanConsecutiveDifferenceOfTwoFibres(
    kind: NeedleSimulationConfiguration.Kind, expected: Double
  ) {
    var random = SeededGenerator(seed: 8)
    let configuration = NeedleSimulationConfiguration(kind, unitCount: 1, seed: 1)
    let fibres = NeedleFibre.unit(
      configuration.pathology, centre: (0, 0), jitterGain: 1, using: &random)
    var sum = 0.0
    var count = 0
    for pair in stride(from: 0, to: fibres.count - 1, by: 2) {
      let intervals = (0..<200).map { _ -> Double in
        let first: Double = fibres[pair].jitter * random.normal()
        let second: Double = fibres[pair + 1].jitter * random.normal()
        return 1_000 * (first - second)
      }
      for (a, b) in zip(intervals.dropFirst(), intervals) {
        sum += abs(a - b)
        count += 1
      }
    }
    #expect(abs(sum / Double(count) / expected - 1) < 0.1)
  }

  @Test func jitterSpreadsTheShapeOfDischarges() throws {
    func spread(_ gain: Double) throws -> Double {
      var configuration = small(.neuropathic, units: 1)
      configuration.amplitudeJitter = 0
      configuration.noiseMicrovolts = 0
      configuration.backgroundUnitCount = 0
      configuration.jitterGain = gain
      let recording = try simulateNeedle(configuration)
      let unit = recording.units[0]
      let windows = unit.spikeTimes.dropLast().map { time -> Double in
        let start = max(0, Int(time))
        let end = min(start + 60, recording.signals[0].count)
        return Double(recording.signals[0][start..<end].min() ?? 0)
      }
      let mean = windows.reduce(0, +) / Double(windows.count)
      let variance = windows.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (variance / Double(windows.count)).squareRoot() / abs(mean)
    }
    // Six times the jitter of reinnervation: latencies of each fibre scatter by 0.1 to 0.36 ms.
    #expect(try spread(6.4) > 2 * spread(0))
  }

  @Test func movementAndDriftChangeAmplitudes() throws {
    var configuration = small(units: 1)
    configuration.amplitudeDrift = 1
    configuration.amplitudeJitter = 0
    configuration.backgroundUnitCount = 0
    configuration.noiseMicrovolts = 0
    let drifting = try simulateNeedle(configuration)
    configuration.amplitudeDrift = 0
    let steady = try simulateNeedle(configuration)
    let last = 10_000..<15_000
    let ratio =
      ArrayExamples.power(drifting.signals[0], last) / ArrayExamples.power(steady.signals[0], last)
    #expect(ratio > 2.5 && ratio < 4)
    configuration.movementMillimetres = 1
    let moving = try simulateNeedle(configuration)
    let early = moving.units[0].spikeTimes[0]
    #expect(moving.signals != steady.signals)
    // At the first discharge the needle has hardly moved.
    let first = max(0, Int(early))..<Int(early) + 100
    let change = ArrayExamples.power(
      zip(moving.signals[0], steady.signals[0]).map { $0 - $1 }, first)
    #expect(change < 0.1 * ArrayExamples.power(steady.signals[0], first))
  }

  @Test func channelsSeeTheSameDischargesDifferently() throws {
    var configuration = small(units: 1)
    configuration.channels = 2
    let recording = try simulateNeedle(configuration)
    #expect(recording.signals.count == 2 && recording.units[0].template.count == 2)
    #expect(recording.units[0].template[0] != recording.units[0].template[1])
  }

  @Test func concentricNeedlesRejectDistantActivity() throws {
    var configuration = small(units: 0)
    configuration.duration = 1
    configuration.noiseMicrovolts = 0
    configuration.kind = .myopathic
    let point = try simulateNeedle(configuration).backgroundMicrovolts
    configuration.electrode = .concentric
    let concentric = try simulateNeedle(configuration).backgroundMicrovolts
    #expect(concentric < point)
  }

  @Test func settingsOutOfRangeAreNamed() {
    var configuration = small()
    configuration.channels = 5
    #expect(
      throws: SimulationError.invalidValue(
        name: "channels", found: "5.0", expected: "1.0 to 4.0")
    ) { try simulateNeedle(configuration) }
  }
}
