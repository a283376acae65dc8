/// Holm's step-down adjustment of p values (Holm 1979), as R's `p.adjust`.
public enum HolmAdjustment {
  /// Adjusted p values in the order given; hypotheses are rejected where these are at most alpha.
  ///
  /// The family-wise error holds whatever the dependence of the tests. A p value that is not a number
  /// counts as one.
  public static func adjusted(_ p: [Double]) -> [Double] {
    let values = p.map { $0.isNaN ? 1 : $0 }
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    var result = values
    var largest = 0.0
    for (rank, index) in order.enumerated() {
      largest = max(largest, min(1, Double(values.count - rank) * values[index]))
      result[index] = largest
    }
    return result
  }
}

/// Families of hypotheses in the order named beforehand: a family is tested only after every hypothesis of
/// those before it was rejected (serial gatekeeping; Westfall and Krishen 2001), by Holm's method within.
public struct Gatekeeping: Sendable, Codable, Equatable {
  /// One hypothesis.
  public struct Hypothesis: Sendable, Codable, Equatable {
    /// Its name.
    public let name: String
    /// The p value of its own test.
    public let p: Double
    /// The adjusted p value: at most alpha where the hypothesis is rejected.
    public let adjustedP: Double
    /// Whether it is rejected.
    public let isRejected: Bool
    /// Whether the gate before its family was open.
    public let isTested: Bool
  }

  /// The families in their order.
  public let families: [[Hypothesis]]
  /// The family-wise level.
  public let alpha: Double

  /// Tests the families.
  public init(_ families: [[(name: String, p: Double)]], alpha: Double = 0.05) {
    precondition(alpha > 0 && alpha < 1, "a level between 0 and 1")
    self.alpha = alpha
    var gate = 0.0
    self.families = families.map { family in
      let isTested = gate <= alpha
      let adjusted = HolmAdjustment.adjusted(family.map(\.p)).map { max($0, gate) }
      gate = max(gate, adjusted.max() ?? 0)
      return zip(family, adjusted).map { item, adjusted in
        Hypothesis(
          name: item.name, p: item.p, adjustedP: adjusted,
          isRejected: isTested && adjusted <= alpha, isTested: isTested)
      }
    }
  }
}
