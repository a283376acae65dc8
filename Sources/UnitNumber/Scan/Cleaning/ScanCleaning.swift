import Foundation

/// Mends what recordings do to a scan, before anything is estimated from it.
///
/// Each step leaves a clean scan as it is and says what it found. What cannot be mended becomes a
/// reason for no estimate, or an error that widens the interval.
public enum ScanCleaning {
  /// The scan as the estimator shall see it, and what was done.
  ///
  /// - Throws: `UnitNumberError` where stimuli or responses are not usable at all.
  public static func clean(
    _ scan: CMAPScan, settings: ScanConfiguration.Cleaning = ScanConfiguration.Cleaning()
  ) throws -> (scan: CMAPScan, report: ScanCleaningReport) {
    try scan.validate()
    var points = ScanPoints(scan)
    var report = ScanCleaningReport()
    removeRepeated(&points, &report, scan, settings)
    restoreStimuli(&points, &report, settings)
    useReturns(&points, &report, scan, settings)
    removeIsolated(&points, &report, scan, settings)
    removeHum(&points, &report, settings)
    mendDrift(&points, &report, settings)
    ditherSteps(&points, &report, settings)
    checkPlateau(points, &report, settings)
    report.removed.sort { $0.number < $1.number }
    guard !report.findings.isEmpty else { return (scan, report) }
    var cleaned = scan
    cleaned.stimulusMilliamps = points.stimulus
    cleaned.responseMillivolts = points.response
    cleaned.preScanCount = points.preCount
    cleaned.postScanCount = points.postCount
    return (cleaned, report)
  }

  private static func remove(
    _ places: Set<Int>, as fault: ScanCleaningReport.Fault, _ points: inout ScanPoints,
    _ report: inout ScanCleaningReport, _ scan: CMAPScan
  ) {
    report.removed += places.sorted().map { place in
      let index = points.indices[place]
      return ScanCleaningReport.RemovedPoint(
        number: index + 1, stimulusMilliamps: scan.stimulusMilliamps[index],
        responseMillivolts: scan.responseMillivolts[index], fault: fault)
    }
    points.remove(places)
  }

  private static func percent(_ share: Double) -> String { "\((1000 * share).rounded() / 10) %" }

  private static func removeRepeated(
    _ points: inout ScanPoints, _ report: inout ScanCleaningReport, _ scan: CMAPScan,
    _ settings: ScanConfiguration.Cleaning
  ) {
    let places = RepeatedPoints.find(points, settings: settings)
    guard !places.isEmpty else { return }
    remove(places, as: .repeatedPoint, &points, &report, scan)
    report.add(
      .repeatedPoint, count: places.count, mended: true,
      "\(places.count) points repeat the one before and were left out")
  }

  private static func restoreStimuli(
    _ points: inout ScanPoints, _ report: inout ScanCleaningReport,
    _ settings: ScanConfiguration.Cleaning
  ) {
    guard let found = RoundedStimuli.restore(points, settings: settings) else { return }
    points.stimulus = found.stimulus
    let step = (1000 * found.step).rounded() / 1000
    report.add(
      .roundedStimulus, count: found.tied, mended: true,
      "stimuli are stored in steps of \(step) mA, \(found.tied) of them equal the one before; "
        + "they were spread in the order of delivery")
  }

  private static func useReturns(
    _ points: inout ScanPoints, _ report: inout ScanCleaningReport, _ scan: CMAPScan,
    _ settings: ScanConfiguration.Cleaning
  ) {
    guard let found = ReferenceReturns.gain(points, settings: settings) else { return }
    let baseline = points.baseline
    let change = (found.gain[found.gain.count - 1]) - 1
    points.response = zip(points.response, found.gain).map { baseline + ($0 - baseline) / $1 }
    remove(found.places, as: .reference, &points, &report, scan)
    report.add(
      .reference, count: found.places.count, mended: true,
      "\(found.places.count) returns to the reference stimulus tell a change of the gain by "
        + "\(percent(change)), which was taken out")
  }

  private static func removeIsolated(
    _ points: inout ScanPoints, _ report: inout ScanCleaningReport, _ scan: CMAPScan,
    _ settings: ScanConfiguration.Cleaning
  ) {
    let found = IsolatedResponses.find(points, settings: settings)
    let total = Double(points.count)
    let (missed, outliers) = (found.missed.count, found.outliers.count)
    guard missed + outliers > 0 else { return }
    let units = points.indices
    let outlierIndices = Set(found.outliers.map { units[$0] })
    remove(found.missed, as: .missedStimulus, &points, &report, scan)
    let left = Set(points.indices.indices.filter { outlierIndices.contains(points.indices[$0]) })
    remove(left, as: .outlier, &points, &report, scan)
    if missed > 0 {
      report.add(
        .missedStimulus, count: missed, mended: true,
        addedLogError: settings.missedError * Double(missed) / total,
        "\(missed) stimuli (\(percent(Double(missed) / total))) reached no axon and were left out")
    }
    if outliers > 0 {
      report.add(
        .outlier, count: outliers, mended: true,
        addedLogError: min(
          settings.outlierError * Double(outliers) / total, settings.mostOutlierError),
        "\(outliers) responses (\(percent(Double(outliers) / total))) are far off their "
          + "neighbours and were left out")
    }
    if Double(missed + outliers) > settings.refusedShare * total {
      report.refusal =
        "\(percent(Double(missed + outliers) / total)) of the responses are missed or outliers"
    }
  }

  private static func removeHum(
    _ points: inout ScanPoints, _ report: inout ScanCleaningReport,
    _ settings: ScanConfiguration.Cleaning
  ) {
    guard let found = HumRemoval.find(points, settings: settings) else { return }
    points.response = found.response
    let microvolts = (10_000 * found.amplitude).rounded() / 10
    report.add(
      .hum, count: points.count, mended: true,
      "a sine of \(microvolts) uV with a period of "
        + "\((10 / found.frequency).rounded() / 10) stimuli was taken out")
  }

  private static func mendDrift(
    _ points: inout ScanPoints, _ report: inout ScanCleaningReport,
    _ settings: ScanConfiguration.Cleaning
  ) {
    guard !report.findings.contains(where: { $0.fault == .reference }),
      let slope = GainDrift.slope(points, settings: settings)
    else { return }
    let text =
      "the response to supramaximal stimuli falls; over the scan that would be "
      + "\(percent(slope.change)) ± \(percent(slope.error))"
    guard GainDrift.isMended(slope, settings: settings) else {
      if GainDrift.isSuspected(slope, settings: settings) {
        report.add(
          .gainDrift, count: points.preCount, mended: false,
          addedLogError: settings.suspectedError * min(-slope.change, settings.mostSuspectedFall),
          text + ", too uncertain to take out: the interval is wider")
      }
      return
    }
    guard slope.error < settings.greatestFallError, slope.change > -settings.greatestFall else {
      report.add(.gainDrift, count: points.preCount, mended: false, text)
      report.refusal = text + ", which is too much or too uncertain to take out"
      return
    }
    let baseline = points.baseline
    let gain = GainDrift.gain(slope, preCount: points.preCount, count: points.count)
    points.response = zip(points.response, gain).map { baseline + ($0 - baseline) / $1 }
    report.add(
      .gainDrift, count: points.count, mended: true,
      addedLogError: settings.mendedError * slope.error / (1 + slope.change),
      text + "; it was taken out")
  }

  private static func ditherSteps(
    _ points: inout ScanPoints, _ report: inout ScanCleaningReport,
    _ settings: ScanConfiguration.Cleaning
  ) {
    guard let found = ConverterSteps.dither(points, settings: settings) else { return }
    points.response = found.response
    report.add(
      .converterStep, count: points.count, mended: true,
      "responses are stored in steps of \((10_000 * found.step).rounded() / 10) uV, which the "
        + "noise does not fill; they were dithered")
  }

  private static func checkPlateau(
    _ points: ScanPoints, _ report: inout ScanCleaningReport,
    _ settings: ScanConfiguration.Cleaning
  ) {
    guard let start = PlateauCheck.startingSlope(points, settings: settings),
      start.ratio > settings.startingSlope,
      start.ratio > settings.startingSlopeErrors * start.error
    else { return }
    let text =
      "the responses fall from the first stimulus on: the strongest stimuli are not supramaximal"
    report.add(.missingPlateau, count: points.preCount, mended: false, text)
    report.refusal = report.refusal ?? text
  }

  /// The scan with a gain that changed at once taken out; nil where none did.
  ///
  /// `spread` is the relative spread of the thresholds, which tells how sharp a unit's step can be.
  /// Where the scan returns to a reference stimulus, that has told the gain already.
  static func mendStep(
    _ scan: CMAPScan, spread: Double, _ report: inout ScanCleaningReport,
    settings: ScanConfiguration.Cleaning
  ) -> CMAPScan? {
    guard report.refusal == nil, !report.findings.contains(where: { $0.fault == .reference })
    else { return nil }
    let points = ScanPoints(scan)
    guard let step = GainStep.find(points, spread: spread, settings: settings) else { return nil }
    let baseline = points.baseline
    var mended = scan
    for place in step.place..<points.count {
      mended.responseMillivolts[place] =
        baseline + (scan.responseMillivolts[place] - baseline) / step.gain
    }
    report.add(
      .movement, count: points.count - step.place, mended: true,
      addedLogError: max(settings.stepError * step.error, settings.leastStepError),
      "all responses change by \(percent(step.gain - 1)) ± \(percent(step.error * step.gain)) from "
        + "\(points.stimulus[step.place]) mA on, at once, as no unit does: the gain changed or the "
        + "electrodes moved; it was taken out")
    return mended
  }
}
