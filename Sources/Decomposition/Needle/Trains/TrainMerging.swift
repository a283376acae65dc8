import Foundation

extension NeedleModel {
  /// Joins units of like templates whose trains avoid one another and are regular together.
  mutating func merge() {
    while mergeOnce() {}
  }

  private mutating func mergeOnce() -> Bool {
    if units.count < 2 { return false }
    let limits = configuration.merging
    let correlations = templateCorrelations()
    for u in units.indices {
      for v in 0..<u {
        let energyU = correlations[u, u, 0]
        let energyV = correlations[v, v, 0]
        let value = correlations.best(u, v).value
        let distance = Double((energyU + energyV - 2 * value) / max(1e-9, min(energyU, energyV)))
        let difference = Double(energyU + energyV - 2 * value)
        if distance > limits.mostDistance || !areOneTrain(u, v, difference: difference) {
          continue
        }
        let (kept, gone, union) = union(u, v, correlations)
        units[kept].firings = union
        note("  merge \(u) \(v) distance \(distance)")
        units.remove(at: gone)
        return true
      }
    }
    return false
  }

  /// The firings of two units of like templates as one train, with the unit of more firings, whose instants
  /// they mark, and the other one.
  private func union(
    _ u: Int, _ v: Int, _ correlations: TemplateCorrelations
  ) -> (kept: Int, gone: Int, firings: [Int]) {
    let (kept, gone) = units[u].firings.count >= units[v].firings.count ? (u, v) : (v, u)
    let lag = correlations.best(gone, kept).lag
    let moved = units[gone].firings.map { $0 + lag }
    let firings = separated(
      (units[kept].firings + moved).sorted(),
      by: Int(configuration.merging.unionInterval * signal.rate)
    ).filter { $0 >= 0 && $0 < signal.count }
    return (kept, gone, firings)
  }

  /// Whether two trains are fragments of one: their templates cannot be told apart, or the trains
  /// avoid one another and their union is at least as regular as they are.
  private func areOneTrain(_ u: Int, _ v: Int, difference: Double) -> Bool {
    let limits = configuration.merging
    if difference < limits.sameDistance { return true }
    let rate = signal.rate
    let a = units[u].firings
    let b = units[v].firings
    let union = (a + b).sorted()
    let together = IntervalModel.intervals(union, rate: rate).filter {
      $0 < limits.togetherInterval
    }.count
    let chance = Double(a.count) * Double(b.count) * limits.chanceTime / max(0.1, duration)
    if Double(together) > limits.togetherShare * chance { return false }
    let joint = IntervalModel(firings: union, rate: rate, limits: configuration.intervals)
    let apart = [a, b].map { train in
      IntervalModel(firings: train, rate: rate, limits: configuration.intervals)
        .regularity(train, rate: rate) * Double(train.count)
    }
    return joint.variation < limits.unionVariation
      && joint.regularity(union, rate: rate) * Double(union.count) >= apart[0] + apart[1]
  }

  /// Joins units of nearly the same template that are more regular together than apart.
  ///
  /// A large potential that drifts within the stretch is found twice, as it is early and as it is late. Both
  /// may fit some firings between, which `merge` takes for two units that fire at once. Only pairs of which
  /// one's regularity is below `limit` are looked at: while trains are decided, two templates follow a
  /// potential that drifts better than one does.
  mutating func joinFragments(below limit: Double = .infinity) {
    let before = units.count
    while joinFragmentOnce(below: limit) {}
    if units.count < before { updateTemplates(rounds: 1) }
  }

  private mutating func joinFragmentOnce(below limit: Double) -> Bool {
    if units.count < 2 { return false }
    let correlations = templateCorrelations()
    for u in units.indices {
      for v in 0..<u {
        let energies = [u, v].map { correlations[$0, $0, 0] }
        let distance = energies[0] + energies[1] - 2 * correlations.best(u, v).value
        if distance > configuration.merging.fragmentDistance * min(energies[0], energies[1]) {
          continue
        }
        let own = [statistics(u), statistics(v)]
        if own.allSatisfy({ $0.regularity >= limit }) { continue }
        let (kept, gone, firings) = union(u, v, correlations)
        var joined = units[kept]
        joined.firings = firings
        let joint = TrainStatistics(
          joined, rate: signal.rate, energy: plainEnergy(joined.template),
          limits: configuration.regularity, intervals: configuration.intervals)
        let apart = own[0].evidence + own[1].evidence
        // The wrong firings that each has cost the union a little; two units make an irregular train.
        let least = configuration.merging.fragmentEvidence * apart
        if !joint.isRegular || joint.evidence < least { continue }
        note("  fragments \(u) \(v) distance \(distance) of \(energies)")
        units[kept] = joined
        units.remove(at: gone)
        return true
      }
    }
    return false
  }

  /// Joins units that are not settled and fire at a constant lag: components of one long potential.
  mutating func joinComponents() {
    while joinOnce() {}
  }

  private mutating func joinOnce() -> Bool {
    let limits = configuration.merging
    let tolerance = Int(limits.componentTolerance * signal.rate)
    let reach = Int(limits.componentLag * signal.rate)
    for u in units.indices where !units[u].isSettled {
      for v in 0..<u where !units[v].isSettled {
        let fewer = min(units[u].firings.count, units[v].firings.count)
        let (common, lag) = commonFirings(
          units[u].firings, units[v].firings, tolerance: tolerance, reach: reach)
        // `lag` is that of v behind u.
        let least = max(limits.fewestComponentFirings, limits.componentShare * Double(fewer))
        if Double(common) < least { continue }
        let energyU = plainEnergy(units[u].template)
        let (kept, gone) = energyU > plainEnergy(units[v].template) ? (u, v) : (v, u)
        let shift = kept == u ? -lag : lag
        let moved = units[gone].firings.map { $0 + shift }
        units[kept].firings = separated(
          (units[kept].firings + moved).sorted(), by: Int(limits.componentInterval * signal.rate)
        ).filter { $0 >= 0 && $0 < signal.count }
        note("  join \(u) \(v) common \(common) lag \(lag)")
        units.remove(at: gone)
        return true
      }
    }
    return false
  }

  /// Drops trains locked at one lag to a larger unit: satellites or tails of its potential.
  mutating func dropSatellites() {
    let limits = configuration.merging
    let tolerance = Int(limits.satelliteTolerance * signal.rate)
    let reach = Int(limits.satelliteLag * signal.rate)
    let energies = units.map { plainEnergy($0.template) }
    var linked = Set<Int>()
    for u in units.indices where units[u].firings.count >= limits.fewestSatelliteFirings {
      for v in units.indices where v != u && energies[v] > energies[u] {
        let (common, _) = commonFirings(
          units[u].firings, units[v].firings, tolerance: tolerance, reach: reach)
        if Double(common) > limits.satelliteShare * Double(units[u].firings.count) {
          linked.insert(u)
        }
      }
    }
    if !linked.isEmpty { note("  linked \(linked.sorted())") }
    units = units.indices.filter { !linked.contains($0) }.map { units[$0] }
  }
}
