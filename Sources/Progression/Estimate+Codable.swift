extension Estimate {
  private enum CodingKeys: String, CodingKey {
    case value, standardError, degreesOfFreedom, lower, upper, confidenceLevel, t, p
  }

  /// Reads what `encode(to:)` wrote; absent degrees of freedom mean a normal reference.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      value: try container.decode(Double.self, forKey: .value),
      standardError: try container.decode(Double.self, forKey: .standardError),
      degreesOfFreedom: try container.decodeIfPresent(Double.self, forKey: .degreesOfFreedom)
        ?? .infinity,
      confidenceLevel: try container.decode(Double.self, forKey: .confidenceLevel))
  }

  /// Writes the estimate with its statistics; infinite degrees of freedom, which JSON cannot hold,
  /// are left out.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(value, forKey: .value)
    try container.encode(standardError, forKey: .standardError)
    if degreesOfFreedom.isFinite {
      try container.encode(degreesOfFreedom, forKey: .degreesOfFreedom)
    }
    try container.encode(lower, forKey: .lower)
    try container.encode(upper, forKey: .upper)
    try container.encode(confidenceLevel, forKey: .confidenceLevel)
    if t.isFinite { try container.encode(t, forKey: .t) }
    if p.isFinite { try container.encode(p, forKey: .p) }
  }
}
