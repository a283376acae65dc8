import Foundation
import Recordings
import Reports
import UnitNumber

/// One CMAP scan with its estimate and everything that outputs need.
package struct ScanAnalysis {
  package let scan: CMAPScan
  package let source: RecordingSource
  package let inputHash: String
  package let estimate: CMAPScanEstimate
  package let overlay: ScanOverlay
  /// What the weights of the estimator were trained on.
  package let training: String
  /// Settings of the estimate.
  package let configuration: ScanConfiguration

  /// Reads and estimates the scan of a file.
  ///
  /// - Parameter progress: what it throws ends the estimate.
  /// - Throws: `UnitNumberError` and `RecordingError`, naming the file; what `progress` throws.
  package init(
    _ path: String, estimator: CMAPScanEstimator, progress: AnalysisProgressHandler = { _ in }
  ) throws {
    try self.init(
      CMAPScan.open(URL(fileURLWithPath: path)), path: path, estimator: estimator,
      progress: progress)
  }

  /// Estimates a scan that was read from a file.
  package init(
    _ scan: CMAPScan, path: String, estimator: CMAPScanEstimator,
    progress: AnalysisProgressHandler = { _ in }
  ) throws {
    let source = Self.source(path, scan)
    try self.init(
      scan, source: source, inputHash: try source.inputHash(), estimator: estimator,
      progress: progress)
  }

  /// Estimates a scan whose file is at another place, or gone.
  package init(
    _ scan: CMAPScan, source: RecordingSource, inputHash: String, estimator: CMAPScanEstimator,
    progress: AnalysisProgressHandler = { _ in }
  ) throws {
    self.scan = scan
    self.source = source
    self.inputHash = inputHash
    estimate = try estimator.estimate(scan) { try progress(AnalysisProgress($0)) }
    configuration = estimator.configuration
    overlay = try ScanOverlay(
      ScanCleaning.clean(scan, settings: estimator.configuration.cleaning).scan)
    training = estimator.trainingDescription
  }

  /// The file of a scan with the name of its format.
  package static func source(_ path: String, _ scan: CMAPScan) -> RecordingSource {
    RecordingSource(
      path: path, formatName: isQtrac(path) ? "Qtrac M-SCAN" : "CMAP scan, delimited text")
  }

  /// Whether a file is a CMAP scan rather than a recording: a `.MEM` file, or a text table whose
  /// first line of names begins with the stimulus and holds a second column only.
  package static func isScan(_ path: String) -> Bool {
    if isQtrac(path) { return true }
    guard ["csv", "tsv", "txt"].contains((path as NSString).pathExtension.lowercased()),
      let head = try? SniffedFile(path: path).head
    else { return false }
    let lines = String(decoding: head, as: UTF8.self).split(whereSeparator: \.isNewline)
    guard let names = lines.first(where: { !$0.hasPrefix("#") })?.lowercased() else { return false }
    let fields = names.split { ",;\t".contains($0) }
    return fields.count == 2 && fields[0].hasPrefix("stim")
  }

  private static func isQtrac(_ path: String) -> Bool {
    (path as NSString).pathExtension.lowercased() == "mem"
  }

  /// Standard error of the CMAP from the noise of single responses, in mV: the amplitude is the
  /// median of up to 20 responses to supramaximal stimuli.
  package var cmapStandardError: Double {
    let additive = estimate.additiveNoiseMicrovolts / 1000
    let proportional = estimate.proportionalNoisePercent / 100 * estimate.cmapMillivolts
    let single = (additive * additive + proportional * proportional).squareRoot()
    // 1.2533 is the standard error of a median relative to that of a mean, for normal noise.
    return 1.2533 * single / Double(max(1, min(20, estimate.pointCounts.first ?? 1))).squareRoot()
  }

  /// Norm of the CMAP at the muscle and age that the file names, if there is one.
  package var cmapNorm: Norm? {
    scan.acquisition.muscle.flatMap {
      Norm.of(.cmapAmplitude, muscle: $0, ageYears: scan.acquisition.ageYears)
    }
  }

  /// Standard deviations of the CMAP from that norm.
  package var cmapZScore: Double? {
    cmapNorm?.zScore(estimate.cmapMillivolts)
  }

  /// Sizes in uV of a lognormal pool with the estimated number, mean and N50.
  ///
  /// The largest half of the summed size of a lognormal pool lies in the share 1 - Phi(sigma) of its
  /// units. Single units of a scan are not identified, so this is a summary and no measurement.
  package var summarySizes: [Double] {
    guard estimate.noEstimateReason == nil else { return [] }
    let count = max(1, Int(estimate.unitCount.rounded()))
    let share = min(0.499, max(0.001, estimate.n50 / estimate.unitCount))
    let sigma = NormalScore.quantile(1 - share)
    let median = estimate.meanUnitMicrovolts * exp(-sigma * sigma / 2)
    return (0..<count).map { index in
      median * exp(sigma * NormalScore.quantile((Double(index) + 0.5) / Double(count)))
    }
  }
}
