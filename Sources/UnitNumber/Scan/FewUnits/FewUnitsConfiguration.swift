/// Settings of the reading of few units by a likelihood over levels.
public struct FewUnitsConfiguration: Sendable, Equatable, Codable {
  /// Upper end of the networks' interval below which the levels are read.
  public var highestUpperEnd = 15.0
  /// Most units that are tried; 2 to 20.
  public var mostUnits = 16
  /// Probability of `mostUnits` or one less from which the scan counts as one of more units.
  public var greatestShareAtEnd = 0.05
  /// Share of points that may lie anywhere between zero and the CMAP.
  public var outlierShare = 1e-3
  /// Standard deviation of ln(size) among the units of a muscle.
  public var sizeSpread = 0.75
  /// Standard deviation of the units' phases, rad: latencies that differ by 0.5 ms at potentials of
  /// 5 ms differ by 0.3.
  public var phaseSpread = 0.3
  /// Median of the relative spread of the thresholds (Bostock 2016: 1 to 3 %).
  public var relativeSpread = 0.016
  /// Standard deviation of ln(relative spread).
  public var relativeSpreadSpread = 0.45
  /// Median of a unit's variation from stimulus to stimulus (coefficient of variation).
  public var amplitudeVariation = 0.015
  /// Standard deviation of ln(amplitude variation).
  public var amplitudeVariationSpread = 0.6
  /// Standard deviation of the change of the gain over the scan.
  public var gainTrend = 0.03
  /// Power that ratios of evidence are raised to: below 1 as far as the model is not the nerve.
  public var evidencePower = 1.0
  /// Models kept for each number of units.
  public var keptModels = 2
  /// ln evidence below the best at which larger numbers are no longer tried.
  public var hopeless = 7.0
  /// Most evaluations of one point: what ends a search that finds better models again and again.
  public var mostPointEvaluations = 8_000_000

  /// The settings that the documentation's figures belong to.
  public init() {}

  /// Reads stored settings; what is not there takes its default.
  ///
  /// - Throws: `DecodingError` where a value has another type.
  public init(from decoder: any Decoder) throws {
    self.init()
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func read<Value: Decodable>(_ value: inout Value, _ key: CodingKeys) throws {
      value = try values.decodeIfPresent(Value.self, forKey: key) ?? value
    }
    try read(&highestUpperEnd, .highestUpperEnd)
    try read(&mostUnits, .mostUnits)
    try read(&greatestShareAtEnd, .greatestShareAtEnd)
    try read(&outlierShare, .outlierShare)
    try read(&sizeSpread, .sizeSpread)
    try read(&phaseSpread, .phaseSpread)
    try read(&relativeSpread, .relativeSpread)
    try read(&relativeSpreadSpread, .relativeSpreadSpread)
    try read(&amplitudeVariation, .amplitudeVariation)
    try read(&amplitudeVariationSpread, .amplitudeVariationSpread)
    try read(&gainTrend, .gainTrend)
    try read(&evidencePower, .evidencePower)
    try read(&keptModels, .keptModels)
    try read(&hopeless, .hopeless)
    try read(&mostPointEvaluations, .mostPointEvaluations)
  }
}
