extension DecompositionExport.Unit {
  /// The names of version 0.1.0, whose results stay readable.
  private enum EarlierKeys: String, CodingKey {
    case times = "times_s"
    case pulseToNoise = "pulseToNoise_dB"
    case meanRate = "meanRate_Hz"
    case predictedAgreement = "predictedAccuracy"
    case amplitudeMicrovolts = "amplitude_uV"
  }

  /// Reads a unit of `units.json` with the names of this version or those of 0.1.0.
  ///
  /// - Throws: `DecodingError` where name, samples or times are missing.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    let earlier = try decoder.container(keyedBy: EarlierKeys.self)
    func number(_ key: CodingKeys, _ earlierKey: EarlierKeys) throws -> Double? {
      try fields.decodeIfPresent(Double.self, forKey: key)
        ?? earlier.decodeIfPresent(Double.self, forKey: earlierKey)
    }
    id = try fields.decode(String.self, forKey: .id)
    samples = try fields.decode([Int].self, forKey: .samples)
    times =
      try earlier.decodeIfPresent([Double].self, forKey: .times)
      ?? fields.decode([Double].self, forKey: .times)
    silhouette = try fields.decodeIfPresent(Double.self, forKey: .silhouette)
    pulseToNoise = try number(.pulseToNoise, .pulseToNoise)
    isiCoV = try fields.decodeIfPresent(Double.self, forKey: .isiCoV)
    meanRate = try number(.meanRate, .meanRate)
    predictedAgreement = try number(.predictedAgreement, .predictedAgreement)
    amplitudeMicrovolts = try number(.amplitudeMicrovolts, .amplitudeMicrovolts)
    recruitmentThreshold = try fields.decodeIfPresent(Double.self, forKey: .recruitmentThreshold)
    round = try fields.decodeIfPresent(Int.self, forKey: .round)
    isTentative = try fields.decodeIfPresent(Bool.self, forKey: .isTentative)
  }
}
