import Decomposition
import Foundation

/// Fits a logistic law of the rate of agreement by quasi-likelihood.
///
/// The agreement is a share, not a yes or no: Papke and Wooldridge 1996, J. Appl. Econom. 11.
public struct AgreementFit: Sendable {
  /// What the law may look at.
  public enum Predictor: String, Sendable, CaseIterable {
    /// -ln(1.001 - silhouette).
    case clearness
    /// Coefficient of variation of the intervals of the final train.
    case variation
    /// The same of the train by height alone, from which the prediction in use is made.
    case heightVariation
    /// Pulse-to-noise ratio in dB.
    case pulseToNoise
    /// Agreement of the halves of the train, 1 where it was not taken.
    case halves
    /// ln of the number of discharges.
    case discharges
    /// The same of at most 150, as the law after joint decisions takes it.
    case boundedDischarges
    /// ln of the number of channels.
    case channels
    /// Round in which the unit was found.
    case round

    func value(_ found: ArrayOutcome.Found) -> Double {
      switch self {
      case .clearness: -log(1.001 - min(1, max(0, found.silhouette)))
      case .variation: found.variation
      case .heightVariation: Self.heightVariation(found)
      case .pulseToNoise: found.pulseToNoise
      case .halves: found.halves ?? 1
      case .discharges: log(Double(max(1, found.discharges)))
      case .boundedDischarges: log(Double(min(150, max(1, found.discharges))))
      case .channels: log(Double(found.channels))
      case .round: Double(found.round)
      }
    }

    /// The variation that makes the prediction in use what it is; it is not stored by itself.
    private static func heightVariation(_ found: ArrayOutcome.Found) -> Double {
      let law = AgreementPrediction()
      let predicted = min(1 - 1e-9, max(1e-9, found.predicted))
      let logit = log(predicted / (1 - predicted))
      let clearness = Predictor.clearness.value(found)
      return (logit - law.constant - law.silhouetteWeight * clearness) / law.variationWeight
    }
  }

  /// The predictors.
  public let predictors: [Predictor]
  /// The constant term, then one weight for each predictor.
  public let weights: [Double]

  /// Fits to found units; every one counts the same.
  public init(_ founds: [ArrayOutcome.Found], predictors: [Predictor]) {
    self.predictors = predictors
    let rows = founds.map { found in [1] + predictors.map { $0.value(found) } }
    let targets = founds.map(\.agreement)
    var beta = [Double](repeating: 0, count: predictors.count + 1)
    var best = Self.loss(rows, targets, beta)
    for _ in 0..<60 {
      let step = Self.newtonStep(rows, targets, beta)
      var length = 1.0
      var next = beta
      var value = best
      // Halved until it helps: the first steps from zero may overshoot.
      repeat {
        next = zip(beta, step).map { $0 + length * $1 }
        value = Self.loss(rows, targets, next)
        length /= 2
      } while value > best && length > 1e-6
      if value > best { break }
      let gain = best - value
      beta = next
      best = value
      if gain < 1e-12 * Double(max(1, rows.count)) { break }
    }
    weights = beta
  }

  /// The predicted agreement of a unit, 0...1.
  public func predicted(_ found: ArrayOutcome.Found) -> Double {
    let terms = zip(weights.dropFirst(), predictors).map { $0 * $1.value(found) }
    return 1 / (1 + exp(-(weights[0] + terms.reduce(0, +))))
  }

  /// Mean logarithmic score in nats and mean absolute error of (predicted, true) agreements; lower
  /// is better.
  public static func score(_ pairs: [(Double, Double)]) -> (logarithmic: Double, absolute: Double) {
    var logarithmic = 0.0
    var absolute = 0.0
    for (predicted, truth) in pairs {
      let p = min(1 - 1e-6, max(1e-6, predicted))
      logarithmic -= truth * log(p) + (1 - truth) * log(1 - p)
      absolute += abs(predicted - truth)
    }
    let number = Double(max(1, pairs.count))
    return (logarithmic / number, absolute / number)
  }

  private static func chance(_ row: [Double], _ beta: [Double]) -> Double {
    1 / (1 + exp(-zip(row, beta).reduce(0) { $0 + $1.0 * $1.1 }))
  }

  private static func loss(_ rows: [[Double]], _ targets: [Double], _ beta: [Double]) -> Double {
    let pairs = zip(rows, targets).map { (chance($0, beta), $1) }
    return score(pairs).logarithmic * Double(rows.count)
  }

  private static func newtonStep(
    _ rows: [[Double]], _ targets: [Double], _ beta: [Double]
  ) -> [Double] {
    let size = beta.count
    var gradient = [Double](repeating: 0, count: size)
    var matrix = [[Double]](repeating: gradient, count: size)
    for i in 0..<size { matrix[i][i] = 1e-6 }
    for (row, target) in zip(rows, targets) {
      let p = chance(row, beta)
      for i in 0..<size {
        gradient[i] += (target - p) * row[i]
        for j in 0..<size { matrix[i][j] += p * (1 - p) * row[i] * row[j] }
      }
    }
    // The matrix is positive definite: elimination needs no pivots.
    for column in 0..<size {
      for row in column + 1..<size {
        let factor = matrix[row][column] / matrix[column][column]
        for k in column..<size { matrix[row][k] -= factor * matrix[column][k] }
        gradient[row] -= factor * gradient[column]
      }
    }
    for row in (0..<size).reversed() {
      for k in row + 1..<size { gradient[row] -= matrix[row][k] * gradient[k] }
      gradient[row] /= matrix[row][row]
    }
    return gradient
  }
}
