import Foundation
import Signal
import Testing

@testable import Decomposition

@Suite struct SuperpositionSweepTests {
  /// Three known templates in noise, of which the first pauses for longer than intervals are tabled.
  private static func model(windowLength: Double) -> (model: NeedleModel, trains: [[Int]]) {
    let rate = NeedleTestSignals.rate
    var configuration = NeedleConfiguration()
    configuration.windowLength = windowLength
    var samples = NeedleTestSignals.noise(5, count: Int(8 * rate), seed: 5)
    var trains = (0..<3).map {
      NeedleTestSignals.train(
        mean: 0.07 + 0.013 * Double($0), variation: 0.1, duration: 8, seed: UInt64(20 + $0))
    }
    trains[0].removeAll { $0 > 2 && $0 < 5 }
    for (shape, train) in trains.enumerated() {
      NeedleTestSignals.add(
        shape, amplitude: [200, 170, 150][shape], at: train, to: &samples)
    }
    let signal = ConditionedSignal([samples], samplingRate: rate, configuration: configuration) {
      ConditionedSignal.bandGain($0, highPass: 400, lowPass: 4_600, samplingRate: rate)
    }
    var model = NeedleModel(signal: signal, configuration: configuration)
    let grid = trains.map { $0.map { Int(($0 * signal.rate).rounded()) } }
    model.units = grid.map {
      WorkingUnit(template: [Float](repeating: 0, count: model.length), firings: $0)
    }
    model.resetTemplates()
    model.updateTemplates(rounds: 3)
    return (model, model.units.map(\.firings))
  }

  /// Windows that do not divide into vectors, and pauses beyond the table of intervals.
  @Test(arguments: [0.010, 0.010_1, 0.009_93])
  func outputsStayThoseOfTheResidual(windowLength: Double) {
    var (model, trains) = Self.model(windowLength: windowLength)
    for index in model.units.indices {
      model.units[index].firings = trains[index].enumerated().filter { $0.offset % 4 != 1 }
        .map(\.element)
    }
    model.solve(sweeps: 3, refractory: true, thorough: true)
    let expected = model.matchedOutputs(model.residual())
    let scale = model.energies.max() ?? 0
    for (kept, direct) in zip(model.matched, expected) {
      #expect(abs(kept - direct) < 1e-3 * scale)
    }
    for (unit, train) in zip(model.units, trains) {
      let (common, _) = commonFirings(train, unit.firings, tolerance: 12, reach: 40)
      #expect(common >= train.count - 2)
      #expect(unit.firings.count <= train.count + 2)
    }
  }
}
