/// The exact sign test.
public struct SignTest: Sendable, Codable, Equatable {
  /// Values above zero.
  public let positive: Int
  /// Values below zero.
  public let negative: Int
  /// Values equal to zero, which carry no sign and are left out.
  public let zero: Int
  /// Two-sided exact binomial p value against a probability of one half.
  public let p: Double

  /// Tests whether values are above zero as often as below (Dixon and Mood 1946).
  public init(_ values: [Double]) {
    positive = values.filter { $0 > 0 }.count
    negative = values.filter { $0 < 0 }.count
    zero = values.count - positive - negative
    let n = positive + negative
    var tail = 0.0
    for k in 0...min(positive, negative) {
      tail += BinomialDistribution.probability(k, trials: n, p: 0.5)
    }
    p = n == 0 ? 1 : min(1, 2 * tail)
  }
}
