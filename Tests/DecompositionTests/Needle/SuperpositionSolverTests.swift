import Foundation
import Signal
import Testing

@testable import Decomposition

@Suite struct SuperpositionSolverTests {
  /// The share of sets of `size` known templates at random lags within ±3 ms that come out right:
  /// all identities, each time within 0.2 ms.
  private func shareRight(size: Int, sets: Int, seed: UInt64) -> Double {
    let rate = NeedleTestSignals.rate
    let configuration = NeedleConfiguration()
    let distance = 0.05
    var generator = SeededGenerator(seed: seed)
    var samples = NeedleTestSignals.noise(
      1, count: Int((Double(sets) + 1) * distance * rate), seed: seed)
    var truth: [[(shape: Int, time: Double)]] = []
    for set in 0..<sets {
      var shapes = [0, 1, 2, 3]
      var members: [(shape: Int, time: Double)] = []
      for _ in 0..<size {
        let shape = shapes.remove(at: generator.index(below: shapes.count))
        let time = (Double(set) + 1) * distance + generator.uniform(-0.0015, 0.0015)
        members.append((shape, time))
        NeedleTestSignals.add(
          shape, amplitude: [40, 35, 30, 45][shape], at: [time], to: &samples)
      }
      truth.append(members)
    }
    func conditioned(_ raw: [Float]) -> ConditionedSignal {
      ConditionedSignal([raw], samplingRate: rate, configuration: configuration) {
        ConditionedSignal.bandGain($0, highPass: 200, lowPass: 4_600, samplingRate: rate)
      }
    }
    let signal = conditioned(samples)
    var model = NeedleModel(signal: signal, configuration: configuration)
    for shape in 0..<4 {
      var alone = [Float](repeating: 0, count: 4_000)
      NeedleTestSignals.add(shape, amplitude: [40, 35, 30, 45][shape], at: [0.2], to: &alone)
      let clean = conditioned(alone)
      let centre = Int((0.2 * clean.rate).rounded())
      let scale = clean.noise[0] / signal.noise[0]
      let template = clean.channels[0][centre - model.half...centre + model.half].map { $0 * scale }
      model.units.append(WorkingUnit(template: template, firings: []))
    }
    let correlations = model.templateCorrelations()
    let energies = (0..<4).map { correlations[$0, $0, 0] }
    let sweep = SuperpositionSweep(
      matched: model.matchedOutputs(signal.channels), penalty: signal.penalty,
      correlations: correlations, energies: energies.map { $0 + 2 * min(0.15 * $0, 22) },
      priors: [[Float]](repeating: [0, 0], count: 4), priorScale: 0,
      firings: [[Int]](repeating: [], count: 4), width: Int(0.010 * signal.rate),
      step: Int(0.005 * signal.rate), configuration: configuration)
    for generation in 0..<3 { _ = sweep.sweep(generation: generation, offset: generation * 66) }
    var right = 0
    for (set, members) in truth.enumerated() {
      let centre = (Double(set) + 1) * distance
      var found: [(shape: Int, time: Double)] = []
      for unit in 0..<4 {
        for firing in sweep.firings[unit] {
          let time = Double(firing) / signal.rate
          if abs(time - centre) < 0.02 { found.append((unit, time)) }
        }
      }
      let all = members.allSatisfy { member in
        found.contains { $0.shape == member.shape && abs($0.time - member.time) < 0.000_2 }
      }
      if all && found.count == size { right += 1 }
    }
    return Double(right) / Double(sets)
  }

  @Test func twoTemplatesComeOutRight() {
    #expect(shareRight(size: 2, sets: 60, seed: 11) >= 0.95)
  }

  @Test func threeTemplatesComeOutRight() {
    #expect(shareRight(size: 3, sets: 60, seed: 12) >= 0.90)
  }
}
