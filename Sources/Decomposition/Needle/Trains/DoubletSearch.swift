extension NeedleModel {
  /// Discharges soon before or after a firing that the refractory rule kept out, unit by unit.
  ///
  /// Either discharge of a doublet may be the one that the rule left in, so both sides are tried.
  /// Each needs about the template's amplitude in the residual of all units and must leave
  /// little of its potential unexplained; they are the same for every order of the units since the
  /// residual is updated after each one, strongest first.
  func doublets() -> [[Int]] {
    var result = [[Int]](repeating: [], count: units.count)
    if units.isEmpty { return result }
    var trial = self
    let limits = configuration.doublets
    let near = Int(limits.shortestInterval * signal.rate)
    let far = Int(limits.longestInterval * signal.rate)
    for _ in 0..<limits.most {
      let outputs = trial.matchedOutputs(trial.residual())
      var found: (unit: Int, time: Int, gain: Float)?
      for unit in units.indices {
        let energy = plainEnergy(units[unit].template) / configuration.varianceInflation
        if energy < limits.leastEnergy { continue }
        for firing in units[unit].firings {
          for (low, high) in [(firing + near, firing + far), (firing - far, firing - near)] {
            if low < 0 || high >= signal.count { continue }
            let row = unit * signal.count
            var best = low
            for time in low...high where outputs[row + time] > outputs[row + best] { best = time }
            let amplitude = outputs[row + best] / Float(energy)
            if amplitude < limits.leastAmplitude || amplitude > limits.greatestAmplitude {
              continue
            }
            let close = trial.units[unit].firings.filter { abs($0 - best) <= far }
            if close.count > 1 { continue }
            let gain = outputs[row + best] - 0.5 * Float(energy)
            if gain > (found?.gain ?? 0), trial.fits(unit, at: best) { found = (unit, best, gain) }
          }
        }
      }
      guard let found else { break }
      result[found.unit].append(found.time)
      trial.units[found.unit].firings.append(found.time)
      trial.units[found.unit].firings.sort()
    }
    if result.allSatisfy({ $0.isEmpty }) { return result }
    let residual = trial.residual()
    let noise = VaryingNoise(trial, residual: residual)
    for unit in units.indices where !result[unit].isEmpty {
      result[unit] = trial.confirmed(
        result[unit].sorted(), of: unit, noise: noise, residual: residual)
    }
    return result
  }

  /// The doublets that stand out of the noise and of what varies beneath them.
  ///
  /// Where larger potentials vary, and among many places, something of the right size is found by
  /// chance. `residual` is what all units leave, channels x grid samples.
  private func confirmed(
    _ times: [Int], of unit: Int, noise: VaryingNoise, residual: [[Float]]
  ) -> [Int] {
    var residual = residual
    superpose(units[unit], scale: 1, on: &residual)
    guard
      let candidates = noise.candidates(
        unit, residual: residual, firings: units.map(\.firings))
    else { return [] }
    let tolerance = Int(configuration.doublets.timeTolerance * signal.rate)
    return times.filter { time in
      let first = lowerBound(candidates.times, time - tolerance)
      return candidates.times.indices[first...].prefix { candidates.times[$0] <= time + tolerance }
        .contains {
          candidates.deviations[$0] < configuration.doublets.greatestDeviation
            && abs(candidates.heights[$0] - 1) < configuration.doublets.heightTolerance
        }
    }
  }

  /// Whether a further firing of a unit would leave little of its own energy in its core.
  private func fits(_ unit: Int, at time: Int) -> Bool {
    let reach = Int(configuration.detectionHalfWidth * signal.rate)
    if time < reach + half || time + reach + half >= signal.count { return false }
    var proposal = self
    proposal.units[unit].firings = (units[unit].firings + [time]).sorted()
    var left: Float = 0
    var own: Float = 0
    let stretch = time - reach...time + reach
    for channel in signal.channels.indices {
      for index in stretch {
        var value = signal.channels[channel][index]
        for other in proposal.units {
          var position = lowerBound(other.firings, index - half)
          while position < other.firings.count && other.firings[position] <= index + half {
            value -= other.template[channel * length + index - other.firings[position] + half]
            position += 1
          }
        }
        left += value * value
        let template = units[unit].template[channel * length + index - time + half]
        own += template * template
      }
    }
    return left < configuration.doublets.unexplained * own
      + Float(configuration.doublets.unexplainedNoise)
      * Float(stretch.count * signal.channels.count)
  }
}
