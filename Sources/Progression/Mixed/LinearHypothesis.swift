/// An F test that several linear combinations of fixed effects are zero.
public struct LinearHypothesis: Sendable, Codable, Equatable {
  /// The (scaled) F statistic.
  public let f: Double
  /// Numerator degrees of freedom.
  public let numerator: Double
  /// Denominator degrees of freedom.
  public let denominator: Double
  /// The p value.
  public let p: Double

  /// Scales a Wald statistic by the moments of Kenward and Roger 1997, section 3.
  init(wald: Double, numerator q: Int, a1: Double, a2: Double) {
    let l = Double(q)
    let b = (a1 + 6 * a2) / (2 * l)
    let g = ((l + 1) * a1 - (l + 4) * a2) / ((l + 2) * a2)
    let d = 3 * l + 2 * (1 - g)
    let c1 = g / d
    let c2 = (l - g) / d
    let c3 = (l + 2 - g) / d
    let mean = 1 / (1 - a2 / l)
    let variance = 2 / l * (1 + c1 * b) / ((1 - c2 * b) * (1 - c2 * b) * (1 - c3 * b))
    let rho = variance / (2 * mean * mean)
    let m = 4 + (l + 2) / (l * rho - 1)
    let scale = m / (mean * (m - 2))
    f = scale * wald
    numerator = l
    denominator = m
    p = FDistribution.upperTail(scale * wald, numerator: l, denominator: m)
  }
}
