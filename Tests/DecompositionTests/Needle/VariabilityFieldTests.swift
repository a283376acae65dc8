import Foundation
import Signal
import Testing

@testable import Decomposition

@Suite struct VariabilityFieldTests {
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

  private static func spread(_ values: [Float]) -> Float {
    let mean = values.reduce(0, +) / Float(values.count)
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(values.count)).squareRoot()
  }

  @Test(arguments: 1...3 as ClosedRange<UInt64>)
  func heightsBeneathAVaryingPotentialScatterLess(seed: UInt64) {
    let (model, covered) = Self.model(seed: seed)
    var residual = model.residual()
    let field = VariabilityField(model, residual: residual)
    model.superpose(model.units[1], scale: 1, on: &residual)
    var alone = model
    alone.units = [model.units[1]]
    let plain = alone.matchedOutputs(residual)
    let overlaid = OverlaidOutput(field, unit: 1, output: plain, residual: residual)
    let whole = overlaid.energy.max() ?? 1
    let places = zip(model.units[1].firings, covered).filter { $0.1 }.map(\.0)
    let before = Self.spread(places.map { plain[$0] / whole })
    let after = Self.spread(places.map { overlaid.output[$0] / overlaid.energy[$0] })
    #expect(after < 0.5 * before, "\(after) of \(before)")
    // Where nothing varies the estimate rests on the whole potential and is the plain one.
    for place in zip(model.units[1].firings, covered).filter({ !$0.1 }).map(\.0) {
      #expect(overlaid.energy[place] == whole)
      #expect(overlaid.output[place] == plain[place])
    }
    for place in places { #expect(overlaid.energy[place] < whole) }
  }

  @Test func componentsExplainWhatVariesAndNothingElse() {
    let (model, _) = Self.model(seed: 5)
    let residual = model.residual()
    let field = VariabilityField(model, residual: residual)
    let left = field.explained(residual)
    let reach = Int(0.0015 * model.signal.rate)
    func energy(_ channel: [Float]) -> Float {
      model.units[0].firings.reduce(0) { sum, time in
        (time - reach...time + reach).reduce(sum) { $0 + channel[$1] * channel[$1] }
      }
    }
    #expect(energy(left[0]) < 0.4 * energy(residual[0]))
    let far = model.units[0].firings.map { $0 + Int(0.03 * model.signal.rate) }
      .filter { $0 < model.signal.count }
    for time in far { #expect(left[0][time] == residual[0][time]) }
    let remainder = field.remainder(residual)
    for time in far { #expect(remainder[time] < 2) }
    #expect(remainder.allSatisfy { $0 >= 1 })
  }

  @Test func axesOfTwoIndependentSourcesAreTheirs() {
    var random = SeededGenerator(seed: 4)
    let width = 60
    let rows = 200
    let first = (0..<width).map { Float(sin(Double($0) / 5)) }
    let second = (0..<width).map { Float(cos(Double($0) / 2)) }
    var values: [Float] = []
    for _ in 0..<rows {
      let a = Float(3 * random.normal())
      let b = Float(random.normal())
      values += zip(first, second).map { a * $0 + b * $1 + 0.05 * Float(random.normal()) }
    }
    let axes = principalAxes(values, rows: rows, count: 2)
    for (axis, source) in zip(axes.map(\.axis), [first, second]) {
      let length = source.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let cosine = zip(axis, source).reduce(0) { $0 + $1.0 * $1.1 } / length
      #expect(abs(cosine) > 0.97)
    }
    #expect(axes[0].variance > 4 * axes[1].variance)
  }

  @Test func smallSystemsAreSolved() {
    var matrix: [Float] = [4, 0, 0, 2, 5, 0, 1, 2, 6]
    choleskyFactor(&matrix, count: 3)
    var vector: [Float] = [4 + 4 + 3, 2 + 10 + 6, 1 + 4 + 18]
    solveCholesky(matrix, &vector, count: 3)
    for (value, expected) in zip(vector, [1, 2, 3] as [Float]) {
      #expect(abs(value - expected) < 1e-5)
    }
  }
}
