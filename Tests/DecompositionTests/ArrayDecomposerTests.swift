import Foundation
import Signal
import Simulation
import TestSupport
import Testing

@testable import Decomposition

@Suite struct ArrayDecomposerTests {
  /// A small muscle under 16 electrodes: quick in a debug build.
  private func recording(seed: UInt64 = 3) throws -> SimulatedRecording {
    var configuration = ArraySimulationConfiguration()
    configuration.seed = seed
    configuration.samplingRate = 1_000
    configuration.duration = 12
    configuration.electrodes = .grid(rows: 4, columns: 4, spacing: 10)
    configuration.pool.unitCount = 20
    configuration.noise.signalToNoiseDecibels = 25
    return try simulateArray(configuration)
  }

  private var quick: ArrayConfiguration {
    var configuration = ArrayConfiguration()
    configuration.batchSize = 24
    configuration.roundLimit = 3
    return configuration
  }

  private func agreements(_ result: ArrayDecomposition, _ truth: SimulatedRecording) -> [Double] {
    result.units.map { unit in
      truth.units.map {
        TrainAgreement(
          $0.spikeTimes, unit.train.times, tolerance: 1, longestLag: 0.05 * truth.samplingRate
        ).rate
      }.max() ?? 0
    }
  }

  @Test func findsTrueUnits() throws {
    let truth = try recording()
    let result = try ArrayDecomposer(configuration: quick)
      .decompose(truth.signals, samplingRate: truth.samplingRate)
    let found = agreements(result, truth)
    #expect(found.filter { $0 >= 0.9 }.count >= 3)
    #expect(found.filter { $0 < 0.3 }.isEmpty)
    #expect(result.residualPowerShare > 0 && result.residualPowerShare < 1)
    #expect(abs(result.power.residualShare - result.residualPowerShare) < 1e-3)
    for unit in result.units {
      #expect(unit.template.channels.count == 16)
      #expect(unit.quality.silhouette >= quick.silhouetteLimit)
      #expect(zip(unit.train.times.dropFirst(), unit.train.times).allSatisfy { $0 > $1 })
    }
  }

  @Test func threadsDoNotMatter() throws {
    let truth = try recording()
    let results = try [1, 2, 5].map { threads in
      try ArrayDecomposer(configuration: quick, parallelism: Parallelism(threadCount: threads))
        .decompose(truth.signals, samplingRate: truth.samplingRate)
    }
    #expect(!results[0].units.isEmpty)
    #expect(results[0].units == results[1].units && results[0].units == results[2].units)
  }

  @Test func scaleAndChannelOrderDoNotMatter() throws {
    let truth = try recording()
    // Another order starts elsewhere: the search has to be long enough to find the clear units.
    var long = quick
    long.roundLimit = 8
    long.batchSize = 80
    let plain = try ArrayDecomposer(configuration: long)
      .decompose(truth.signals, samplingRate: truth.samplingRate)
    let scaled = try ArrayDecomposer(configuration: long)
      .decompose(truth.signals.map { $0.map { $0 * 4 } }, samplingRate: truth.samplingRate)
    #expect(plain.units.map(\.train) == scaled.units.map(\.train))
    let turned = try ArrayDecomposer(configuration: long)
      .decompose(truth.signals.reversed(), samplingRate: truth.samplingRate)
    // Another order sums in another order; the clear units must be the same.
    for unit in plain.units where unit.quality.silhouette > 0.95 {
      let best = turned.units.map {
        TrainAgreement(unit.train.times, $0.train.times, tolerance: 1, longestLag: 20).rate
      }.max()
      #expect((best ?? 0) > 0.8)
    }
  }

  @Test func badChannelsAreLeftOut() throws {
    let truth = try recording()
    var signals = truth.signals
    signals[5] = [Float](repeating: 0, count: signals[5].count)
    signals[9][77] = .infinity
    let result = try ArrayDecomposer(configuration: quick)
      .decompose(signals, samplingRate: truth.samplingRate)
    // One value that is no number is bridged and told; it does not cost the channel.
    #expect(result.rejectedChannels.map(\.index) == [5])
    #expect(result.artefacts.contains { $0.kind == .lostSamples && $0.channels == [9] })
    #expect(result.units.allSatisfy { $0.template.channels[5].isEmpty })
    #expect(agreements(result, truth).filter { $0 >= 0.9 }.count >= 2)
  }

  @Test func refusesWhatCannotBeDecomposed() throws {
    let decomposer = ArrayDecomposer(configuration: quick)
    let noise = [[Float]](repeating: [Float](repeating: 0.5, count: 8_000), count: 8)
    #expect(throws: DecompositionError.self) {
      try decomposer.decompose(noise, samplingRate: 1_000)
    }
    let truth = try recording()
    let short = truth.signals.map { Array($0.prefix(1_000)) }
    #expect(throws: DecompositionError.tooShort(seconds: 1, needed: 3)) {
      try decomposer.decompose(short, samplingRate: 1_000)
    }
    #expect(
      throws: DecompositionError.samplingRate(found: 100, lowest: 500, highest: 50_000)
    ) { try decomposer.decompose(truth.signals, samplingRate: 100) }
    var uneven = truth.signals
    uneven[2].removeLast()
    #expect(throws: DecompositionError.unequalChannels(first: 12_000, other: 11_999, channel: 2)) {
      try decomposer.decompose(uneven, samplingRate: 1_000)
    }
    #expect(throws: DecompositionError.self) {
      try decomposer.decompose(Array(truth.signals.prefix(3)), samplingRate: 1_000)
    }
  }

  @Test func pureNoiseGivesNoUnits() throws {
    var random = SeededGenerator(seed: 5)
    let noise = (0..<16).map { _ in (0..<12_000).map { _ in Float(random.normal()) } }
    let result = try ArrayDecomposer(configuration: quick).decompose(noise, samplingRate: 1_000)
    #expect(result.units.isEmpty)
  }
}
