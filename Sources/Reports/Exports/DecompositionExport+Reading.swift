extension DecompositionExport.Unit {
  /// The names of version 0.1.0, whose results stay readable.
  private enum EarlierKeys: String, CodingKey {
    case times = "times_s"
  }

  /// Reads a unit of `units.json` with the names of this version or those of 0.1.0.
  ///
  /// - Throws: `DecodingError` where name, samples or times are missing.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    let earlier = try decoder.container(keyedBy: EarlierKeys.self)
    id = try fields.decode(String.self, forKey: .id)
    samples = try fields.decode([Int].self, forKey: .samples)
    times =
      try earlier.decodeIfPresent([Double].self, forKey: .times)
      ?? fields.decode([Double].self, forKey: .times)
    measures = try UnitMeasures(from: decoder)
    isTentative = try fields.decodeIfPresent(Bool.self, forKey: .isTentative)
  }

  /// Writes the unit as `units.json` holds it.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(id, forKey: .id)
    try fields.encode(samples, forKey: .samples)
    try fields.encode(times, forKey: .times)
    try measures.encode(to: encoder)
    try fields.encodeIfPresent(isTentative, forKey: .isTentative)
  }
}
