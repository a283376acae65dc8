import Foundation
import Testing

@testable import UnitNumber

struct LevelLikelihoodTests {
  private static let thresholds = [9.2, 9.4, 10.5]

  /// Three units, two of which alternate with one another, 80 stimuli.
  private static func data() throws -> LevelData {
    try LevelData(FewUnitsTests.scan(sizes: [90, 60, 140], thresholds: thresholds, count: 80))
  }

  private static func model(_ data: LevelData) -> LevelModel {
    var model = LevelModel(
      sizes: [85, 66, 138], thresholds: thresholds.map { log($0) }, spreads: [0.02, 0.015, 0.018],
      data)
    for unit in 0..<3 { model.values[4 * unit + 3] = [0.2, -0.3, 0.1][unit] }
    model.values[model.sharedStart + 3] = 0.01
    model.values[model.sharedStart + 4] = 0.5
    return model
  }

  @Test("the gradient is the slope of the density in every parameter")
  func gradient() throws {
    let data = try Self.data()
    let likelihood = LevelLikelihood(data: data, settings: FewUnitsConfiguration())
    let model = Self.model(data)
    let density = likelihood.evaluate(model)
    for index in model.values.indices {
      var (below, above) = (model, model)
      below.values[index] -= 1e-5
      above.values[index] += 1e-5
      let slope = (likelihood.evaluate(above).value - likelihood.evaluate(below).value) / 2e-5
      #expect(
        abs(slope - density.gradient[index]) < 1e-3 * max(1, abs(slope)),
        "parameter \(index): \(slope), \(density.gradient[index])")
    }
  }

  @Test("the sum over open sets is the sum over all eight sets of three units")
  func allSets() throws {
    let data = try Self.data()
    let settings = FewUnitsConfiguration()
    let likelihood = LevelLikelihood(data: data, settings: settings)
    let model = Self.model(data)
    let shared = Array(model.values[model.sharedStart...])
    var expected = 0.0
    for point in data.response.indices {
      var total = settings.outlierShare / (1.2 * data.cmap)
      for set in 0..<8 {
        var (probability, real, imaginary, squares) = (1.0, 0.0, 0.0, 0.0)
        for unit in 0..<3 {
          let z = (data.stimulus[point] / exp(model.threshold(unit)) - 1) / model.spread(unit)
          let p = 0.5 * erfc(-z / 2.0.squareRoot())
          guard set & (1 << unit) != 0 else {
            probability *= 1 - p
            continue
          }
          probability *= p
          real += model.size(unit) * cos(model.values[4 * unit + 3])
          imaginary += model.size(unit) * sin(model.values[4 * unit + 3])
          squares += model.size(unit) * model.size(unit)
        }
        let level = (1 + shared[3] * data.progress[point]) * hypot(real, imaginary)
        let variance =
          exp(2 * shared[0]) + exp(2 * shared[1]) * level * level + exp(2 * shared[2]) * squares
        let residual = data.response[point] - shared[4] - level
        total +=
          probability * exp(-residual * residual / (2 * variance))
          / (2 * Double.pi * variance).squareRoot()
      }
      expected += log(total)
    }
    let (mean, deviation) = likelihood.prior(3)
    for index in mean.indices {
      let score = (model.values[index] - mean[index]) / deviation[index]
      expected -= 0.5 * score * score + log(deviation[index] * (2 * Double.pi).squareRoot())
    }
    // Sets below 1e-6 and answers beyond 4.5 standard scores are left out.
    #expect(abs(likelihood.evaluate(model).value - expected) < 0.01 * abs(expected))
  }

  @Test("climbing raises the density and ends where it is flat")
  func climbing() throws {
    let data = try Self.data()
    let likelihood = LevelLikelihood(data: data, settings: FewUnitsConfiguration())
    let ascent = LevelAscent(likelihood: likelihood)
    let start = Self.model(data)
    let found = ascent.climb(start, iterations: 60)
    #expect(found.density.value > likelihood.evaluate(start).value + 1)
    for (unit, size) in [90.0, 60, 140].enumerated() {
      #expect(abs(found.model.size(unit) / size - 1) < 0.05, "unit \(unit)")
    }
    // What is left of the slope could not raise the density by a tenth.
    let rest = ascent.climb(found.model, iterations: 20)
    #expect(rest.density.value - found.density.value < 0.1)
  }
}
