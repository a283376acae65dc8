import Signal
import Simulation
import TestSupport
import Testing

@testable import Decomposition

@Suite struct StreamingDecomposerTests {
  @Test func blockSizeDoesNotMatter() throws {
    let trained = try ModelTestSignals.trained.get()
    let signals = trained.truth.signals.map { Array($0.prefix(6_000)) }
    let whole = ModelTestSignals.stream(signals, through: trained.model, blocks: [6_000])
    #expect(whole.values.contains { $0.count > 20 })
    for blocks in [[100], [37, 1, 256, 513]] {
      let other = ModelTestSignals.stream(signals, through: trained.model, blocks: blocks)
      #expect(whole.keys.sorted() == other.keys.sorted())
      for (unit, a) in whole {
        let b = other[unit] ?? []
        // Sums of other shapes round otherwise; times may differ by that.
        #expect(a.count == b.count)
        #expect(zip(a, b).allSatisfy { abs($0 - $1) < 0.01 })
      }
    }
  }

  @Test func agreesWithTheBatch() throws {
    let trained = try ModelTestSignals.trained.get()
    let later = try ModelTestSignals.recording(seed: 4, sine: true)
    let batch = try ModelApplication(
      trained.model, to: later.signals, setUp: ModelTestSignals.setUp)
    let streamed = ModelTestSignals.stream(later.signals, through: trained.model, blocks: [100])
    var agreements: [Double] = []
    for (id, times) in streamed {
      guard let other = batch.decomposition.units.first(where: { $0.id == id }) else { continue }
      let agreement = TrainAgreement(
        other.train.times, times, tolerance: 1, longestLag: 5)
      agreements.append(agreement.rate)
      // The delays of causal filters are taken out again.
      if agreement.rate >= 0.9 { #expect(abs(agreement.lag) <= 1) }
    }
    #expect(agreements.filter { $0 >= 0.9 }.count >= 3)
    #expect(agreements.sorted()[agreements.count / 2] >= 0.9)
  }

  @Test func dischargesComeWithinTheLatency() throws {
    let trained = try ModelTestSignals.trained.get()
    var decomposer = StreamingDecomposer(trained.model)
    #expect(decomposer.latency < 0.12)
    let signals = trained.truth.signals
    var count = 0
    for start in stride(from: 0, to: signals[0].count - 50, by: 50) {
      let found = decomposer.process(signals.map { Array($0[start..<(start + 50)]) })
      for time in found.joined() {
        // Not before it happened, and no later than stated.
        #expect(time < Double(start + 50))
        #expect(Double(start) - time <= Double(decomposer.latencySamples))
        count += 1
      }
    }
    #expect(count > 50)
  }

  @Test func valuesThatAreNotNumbersDoNotLast() throws {
    let trained = try ModelTestSignals.trained.get()
    var signals = trained.truth.signals
    for channel in signals.indices { signals[channel][2_000] = .nan }
    let clean = ModelTestSignals.stream(
      trained.truth.signals, through: trained.model, blocks: [200])
    let damaged = ModelTestSignals.stream(signals, through: trained.model, blocks: [200])
    for (unit, a) in clean where a.count > 40 {
      let b = damaged[unit] ?? []
      let agreement = TrainAgreement(
        a.filter { $0 > 3_000 }, b.filter { $0 > 3_000 }, tolerance: 1, longestLag: 1)
      #expect(agreement.rate > 0.95)
    }
  }

  @Test(.enabled(if: TestTier.isLong)) func updatesFollowADrift() throws {
    let trained = try ModelTestSignals.trained.get()
    let drifting = try ModelTestSignals.recording(seed: 6, drift: 8, duration: 60)
    func late(_ updates: Bool) -> [Double] {
      var configuration = StreamingDecomposer.Configuration()
      configuration.updatesFilters = updates
      let trains = ModelTestSignals.stream(
        drifting.signals, through: trained.model, blocks: [100], configuration: configuration)
      return trains.keys.sorted().map { unit in
        let found = (trains[unit] ?? []).filter { $0 > 40_000 }
        return drifting.units.map {
          TrainAgreement(
            $0.spikeTimes.filter { $0 > 40_000 }, found, tolerance: 1, longestLag: 50
          ).rate
        }.max() ?? 0
      }
    }
    let fixed = late(false)
    let following = late(true)
    // The last third, where the electrodes have moved by more than half of their distance.
    #expect(following.reduce(0, +) > fixed.reduce(0, +))
    #expect(following.filter { $0 >= 0.9 }.count >= fixed.filter { $0 >= 0.9 }.count)
  }

  /// 2,048 Hz are reduced to three quarters: places must stay those of the recording.
  @Test func fractionalRatesKeepThePlaces() throws {
    let truth = try ModelTestSignals.recording(seed: 3, samplingRate: 2_048)
    let trains = truth.units.map(\.spikeTimes).filter { $0.count >= 40 }
    let setUp = ChannelSetUp(channelCount: 16, samplingRate: 2_048)
    let model = try SeparationModel(
      trains: trains, samples: truth.signals, setUp: setUp, configuration: ArrayConfiguration(),
      provenance: .init(software: "test", recording: "first", sha256: ""))
    #expect(model.filterRate == 1_536)
    let whole = ModelTestSignals.stream(truth.signals, through: model, blocks: [30_000])
    let parts = ModelTestSignals.stream(truth.signals, through: model, blocks: [205, 1, 77])
    var clear = 0
    for (id, times) in whole {
      let agreement = TrainAgreement(trains[id], times, tolerance: 1, longestLag: 5)
      if agreement.rate >= 0.9 {
        clear += 1
        #expect(abs(agreement.lag) <= 1)
      }
      let other = parts[id] ?? []
      #expect(times.count == other.count)
      #expect(zip(times, other).allSatisfy { abs($0 - $1) < 0.01 })
    }
    #expect(clear >= 3)
  }

  @Test func silenceGivesNoDischarges() throws {
    let model = try ModelTestSignals.trained.get().model
    let silence = [[Float]](repeating: [Float](repeating: 0, count: 3_000), count: 16)
    let found = ModelTestSignals.stream(silence, through: model, blocks: [100])
    #expect(found.values.allSatisfy { $0.isEmpty })
  }
}
