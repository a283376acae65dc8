import Foundation

extension ScanQuality {
  /// Adds to an estimate what cleaning found: flags, a wider interval, or that there is none.
  ///
  /// `networkCount` is the number as the networks read it, before enlarged units are told apart.
  static func judge(
    _ estimate: inout CMAPScanEstimate, _ scan: CMAPScan, report: ScanCleaningReport,
    networkCount: Double, settings: ScanConfiguration.Quality
  ) {
    var report = report
    for finding in report.findings where finding.fault == .gainDrift {
      estimate.flags.append(ScanFlag(.gainDrift, finding.detail))
    }
    for finding in report.findings where finding.fault == .movement {
      estimate.flags.append(ScanFlag(.movement, finding.detail))
    }
    flagImpossible(&estimate, report, settings)
    if let rise = (try? ScanResiduals(scan))?.largestRise, rise > settings.movementRise {
      let text =
        "the responses rise by \((10 * rise).rounded() / 10) standard errors while the stimulus "
        + "falls: the electrodes moved or the gain changed"
      report.add(.movement, count: 1, mended: false, addedLogError: settings.movementError, text)
      estimate.flags.append(ScanFlag(.movement, text))
    }
    report.refusal =
      report.refusal
      ?? plateauFault(
        estimate, networkCount: networkCount, settings: settings)
    widen(&estimate, by: report.addedLogError)
    if let reason = report.refusal {
      estimate.noEstimateReason = reason
      estimate.flags.append(ScanFlag(.noEstimate, "no estimate: " + reason))
    }
    estimate.cleaning = report
  }

  /// Responses that no muscle can give, of those that were left out.
  private static func flagImpossible(
    _ estimate: inout CMAPScanEstimate, _ report: ScanCleaningReport,
    _ settings: ScanConfiguration.Quality
  ) {
    let outliers = report.removed.filter { $0.fault == .outlier }
    guard !outliers.isEmpty, !estimate.flags.contains(where: { $0.kind == .artefact }) else {
      return
    }
    let cmap = estimate.cmapMillivolts
    let noise = estimate.additiveNoiseMicrovolts / 1000
    let count = outliers.count {
      $0.responseMillivolts
        < -max(settings.belowFraction * cmap, settings.artefactDeviations * noise)
        || $0.responseMillivolts > (1 + settings.aboveFraction) * cmap
    }
    if count > 0 {
      estimate.flags.append(
        ScanFlag(
          .artefact, "\(count) responses lie below the baseline or above the CMAP; left out"))
    }
  }

  /// Why the plateau at the start is none; nil where it is one.
  ///
  /// Where all axons answer, responses vary by the noise of the recording and the little that each
  /// unit varies; where some alternate, by much more.
  private static func plateauFault(
    _ estimate: CMAPScanEstimate, networkCount: Double, settings: ScanConfiguration.Quality
  ) -> String? {
    if let flag = estimate.flags.first(where: { $0.kind == .incompletePlateau }) {
      return flag.reason
    }
    let bottom = estimate.additiveNoiseMicrovolts / 1000 / estimate.cmapMillivolts
    let gain = estimate.proportionalNoisePercent / 100
    let found = bottom * bottom + gain * gain
    let variation = settings.amplitudeVariation * settings.amplitudeVariation / max(networkCount, 1)
    // A few subthreshold responses tell the noise with an error of a quarter: half again is allowed.
    let allowed =
      settings.bottomNoiseFactor * bottom * bottom + settings.plateauFactor
      * (settings.plateauNoise * settings.plateauNoise + variation)
    guard found > allowed else { return nil }
    let percent = (1000 * found.squareRoot()).rounded() / 10
    return "the responses to the strongest stimuli vary by \(percent) %, more than a plateau does: "
      + "they are not supramaximal"
  }

  /// Widens the intervals by an error of ln(number) that comes on top.
  private static func widen(_ estimate: inout CMAPScanEstimate, by error: Double) {
    guard error > 0 else { return }
    func wider(_ ends: [Double], around point: Double) -> [Double] {
      let extra = 1.645 * error
      let low = log(point / ends[0])
      let high = log(ends[1] / point)
      return [
        point * exp(-(max(low, 0) * max(low, 0) + extra * extra).squareRoot()),
        point * exp((max(high, 0) * max(high, 0) + extra * extra).squareRoot()),
      ]
    }
    func more(_ own: Double) -> Double { (own * own + error * error).squareRoot() }
    let ends = wider(estimate.interval90, around: estimate.unitCount)
    let rounded = CMAPScanEstimator.rounded(
      min(ends[0], estimate.interval90[0]), max(ends[1], estimate.interval90[1]))
    estimate.interval90 = [rounded.0, rounded.1]
    estimate.n50Interval90 = wider(estimate.n50Interval90, around: estimate.n50)
    estimate.logStandardError = more(estimate.logStandardError)
    estimate.repeatLogStandardError = more(estimate.repeatLogStandardError)
    estimate.n50LogStandardError = more(estimate.n50LogStandardError)
    estimate.n50RepeatLogStandardError = more(estimate.n50RepeatLogStandardError)
  }
}
