import Foundation
import MotorUnits

/// Fits the law of link probabilities by penalised maximum likelihood (Newton steps).
enum LogisticFit {
  /// - Parameter penalty: ridge on standardised weights, in units of one pair's information.
  static func fit(_ pairs: [LabelledPairs.Pair], penalty: Double = 1) -> UnitMatchCalibration {
    guard
      let law = fit(
        pairs.map { $0.evidence.features }, shares: pairs.map { $0.isSame ? 1 : 0 },
        penalty: penalty)
    else { return .surface }
    return UnitMatchCalibration(intercept: law.intercept, weights: law.weights)
  }

  /// Fits rows of values to the share of each that is true, 0...1; nil without rows.
  ///
  /// - Parameters:
  ///   - offsets: log odds that each row has without its values; none by default.
  ///   - weights: what each row counts; 1 by default.
  static func fit(
    _ rows: [[Double]], shares: [Double], offsets: [Double]? = nil,
    weights rowWeights: [Double]? = nil,
    penalty: Double = 1
  ) -> LogisticLaw? {
    guard let count = rows.first?.count else { return nil }
    let total = Double(rows.count)
    var means = [Double](repeating: 0, count: count)
    var spreads = [Double](repeating: 0, count: count)
    for f in 0..<count {
      for row in rows { means[f] += row[f] / total }
      for row in rows {
        let distance = row[f] - means[f]
        spreads[f] += distance * distance / total
      }
      spreads[f] = max(1e-6, spreads[f].squareRoot())
    }
    let inputs: [[Double]] = rows.map { row in
      var input = [1.0]
      for f in 0..<count { input.append((row[f] - means[f]) / spreads[f]) }
      return input
    }
    var beta = [Double](repeating: 0, count: count + 1)
    for _ in 0..<50 {
      let step = newtonStep(
        inputs, shares, beta, offsets: offsets, weights: rowWeights, penalty: penalty)
      for i in 0...count { beta[i] += step[i] }
      if step.allSatisfy({ abs($0) < 1e-8 }) { break }
    }
    var weights: [Double] = []
    var intercept = beta[0]
    for f in 0..<count {
      weights.append(beta[f + 1] / spreads[f])
      intercept -= weights[f] * means[f]
    }
    return LogisticLaw(intercept: intercept, weights: weights)
  }

  private static func newtonStep(
    _ inputs: [[Double]], _ labels: [Double], _ beta: [Double], offsets: [Double]?,
    weights: [Double]?, penalty: Double
  ) -> [Double] {
    let size = beta.count
    var gradient = [Double](repeating: 0, count: size)
    var hessian = [[Double]](repeating: gradient, count: size)
    for i in 0..<size {
      if i > 0 { gradient[i] = -penalty * beta[i] }
      hessian[i][i] = i > 0 ? penalty : 1e-9
    }
    for (row, (x, label)) in zip(inputs, labels).enumerated() {
      var sum = offsets?[row] ?? 0
      for i in 0..<size { sum += beta[i] * x[i] }
      let p = 1 / (1 + exp(-sum))
      let weight = weights?[row] ?? 1
      let distance = weight * (label - p)
      let information = weight * p * (1 - p)
      for i in 0..<size {
        gradient[i] += distance * x[i]
        for j in 0..<size { hessian[i][j] += information * x[i] * x[j] }
      }
    }
    return solve(hessian, gradient)
  }

  /// Gaussian elimination with pivoting.
  private static func solve(_ matrix: [[Double]], _ vector: [Double]) -> [Double] {
    var a = matrix
    var b = vector
    let n = b.count
    for column in 0..<n {
      let pivot = (column..<n).max { abs(a[$0][column]) < abs(a[$1][column]) } ?? column
      a.swapAt(column, pivot)
      b.swapAt(column, pivot)
      for row in column + 1..<n {
        let factor = a[row][column] / a[column][column]
        for k in column..<n { a[row][k] -= factor * a[column][k] }
        b[row] -= factor * b[column]
      }
    }
    for row in (0..<n).reversed() {
      for k in row + 1..<n { b[row] -= a[row][k] * b[k] }
      b[row] /= a[row][row]
    }
    return b
  }
}
