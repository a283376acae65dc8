import Foundation

/// The normal distribution function and its inverse.
package enum NormalScore {
  /// Phi(x).
  package static func share(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }

  /// The x with Phi(x) = `share`, by bisection.
  package static func quantile(_ share: Double) -> Double {
    var (low, high) = (-8.0, 8.0)
    for _ in 0..<45 {
      let middle = (low + high) / 2
      if Self.share(middle) < share { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
