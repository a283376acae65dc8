import Foundation
import Signal
import Testing

@testable import Decomposition

@Suite struct LateDiscoveryTests {
  /// A known large unit whose second component comes early or late at random; a small one that is not
  /// in the model, unless `amplitude` is zero.
  private static func model(
    amplitude: Double, seed: UInt64
  ) -> (model: NeedleModel, small: [Int]) {
    let rate = NeedleTestSignals.rate
    var random = SeededGenerator(seed: seed, stream: 4)
    var samples = NeedleTestSignals.noise(5, count: Int(10 * rate), seed: seed)
    let large = NeedleTestSignals.train(mean: 0.08, variation: 0.12, duration: 10, seed: seed)
    for time in large {
      NeedleTestSignals.add(0, amplitude: 700, at: [time], to: &samples)
      NeedleTestSignals.add(3, amplitude: 500, at: [time + 6e-5 * random.normal()], to: &samples)
    }
    let small = NeedleTestSignals.train(
      mean: 0.095, variation: 0.14, duration: 10, seed: seed + 50)
    NeedleTestSignals.add(2, amplitude: amplitude, at: small, to: &samples)
    let signal = ConditionedSignal(
      [samples], samplingRate: rate, configuration: NeedleConfiguration()
    ) { ConditionedSignal.bandGain($0, highPass: 280, lowPass: 4_600, samplingRate: rate) }
    var model = NeedleModel(signal: signal, configuration: NeedleConfiguration())
    model.units = [
      WorkingUnit(
        template: [Float](repeating: 0, count: model.length),
        firings: large.map { Int(($0 * signal.rate).rounded()) })
    ]
    model.updateTemplates(rounds: 4)
    return (model, small.map { Int(($0 * signal.rate).rounded()) })
  }

  @Test(arguments: 1...3 as ClosedRange<UInt64>)
  func aSmallUnitBesideAVaryingOneIsFound(seed: UInt64) throws {
    var (model, small) = Self.model(amplitude: 50, seed: seed)
    model.discoverLate()
    #expect(model.units.count == 2)
    let found = try #require(model.units.last)
    let (common, _) = commonFirings(
      small, found.firings, tolerance: Int(0.0005 * model.signal.rate),
      reach: Int(0.004 * model.signal.rate))
    let agreement = Double(common) / Double(small.count + found.firings.count - common)
    #expect(agreement > 0.9, "\(agreement)")
  }

  @Test(arguments: 1...3 as ClosedRange<UInt64>)
  func nothingIsMadeOfWhatAPotentialLeaves(seed: UInt64) {
    var (model, _) = Self.model(amplitude: 0, seed: seed)
    let before = model.units[0].firings
    model.discoverLate()
    #expect(model.units.count == 1)
    #expect(model.units[0].firings == before)
    #expect(model.doublets().allSatisfy { $0.isEmpty })
  }

  @Test func calmedResidualsAreNearlyOfUnitVariance() {
    let (model, _) = Self.model(amplitude: 0, seed: 4)
    let residual = model.residual()
    let calm = VaryingNoise(model, residual: residual).calmed(residual)
    let reach = Int(0.001 * model.signal.rate)
    func power(_ channel: [Float]) -> Double {
      let (rows, values) = model.windows([channel], at: model.units[0].firings, reach: reach)
      return values.reduce(0) { $0 + Double($1 * $1) } / Double(rows * (2 * reach + 1))
    }
    let left = power(calm[0])
    #expect(power(residual[0]) > 20)
    #expect(left > 0.3 && left < 4, "\(left) of \(power(residual[0]))")
  }

  @Test func hardlyRegularTrainsAreNotDecided() {
    var (model, small) = Self.model(amplitude: 50, seed: 5)
    var random = SeededGenerator(seed: 9)
    let last = Double(model.signal.count - model.length)
    let strangers = (0..<50).map { _ in model.length + Int(random.uniform() * (last - 2_000)) }
    model.units.append(
      WorkingUnit(
        template: [Float](repeating: 0, count: model.length),
        firings: (small.filter { _ in random.uniform() < 0.5 } + strangers).sorted()))
    model.updateTemplates(rounds: 2)
    model.dropDoubtful()
    #expect(model.units.count == 1)
    // What was real of it is found again.
    model.discoverLate()
    #expect(model.units.count == 2)
  }
}
