extension NeedleModel {
  /// Re-solves all firings with the present templates by `sweeps` sweeps of superposition windows.
  ///
  /// `priorScale` weighs the interval model; with `refractory` intervals below the dead time are
  /// impossible. Firings of poor amplitude and the worse of each too short interval are dropped.
  ///
  /// A firing that leaves more than `misfit` of its template's energy unexplained is dropped: while
  /// units are still missing, their potentials must not be taken by templates that are alike. Units
  /// whose trains are not regular yet have to fit better than that.
  ///
  /// Unless `thorough`, windows that no single firing could improve are left as they are.
  mutating func infer(
    sweeps: Int = 2, priorScale: Float = 1, refractory: Bool = true, misfit: Float = .infinity,
    thorough: Bool = false
  ) {
    if units.isEmpty { return }
    solve(sweeps: sweeps, priorScale: priorScale, refractory: refractory, thorough: thorough)
    clean()
    if misfit < .infinity { dropMisfits(misfit) }
    for index in units.indices { units[index].isSettled = statistics(index).isRegular }
  }

  /// Replaces all firings by those of the greatest joint objective, dropping none afterwards.
  ///
  /// Intervals that speak against a firing are weighed by `contraryScale`, those for it by
  /// `priorScale`, as both where it is nil.
  mutating func solve(
    sweeps: Int, priorScale: Float = 1, contraryScale: Float? = nil, refractory: Bool,
    thorough: Bool
  ) {
    let rate = signal.rate
    correlations = templateCorrelations()
    energies = units.indices.map { correlations[$0, $0, 0] }
    let share = Float(configuration.firingCost)
    let limit = Float(configuration.firingCostLimit)
    let tableLength = Int(1.5 * rate)
    let priors = units.map {
      IntervalModel(firings: $0.firings, rate: rate, limits: configuration.intervals)
        .logDensityTable(rate: rate, count: tableLength, refractory: refractory)
    }
    let width = min(Int(configuration.windowLength * rate), signal.count)
    let step = max(1, Int(configuration.windowStep * rate))
    let sweep = SuperpositionSweep(
      matched: matchedOutputs(residual()), penalty: signal.penalty, correlations: correlations,
      energies: energies.map { $0 + 2 * min(share * $0, limit) }, priors: priors,
      priorScale: priorScale, contraryScale: contraryScale, firings: units.map(\.firings),
      width: width, step: step, configuration: configuration)
    for generation in 0..<sweeps {
      let offset = (generation % 3) * step / 3
      if sweep.sweep(generation: generation, offset: offset, thorough: thorough) == 0 { break }
    }
    for index in units.indices { units[index].firings = sweep.firings[index] }
    matched = sweep.outputs()
  }

  /// Drops firings around which too much of the signal stays unexplained.
  private mutating func dropMisfits(_ limit: Float) {
    let residual = residual()
    let reach = Int(configuration.detectionHalfWidth * signal.rate)
    let width = 2 * reach + 1
    let cleaning = configuration.cleaning
    let noise = Float(cleaning.misfitNoise) * Float(width * signal.channels.count)
    let share = Float(cleaning.misfitShare)
    for unit in units.indices {
      let limit = units[unit].isSettled ? limit : min(limit, configuration.unsettledMisfitLimit)
      var own: Float = 0
      for channel in 0..<signal.channels.count {
        for index in channel * length + half - reach...channel * length + half + reach {
          own += units[unit].template[index] * units[unit].template[index]
        }
      }
      units[unit].firings.removeAll { time in
        if time < reach || time + reach >= signal.count { return false }
        var left: Float = 0
        var all: Float = 0
        for (before, after) in zip(signal.channels, residual) {
          for index in time - reach...time + reach {
            left += after[index] * after[index]
            all += before[index] * before[index]
          }
        }
        return left > noise + limit * own + share * all
      }
    }
  }

  /// The amplitude of each firing relative to its template, from the residual of all units.
  func amplitudes(_ unit: Int) -> [Float] {
    units[unit].firings.map { 1 + matched[unit * signal.count + $0] / max(1e-9, energies[unit]) }
  }

  /// Drops firings of poor amplitude and the worse one of each refractory violation.
  private mutating func clean() {
    let rate = signal.rate
    let limits = configuration.cleaning
    for unit in units.indices where units[unit].firings.count >= limits.fewestFirings {
      var firings = units[unit].firings
      var misfit = amplitudes(unit).map { abs($0 - 1) }
      let energy = energies[unit]
      let noise = max(1, energy / Float(limits.amplitudeNoise)).squareRoot()
      let least = min(
        Float(limits.greatestAmplitude),
        max(Float(limits.leastAmplitude), 1 - Float(limits.amplitudeMargin) / noise))
      let weak = amplitudes(unit).map { $0 <= least }
      let mean = IntervalModel(
        firings: firings, rate: rate, limits: configuration.intervals
      ).mean
      let dead = Int(max(limits.deadTime, limits.deadShare * mean) * rate)
      var flags = weak
      while true {
        var worst: Int?
        for index in 1..<max(1, firings.count) where firings[index] - firings[index - 1] < dead {
          let member = misfit[index] >= misfit[index - 1] ? index : index - 1
          if worst.map({ misfit[member] > misfit[$0] }) ?? true { worst = member }
        }
        guard let worst else { break }
        firings.remove(at: worst)
        misfit.remove(at: worst)
        flags.remove(at: worst)
      }
      units[unit].firings = zip(firings, flags).filter { !$0.1 }.map(\.0)
    }
  }
}
