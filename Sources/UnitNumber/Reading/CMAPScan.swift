/// One CMAP scan: the response of a muscle to a graded series of stimuli to its nerve.
///
/// Stimuli are in mA and responses in mV (peak of the CMAP, as the recording program measured it),
/// both in order of delivery and of equal length.
public struct CMAPScan: Sendable, Equatable, Codable {
  /// What the scan is called in messages and results: a file name or an identifier.
  public var name: String
  /// Stimulus current of each response, mA, in order of delivery.
  public var stimulusMilliamps: [Double]
  /// Size of each response, mV, in order of delivery.
  public var responseMillivolts: [Double]
  /// Number of leading supramaximal stimuli (pre-scan); nil where it must be found.
  public var preScanCount: Int?
  /// Number of trailing subthreshold stimuli (post-scan); nil where it must be found.
  public var postScanCount: Int?
  /// Who, what and when.
  public var acquisition: CMAPScanAcquisition
  /// The model that another program fitted to the same scan, for comparison only.
  public var comparator: ComparatorFit?

  /// Makes a scan from its stimuli (mA) and responses (mV).
  public init(
    name: String = "scan", stimulusMilliamps: [Double], responseMillivolts: [Double],
    preScanCount: Int? = nil, postScanCount: Int? = nil,
    acquisition: CMAPScanAcquisition = CMAPScanAcquisition(), comparator: ComparatorFit? = nil
  ) {
    self.name = name
    self.stimulusMilliamps = stimulusMilliamps
    self.responseMillivolts = responseMillivolts
    self.preScanCount = preScanCount
    self.postScanCount = postScanCount
    self.acquisition = acquisition
    self.comparator = comparator
  }
}

/// The circumstances of a CMAP scan, as far as the file states them.
public struct CMAPScanAcquisition: Sendable, Equatable, Codable {
  /// The stimulation protocol.
  public var protocolName: String?
  /// The day of the recording, as year-month-day (ISO 8601).
  public var date: String?
  /// The time of its start, as hours:minutes:seconds.
  public var startTime: String?
  /// Age in years.
  public var ageYears: Double?
  /// Sex as the file states it (M or F).
  public var sex: String?
  /// Skin temperature, degrees Celsius.
  public var temperatureCelsius: Double?
  /// Stimulating and recording sites as the file states them, such as "Median Wr-APB".
  public var sites: String?
  /// The muscle: the recording site of `sites`.
  public var muscle: String?
  /// The group or diagnosis as the file states it.
  public var group: String?
  /// Who recorded.
  public var operatorCode: String?
  /// Free remarks.
  public var comments: String?

  /// Makes an empty record.
  public init() {}
}

/// A model that another program fitted to a scan: a comparator, not the truth.
public struct ComparatorFit: Sendable, Equatable, Codable {
  /// One unit of the fitted model.
  public struct Unit: Sendable, Equatable, Codable {
    /// Threshold, mA.
    public var thresholdMilliamps: Double
    /// Amplitude, percent of the CMAP.
    public var amplitudePercent: Double
    /// Relative spread of the threshold, percent.
    public var relativeSpreadPercent: Double
  }

  /// The units in order of threshold.
  public var units: [Unit]
  /// Every derived variable of the file by its name, such as `MSFNUnits`.
  public var variables: [String: Double]

  /// Number of units of the fitted model.
  public var unitCount: Double? { variables["MSFNUnits"] }
  /// Number of largest units that make half of the CMAP.
  public var n50: Double? { variables["MSFNLarge"] }
  /// Amplitude of the unit that crosses half of the CMAP, uV.
  public var a50Microvolts: Double? { variables["MSFHalfAmpAmp(mV)"].map { $0 * 1000 } }
  /// Number of largest response differences that make half of the CMAP.
  public var d50: Double? { variables["MScD50"] }
  /// CMAP amplitude, mV.
  public var cmapMillivolts: Double? { variables["MScPeak(mV)"] }
  /// Share of the CMAP made of visible steps, percent.
  public var stepPercent: Double? { variables["MScSteps(%)"] }

  /// Makes a fit from its units and derived variables.
  public init(units: [Unit], variables: [String: Double]) {
    self.units = units
    self.variables = variables
  }
}
