import Signal

/// One round's search for the units that others mask, in what the usual rounds leave.
///
/// Differs from `SourceSearch` in four ways: it runs in the strongest principal components; the
/// strongest instants are left out and the contrast is half-wave and bounded; starts come in
/// batches, a later one away from the discharges that an earlier one has found; and discharges are
/// chosen by height and rhythm within the refinement.
struct MaskedUnitSearch: Sendable {
  let configuration: ArrayConfiguration
  let residual: TimeMajorSignal
  let spectra: OverlapSaveSpectra
  let covariance: ExtendedCovariance
  let rate: Double
  let parallelism: Parallelism

  private var settings: ArrayConfiguration.Masked { configuration.masked }

  /// A candidate with the agreement of its halves.
  struct Candidate: Sendable {
    var train: SourceSearch.Candidate
    var crossFit: Double
    /// The agreement that height and intervals predict.
    var predicted: Double
  }

  private var refractory: Int {
    max(1, Int((configuration.refractoryTime * rate).rounded(.down)))
  }

  /// Runs the search; candidates by falling promise.
  func candidates(generator: inout SeededGenerator) -> [Candidate] {
    let components = PrincipalComponents(
      of: covariance, count: configuration.maskedComponents, settings: settings,
      generator: &generator)
    if components.count < 4 { return [] }
    let signal = ComponentSignal(components, of: spectra, parallelism: parallelism)
    let limit = quantile(signal.energy, 1 - settings.leftOutShare)
    var leftOut = signal.energy.map { $0 > limit }
    var found: [SourceSearch.Candidate] = []
    let perBatch = (configuration.maskedStarts + settings.batches - 1) / settings.batches
    for _ in 0..<settings.batches {
      let starts = startingInstants(
        signal, leftOut: leftOut, wanted: perBatch, generator: &generator)
      if starts.isEmpty { break }
      let fresh = refined(
        iterated(signal.weights(at: starts), in: signal, leftOut: leftOut), in: signal)
      for candidate in fresh where !found.contains(where: { isSame($0.times, candidate.times) }) {
        found.append(candidate)
        leaveOut(candidate, in: &leftOut)
      }
    }
    let all = refinedInAllDimensions(distinct(found, lowest: settings.firstPredicted))
    return withCrossFit(distinct(all, lowest: 0))
  }

  private func quantile(_ values: [Float], _ share: Double) -> Float {
    let ordered = SpikeClustering.ascending(values)
    return ordered[min(ordered.count - 1, Int(share * Double(ordered.count)))]
  }

  /// A random choice from the highest of the local maxima of the energy.
  private func startingInstants(
    _ signal: ComponentSignal, leftOut: [Bool], wanted: Int, generator: inout SeededGenerator
  ) -> [Int] {
    let energy = zip(signal.energy, leftOut).map { $1 ? 0 : $0 }
    let margin = covariance.tapCount
    let maxima = SpikeClustering.dominantPeaks(
      energy.span, distance: max(1, Int(settings.startDistance * rate))
    ).filter { $0 > margin && $0 < energy.count - margin }
    let ordered = maxima.sorted {
      energy[$0] != energy[$1] ? energy[$0] > energy[$1] : $0 < $1
    }
    var choice = Array(
      ordered.prefix(Int(settings.startShare * Double(ordered.count))))
    let count = min(wanted, choice.count)
    for index in 0..<count {
      choice.swapAt(index, index + generator.index(below: choice.count - index))
    }
    return Array(choice.prefix(count))
  }

  /// Takes the discharges of what is found out of sight of the batches that follow, where it is so
  /// rare that others lose little by it.
  private func leaveOut(_ candidate: SourceSearch.Candidate, in leftOut: inout [Bool]) {
    let reach = covariance.tapCount / 2
    let span = candidate.samples.count * (2 * reach + 1)
    if span * settings.batches > leftOut.count { return }
    for sample in candidate.samples {
      for index in max(0, sample - reach)...min(leftOut.count - 1, sample + reach) {
        leftOut[index] = true
      }
    }
  }

  private func iterated(
    _ weights: [Float], in signal: ComponentSignal, leftOut: [Bool]
  ) -> [Float] {
    var weights = weights
    for turn in 0..<settings.iterations {
      weights = signal.step(
        weights, turn: turn, limit: configuration.contrastLimitWithArtefacts, leftOut: leftOut,
        parallelism: parallelism)
    }
    return distinctWeights(weights, count: signal.count)
  }

  /// Weights of which no earlier one points the same way.
  private func distinctWeights(_ weights: [Float], count: Int) -> [Float] {
    var kept: [ArraySlice<Float>] = []
    for first in stride(from: 0, to: weights.count, by: count) {
      let own = weights[first..<(first + count)]
      let isNew = kept.allSatisfy { other in
        abs(zip(own, other).reduce(Float(0)) { $0 + $1.0 * $1.1 }) < settings.sameCosine
      }
      if isNew { kept.append(own) }
    }
    return kept.flatMap { $0 }
  }

  /// The best state of each weight vector after refinement among the components.
  private func refined(
    _ start: [Float], in signal: ComponentSignal
  ) -> [SourceSearch.Candidate] {
    var weights = start
    var found: [SourceSearch.Candidate] = []
    for turn in 0..<settings.componentRefinements {
      found = signal.sources(weights, parallelism: parallelism) { source in
        candidate(in: source, usesRhythm: turn >= settings.firstWithRhythm)
      }.compactMap { $0 }
      if turn + 1 < settings.componentRefinements {
        let trains = found.map(\.samples)
        let next = parallelism.map(trains.count) { signal.mean(at: trains[$0]) }
        weights = distinctWeights(next.flatMap { $0 }, count: signal.count)
      }
    }
    return found
  }

  /// What a source separates; nil where it makes no two classes or too few discharges.
  private func candidate(
    in source: Span<Float>, usesRhythm: Bool
  ) -> SourceSearch.Candidate? {
    guard
      let cluster = SpikeClustering.discharges(
        in: source, refractory: refractory, heightQuantile: settings.heightQuantile),
      cluster.samples.count >= settings.fewestDischarges
    else { return nil }
    var samples = cluster.samples
    if usesRhythm {
      let mean = samples.reduce(Float(0)) { $0 + source[$1] } / Float(samples.count)
      if mean > 0 {
        var scaled = [Float](repeating: 0, count: source.count)
        for index in 0..<source.count { scaled[index] = source[index] / mean }
        samples = DischargeDecoding(
          rate: rate, refractory: refractory, settings: configuration.decoding
        ).decoded(samples, in: scaled.span)
      }
    }
    let times = SpikeClustering.refined(samples, in: source)
    return SourceSearch.Candidate(
      samples: samples, times: times, silhouette: cluster.silhouette,
      variation: SpikeTrain(times: times, samplingRate: rate).isiCoV ?? 9)
  }

  private func isSame(_ first: [Double], _ second: [Double]) -> Bool {
    TrainAgreement.isAtLeast(
      settings.sameShare, first, second,
      tolerance: TrainAgreement.usualTolerance(samplingRate: rate),
      longestLag: configuration.refractoryTime * rate)
  }

  /// Candidates of a lowest promise of which no better one is the same, by falling promise.
  private func distinct(
    _ candidates: [SourceSearch.Candidate], lowest: Double
  ) -> [SourceSearch.Candidate] {
    let promise = candidates.map {
      configuration.prediction.agreement(silhouette: $0.silhouette, variation: $0.variation)
    }
    let order = candidates.indices.filter { promise[$0] >= lowest }.sorted {
      promise[$0] != promise[$1] ? promise[$0] > promise[$1] : $0 < $1
    }
    var kept: [SourceSearch.Candidate] = []
    for index in order where !kept.contains(where: { isSame($0.times, candidates[index].times) }) {
      kept.append(candidates[index])
    }
    return kept
  }

  /// Refines on by the filters C^-1 m of the means over discharges.
  private func refinedInAllDimensions(
    _ candidates: [SourceSearch.Candidate]
  ) -> [SourceSearch.Candidate] {
    var current = candidates
    let samples = residual.sampleCount
    for _ in 0..<settings.refinements where !current.isEmpty {
      let trains = current
      let means = parallelism.map(trains.count) {
        residual.meanOfPast(at: trains[$0].samples, length: covariance.tapCount)
      }
      let bank = covariance.filters(for: means)
      let order = covariance.order
      var next: [SourceSearch.Candidate?] = []
      for first in stride(from: 0, to: trains.count, by: 40) {
        let count = min(40, trains.count - first)
        let outputs = spectra.filter(
          bank: Array(bank[(first * order)..<((first + count) * order)]), filterCount: count,
          parallelism: parallelism)
        next += parallelism.map(count) { place in
          candidate(
            in: outputs.span.extracting((place * samples)..<((place + 1) * samples)),
            usesRhythm: true)
        }
      }
      current = next.compactMap { $0 }.filter {
        configuration.prediction.agreement(silhouette: $0.silhouette, variation: $0.variation)
          >= settings.laterPredicted
      }
    }
    return current
  }

  private func withCrossFit(_ candidates: [SourceSearch.Candidate]) -> [Candidate] {
    let rates = UnitReestimation(
      configuration: configuration, residual: residual, spectra: spectra, covariance: covariance,
      rate: rate, parallelism: parallelism
    ).crossFitted(
      candidates.map(\.samples), units: candidates.map { _ in nil }, byRank: true,
      model: ConvolutiveModel(
        length: 8, channelCount: residual.channelCount, trains: [], templates: []))
    return zip(candidates, rates).map { train, rate in
      Candidate(
        train: train, crossFit: rate,
        predicted: configuration.prediction.agreement(
          silhouette: train.silhouette, variation: train.variation))
    }.sorted {
      $0.predicted * $0.crossFit > $1.predicted * $1.crossFit
    }
  }
}
