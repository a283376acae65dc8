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
}
