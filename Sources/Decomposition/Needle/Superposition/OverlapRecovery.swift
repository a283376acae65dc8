extension NeedleModel {
  /// Finds overlapped firings of the clear units once all units are known.
  ///
  /// While units were missing, firings had to fit; those under other potentials were given up. Now all
  /// firings are solved anew without that demand, but none where the intervals of its unit speak against it.
  /// Weak units stay as they are: they would take the remains of larger ones. So does each unit that this
  /// makes less regular, and the others are solved again without it.
  mutating func recoverOverlapped() {
    for _ in 0..<2 {
      let before = evidence()
      var proposal = self
      if !proposal.resolveClear() { return }
      proposal.updateTemplates(rounds: 1)
      if proposal.evidence() < before { return }
      note("recovery of overlapped firings: evidence \(before) to \(proposal.evidence())")
      proposal.trace = trace
      self = proposal
    }
  }

  /// Solves the clear units anew; false where none gains.
  private mutating func resolveClear() -> Bool {
    let limits = configuration.recovery
    let before = units.indices.map { statistics($0) }
    var kept = Set(before.indices.filter { before[$0].energy < configuration.recoveryEnergy })
    while true {
      let free = units.indices.filter { !kept.contains($0) }
      if free.isEmpty { return false }
      var trial = self
      var channels = signal.channels
      for unit in kept { superpose(units[unit], scale: -1, on: &channels) }
      trial.signal = signal.replacing(channels)
      trial.units = free.map { units[$0] }
      trial.solveFreely()
      let worse = zip(free, trial.units.indices).filter { unit, index in
        let after = trial.statistics(index)
        let added = Double(max(0, after.count - before[unit].count))
        return !after.isRegular
          || after.evidence < before[unit].evidence + limits.leastGain * added
          || Double(after.count) > limits.greatestGrowth * Double(before[unit].count)
      }.map(\.0)
      if worse.isEmpty {
        for (unit, solved) in zip(free, trial.units) { units[unit].firings = solved.firings }
        return true
      }
      kept.formUnion(worse)
    }
  }

  /// Solves all firings without asking how well each fits, but only where its intervals allow it.
  private mutating func solveFreely() {
    solve(
      sweeps: 3, priorScale: 1, contraryScale: Self.forbidding, refractory: true, thorough: true)
    for index in units.indices {
      let fits = amplitudes(index).map { $0 >= configuration.recovery.leastAmplitude }
      units[index].firings = zip(units[index].firings, fits).filter(\.1).map(\.0)
    }
  }

  /// Weight that makes any interval forbidden that speaks against a firing.
  private static let forbidding: Float = 1_000
}
