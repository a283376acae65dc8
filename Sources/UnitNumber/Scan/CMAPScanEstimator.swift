import Foundation

/// Estimates the number of motor units from a CMAP scan.
///
/// Networks trained on simulated scans read 274 features of the scan (local differences, gaps,
/// levels, alternation); a table of their errors for each true number turns the result into a
/// median-unbiased point and a confidence interval by inversion (Neyman 1937). The scan model is
/// that of Bostock 2016: units with a threshold, a relative spread and an amplitude each.
public struct CMAPScanEstimator: Sendable {
  package let weights: ScanWeights
  /// How scans are mended, read and judged.
  public var configuration: ScanConfiguration

  /// How scans of few units are read by their levels; nil leaves them to the networks.
  public var fewUnits: FewUnitsConfiguration? {
    configuration.readsFewUnits ? configuration.fewUnits : nil
  }

  /// The estimator with the weights that are part of the program and settings of its own.
  ///
  /// - Throws: `UnitNumberError` where the weights are missing or damaged.
  public init(configuration: ScanConfiguration) throws {
    weights = try ScanWeights.builtIn()
    self.configuration = configuration
  }

  /// The estimator with the weights that are part of the program.
  ///
  /// The levels of few units take seconds of processor time for a scan; nil leaves them out.
  ///
  /// - Throws: `UnitNumberError` where the weights are missing or damaged.
  public init(fewUnits: FewUnitsConfiguration? = FewUnitsConfiguration()) throws {
    self.init(weights: try ScanWeights.builtIn(), fewUnits: fewUnits)
  }

  package init(weights: ScanWeights, fewUnits: FewUnitsConfiguration? = nil) {
    self.weights = weights
    configuration = ScanConfiguration()
    configuration.readsFewUnits = fewUnits != nil
    configuration.fewUnits = fewUnits ?? configuration.fewUnits
  }

  /// What the weights were trained on, and the command that reproduces them.
  public var trainingDescription: String {
    let text = weights.description
    return "weights \(text.version): \(text.scanCount) scans, seed \(text.seed); "
      + "\(text.trainedOn); \(text.command)"
  }

  /// The networks' own standard deviation of ln(number); not finite for a scan without a CMAP.
  package func deviation(_ scan: CMAPScan) -> Double {
    guard let prepared = try? PreparedScan(scan) else { return .nan }
    return weights.ensemble.evaluate(ScanFeatures(prepared).values.map { Float($0) }).deviation
  }

  /// Estimates number, sizes and quality from one scan, mended first where it needs it.
  ///
  /// What was mended is in `cleaning` and widens the interval as far as it adds error; where a scan
  /// cannot be mended, `noEstimateReason` says why there is no estimate.
  ///
  /// ```swift
  /// let scan = try CMAPScan.open(URL(fileURLWithPath: "median.MEM"))
  /// let estimate = try CMAPScanEstimator().estimate(scan)
  /// print(estimate.unitCount, estimate.interval90)
  /// ```
  /// `progress` is told the share of the work done, 0 to 1; what it throws ends the estimate.
  ///
  /// - Throws: `UnitNumberError` where the scan is too short, not finite or without a CMAP; what
  ///   `progress` throws.
  public func estimate(
    _ scan: CMAPScan, progress: (Double) throws -> Void = { _ in }
  ) throws -> CMAPScanEstimate {
    try progress(0)
    let cleaned = try ScanCleaning.clean(scan, settings: configuration.cleaning)
    var (used, report) = (cleaned.scan, cleaned.report)
    var result = try uncleanedEstimate(used)
    let spread = result.relativeSpreadPercent / 100
    if let mended = ScanCleaning.mendStep(
      used, spread: spread, &report, settings: configuration.cleaning)
    {
      used = mended
      result = try uncleanedEstimate(used)
    }
    let first = result.unitCount
    if !(try readFewUnits(&result, used, report, progress: progress)) {
      try progress(0.95)
      try readEnlargedUnits(&result, used)
      widenUnequalSizes(&result)
    }
    ScanQuality.judge(
      &result, used, report: report, networkCount: first, settings: configuration.quality)
    return result
  }

  /// Adds the reading with enlarged units where it differs from that of the networks alone.
  ///
  /// The interval then holds both. The point is the second reading where it is the higher one: with
  /// the large steps closed the networks see sizes as in their training.
  private func readEnlargedUnits(_ estimate: inout CMAPScanEstimate, _ scan: CMAPScan) throws {
    guard let closed = try EnlargedUnits.closed(scan, settings: configuration.enlarged),
      let second = try? uncleanedEstimate(closed.scan)
    else { return }
    let difference = log(second.unitCount / estimate.unitCount)
    guard abs(difference) > configuration.enlarged.leastDifference else { return }
    func text(_ estimate: CMAPScanEstimate) -> String {
      "\(Int(estimate.unitCount.rounded())) (\(Int(estimate.interval90[0].rounded())) to "
        + "\(Int(estimate.interval90[1].rounded())))"
    }
    let percent = Int((100 * closed.sizes.reduce(0, +)).rounded())
    estimate.flags.append(
      ScanFlag(
        .enlargedUnits,
        "\(closed.sizes.count) large steps make \(percent) % of the CMAP: if each is one enlarged unit "
          + "beside many small ones the number is \(text(second)), otherwise \(text(estimate)); the "
          + "interval holds both"))
    let ends = [
      min(estimate.interval90[0], second.interval90[0]),
      max(estimate.interval90[1], second.interval90[1]),
    ]
    if difference > 0 {
      // Where the networks see few units, drift alone fills what the closed steps leave.
      let isFew = estimate.unitCount < configuration.enlarged.fewUnits
      estimate.unitCount =
        isFew ? (estimate.unitCount * second.unitCount).squareRoot() : second.unitCount
      estimate.meanUnitMicrovolts = 1000 * estimate.cmapMillivolts / estimate.unitCount
    }
    // With enlarged units N50 is read off the steps: that many of them make half.
    var sum = 0.0
    if let half = closed.sizes.firstIndex(where: {
      sum += $0; return sum >= 0.5
    }) {
      estimate.n50Interval90 = [
        min(estimate.n50Interval90[0], max(Double(half), 0.5)),
        max(estimate.n50Interval90[1], Double(half + 1)),
      ]
      estimate.n50LogStandardError = CMAPScanEstimate.standardError(
        logWidth: log(estimate.n50Interval90[1] / estimate.n50Interval90[0]))
    }
    estimate.interval90 = ends
    estimate.logStandardError = CMAPScanEstimate.standardError(logWidth: log(ends[1] / ends[0]))
    // Which reading a scan gets may change between two scans of one pool.
    estimate.repeatLogStandardError = max(
      estimate.repeatLogStandardError, second.repeatLogStandardError, abs(difference) / 2)
  }

  /// The estimate of a scan as it is: for training and calibration, whose scans are not mended.
  ///
  /// `isContinuous` false leaves number and N50 on the grid of the inversion.
  package func uncleanedEstimate(
    _ scan: CMAPScan, isContinuous: Bool = true
  ) throws -> CMAPScanEstimate {
    let prepared = try PreparedScan(scan)
    let features = ScanFeatures(prepared)
    let output = weights.ensemble.evaluate(features.values.map { Float($0) })
    func mean(_ wanted: ScanNetwork.Output) -> Double { output.means[wanted.rawValue] }
    let inverted = weights.calibration.invert(
      prediction: output.logCount, deviation: output.deviation, noise: features.noiseBottom,
      least: 1, isContinuous: isContinuous)
    let half = weights.n50Calibration.invert(
      prediction: mean(.logN50), deviation: output.deviation, noise: features.noiseBottom,
      least: 0.5, isContinuous: isContinuous)
    let count = exp(inverted.point)
    let repeated = weights.repeatability.errors(
      logCount: inverted.point, noise: features.noiseBottom, deviation: output.deviation)
    let (low, high) = Self.rounded(exp(inverted.low), exp(inverted.high))
    let unit = 1000 * prepared.cmap / count
    let gain = max(
      prepared.noiseTop * prepared.noiseTop - prepared.noiseBottom * prepared.noiseBottom, 0)
    return CMAPScanEstimate(
      unitCount: count, interval90: [low, high],
      logStandardError: CMAPScanEstimate.standardError(logWidth: inverted.high - inverted.low),
      repeatLogStandardError: repeated.count,
      n50: exp(half.point), n50Interval90: [exp(half.low), exp(half.high)],
      n50LogStandardError: CMAPScanEstimate.standardError(logWidth: half.high - half.low),
      n50RepeatLogStandardError: repeated.n50,
      a50Microvolts: exp(mean(.logA50)) * unit, meanUnitMicrovolts: unit,
      largestUnitMicrovolts: exp(mean(.logLargest)) * unit,
      relativeSpreadPercent: 100 * exp(mean(.logSpread)),
      curve: ScanCurve(prepared), cmapMillivolts: prepared.cmap,
      additiveNoiseMicrovolts: 1000 * prepared.noiseBottom * prepared.cmap,
      proportionalNoisePercent: 100 * gain.squareRoot(),
      flags: ScanQuality.flags(
        scan, prepared, output: output, estimate: (count, low, high),
        settings: configuration.quality),
      pointCounts: [
        prepared.preScanCount,
        scan.responseMillivolts.count - prepared.preScanCount - prepared.postScanCount,
        prepared.postScanCount,
      ],
      method: "cmap-scan-\(weights.description.version)")
  }

  /// Widens an interval outwards to whole numbers where it lies below 15.
  static func rounded(_ low: Double, _ high: Double) -> (Double, Double) {
    let floorLow = low < 15 ? max(1, (low + 0.5 - 1e-9).rounded(.down)) : low
    let ceilHigh = high < 15 ? max(1, (high - 0.5 + 1e-9).rounded(.up)) : high
    return (min(floorLow, ceilHigh), max(floorLow, ceilHigh))
  }
}
