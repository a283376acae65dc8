import Signal

/// The rounds for units that others mask, after the usual ones.
extension RoundState {
  /// Searches masked units in what is left and decides all trains jointly, until rounds in a row
  /// add none.
  mutating func unmask(clock: inout StageClock) {
    let seconds = Double(conditioned.signal.sampleCount) / conditioned.rate
    if configuration.maskedRoundLimit == 0 || seconds < configuration.maskedSeconds { return }
    decideJointly(clock: &clock)
    let first = round + 1
    var empty = 0
    for _ in 0..<configuration.maskedRoundLimit where empty < configuration.masked.emptyRounds {
      prepare(clock: &clock)
      round += 1
      let before = units.count
      let fresh = clock.measure(.maskedSearch) { maskedUnits() }
      units += fresh
      if !fresh.isEmpty {
        clock.measure(.jointFit) {
          subtractNew(from: before, rank: configuration.maskedRank)
          fitAndSubtract(rank: configuration.maskedRank)
        }
        decideJointly(clock: &clock)
        drop(clock: &clock) { rounds, unit in
          unit.round >= first
            && unit.jointCrossFit ?? 1 < rounds.configuration.masked.betweenCrossFit
        }
      }
      empty = units.contains { $0.round == round } ? 0 : empty + 1
    }
    drop(clock: &clock) { rounds, unit in
      unit.jointCrossFit ?? 1 < rounds.configuration.jointCrossFitLimit
        || rounds.predictedAgreement(of: unit) < rounds.configuration.agreementLimit
    }
  }

  /// Takes the agreement of halves of all units, and out those that it speaks against.
  private mutating func drop(
    clock: inout StageClock, where isUnlikely: (RoundState, Unit) -> Bool
  ) {
    assess(clock: &clock)
    let kept = units.filter { !isUnlikely(self, $0) }
    if kept.count == units.count { return }
    units = kept
    clock.measure(.jointFit) { fitAndSubtract(rank: configuration.maskedRank) }
  }

  /// New units among the candidates of a search in the present residual.
  private mutating func maskedUnits() -> [Unit] {
    let search = MaskedUnitSearch(
      configuration: configuration, residual: residual, spectra: spectra, covariance: covariance,
      rate: conditioned.rate, parallelism: parallelism)
    var fresh: [Unit] = []
    for candidate in search.candidates(generator: &generator) {
      let train = candidate.train
      let isRhythmic =
        candidate.predicted >= configuration.masked.candidatePredicted
        && candidate.crossFit >= configuration.masked.candidateCrossFit
      let isClear =
        train.silhouette >= configuration.masked.clearSilhouette
        && candidate.crossFit >= configuration.masked.clearCrossFit
      if !isRhythmic && !isClear { continue }
      if (units + fresh).contains(where: {
        isDuplicate($0.times, train.times) || isPart(train.times, of: $0.times)
      }) {
        continue
      }
      fresh.append(
        Unit(
          times: train.times, template: [], silhouette: train.silhouette, pulseToNoise: 0,
          variation: train.variation, filter: [], round: round, crossFit: nil))
    }
    return fresh
  }

  /// Takes the agreement of each train's halves, now that all others are out of the way.
  private mutating func assess(clock: inout StageClock) {
    if units.isEmpty { return }
    prepare(clock: &clock)
    let rates = clock.measure(.jointDecision) {
      UnitReestimation(
        configuration: configuration, residual: residual, spectra: spectra,
        covariance: covariance, rate: conditioned.rate, parallelism: parallelism
      ).crossFitted(
        units.map { $0.times.map { Int($0.rounded()) } }, units: units.indices.map { $0 },
        byRank: true, model: model)
    }
    for index in units.indices { units[index].jointCrossFit = rates[index] }
  }

  /// Decides all trains anew, drops what dissolves or is no longer likely, and fits again.
  private mutating func decideJointly(clock: inout StageClock) {
    if units.isEmpty { return }
    prepare(clock: &clock)
    clock.measure(.jointDecision) {
      let weak = ExtendedCovariance(
        laggedCorrelations: spectra.laggedCorrelations(parallelism: parallelism),
        channelCount: spectra.channelCount, tapCount: spectra.layout.filterLength,
        sampleCount: spectra.layout.sampleCount,
        ridge: Float(configuration.maskedRidge) * covariance.ridge)
      let decoding = JointDecoding(
        covariance: weak, configuration: configuration, rate: conditioned.rate,
        parallelism: parallelism)
      var model = self.model
      forgetSpectra()
      let decisions = decoding.decisions(for: &model, residual: &residual)
      var decided: [Unit] = []
      for (unit, decision) in zip(units, decisions) {
        guard let decision else { continue }
        var next = unit
        next.times = decision.times
        next.correlation = []
        next.silhouette = decision.silhouette
        next.pulseToNoise = decision.pulseToNoise
        next.variation = decision.variation
        next.filter = decision.filter
        decided.append(next)
      }
      units = likely(decided)
      joinPieces()
    }
    clock.measure(.jointFit) { fitAndSubtract(rank: configuration.maskedRank) }
  }

  /// Units that may stay until the next round, none of which is another.
  private func likely(_ decided: [Unit]) -> [Unit] {
    let promise = decided.map {
      configuration.prediction.agreement(silhouette: $0.silhouette, variation: $0.variation)
    }
    let order = decided.indices.filter {
      promise[$0] >= configuration.masked.betweenPredicted
        || decided[$0].silhouette > configuration.masked.betweenSilhouette
    }.sorted { promise[$0] != promise[$1] ? promise[$0] > promise[$1] : $0 < $1 }
    var kept: [Unit] = []
    for index in order
    where !kept.contains(where: { isDuplicate($0.times, decided[index].times) }) {
      kept.append(decided[index])
    }
    return kept.filter { unit in !kept.contains { isPart(unit.times, of: $0.times) } }
  }
}
