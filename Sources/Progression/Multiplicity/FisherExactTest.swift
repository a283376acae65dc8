import RealModule

/// Fisher's exact test of a table of two by two: two proportions, all margins given.
public struct FisherExactTest: Sendable, Codable, Equatable {
  /// Two-sided p value: all tables no more likely than the one seen, as R's `fisher.test`.
  public let p: Double
  /// Odds ratio of the counts; infinite or zero where a cell is empty, nil where a margin is.
  public let oddsRatio: Double?

  /// Tests `first` of `firstTotal` against `second` of `secondTotal`.
  public init(_ first: Int, of firstTotal: Int, against second: Int, of secondTotal: Int) {
    precondition(
      first >= 0 && second >= 0 && first <= firstTotal && second <= secondTotal,
      "counts within their totals")
    let successes = first + second
    func log(_ n: Int, _ k: Int) -> Double {
      Double.logGamma(Double(n + 1)) - Double.logGamma(Double(k + 1))
        - Double.logGamma(Double(n - k + 1))
    }
    func chance(_ k: Int) -> Double { log(firstTotal, k) + log(secondTotal, successes - k) }
    let possible = max(0, successes - secondTotal)...min(firstTotal, successes)
    let all = possible.map(chance)
    let largest = all.max() ?? 0
    let total = all.reduce(0) { $0 + Double.exp($1 - largest) }
    let own = chance(first)
    let tail = all.filter { $0 <= own + 1e-7 }.reduce(0) { $0 + Double.exp($1 - largest) }
    p = min(1, tail / total)
    let (a, b) = (Double(first), Double(firstTotal - first))
    let (c, d) = (Double(second), Double(secondTotal - second))
    oddsRatio = (a * d == 0 && b * c == 0) ? nil : a * d / (b * c)
  }
}
