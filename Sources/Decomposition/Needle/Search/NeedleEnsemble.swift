import Signal

/// Several searches of one stretch with different high-passes, and their joint result.
///
/// A single search can start from wrong clusters. All bands start; the one of most evidence is
/// searched to its end, the others only where it leaves doubts. The evidence of a result is the summed
/// log-likelihood ratio of its trains against random ones, which no filter enters; the result of
/// the most evidence takes over units from the others as long as its evidence rises.
struct NeedleEnsemble {
  let raw: [[Float]]
  let samplingRate: Double
  let configuration: NeedleConfiguration
  let parallelism: Parallelism
  /// Asked between passes; once true, the search ends with whatever it has.
  var isCancelled: @Sendable () -> Bool = { false }

  /// Searches, chooses and combines.
  func run(trace: Bool = false) -> NeedleModel {
    let first =
      samplingRate <= 4_000 ? configuration.highPassAtLowRate : configuration.highPass
    let nyquist = samplingRate / 2
    let highPasses = [first] + configuration.restartHighPasses.filter { $0 < 0.5 * nyquist }
    let searches = highPasses.map {
      NeedleSearch(
        raw: raw, samplingRate: samplingRate, configuration: configuration, highPass: $0,
        isCancelled: isCancelled)
    }
    let progress = parallelism.map(searches.count) { index in
      var progress = searches[index].start(trace: trace)
      searches[index].advance(&progress, passes: configuration.trialPasses)
      return progress
    }
    if isCancelled() { return progress[0].model }
    // Ties go to the first, the standard band.
    let leader = progress.indices.reduce(0) {
      progress[$1].evidence > progress[$0].evidence ? $1 : $0
    }
    var standard = searches[leader].complete(progress[leader])
    if standard.isConvincing {
      standard.dropSatellites()
      standard.recoverOverlapped()
      return decided(standard)
    }
    let others = searches.indices.filter { $0 != leader }
    let restarts = parallelism.map(others.count) { index in
      searches[others[index]].complete(
        progress[others[index]], passes: configuration.restartPasses - configuration.trialPasses)
    }
    if isCancelled() { return standard }
    let models = [standard] + restarts
    let evidence = models.map { $0.evidence() }
    let order = models.indices.sorted {
      evidence[$0] == evidence[$1] ? $0 < $1 : evidence[$0] > evidence[$1]
    }
    var best = models[order[0]]
    best.note("evidence \(evidence) of \(highPasses)")
    for index in order.dropFirst() { best.takeOver(from: models[index]) }
    best.dropSatellites()
    best.recoverOverlapped()
    return decided(best)
  }

  /// A result with its whole trains decided, in a band of their own.
  ///
  /// Once all units are known and their variability is, potentials need not be short any more to be told
  /// apart: what a lower high-pass keeps of the small ones counts more.
  private func decided(_ found: NeedleModel) -> NeedleModel {
    var model = found
    if model.units.isEmpty { return model }
    var configuration = configuration
    configuration.lowPass = min(configuration.lowPass, configuration.decodingLowPass)
    let search = NeedleSearch(
      raw: raw, samplingRate: samplingRate, configuration: configuration,
      highPass: configuration.decodingHighPass)
    model.signal = ConditionedSignal(
      raw, samplingRate: samplingRate, configuration: configuration, gain: search.bandGain)
    model.resetTemplates()
    model.updateTemplates(rounds: 3)
    let whitening = model.whiteningGain(search.bandGain)
    model.signal = ConditionedSignal(
      raw, samplingRate: samplingRate, configuration: configuration
    ) { search.bandGain($0) * whitening($0) }
    model.resetTemplates()
    model.updateTemplates(rounds: 3)
    model.dropDoubtful()
    model.decodeTrains()
    model.discoverLate()
    model.joinFragments()
    return model
  }
}

extension NeedleModel {
  /// Whether nothing suggests that another search could do better: the spikes are explained by
  /// trains that are, but for weak ones, clearly regular.
  var isConvincing: Bool {
    if units.isEmpty {
      // Silence needs no second search.
      return spikeEnergies(residual: signal.channels).count < configuration.discovery.quietSpikes
    }
    let limits = configuration.restarts
    let spikes = spikeEnergies(residual: residual())
    return spikes.left < limits.convincingResidual * spikes.all
      && units.indices.map { statistics($0) }.allSatisfy {
        $0.regularity > limits.convincingRegularity || $0.energy < limits.weakEnergy
      }
  }

  /// Nats by which all trains together are likelier than random ones; irregular ones count nothing.
  func evidence() -> Double {
    units.indices.reduce(0) { sum, index in
      let statistics = statistics(index)
      return sum + (statistics.isRegular ? statistics.evidence : 0)
    }
  }

  /// Tries the units of another result that are missing here or regular there only.
  mutating func takeOver(from other: NeedleModel) {
    let limits = configuration.restarts
    var before = spikeEnergies(residual: residual()).left
    for index in other.units.indices {
      let theirs = other.statistics(index)
      if !theirs.isRegular { continue }
      let train = other.units[index].firings
      let overlaps = units.map { agreement($0.firings, train) }
      let match = overlaps.indices.max { overlaps[$0] < overlaps[$1] }
      var proposal = self
      if let match, overlaps[match] > limits.sameUnitShare {
        let mine = statistics(match)
        if mine.isRegular
          && theirs.evidence < limits.betterEvidence * mine.evidence
        {
          continue
        }
        proposal.units.remove(at: match)
      }
      if proposal.units.count >= configuration.maximumUnits { continue }
      guard let template = proposal.estimatedTemplate(at: train) else { continue }
      proposal.units.append(WorkingUnit(template: template, firings: train))
      proposal.updateTemplates(rounds: 1)
      // The trains stay as they were found: inferred anew, those of a model from which irregular units
      // were dropped take what these explained, and turn irregular themselves.
      let left = proposal.spikeEnergies(residual: proposal.residual()).left
      let gain = proposal.evidence() - evidence()
      note(
        "takeover \(train.count) firings overlap \(match.map { overlaps[$0] } ?? 0) gain \(gain)")
      if gain > limits.leastGain && left < before {
        proposal.trace = trace
        self = proposal
        before = left
      }
    }
  }

  /// The template at given times after all present units were subtracted.
  private func estimatedTemplate(at times: [Int]) -> [Float]? {
    let (rows, values) = windows(residual(), at: times, reach: half)
    let limits = configuration.templates
    if rows < limits.fewestFirings { return nil }
    return supported(
      columnTrimmedMean(values, rows: rows, trim: limits.firstTrim), firings: rows)
  }

  /// The share of firings that two trains have in common at their best constant lag.
  private func agreement(_ a: [Int], _ b: [Int]) -> Double {
    let (common, _) = commonFirings(
      a, b, tolerance: Int(configuration.matching.tolerance * signal.rate),
      reach: Int(configuration.matching.longestLag * signal.rate))
    return Double(common) / Double(max(1, a.count + b.count - common))
  }
}

/// The most firings two ascending trains share at one lag within ±tolerance, and that lag (b - a).
func commonFirings(
  _ a: [Int], _ b: [Int], tolerance: Int, reach: Int
) -> (count: Int, lag: Int) {
  var lags: [Int] = []
  for time in a {
    var index = lowerBound(b, time - reach)
    while index < b.count && b[index] <= time + reach {
      lags.append(b[index] - time)
      index += 1
    }
  }
  lags.sort()
  var low = 0
  var best = (count: 0, lag: 0)
  for high in lags.indices {
    while lags[high] - lags[low] > 2 * tolerance { low += 1 }
    if high - low + 1 > best.count { best = (high - low + 1, lags[(low + high) / 2]) }
  }
  return (min(best.count, a.count, b.count), best.lag)
}
