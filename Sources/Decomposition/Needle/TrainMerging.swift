import Foundation

extension NeedleModel {
  /// Joins units of like templates whose trains avoid one another and are regular together.
  mutating func merge() {
    while mergeOnce() {}
  }

  private mutating func mergeOnce() -> Bool {
    if units.count < 2 { return false }
    let correlations = templateCorrelations()
    for u in units.indices {
      for v in 0..<u {
        let energyU = correlations[u, u, 0]
        let energyV = correlations[v, v, 0]
        let value = correlations.best(u, v).value
        let distance = Double((energyU + energyV - 2 * value) / max(1e-9, min(energyU, energyV)))
        let difference = Double(energyU + energyV - 2 * value)
        if distance > 0.35 || !areOneTrain(u, v, difference: difference) { continue }
        let (kept, gone) = units[u].firings.count >= units[v].firings.count ? (u, v) : (v, u)
        let lag = correlations.best(gone, kept).lag
        let moved = units[gone].firings.map { $0 + lag }
        units[kept].firings = separated(
          (units[kept].firings + moved).sorted(), by: Int(0.015 * signal.rate)
        ).filter { $0 >= 0 && $0 < signal.count }
        note("  merge \(u) \(v) distance \(distance)")
        units.remove(at: gone)
        return true
      }
    }
    return false
  }

  /// Whether two trains are fragments of one: their templates cannot be told apart, or the trains
  /// avoid one another and their union is at least as regular as they are.
  private func areOneTrain(_ u: Int, _ v: Int, difference: Double) -> Bool {
    if difference < 12 { return true }
    let rate = signal.rate
    let a = units[u].firings
    let b = units[v].firings
    let union = (a + b).sorted()
    let together = IntervalModel.intervals(union, rate: rate).filter { $0 < 0.015 }.count
    let chance = Double(a.count) * Double(b.count) * 0.03 / max(0.1, duration)
    if Double(together) > 0.35 * chance { return false }
    let joint = IntervalModel(firings: union, rate: rate)
    let apart = [a, b].map { train in
      IntervalModel(firings: train, rate: rate).regularity(train, rate: rate) * Double(train.count)
    }
    return joint.variation < 0.3
      && joint.regularity(union, rate: rate) * Double(union.count) >= apart[0] + apart[1]
  }

  /// Joins units that are not settled and fire at a constant lag: components of one long potential.
  mutating func joinComponents() {
    while joinOnce() {}
  }

  private mutating func joinOnce() -> Bool {
    let tolerance = Int(0.000_4 * signal.rate)
    let reach = Int(0.008 * signal.rate)
    for u in units.indices where !units[u].isSettled {
      for v in 0..<u where !units[v].isSettled {
        let fewer = min(units[u].firings.count, units[v].firings.count)
        let (common, lag) = commonFirings(
          units[u].firings, units[v].firings, tolerance: tolerance, reach: reach)
        // `lag` is that of v behind u.
        if Double(common) < max(8, 0.4 * Double(fewer)) { continue }
        let energyU = plainEnergy(units[u].template)
        let (kept, gone) = energyU > plainEnergy(units[v].template) ? (u, v) : (v, u)
        let shift = kept == u ? -lag : lag
        let moved = units[gone].firings.map { $0 + shift }
        units[kept].firings = separated(
          (units[kept].firings + moved).sorted(), by: Int(0.010 * signal.rate)
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
    let tolerance = Int(0.0005 * signal.rate)
    let reach = Int(0.025 * signal.rate)
    let energies = units.map { plainEnergy($0.template) }
    var linked = Set<Int>()
    for u in units.indices where units[u].firings.count >= 5 {
      for v in units.indices where v != u && energies[v] > energies[u] {
        let (common, _) = commonFirings(
          units[u].firings, units[v].firings, tolerance: tolerance, reach: reach)
        if Double(common) > 0.5 * Double(units[u].firings.count) { linked.insert(u) }
      }
    }
    if !linked.isEmpty { note("  linked \(linked.sorted())") }
    units = units.indices.filter { !linked.contains($0) }.map { units[$0] }
  }
}
