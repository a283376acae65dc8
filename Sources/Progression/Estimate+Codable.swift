extension Estimate {
  private enum CodingKeys: String, CodingKey {
    case value, standardError, degreesOfFreedom, lower, upper, confidenceLevel, t, p
  }

  /// Reads what `encode(to:)` wrote; absent degrees of freedom mean a normal reference,
  /// an absent standard error one that is not defined.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      value: try container.decode(Double.self, forKey: .value),
      standardError: try container.decodeIfPresent(Double.self, forKey: .standardError) ?? .nan,
      degreesOfFreedom: try container.decodeIfPresent(Double.self, forKey: .degreesOfFreedom)
        ?? .infinity,
      confidenceLevel: try container.decode(Double.self, forKey: .confidenceLevel))
  }

  /// Writes the estimate with its statistics; what is infinite or not defined, which JSON cannot
  /// hold, is left out.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(value, forKey: .value)
    try container.encode(confidenceLevel, forKey: .confidenceLevel)
    let others: [(Double, CodingKeys)] = [
      (standardError, .standardError), (degreesOfFreedom, .degreesOfFreedom), (lower, .lower),
      (upper, .upper), (t, .t), (p, .p),
    ]
    for (number, key) in others where number.isFinite { try container.encode(number, forKey: key) }
  }
}
