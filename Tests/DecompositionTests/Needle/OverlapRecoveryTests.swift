import Signal
import Testing

@testable import Decomposition

@Suite struct OverlapRecoveryTests {
  /// Three units with their true templates and trains, and a foreign spike of the first one's shape in
  /// the middle of each tenth of its intervals.
  private func model(foreign: Bool) -> (model: NeedleModel, truth: [[Int]]) {
    let configuration = NeedleConfiguration()
    let rate = NeedleTestSignals.rate
    var (samples, trains) = NeedleTestSignals.record(duration: 6, seed: 3)
    if foreign {
      let middles = stride(from: 5, to: trains[0].count - 1, by: 10).map {
        0.5 * (trains[0][$0] + trains[0][$0 + 1])
      }
      NeedleTestSignals.add(0, amplitude: 250, at: middles, to: &samples)
    }
    let signal = ConditionedSignal([samples], samplingRate: rate, configuration: configuration) {
      ConditionedSignal.bandGain($0, highPass: 400, lowPass: 4_600, samplingRate: rate)
    }
    var model = NeedleModel(signal: signal, configuration: configuration)
    let truth = trains.map { $0.map { Int(($0 * signal.rate).rounded()) } }
    model.units = truth.map {
      WorkingUnit(template: [Float](repeating: 0, count: model.length), firings: $0)
    }
    model.updateTemplates(rounds: 3)
    return (model, model.units.map(\.firings))
  }

  private func missing(_ truth: [Int], in found: [Int], rate: Double) -> Int {
    truth.count { time in !found.contains { abs($0 - time) <= Int(0.000_5 * rate) } }
  }

  @Test func findsFiringsThatWereGivenUp() {
    var (model, truth) = model(foreign: false)
    for unit in model.units.indices {
      model.units[unit].firings = truth[unit].enumerated().filter { $0.offset % 9 != unit + 3 }
        .map(\.element)
    }
    let before = model.units.indices.map {
      missing(truth[$0], in: model.units[$0].firings, rate: model.signal.rate)
    }
    model.recoverOverlapped()
    for unit in model.units.indices {
      #expect(before[unit] >= 5)
      #expect(missing(truth[unit], in: model.units[unit].firings, rate: model.signal.rate) <= 1)
      #expect(missing(model.units[unit].firings, in: truth[unit], rate: model.signal.rate) <= 1)
    }
  }

  @Test func takesNoSpikeThatTheIntervalsSpeakAgainst() {
    var (model, truth) = model(foreign: true)
    model.recoverOverlapped()
    #expect(missing(model.units[0].firings, in: truth[0], rate: model.signal.rate) <= 1)
  }
}
