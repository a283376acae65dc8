import Signal

/// The potentials of a set of units under one signal: x(t) = sum over units and discharges of
/// h_u(t - tau) + residual.
///
/// Templates are `[sample][channel]`, `length` samples with the discharge at sample `origin`.
struct ConvolutiveModel: Sendable {
  /// Samples of each template.
  let length: Int
  /// Sample of the template at the discharge.
  var origin: Int { length / 2 }
  /// Number of channels.
  let channelCount: Int
  /// The trains, one for each unit.
  var trains: [PhasedTrain]
  /// The templates, one for each unit, `length * channelCount` values.
  var templates: [[Float]]

  /// Samples before the discharge's whole sample that a rendered potential reaches.
  var reachBefore: Int { origin + ImpulseKernel.centre }
  /// Samples of a template rendered at a sub-sample phase.
  var renderedLength: Int { length + ImpulseKernel.tapCount - 1 }

  /// One unit's template at every sub-sample phase, `[phase][sample][channel]`; sample u stands
  /// `reachBefore` samples before the discharge's whole sample.
  func renderedPhases(of unit: Int) -> [Float] {
    let m = channelCount
    let taps = ImpulseKernel.shared.taps
    let rendered = renderedLength
    var result = [Float](repeating: 0, count: ImpulseKernel.phaseCount * rendered * m)
    let template = templates[unit]
    for phase in 0..<ImpulseKernel.phaseCount {
      for tap in 0..<ImpulseKernel.tapCount {
        let weight = taps[phase * ImpulseKernel.tapCount + tap]
        if weight == 0 { continue }
        VectorKernel.addScaled(
          template, from: 0, weight, into: &result, at: (phase * rendered + tap) * m,
          count: length * m)
      }
    }
    return result
  }

  /// The signal minus every unit's contribution.
  func residual(of signal: TimeMajorSignal, parallelism: Parallelism) -> TimeMajorSignal {
    var result = signal
    subtract(from: &result, parallelism: parallelism)
    return result
  }

  /// Takes every unit's contribution out of a signal; a few units at a time, since their
  /// potentials at all phases take memory.
  func subtract(from signal: inout TimeMajorSignal, parallelism: Parallelism) {
    let batch = 16
    for first in stride(from: 0, to: trains.count, by: batch) {
      let units = Array(first..<min(trains.count, first + batch))
      let rendered = parallelism.map(units.count) { renderedPhases(of: units[$0]) }
      signal.subtract(
        runs: zip(units, rendered).map { unit, phases in
          TimeMajorSignal.RunPlacement(
            phases: phases, runLength: renderedLength,
            starts: trains[unit].samples.map { $0 - reachBefore }, phase: trains[unit].phases)
        }, parallelism: parallelism)
    }
  }

  /// Correlation of one train with the signal at every template lag, `[sample][channel]`.
  func correlation(of unit: Int, with signal: TimeMajorSignal) -> [Float] {
    let m = channelCount
    let rendered = renderedLength
    let train = trains[unit]
    var perPhase = [[Float]](repeating: [], count: ImpulseKernel.phaseCount)
    for (sample, phase) in zip(train.samples, train.phases) {
      let start = sample - reachBefore
      if start < -signal.padding || start + rendered > signal.sampleCount + signal.padding {
        continue
      }
      if perPhase[phase].isEmpty { perPhase[phase] = [Float](repeating: 0, count: rendered * m) }
      signal.addRun(startingAt: start, scale: 1, into: &perPhase[phase])
    }
    var result = [Float](repeating: 0, count: length * m)
    let taps = ImpulseKernel.shared.taps
    for phase in 0..<ImpulseKernel.phaseCount where !perPhase[phase].isEmpty {
      for tap in 0..<ImpulseKernel.tapCount {
        VectorKernel.addScaled(
          perPhase[phase], from: tap * m, taps[phase * ImpulseKernel.tapCount + tap],
          into: &result, at: 0, count: length * m)
      }
    }
    return result
  }

  /// Cross-correlogram of two trains at all lags shorter than a template.
  ///
  /// Entry d + length - 1 is the sum over t of p_i(t) p_j(t + d).
  func crossCorrelogram(_ i: Int, _ j: Int) -> [Float] {
    let kernel = ImpulseKernel.shared
    let reach = ImpulseKernel.tapCount - 1
    var result = [Float](repeating: 0, count: 2 * length - 1)
    let first = trains[i]
    let second = trains[j]
    var low = 0
    let window = length - 1 + reach
    for a in 0..<first.count {
      while low < second.count && second.samples[low] < first.samples[a] - window { low += 1 }
      var b = low
      while b < second.count && second.samples[b] <= first.samples[a] + window {
        let distance = second.samples[b] - first.samples[a]
        // p_j shifted by d has this discharge `distance - d` after the other: lags ascend as the
        // shifts of the product descend.
        let lowest = max(1 - length, distance - reach)
        let highest = min(length - 1, distance + reach)
        if lowest <= highest {
          VectorKernel.addScaled(
            kernel.descendingProducts,
            from: kernel.descendingOffset(first.phases[a], second.phases[b])
              + lowest - (distance - reach),
            1, into: &result, at: lowest + length - 1, count: highest - lowest + 1)
        }
        b += 1
      }
    }
    return result
  }
}
