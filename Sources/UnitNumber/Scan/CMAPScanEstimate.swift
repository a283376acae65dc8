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

  /// Number of largest response differences that make half of the CMAP.
  public var d50: Int { curve.d50 }

  enum CodingKeys: String, CodingKey {
    case unitCount = "unit_count"
    case interval90 = "interval_90"
    case logStandardError = "log_standard_error"
    case repeatLogStandardError = "repeat_log_standard_error"
    case n50
    case n50Interval90 = "n50_interval_90"
    case n50LogStandardError = "n50_log_standard_error"
    case n50RepeatLogStandardError = "n50_repeat_log_standard_error"
    case a50Microvolts = "a50_uV"
    case d50
    case meanUnitMicrovolts = "mean_unit_uV"
    case largestUnitMicrovolts = "largest_unit_uV"
    case relativeSpreadPercent = "relative_spread_percent"
    case curve
    case cmapMillivolts = "cmap_mV"
    case additiveNoiseMicrovolts = "additive_noise_uV"
    case proportionalNoisePercent = "proportional_noise_percent"
    case flags
    case pointCounts = "point_counts"
    case method
  }
}

extension CMAPScanEstimate {
  /// Writes the estimate with the field names of the command line's JSON.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(unitCount, forKey: .unitCount)
    try fields.encode(interval90, forKey: .interval90)
    try fields.encode(logStandardError, forKey: .logStandardError)
    try fields.encode(repeatLogStandardError, forKey: .repeatLogStandardError)
    try fields.encode(n50, forKey: .n50)
    try fields.encode(n50Interval90, forKey: .n50Interval90)
    try fields.encode(n50LogStandardError, forKey: .n50LogStandardError)
    try fields.encode(n50RepeatLogStandardError, forKey: .n50RepeatLogStandardError)
    try fields.encode(a50Microvolts, forKey: .a50Microvolts)
    try fields.encode(d50, forKey: .d50)
    try fields.encode(meanUnitMicrovolts, forKey: .meanUnitMicrovolts)
    try fields.encode(largestUnitMicrovolts, forKey: .largestUnitMicrovolts)
    try fields.encode(relativeSpreadPercent, forKey: .relativeSpreadPercent)
    try fields.encode(curve, forKey: .curve)
    try fields.encode(cmapMillivolts, forKey: .cmapMillivolts)
    try fields.encode(additiveNoiseMicrovolts, forKey: .additiveNoiseMicrovolts)
    try fields.encode(proportionalNoisePercent, forKey: .proportionalNoisePercent)
    try fields.encode(flags, forKey: .flags)
    try fields.encode(pointCounts, forKey: .pointCounts)
    try fields.encode(method, forKey: .method)
  }

  /// Reads an estimate back.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    unitCount = try fields.decode(Double.self, forKey: .unitCount)
    interval90 = try fields.decode([Double].self, forKey: .interval90)
    logStandardError = try fields.decode(Double.self, forKey: .logStandardError)
    repeatLogStandardError = try fields.decode(Double.self, forKey: .repeatLogStandardError)
    n50 = try fields.decode(Double.self, forKey: .n50)
    n50Interval90 = try fields.decode([Double].self, forKey: .n50Interval90)
    n50LogStandardError = try fields.decode(Double.self, forKey: .n50LogStandardError)
    n50RepeatLogStandardError = try fields.decode(Double.self, forKey: .n50RepeatLogStandardError)
    a50Microvolts = try fields.decode(Double.self, forKey: .a50Microvolts)
    meanUnitMicrovolts = try fields.decode(Double.self, forKey: .meanUnitMicrovolts)
    largestUnitMicrovolts = try fields.decode(Double.self, forKey: .largestUnitMicrovolts)
    relativeSpreadPercent = try fields.decode(Double.self, forKey: .relativeSpreadPercent)
    curve = try fields.decode(ScanCurve.self, forKey: .curve)
    cmapMillivolts = try fields.decode(Double.self, forKey: .cmapMillivolts)
    additiveNoiseMicrovolts = try fields.decode(Double.self, forKey: .additiveNoiseMicrovolts)
    proportionalNoisePercent = try fields.decode(Double.self, forKey: .proportionalNoisePercent)
    flags = try fields.decode([ScanFlag].self, forKey: .flags)
    pointCounts = try fields.decode([Int].self, forKey: .pointCounts)
    method = try fields.decode(String.self, forKey: .method)
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
