import Foundation
import Signal

/// A model with its ln posterior density and, from both, its evidence.
struct FittedLevels: Sendable {
  var model: LevelModel
  var value: Double
  /// ln of the integral over all parameters around this mode, all orders of the units counted.
  var logEvidence: Double
}

/// Climbs the posterior density of a `LevelModel`.
///
/// Steps are Newton's with the information in place of the second derivatives (Berndt et al. 1974),
/// damped as in Marquardt 1963.
struct LevelAscent: Sendable {
  let likelihood: LevelLikelihood

  /// Longest step of each parameter of a unit and of the shared ones.
  private static let unitSteps = [0.7, 0.03, 0.7, 0.4]
  private static let sharedSteps = [0.5, 0.7, 0.7, 0.03]

  /// The model after at most `iterations` steps, its density and how often it was evaluated.
  func climb(
    _ start: LevelModel, extraNoise: Double = 0, iterations: Int
  ) -> (model: LevelModel, density: LevelDensity, evaluations: Int) {
    var model = start
    var density = likelihood.evaluate(model, extraNoise: extraNoise)
    var damping = 0.03
    var evaluations = 1
    for _ in 0..<iterations {
      guard let step = Self.step(density, damping: damping) else {
        damping *= 10
        continue
      }
      let longest = limit(step, model)
      var next = model
      for index in step.indices { next.values[index] += step[index] / longest }
      let found = likelihood.evaluate(next, extraNoise: extraNoise)
      evaluations += 1
      if found.value > density.value {
        let gain = found.value - density.value
        (model, density) = (next, found)
        damping = max(damping * 0.2, 1e-6)
        if gain < 0.01 && longest == 1 { break }
      } else {
        damping *= 8
        if damping > 1e6 { break }
      }
    }
    return (model, density, evaluations)
  }

  /// The evidence of a mode by Laplace's approximation.
  func fitted(_ model: LevelModel, _ density: LevelDensity) -> FittedLevels {
    let size = model.values.count
    let factor = Self.factor(density.information, size)
    var evidence = density.value + 0.5 * Double(size) * log(2 * Double.pi)
    for index in 0..<size { evidence -= log(factor?[index * size + index] ?? 1e9) }
    return FittedLevels(
      model: model, value: density.value,
      logEvidence: evidence + lgamma(Double(model.unitCount) + 1))
  }

  /// Sizes (uV) of all units drawn from the normal approximation around a mode.
  func drawnSizes(
    _ model: LevelModel, count: Int, using random: inout SeededGenerator
  ) -> [[Double]] {
    let size = model.values.count
    let density = likelihood.evaluate(model)
    guard let factor = Self.factor(density.information, size) else { return [] }
    return (0..<count).map { _ in
      var step = (0..<size).map { _ in random.normal() }
      Self.solveTransposed(factor, &step)
      return (0..<model.unitCount).map { unit in
        model.size(unit) * exp(min(max(step[unit * LevelModel.perUnit], -2), 2))
      }
    }
  }

  /// How many times too long a step is, at least 1.
  private func limit(_ step: [Double], _ model: LevelModel) -> Double {
    var longest = 1.0
    for (index, value) in step.enumerated() {
      let place = index - model.sharedStart
      let allowed =
        place < 0
        ? Self.unitSteps[index % LevelModel.perUnit]
        : place < Self.sharedSteps.count ? Self.sharedSteps[place] : likelihood.data.noise
      longest = max(longest, abs(value) / allowed)
    }
    return longest
  }

  private static func step(_ density: LevelDensity, damping: Double) -> [Double]? {
    let size = density.gradient.count
    var matrix = density.information
    for index in 0..<size { matrix[index * size + index] *= 1 + damping }
    guard let factor = factor(matrix, size) else { return nil }
    var result = density.gradient
    for row in 0..<size {
      var sum = result[row]
      for column in 0..<row { sum -= factor[row * size + column] * result[column] }
      result[row] = sum / factor[row * size + row]
    }
    solveTransposed(factor, &result)
    return result
  }

  /// Solves the transpose of a lower factor in place.
  private static func solveTransposed(_ factor: [Double], _ result: inout [Double]) {
    let size = result.count
    for row in (0..<size).reversed() {
      var sum = result[row]
      for column in row + 1..<max(size, row + 1) {
        sum -= factor[column * size + row] * result[column]
      }
      result[row] = sum / factor[row * size + row]
    }
  }

  /// The lower Cholesky factor, row by row; nil where the matrix is not positive definite.
  private static func factor(_ matrix: [Double], _ size: Int) -> [Double]? {
    var factor = [Double](repeating: 0, count: size * size)
    for row in 0..<size {
      for column in 0...row {
        var sum = matrix[row * size + column]
        for inner in 0..<column {
          sum -= factor[row * size + inner] * factor[column * size + inner]
        }
        if row == column {
          guard sum > 0, sum.isFinite else { return nil }
          factor[row * size + row] = sum.squareRoot()
        } else {
          factor[row * size + column] = sum / factor[column * size + column]
        }
      }
    }
    return factor
  }
}
