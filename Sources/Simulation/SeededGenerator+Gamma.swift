import Foundation
import Signal

extension SeededGenerator {
  /// A gamma number of unit scale (Marsaglia and Tsang 2000, ACM TOMS 26:363).
  mutating func gamma(shape: Double) -> Double {
    precondition(shape > 0, "a gamma number needs a positive shape")
    if shape < 1 {
      // Marsaglia and Tsang, section 6: boost a gamma of shape + 1.
      return gamma(shape: shape + 1) * pow(max(uniform(), 1e-300), 1 / shape)
    }
    let d = shape - 1 / 3.0
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let base = 1 + c * x
      guard base > 0 else { continue }
      let v = base * base * base
      if log(max(uniform(), 1e-300)) < 0.5 * x * x + d - d * v + d * log(v) { return d * v }
    }
  }

  /// A Poisson count (Knuth's product below a mean of 30, a rounded normal above).
  mutating func poisson(mean: Double) -> Int {
    guard mean > 0 else { return 0 }
    if mean > 30 { return max(0, Int((mean + mean.squareRoot() * normal()).rounded())) }
    let limit = exp(-mean)
    var product = uniform()
    var count = 0
    while product > limit {
      product *= uniform()
      count += 1
    }
    return count
  }
}
