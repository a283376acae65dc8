import Foundation

/// A line over a few responses, on which one unit alternates and a jump may happen.
///
/// Response = level + slope time + jump S + size B + noise. B is a unit that answers by chance, S
/// whether the jump has happened, with a probability that is given for each response. Fitted by
/// expectation and maximisation (Dempster et al. 1977).
struct AlternationFit {
  /// ln of the likelihood at the best parameters.
  private(set) var logLikelihood = -Double.infinity
  /// Mean response on either side of the middle.
  private(set) var before = 0.0
  private(set) var after = 0.0
  /// Standard error of the jump.
  private(set) var jumpError = 0.0

  /// Fits `values` around their middle.
  ///
  /// `happened` is the probability of the jump at each, `jump` and `size` are where the fit starts;
  /// the noise stays at least at `noise`.
  init(_ values: [Double], happened: [Double], jump: Double, size: Double, noise: Double) {
    let count = values.count
    let half = Double(count) / 2
    let time = (0..<count).map { (Double($0) + 0.5 - half) / half }
    let logAfter = happened.map { log(max($0, 1e-9)) }
    let logBefore = happened.map { log(max(1 - $0, 1e-9)) }
    let start = values[..<(count / 2)].reduce(0, +) / half
    var line = [start - size / 2, 0, jump, size]
    var share = 0.5
    var deviation = max(abs(size) / 4, noise)
    for round in 0..<12 {
      var sums = NormalEquations()
      var total = 0.0
      var (rest, answered) = (0.0, 0.0)
      var weights: [(Double, Double, Double, Double)] = []
      weights.reserveCapacity(count)
      let (logOff, logOn) = (log(max(1 - share, 1e-6)), log(max(share, 1e-6)))
      for index in 0..<count {
        let base = values[index] - line[0] - line[1] * time[index]
        func term(_ prior: Double, _ residual: Double) -> Double {
          let z = residual / deviation
          return prior - 0.5 * z * z
        }
        let logs = SIMD4(
          term(logBefore[index] + logOff, base), term(logAfter[index] + logOff, base - line[2]),
          term(logBefore[index] + logOn, base - line[3]),
          term(logAfter[index] + logOn, base - line[2] - line[3]))
        let largest = logs.max()
        var weight = SIMD4<Double>.zero
        for state in 0..<4 where logs[state] > largest - 30 {
          weight[state] = exp(logs[state] - largest)
        }
        let sum = weight.sum()
        total += largest + log(sum) - log(deviation)
        weight /= sum
        sums.add(values[index], time[index], weight)
        answered += weight[2] + weight[3]
        weights.append((weight[0], weight[1], weight[2], weight[3]))
      }
      logLikelihood = total
      line = sums.solution()
      for index in 0..<count {
        let base = values[index] - line[0] - line[1] * time[index]
        let weight = weights[index]
        func square(_ value: Double) -> Double { value * value }
        rest += weight.0 * square(base) + weight.1 * square(base - line[2])
        rest += weight.2 * square(base - line[3]) + weight.3 * square(base - line[2] - line[3])
      }
      guard round < 11 else { break }
      deviation = max((rest / Double(max(count - 4, 1))).squareRoot(), noise)
      share = min(max(answered / Double(count), 0.02), 0.98)
    }
    before = line[0] + share * line[3]
    after = before + line[2]
    // Both sides have half of the responses; the slope takes as much again.
    let spread = deviation * deviation + share * (1 - share) * line[3] * line[3]
    jumpError = (8 * spread / Double(count)).squareRoot()
  }
}

/// Sums of weighted least squares of level, slope, jump and size.
private struct NormalEquations {
  private var matrix = [Double](repeating: 0, count: 16)
  private var right = [Double](repeating: 0, count: 4)

  /// Adds a response, its time and the weights of the states (neither, jump, unit, both).
  mutating func add(_ value: Double, _ time: Double, _ weight: SIMD4<Double>) {
    let (jump, unit) = (weight[1] + weight[3], weight[2] + weight[3])
    let row = [1, time, jump, unit]
    for first in 0..<2 {
      for second in 0..<4 { matrix[4 * first + second] += row[first] * row[second] }
      right[first] += row[first] * value
    }
    matrix[10] += jump
    matrix[11] += weight[3]
    matrix[15] += unit
    right[2] += jump * value
    right[3] += unit * value
  }

  /// The solution; a rising line is made level, since the curve falls with the stimulus.
  func solution() -> [Double] {
    let free = solved(levels: false)
    return free[1] > 0 ? solved(levels: true) : free
  }

  private func solved(levels: Bool) -> [Double] {
    var a = matrix
    for first in 0..<4 {
      for second in 0..<first { a[4 * first + second] = a[4 * second + first] }
      a[5 * first] += 1e-6
    }
    if levels { a[5] += 1e9 }
    var b = right
    for pivot in 0..<4 {
      for row in (pivot + 1)..<4 {
        let factor = a[4 * row + pivot] / a[5 * pivot]
        for column in pivot..<4 { a[4 * row + column] -= factor * a[4 * pivot + column] }
        b[row] -= factor * b[pivot]
      }
    }
    for row in (0..<4).reversed() {
      for column in (row + 1)..<4 { b[row] -= a[4 * row + column] * b[column] }
      b[row] /= a[5 * row]
    }
    return b
  }
}
