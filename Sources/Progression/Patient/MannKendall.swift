/// The Mann-Kendall test of a monotone trend.
public struct MannKendall: Sendable, Codable, Equatable {
  /// Increasing less decreasing pairs.
  public let s: Double
  /// Variance of S without a trend, with the correction for ties.
  public let variance: Double
  /// Continuity-corrected z; 0 where S is 0.
  public let z: Double
  /// Two-sided p value of the normal approximation.
  public let p: Double
  /// Kendall's tau-b.
  public let tau: Double

  /// Tests values at times (Kendall 1975); pairs of visits at one time are left out.
  ///
  /// Var S = [n(n-1)(2n+5) - sum over ties of t(t-1)(2t+5)] / 18, with the product terms for ties in
  /// both time and value.
  public init(times: [Double], values: [Double]) {
    precondition(times.count == values.count && times.count > 1, "one value for each of two times")
    let n = times.count
    var s = 0.0
    for i in 0..<n {
      for j in i + 1..<max(n, i + 1) {
        s += MannKendall.sign(times[j] - times[i]) * MannKendall.sign(values[j] - values[i])
      }
    }
    let x = MannKendall.ties(times)
    let y = MannKendall.ties(values)
    let size = Double(n)
    func long(_ t: Double) -> Double { t * (t - 1) * (2 * t + 5) }
    func pairs(_ t: Double) -> Double { t * (t - 1) }
    func triples(_ t: Double) -> Double { t * (t - 1) * (t - 2) }
    func sum(_ list: [Double], _ f: (Double) -> Double) -> Double {
      list.reduce(0) { $0 + f($1) }
    }
    var variance = (long(size) - sum(x, long) - sum(y, long)) / 18
    variance += sum(x, pairs) * sum(y, pairs) / (2 * pairs(size))
    if n > 2 { variance += sum(x, triples) * sum(y, triples) / (9 * triples(size)) }
    self.s = s
    self.variance = variance
    z = s == 0 || variance <= 0 ? 0 : (s - MannKendall.sign(s)) / variance.squareRoot()
    p = NormalDistribution.twoSided(z)
    let total = pairs(size) / 2
    let product = (total - sum(x, pairs) / 2) * (total - sum(y, pairs) / 2)
    tau = product > 0 ? s / product.squareRoot() : 0
  }

  static func sign(_ x: Double) -> Double { x > 0 ? 1 : (x < 0 ? -1 : 0) }

  /// Sizes of the groups of equal values that hold more than one.
  static func ties(_ values: [Double]) -> [Double] {
    var counts: [Double: Double] = [:]
    for value in values { counts[value, default: 0] += 1 }
    return counts.values.filter { $0 > 1 }
  }
}
