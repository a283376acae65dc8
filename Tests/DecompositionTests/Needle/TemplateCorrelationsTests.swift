import Signal
import Testing

@testable import Decomposition

@Suite struct TemplateCorrelationsTests {
  private func model() -> NeedleModel {
    var samples = NeedleTestSignals.noise(1, count: 4_000, seed: 3)
    NeedleTestSignals.add(0, amplitude: 30, at: [0.1, 0.2, 0.3], to: &samples)
    let signal = ConditionedSignal(
      [samples, samples.map { -0.5 * $0 }], samplingRate: NeedleTestSignals.rate,
      configuration: NeedleConfiguration()
    ) { _ in 1 }
    var model = NeedleModel(signal: signal, configuration: NeedleConfiguration())
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<3 {
      let template = (0..<2 * model.length).map { _ in Float(generator.normal()) }
      model.units.append(WorkingUnit(template: template, firings: []))
    }
    return model
  }

  @Test func equalDirectSums() {
    let model = model()
    let correlations = model.templateCorrelations()
    for (v, u, lag) in [(0, 0, 0), (0, 1, 17), (2, 1, -60), (1, 2, 200), (2, 2, -479)] {
      var sum = 0.0
      for channel in 0..<2 {
        for index in 0..<model.length {
          let other = index - lag
          if other < 0 || other >= model.length { continue }
          sum +=
            Double(model.units[v].template[channel * model.length + index])
            * Double(model.units[u].template[channel * model.length + other])
        }
      }
      let expected = sum / Double(model.signal.nat)
      #expect(abs(Double(correlations[v, u, lag]) - expected) < 1e-3)
    }
  }

  @Test func matchedOutputsEqualDirectSums() {
    let model = model()
    let outputs = model.matchedOutputs(model.signal.channels)
    for (unit, time) in [(0, 300), (1, 4_444), (2, 12_000), (0, 5), (1, model.signal.count - 3)] {
      var sum = 0.0
      for channel in 0..<2 {
        for index in 0..<model.length {
          let sample = time + index - model.half
          if sample < 0 || sample >= model.signal.count { continue }
          sum +=
            Double(model.signal.channels[channel][sample])
            * Double(model.units[unit].template[channel * model.length + index])
        }
      }
      let expected = sum / Double(model.signal.nat)
      #expect(
        abs(Double(outputs[unit * model.signal.count + time]) - expected)
          < 1e-3 * max(1, abs(expected)))
    }
  }

  @Test func addingFiringsChangesOutputsByCorrelations() {
    var model = model()
    let before = model.matchedOutputs(model.residual())
    model.units[1].firings = [3_000]
    let after = model.matchedOutputs(model.residual())
    let correlations = model.templateCorrelations()
    for (unit, lag) in [(0, -100), (1, 0), (2, 333)] {
      let index = unit * model.signal.count + 3_000 + lag
      #expect(abs(before[index] - after[index] - correlations[1, unit, lag]) < 2e-3)
    }
  }
}
