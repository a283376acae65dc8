extension NeedleModel {
  /// Looks for further units in what all decided trains leave, and decides their whole trains.
  ///
  /// What large potentials leave varies from firing to firing and hides small units as long as the
  /// residual is judged by the noise alone. Here it is divided by the deviation that noise and
  /// variability have together, so that the firings beside large potentials are compared as they are.
  /// A cluster becomes a unit only if its decided train is regular and explains something.
  mutating func discoverLate() {
    if !isDecidable { return }
    let before = units.count
    var tried: [[Int]] = []
    while units.count - before < configuration.late.mostUnits,
      let found = withLateUnit(tried: &tried)
    {
      note("late unit of \(found.units[found.units.count - 1].firings.count) firings")
      units = found.units
    }
    if units.count > before { decodeTrains() }
  }

  /// This model with a further unit, or nil where none is found; `tried` collects the clusters looked at.
  private func withLateUnit(tried: inout [[Int]]) -> NeedleModel? {
    if units.count >= configuration.maximumUnits { return nil }
    let residual = residual()
    let left = spikeEnergies(residual: residual).left
    let calm = VaryingNoise(self, residual: residual).calmed(residual)
    let spread = 1.482_6 * (calm.map { quickQuantile($0, 0.5) }.max() ?? 0)
    let found = discover(
      calm, threshold: configuration.late.threshold * Double(max(1, spread)),
      limit: configuration.laterPassCandidates
    ).sorted { $0.times.count > $1.times.count }
    for cluster in found where cluster.times.count >= configuration.late.fewestSpikes {
      if tried.contains(where: { areAlike($0, cluster.times) }) { continue }
      tried.append(cluster.times)
      var proposal = self
      proposal.units.append(
        WorkingUnit(
          template: [Float](repeating: 0, count: signal.channels.count * length),
          firings: cluster.times.filter { $0 >= 0 && $0 < signal.count }))
      let unit = units.count
      proposal.estimateTemplate(unit, from: residual)
      proposal.keepRegularPart(of: unit)
      for _ in 0..<configuration.late.rounds { proposal.decideAlone(unit) }
      let statistics = proposal.statistics(unit)
      // A whole train has been decided: what is not clearly regular and nearly complete is none.
      if statistics.isRegular, statistics.regularity > configuration.late.leastRegularity,
        statistics.completeness > configuration.late.leastCompleteness,
        statistics.energy > configuration.decodingEnergy,
        !units.contains(where: { sharesFirings($0.firings, proposal.units[unit].firings) }),
        proposal.spikeEnergies(residual: proposal.residual()).left < left
      {
        return proposal
      }
    }
    return nil
  }

  /// Decides one unit's whole train beside the others and averages its template anew.
  private mutating func decideAlone(_ unit: Int) {
    var residual = residual()
    let noise = VaryingNoise(self, residual: residual)
    superpose(units[unit], scale: 1, on: &residual)
    guard let train = decidedTrain(unit, noise: noise, residual: residual),
      train.count >= configuration.late.fewestSpikes
    else { return }
    units[unit].firings = train
    estimateTemplate(unit, from: residual)
  }

  /// Averages a unit's template from a residual in which its firings still are.
  private mutating func estimateTemplate(_ unit: Int, from residual: [[Float]]) {
    let (rows, values) = windows(residual, at: units[unit].firings, reach: half)
    if rows < configuration.templates.fewestFirings { return }
    units[unit].template = supported(
      columnTrimmedMean(values, rows: rows, trim: configuration.templates.firstTrim), firings: rows)
    recentre(unit)
  }

  /// Splits a cluster of several units by shape, where that makes it more regular, and keeps one part.
  private mutating func keepRegularPart(of unit: Int) {
    var proposal = self
    proposal.split()
    // Only the cluster may fall apart.
    guard proposal.units.count == units.count + 1,
      zip(units, proposal.units).prefix(unit).allSatisfy({ $0.firings == $1.firings })
    else { return }
    let second = proposal.units.removeLast()
    let first = proposal.statistics(unit)
    let other = TrainStatistics(
      second, rate: signal.rate, energy: plainEnergy(second.template),
      limits: configuration.regularity, intervals: configuration.intervals)
    if other.evidence > first.evidence { proposal.units[unit] = second }
    self = proposal
  }

  /// Whether two clusters are the same spikes.
  private func areAlike(_ a: [Int], _ b: [Int]) -> Bool {
    let (common, _) = commonFirings(
      a, b, tolerance: Int(configuration.matching.tolerance * signal.rate),
      reach: Int(configuration.matching.longestLag * signal.rate))
    return 2 * common > a.count + b.count - common
  }

  /// Whether one of two trains shares most of its firings with the other at a constant lag.
  private func sharesFirings(_ a: [Int], _ b: [Int]) -> Bool {
    let (common, _) = commonFirings(
      a, b, tolerance: Int(configuration.matching.tolerance * signal.rate),
      reach: Int(configuration.matching.lateLongestLag * signal.rate))
    return Double(common) > configuration.matching.lateShare * Double(min(a.count, b.count))
  }
}
