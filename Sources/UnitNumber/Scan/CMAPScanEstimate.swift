/// What a CMAP scan says about the number and sizes of the motor units behind it.
///
/// An estimate for research use: identified or estimated units are not a count, and the interval
/// belongs to the estimate.
public struct CMAPScanEstimate: Sendable, Equatable, Codable {
  /// Estimated number of motor units.
  public var unitCount: Double
  /// 90 % confidence interval of the number; whole numbers below 15.
  public var interval90: [Double]
  /// Standard error of ln(number), from the width of the interval.
  public var logStandardError: Double
  /// Standard error of ln(number) between two scans of one pool, for the comparison of visits.
  public var repeatLogStandardError: Double
  /// Number of largest units that make half of the CMAP.
  public var n50: Double
  /// 90 % confidence interval of N50.
  public var n50Interval90: [Double]
  /// Standard error of ln(N50), from the width of the interval.
  public var n50LogStandardError: Double
  /// Standard error of ln(N50) between two scans of one pool, for the comparison of visits.
  public var n50RepeatLogStandardError: Double
  /// Amplitude of the unit that crosses half of the CMAP, uV.
  public var a50Microvolts: Double
  /// Mean unit amplitude, CMAP over number, uV.
  public var meanUnitMicrovolts: Double
  /// Amplitude of the largest unit, uV.
  public var largestUnitMicrovolts: Double
  /// Mean relative spread of the unit thresholds, percent.
  public var relativeSpreadPercent: Double
  /// Steps, gaps and thresholds read directly off the scan.
  public var curve: ScanCurve
  /// CMAP amplitude, mV.
  public var cmapMillivolts: Double
  /// Noise that does not depend on the response, uV (standard deviation).
  public var additiveNoiseMicrovolts: Double
  /// Noise in proportion to the response, percent (standard deviation).
  public var proportionalNoisePercent: Double
  /// What may be wrong with the scan or the estimate, with reasons.
  public var flags: [ScanFlag]
  /// Number of points of the pre-scan, of the scan proper and of the post-scan.
  public var pointCounts: [Int]
  /// The method and the version of its weights.
  public var method: String
  /// What was mended in the scan before the estimate.
  public var cleaning = ScanCleaningReport()
  /// The posterior of the number where it comes from the levels of few units; nil elsewhere.
  public var fewUnits: FewUnits?
  /// Why the scan allows no estimate of number and N50; nil where it does.
  ///
  /// The numbers are then what the networks read, and no result: JSON holds null for them.
  public var noEstimateReason: String?

  /// Number of largest response differences that make half of the CMAP.
  public var d50: Int { curve.d50 }

  enum CodingKeys: String, CodingKey {
    case unitCount, interval90, logStandardError, repeatLogStandardError
    case n50, n50Interval90, n50LogStandardError, n50RepeatLogStandardError
    case a50Microvolts, d50, meanUnitMicrovolts, largestUnitMicrovolts, relativeSpreadPercent
    case curve, cmapMillivolts, additiveNoiseMicrovolts, proportionalNoisePercent
    case flags, pointCounts, method, cleaning, fewUnits, noEstimateReason
  }
}

extension CMAPScanEstimate {
  /// Writes the estimate with the field names of the command line's JSON.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    func estimated(_ value: Double, _ key: CodingKeys) throws {
      try fields.encode(noEstimateReason == nil ? value : nil, forKey: key)
    }
    try estimated(unitCount, .unitCount)
    try fields.encode(noEstimateReason == nil ? interval90 : nil, forKey: .interval90)
    try estimated(logStandardError, .logStandardError)
    try estimated(repeatLogStandardError, .repeatLogStandardError)
    try estimated(n50, .n50)
    try fields.encode(noEstimateReason == nil ? n50Interval90 : nil, forKey: .n50Interval90)
    try estimated(n50LogStandardError, .n50LogStandardError)
    try estimated(n50RepeatLogStandardError, .n50RepeatLogStandardError)
    try estimated(a50Microvolts, .a50Microvolts)
    try fields.encode(d50, forKey: .d50)
    try estimated(meanUnitMicrovolts, .meanUnitMicrovolts)
    try estimated(largestUnitMicrovolts, .largestUnitMicrovolts)
    try estimated(relativeSpreadPercent, .relativeSpreadPercent)
    try fields.encode(curve, forKey: .curve)
    try fields.encode(cmapMillivolts, forKey: .cmapMillivolts)
    try fields.encode(additiveNoiseMicrovolts, forKey: .additiveNoiseMicrovolts)
    try fields.encode(proportionalNoisePercent, forKey: .proportionalNoisePercent)
    try fields.encode(flags, forKey: .flags)
    try fields.encode(pointCounts, forKey: .pointCounts)
    try fields.encode(method, forKey: .method)
    try fields.encode(cleaning, forKey: .cleaning)
    try fields.encodeIfPresent(fewUnits, forKey: .fewUnits)
    try fields.encodeIfPresent(noEstimateReason, forKey: .noEstimateReason)
  }

  /// Reads an estimate back.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    func number(_ key: CodingKeys) throws -> Double {
      try fields.decodeIfPresent(Double.self, forKey: key) ?? .nan
    }
    func pair(_ key: CodingKeys) throws -> [Double] {
      try fields.decodeIfPresent([Double].self, forKey: key) ?? [.nan, .nan]
    }
    unitCount = try number(.unitCount)
    interval90 = try pair(.interval90)
    logStandardError = try number(.logStandardError)
    repeatLogStandardError = try number(.repeatLogStandardError)
    n50 = try number(.n50)
    n50Interval90 = try pair(.n50Interval90)
    n50LogStandardError = try number(.n50LogStandardError)
    n50RepeatLogStandardError = try number(.n50RepeatLogStandardError)
    a50Microvolts = try number(.a50Microvolts)
    meanUnitMicrovolts = try number(.meanUnitMicrovolts)
    largestUnitMicrovolts = try number(.largestUnitMicrovolts)
    relativeSpreadPercent = try number(.relativeSpreadPercent)
    curve = try fields.decode(ScanCurve.self, forKey: .curve)
    cmapMillivolts = try fields.decode(Double.self, forKey: .cmapMillivolts)
    additiveNoiseMicrovolts = try fields.decode(Double.self, forKey: .additiveNoiseMicrovolts)
    proportionalNoisePercent = try fields.decode(Double.self, forKey: .proportionalNoisePercent)
    flags = try fields.decode([ScanFlag].self, forKey: .flags)
    pointCounts = try fields.decode([Int].self, forKey: .pointCounts)
    method = try fields.decode(String.self, forKey: .method)
    cleaning =
      try fields.decodeIfPresent(ScanCleaningReport.self, forKey: .cleaning)
      ?? ScanCleaningReport()
    fewUnits = try fields.decodeIfPresent(FewUnits.self, forKey: .fewUnits)
    noEstimateReason = try fields.decodeIfPresent(String.self, forKey: .noEstimateReason)
  }
}

/// A warning about a scan, with its reason; flagged results are shown, never hidden.
public struct ScanFlag: Sendable, Equatable, Codable {
  /// What the warning is about.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// Fewer than 200 points between pre-scan and end.
    case fewStimuli = "few_stimuli"
    /// The scan is unlike those of the training.
    case outsideTraining = "outside_training_range"
    /// The networks contradict one another.
    case networksDisagree = "networks_disagree"
    /// The interval spans more than a factor of three.
    case wideInterval = "wide_interval"
    /// The noise is larger than the mean unit.
    case noiseExceedsUnit = "noise_exceeds_mean_unit"
    /// The CMAP changed during the pre-scan.
    case preScanDrift = "pre_scan_drift"
    /// The strongest stimuli do not reach a plateau, or the weakest are answered.
    case incompletePlateau = "incomplete_plateau"
    /// Single responses far off their neighbours.
    case artefact
    /// Units below this size cannot be told from noise.
    case sizeLimit = "size_limit"
    /// The gain falls during the scan.
    case gainDrift = "gain_drift"
    /// The response changes at once, as with a moved electrode.
    case movement
    /// A few units may be far larger than the others, which one scan does not tell for sure.
    case enlargedUnits = "enlarged_units"
    /// The scan allows no estimate.
    case noEstimate = "no_estimate"
  }

  /// What the warning is about.
  public var kind: Kind
  /// The figures behind it.
  public var reason: String

  /// Makes a warning.
  public init(_ kind: Kind, _ reason: String) {
    self.kind = kind
    self.reason = reason
  }
}

extension CMAPScanEstimate {
  /// Standard error of a logarithm from ln(upper/lower) of its 90 % interval, as a normal law has it.
  static func standardError(logWidth: Double) -> Double { logWidth / 3.2897 }
}
