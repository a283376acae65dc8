import Foundation

extension CMAPScanEstimator {
  /// Takes number and interval from the levels where the networks read few units.
  ///
  /// Returns whether it did: not where the networks' interval reaches further, the scan allows no
  /// estimate or the posterior does not end within the numbers that are tried.
  func readFewUnits(
    _ estimate: inout CMAPScanEstimate, _ scan: CMAPScan, _ report: ScanCleaningReport,
    progress: (Double) throws -> Void
  ) throws -> Bool {
    guard let settings = fewUnits, report.refusal == nil,
      estimate.interval90[1] < settings.highestUpperEnd
    else { return false }
    let few = try FewUnits(scan, settings, progress: progress)
    guard few.n50Quantiles.count == 3, !few.reachesEnd else { return false }
    estimate.fewUnits = few
    let count = Double(few.quantile(0.5))
    estimate.unitCount = count
    estimate.interval90 = [Double(few.quantile(0.05)), Double(few.quantile(0.95))]
    estimate.meanUnitMicrovolts = 1000 * estimate.cmapMillivolts / count
    estimate.logStandardError = few.logDeviation
    estimate.repeatLogStandardError = max(estimate.repeatLogStandardError, few.logDeviation)
    let halves = few.n50Quantiles
    estimate.n50 = halves[1]
    estimate.n50Interval90 = [halves[0], halves[2]]
    estimate.n50LogStandardError = CMAPScanEstimate.standardError(
      logWidth: log(halves[2] / halves[0]))
    estimate.n50RepeatLogStandardError = max(
      estimate.n50RepeatLogStandardError, estimate.n50LogStandardError)
    return true
  }
}
