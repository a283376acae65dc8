/// What was mended in a scan before the estimate, what could not be, and what it costs.
public struct ScanCleaningReport: Sendable, Equatable, Codable {
  /// A kind of fault of a recorded scan.
  public enum Fault: String, Sendable, Codable, CaseIterable {
    /// The same stimulus and response written twice.
    case repeatedPoint = "repeated_point"
    /// Stimuli stored in coarse steps, so that neighbours are tied.
    case roundedStimulus = "rounded_stimulus"
    /// A stimulus that reached no axon: a response at the baseline among others that are not.
    case missedStimulus = "missed_stimulus"
    /// A single response far off what its neighbours allow.
    case outlier
    /// Responses stored in steps about as coarse as the noise or coarser.
    case converterStep = "converter_step"
    /// A sine of the mains (aliased by the stimulus rate) on all responses.
    case hum
    /// A gain that falls while the supramaximal response is watched.
    case gainDrift = "gain_drift"
    /// Returns to the reference stimulus within the scan.
    case reference = "reference_return"
    /// The whole response changes at once, as electrodes do that move.
    case movement
    /// The strongest stimuli are not supramaximal.
    case missingPlateau = "missing_plateau"
  }

  /// One kind of fault with its extent.
  public struct Finding: Sendable, Equatable, Codable {
    /// What it is.
    public var fault: Fault
    /// How many points it concerns.
    public var count: Int
    /// Whether the estimate is made from mended values.
    public var isMended: Bool
    /// The figures, for people.
    public var detail: String

    enum CodingKeys: String, CodingKey {
      case fault, count, detail
      case isMended = "mended"
    }
  }

  /// A point that the estimate does not use.
  public struct RemovedPoint: Sendable, Equatable, Codable {
    /// Number of the stimulus in order of delivery, from 1.
    public var number: Int
    /// Its stimulus, mA.
    public var stimulusMilliamps: Double
    /// Its response, mV.
    public var responseMillivolts: Double
    /// Why it was left out.
    public var fault: Fault
  }

  /// What was found, in the order of the checks.
  public var findings: [Finding] = []
  /// Points left out, in order of delivery.
  public var removed: [RemovedPoint] = []
  /// Standard error of ln(number) that the mended faults add; 0 for a clean scan.
  public var addedLogError = 0.0
  /// Why no estimate can be given; nil where one can.
  public var refusal: String?

  /// A report of a clean scan.
  public init() {}

  /// Adds a finding.
  mutating func add(
    _ fault: Fault, count: Int, mended: Bool, addedLogError error: Double = 0, _ detail: String
  ) {
    findings.append(Finding(fault: fault, count: count, isMended: mended, detail: detail))
    addedLogError = (addedLogError * addedLogError + error * error).squareRoot()
  }
}
