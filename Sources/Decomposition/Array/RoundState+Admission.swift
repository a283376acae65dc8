import Signal

/// What may become a unit, and what is one already.
extension RoundState {
  /// Takes candidates that are plausible and new, best silhouette first.
  func newUnits(from candidates: [SourceSearch.Candidate], links: [Int?]) -> [Unit] {
    var fresh: [Unit] = []
    let plausible = candidates.indices.filter { index in
      let candidate = candidates[index]
      return isPlausible(
        silhouette: candidate.silhouette, variation: candidate.variation, times: candidate.times)
        && !units.contains { isKnown(candidate.times, as: $0.times) }
    }
    // A unit known beforehand has shown itself elsewhere.
    let short = plausible.filter {
      (links.isEmpty || links[$0] == nil) && !isAmple(candidates[$0].times.count)
    }
    let crossFits = Dictionary(
      uniqueKeysWithValues: zip(short, crossFits(of: short.map { candidates[$0].samples })))
    let order = plausible.filter { crossFits[$0] ?? 1 >= configuration.crossFitLimit }.sorted {
      candidates[$0].silhouette != candidates[$1].silhouette
        ? candidates[$0].silhouette > candidates[$1].silhouette : $0 < $1
    }
    for index in order {
      let candidate = candidates[index]
      let link = links.isEmpty ? nil : links[index]
      if fresh.contains(where: { isKnown(candidate.times, as: $0.times) }) { continue }
      fresh.append(
        Unit(
          times: candidate.times, template: [], silhouette: candidate.silhouette, pulseToNoise: 0,
          variation: candidate.variation, filter: [], round: round, link: link,
          crossFit: crossFits[index]))
    }
    return fresh
  }

  /// Whether a train could be a unit's: clear of the rest, regular, and active at a unit's rate for
  /// as long as it lasts.
  func isPlausible(
    silhouette: Double, variation: Double, times: [Double], isFinal: Bool = false
  ) -> Bool {
    silhouette >= configuration.silhouetteLimit
      && variation < configuration.intervalVariationLimit
      && times.count >= configuration.fewestDischarges
      && configuration.prediction.agreement(silhouette: silhouette, variation: variation)
        >= (isFinal ? configuration.agreementLimit : configuration.searchAgreementLimit)
      && SpikeTrain(times: times, samplingRate: conditioned.rate).meanRate ?? 0
        >= configuration.lowestRate
  }

  /// Whether a train has discharges enough to be no product of the filter alone.
  func isAmple(_ count: Int) -> Bool { count >= configuration.ampleDischarges }

  /// The predicted agreement of a unit with the true train.
  ///
  /// That of a short train is taken at the upper end of what its variability may be, one standard
  /// error above the estimate, and times the share that its halves find of each other. After a
  /// joint decision it is no more than what that predicts.
  func predictedAgreement(of unit: Unit) -> Double {
    let isShort = unit.crossFit != nil || !isAmple(unit.times.count)
    let intervals = Double(max(2, unit.times.count - 1))
    let upper = unit.variation * (1 + 1 / (2 * intervals).squareRoot())
    let joint = unit.jointCrossFit.map {
      configuration.jointPrediction.agreement(
        silhouette: unit.silhouette, variation: isShort ? upper : unit.variation, crossFit: $0,
        dischargeCount: unit.times.count)
    }
    let prediction = configuration.prediction
    guard let crossFit = unit.crossFit else {
      return joint
        ?? prediction.agreement(silhouette: unit.silhouette, variation: unit.variation)
    }
    let alone = crossFit * prediction.agreement(silhouette: unit.silhouette, variation: upper)
    return min(joint ?? 1, alone)
  }

  /// How far trains that are still in the residual are found again by the filters of their halves.
  private func crossFits(of discharges: [[Int]]) -> [Double] {
    if discharges.isEmpty { return [] }
    return UnitReestimation(
      configuration: configuration, residual: residual, spectra: spectra, covariance: covariance,
      rate: conditioned.rate, parallelism: parallelism
    ).crossFitted(
      discharges, units: discharges.map { _ in nil },
      model: ConvolutiveModel(
        length: templateLength, channelCount: conditioned.channels.count, trains: [],
        templates: []))
  }

  /// Whether a train is another one, or a part of it.
  private func isKnown(_ train: [Double], as other: [Double]) -> Bool {
    isDuplicate(other, train) || isPart(train, of: other)
  }

  /// Largest distance of two discharges that are one, in samples.
  var tolerance: Double { TrainAgreement.usualTolerance(samplingRate: conditioned.rate) }
  /// Largest lag of two trains that are one, in samples: two filters may have locked onto opposite
  /// ends of one potential, which waves that travel to both tendons draw out to 50 ms.
  var longestLag: Double { configuration.search.longestLag * conditioned.rate }

  func isDuplicate(_ first: [Double], _ second: [Double]) -> Bool {
    TrainAgreement.isAtLeast(
      configuration.duplicateShare, first, second, tolerance: tolerance, longestLag: longestLag)
  }

  /// Whether a train holds nothing but a stretch, or a few discharges, of a longer one: a potential
  /// that changes within the recording can be found in parts.
  func isPart(_ train: [Double], of other: [Double]) -> Bool {
    other.count > train.count
      && TrainAgreement.isPart(
        configuration.partShare, train, of: other, tolerance: tolerance, longestLag: longestLag)
  }
}
