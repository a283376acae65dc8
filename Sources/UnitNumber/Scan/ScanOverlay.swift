import Foundation

/// What a drawing of a CMAP scan shows besides its points: a smoothed mean and the steps found.
public struct ScanOverlay: Sendable, Equatable {
  /// Stimuli of the smoothed mean, mA, ascending.
  public var stimulusMilliamps: [Double]
  /// Local mean of the response, mV: straight lines within 2 % of the stimulus.
  public var meanMillivolts: [Double]
  /// Lower levels of the gaps that count as steps in `ScanCurve`, mV, ascending.
  public var stepLevelsMillivolts: [Double]

  /// Response without an answer, mV.
  public var baselineMillivolts: Double

  /// Computes them from a scan; throws `UnitNumberError` where it is too short or has no CMAP.
  public init(_ scan: CMAPScan) throws {
    let prepared = try PreparedScan(scan)
    let fit = LocalLinearFit(x: prepared.logStimulus, y: prepared.response, halfWidth: 0.02)
    func millivolts(_ share: Double) -> Double { prepared.baseline + share * prepared.cmap }
    baselineMillivolts = prepared.baseline
    stimulusMilliamps = prepared.logStimulus.map { exp($0) }
    meanMillivolts = fit.fitted.map(millivolts)
    let sorted = prepared.response.sorted()
    let limit = ScanCurve.stepLimit(prepared)
    stepLevelsMillivolts = zip(sorted, sorted.dropFirst()).filter { $1 - $0 > limit }
      .map { millivolts($0.0) }
  }

  /// A smoothed mean with few points, to be stored with a visit.
  public struct MeanCurve: Sendable, Equatable, Codable {
    /// mA, ascending.
    public var stimulusMilliamps: [Double]
    /// mV.
    public var responseMillivolts: [Double]
  }

  /// About `points` points of the mean, rounded to 0.1 uA and 0.1 uV.
  public func meanCurve(points: Int) -> MeanCurve {
    let last = stimulusMilliamps.count - 1
    let step = max(1, last / max(points - 1, 1))
    var places = Array(Swift.stride(from: 0, through: last, by: step))
    if let end = places.last, end < last { places.append(last) }
    func rounded(_ values: [Double]) -> [Double] {
      places.map { (10_000 * values[$0]).rounded() / 10_000 }
    }
    return MeanCurve(
      stimulusMilliamps: rounded(stimulusMilliamps), responseMillivolts: rounded(meanMillivolts))
  }
}
