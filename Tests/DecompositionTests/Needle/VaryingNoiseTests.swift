import Foundation
import Signal
import Testing

@testable import Decomposition

@Suite struct VaryingNoiseTests {
  /// A large unit whose potential's second half comes early or late at random, and a small unit with
  /// known amplitudes, half of whose firings lie beneath the large one's.
  private static func model(seed: UInt64) -> (model: NeedleModel, covered: [Bool]) {
    let rate = NeedleTestSignals.rate
    var random = SeededGenerator(seed: seed, stream: 3)
    var samples = NeedleTestSignals.noise(5, count: Int(10 * rate), seed: seed)
    let large = stride(from: 0.05, to: 9.9, by: 0.09).map { $0 + 0.004 * random.normal() }
    for time in large {
      NeedleTestSignals.add(0, amplitude: 700, at: [time], to: &samples)
      NeedleTestSignals.add(3, amplitude: 500, at: [time + 6e-5 * random.normal()], to: &samples)
    }
    let small = large.indices.map { index in
      index % 2 == 0 ? large[index] + 0.000_6 : large[index] + 0.045
    }
    NeedleTestSignals.add(2, amplitude: 80, at: small, to: &samples)
    let signal = ConditionedSignal(
      [samples], samplingRate: rate, configuration: NeedleConfiguration()
    ) { ConditionedSignal.bandGain($0, highPass: 400, lowPass: 4_600, samplingRate: rate) }
    var model = NeedleModel(signal: signal, configuration: NeedleConfiguration())
    model.units = [large, small].map { train in
      WorkingUnit(
        template: [Float](repeating: 0, count: model.length),
        firings: train.map { Int(($0 * signal.rate).rounded()) })
    }
    model.updateTemplates(rounds: 4)
    return (model, small.indices.map { $0 % 2 == 0 })
  }

  private static func spread(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
  }

  /// The candidate nearest to each firing.
  private static func nearest(_ firings: [Int], in candidates: FiringCandidates) -> [Int] {
    firings.compactMap { firing in
      candidates.times.indices.min {
        abs(candidates.times[$0] - firing) < abs(candidates.times[$1] - firing)
      }
    }
  }

  @Test(arguments: 1...3 as ClosedRange<UInt64>)
  func heightsBeneathAVaryingPotentialScatterLess(seed: UInt64) throws {
    let (model, covered) = Self.model(seed: seed)
    var residual = model.residual()
    let noise = VaryingNoise(model, residual: residual)
    model.superpose(model.units[1], scale: 1, on: &residual)
    var alone = model
    alone.units = [model.units[1]]
    let plain = alone.matchedOutputs(residual)
    let energy = Double(alone.templateCorrelations()[0, 0, 0])
    let candidates = try #require(
      noise.candidates(1, residual: residual, firings: model.units.map(\.firings)))
    let firings = zip(model.units[1].firings, covered).filter { $0.1 }.map(\.0)
    let places = Self.nearest(firings, in: candidates)
    let before = Self.spread(firings.map { Double(plain[$0]) / energy })
    let after = Self.spread(places.map { candidates.heights[$0] })
    #expect(after < 0.5 * before, "\(after) of \(before)")
    // Beneath the large potential a height is known less well, and by how much is known.
    let free = Self.nearest(
      zip(model.units[1].firings, covered).filter { !$0.1 }.map(\.0), in: candidates)
    for place in free {
      #expect(abs(candidates.heights[place] - 1) < 0.5)
      #expect(candidates.deviations[place] < places.map { candidates.deviations[$0] }.max() ?? 0)
    }
    // The scatter is the one expected, where the candidate is the firing's own and no side lobe.
    let close = zip(places, firings).filter { abs(candidates.times[$0] - $1) <= 6 }.map(\.0)
    #expect(close.count > firings.count / 2)
    let scores = close.map { (candidates.heights[$0] - 1) / candidates.deviations[$0] }
    #expect(Self.spread(scores) > 0.3 && Self.spread(scores) < 2, "\(Self.spread(scores))")
  }

  @Test func heightsDoNotDependOnTheOrderOfUnits() throws {
    let (model, _) = Self.model(seed: 6)
    var turned = model
    turned.units.reverse()
    func candidates(_ model: NeedleModel, _ unit: Int) throws -> FiringCandidates {
      var residual = model.residual()
      let noise = VaryingNoise(model, residual: residual)
      model.superpose(model.units[unit], scale: 1, on: &residual)
      return try #require(
        noise.candidates(unit, residual: residual, firings: model.units.map(\.firings)))
    }
    let first = try candidates(model, 1)
    let second = try candidates(turned, 0)
    #expect(first.times == second.times)
    for (a, b) in zip(first.heights, second.heights) { #expect(abs(a - b) < 1e-3) }
  }

  @Test func covarianceIsLargeWhereThePotentialVaries() throws {
    let (model, _) = Self.model(seed: 5)
    let (rows, values) = model.windows(
      model.residual(), at: model.units[0].firings, reach: model.half)
    let covariance = try #require(
      PotentialCovariance(
        residuals: values, rows: rows, channels: 1, length: model.length, decimation: 4,
        bandwidth: 10))
    let diagonal = (0..<covariance.count).map { covariance.bands[0][0][$0 * 11] }
    let centre = model.half / 4
    // The second component lies within 2 ms of the peak; 4 ms away nothing varies.
    #expect(diagonal[centre - 20...centre + 20].max() ?? 0 > 10)
    for index in diagonal.indices where abs(index - centre) > 40 { #expect(diagonal[index] < 1) }
    #expect(diagonal.allSatisfy { $0 >= 0 })
    #expect(
      PotentialCovariance(
        residuals: Array(values.prefix(5 * model.length)), rows: 5, channels: 1,
        length: model.length, decimation: 4, bandwidth: 10) == nil)
  }
}
