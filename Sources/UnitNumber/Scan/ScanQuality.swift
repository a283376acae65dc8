import Foundation

/// The checks of a scan and of its estimate.
enum ScanQuality {
  static func flags(
    _ scan: CMAPScan, _ prepared: PreparedScan, output: EnsembleOutput,
    estimate: (count: Double, low: Double, high: Double),
    settings: ScanConfiguration.Quality
  ) -> [ScanFlag] {
    var flags: [ScanFlag] = []
    func percent(_ share: Double) -> String { "\((1000 * share).rounded() / 10) %" }
    let points = prepared.response.count
    if points < settings.fewestStimuli {
      flags.append(
        ScanFlag(.fewStimuli, "\(points) scan points, \(settings.fewestStimuli) or more are needed")
      )
    }
    if output.outsideShare > settings.outsideShare {
      flags.append(
        ScanFlag(
          .outsideTraining,
          "\(percent(output.outsideShare)) of the features lie beyond 4 standard deviations"))
    }
    if estimate.count > settings.trainedUnits {
      flags.append(
        ScanFlag(
          .outsideTraining,
          "the number lies beyond the \(Int(settings.trainedUnits)) units that the training holds"))
    }
    if output.disagreement > settings.disagreement {
      flags.append(
        ScanFlag(
          .networksDisagree,
          "the networks differ by \(percent(output.disagreement)) (standard deviation)"))
    }
    if estimate.high > settings.wideInterval * estimate.low {
      flags.append(
        ScanFlag(
          .wideInterval,
          "the interval spans a factor of \((10 * estimate.high / estimate.low).rounded() / 10)"))
    }
    let noisePerUnit = prepared.noiseBottom * estimate.count
    if noisePerUnit > settings.noiseOverUnit {
      flags.append(
        ScanFlag(
          .noiseExceedsUnit,
          "the noise is \((10 * noisePerUnit).rounded() / 10) times the mean unit"))
    } else if noisePerUnit > settings.limitingNoise {
      let limit = 3000 * prepared.noiseBottom * prepared.cmap
      flags.append(
        ScanFlag(
          .sizeLimit, "units below about \(limit.rounded()) uV cannot be told from noise"))
    }
    if let drift = preScanDrift(scan, prepared), abs(drift) > settings.preScanDrift {
      flags.append(ScanFlag(.preScanDrift, "the CMAP changed by \(percent(drift)) in the pre-scan"))
    }
    flags += plateauFlags(scan, prepared, settings)
    flags += artefactFlags(prepared, settings)
    return flags
  }

  /// Change of the response over the pre-scan as a fraction of the CMAP; nil where it is too short.
  private static func preScanDrift(_ scan: CMAPScan, _ prepared: PreparedScan) -> Double? {
    guard prepared.preScanCount > 8 else { return nil }
    let run = scan.responseMillivolts[..<prepared.preScanCount]
    let start = run.prefix(5).reduce(0, +) / 5
    let end = run.suffix(5).reduce(0, +) / 5
    return (end - start) / prepared.cmap
  }

  private static func plateauFlags(
    _ scan: CMAPScan, _ prepared: PreparedScan, _ settings: ScanConfiguration.Quality
  ) -> [ScanFlag] {
    let points = prepared.response
    let top = OrderStatistics.median(points.suffix(5))
    let bottom = OrderStatistics.median(points.prefix(5))
    let margin = { (noise: Double) in
      max(settings.plateauFraction, settings.plateauDeviations * noise)
    }
    func percent(_ share: Double) -> Double { (100 * share).rounded() }
    var flags: [ScanFlag] = []
    if top < 1 - margin(prepared.noiseTop) {
      flags.append(
        ScanFlag(
          .incompletePlateau, "the first scan responses are at \(percent(top)) % of the CMAP"))
    } else if let fall = firstFall(scan, prepared, settings) {
      flags.append(
        ScanFlag(
          .incompletePlateau,
          "the responses fall from the first stimuli on, by \(percent(fall)) % of the CMAP"))
    }
    if bottom > margin(prepared.noiseBottom) {
      flags.append(
        ScanFlag(
          .incompletePlateau, "the weakest stimuli still give \(percent(bottom)) % of the CMAP"))
    } else if prepared.baseline / prepared.cmap
      > max(
        settings.bottomFraction, settings.plateauDeviations * prepared.noiseBottom)
    {
      let whole = prepared.baseline / (prepared.baseline + prepared.cmap)
      flags.append(
        ScanFlag(
          .incompletePlateau,
          "the weakest stimuli still give \(percent(whole)) % of the largest response"))
    }
    return flags
  }

  /// The fall of the response over the first stimuli (fraction) where there is no plateau at all.
  private static func firstFall(
    _ scan: CMAPScan, _ prepared: PreparedScan, _ settings: ScanConfiguration.Quality
  ) -> Double? {
    let run = scan.responseMillivolts
    let start = OrderStatistics.median(run[..<6])
    let fall = (start - OrderStatistics.median(run[12..<20])) / prepared.cmap
    // The medians are those of six and of eight responses.
    return fall > max(settings.firstFall, settings.firstFallNoise * prepared.noiseTop)
      ? fall : nil
  }

  /// Points beyond the range that any response can have: below baseline or above the CMAP.
  private static func artefactFlags(
    _ prepared: PreparedScan, _ settings: ScanConfiguration.Quality
  ) -> [ScanFlag] {
    let low = -max(settings.belowFraction, settings.artefactDeviations * prepared.noiseBottom)
    let high = 1 + max(settings.aboveFraction, settings.artefactDeviations * prepared.noiseTop)
    let count = prepared.response.count { $0 < low || $0 > high }
    guard count > 0 else { return [] }
    return [
      ScanFlag(.artefact, "\(count) responses lie below the baseline or above the CMAP")
    ]
  }
}
