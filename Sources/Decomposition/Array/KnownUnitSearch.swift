import Signal

/// A unit found before, in another recording or an earlier stretch of this one.
struct KnownUnit: Sendable {
  /// Its number there.
  let id: Int
  /// Its potential over all electrodes given, in microvolts at the rate of the search.
  let template: MUAPTemplate
}

/// Looks for units whose potentials are known.
///
/// Each filter is w = C^-1 h with C the covariance of what is decomposed now and h the known
/// potential at the filter's lags (the linear minimum mean square error estimate of the train;
/// Holobar and Zazula 2007): the potential is kept, the suppression of everything else adapts to
/// the new recording. Units that stand out are subtracted, the others are looked for in the rest.
struct KnownUnitSearch: Sendable {
  let configuration: ArrayConfiguration
  let known: [KnownUnit]
  let parallelism: Parallelism
  /// The most rounds over the units not found yet.
  var roundLimit: Int { configuration.known.rounds }

  /// Adds the known units that are active to the state of a decomposition.
  func recover(
    in rounds: inout RoundState, clock: inout StageClock,
    checkpoint: (Int) throws -> Void = { _ in }
  ) rethrows {
    for turn in 0..<roundLimit {
      try checkpoint(turn)
      let found = Set(rounds.units.compactMap(\.link))
      let pending = known.filter { !found.contains($0.id) }
      if pending.isEmpty { return }
      rounds.prepare(clock: &clock)
      let candidates = clock.measure(.knownUnits) { self.candidates(pending, in: rounds) }
      if candidates.isEmpty { return }
      rounds.absorb(candidates.map(\.candidate), links: candidates.map(\.id), clock: &clock)
      if Set(rounds.units.compactMap(\.link)).subtracting(found).isEmpty { return }
    }
  }

  private func candidates(
    _ pending: [KnownUnit], in rounds: RoundState
  ) -> [(id: Int, candidate: SourceSearch.Candidate)] {
    let covariance = rounds.covariance
    let count = pending.count
    let refractory = max(
      1, Int((configuration.refractoryTime * rounds.conditioned.rate).rounded(.down)))
    var means = pending.map {
      $0.template.past(
        channels: rounds.conditioned.channels, length: covariance.tapCount,
        scale: 1 / rounds.conditioned.scale)
    }
    var result = [SourceSearch.Candidate?](repeating: nil, count: count)
    // The second pass takes the potential as it is now, in case it has drifted.
    for pass in 0..<2 {
      let outputs = rounds.spectra.filter(
        bank: covariance.filters(for: means), filterCount: count, parallelism: parallelism)
      let samples = rounds.spectra.layout.sampleCount
      let found = parallelism.map(count) { place in
        SourceSearch.Candidate(
          in: outputs.span.extracting((place * samples)..<((place + 1) * samples)),
          refractory: refractory, rate: rounds.conditioned.rate)
      }
      for (place, candidate) in found.enumerated() {
        guard let candidate else { continue }
        if let before = result[place], before.silhouette >= candidate.silhouette { continue }
        result[place] = candidate
        if pass == 0 {
          means[place] = rounds.residual.meanOfPast(
            at: candidate.samples, length: covariance.tapCount)
        }
      }
    }
    return zip(pending, result).compactMap { unit, candidate in
      candidate.map { (unit.id, $0) }
    }
  }
}

extension MUAPTemplate {
  /// The samples up to the discharge as a filter sees them, `[tap][channel]`, tap 0 at
  /// `delay` samples after the discharge; electrodes without a potential count as zero.
  func past(channels chosen: [Int], length: Int, scale: Float, delay: Int = 0) -> [Float] {
    var result = [Float](repeating: 0, count: length * chosen.count)
    for (place, channel) in chosen.enumerated() where !channels[channel].isEmpty {
      for tap in 0..<length {
        let sample = origin + delay - tap
        guard channels[channel].indices.contains(sample) else { continue }
        result[tap * chosen.count + place] = channels[channel][sample] * scale
      }
    }
    return result
  }
}
