import Foundation

/// The complete search in one stretch of signal: passes of discovery, inference and pruning.
struct NeedleSearch {
  let raw: [[Float]]
  let samplingRate: Double
  let configuration: NeedleConfiguration
  let highPass: Double

  /// The gain of this search's filter at a frequency in Hz.
  func bandGain(_ frequency: Double) -> Double {
    ConditionedSignal.bandGain(
      frequency, highPass: highPass,
      lowPass: min(0.46 * samplingRate, configuration.lowPass), samplingRate: samplingRate)
  }

  /// Runs every pass and returns the model of the stretch.
  func run(trace: Bool = false) -> NeedleModel {
    let signal = ConditionedSignal(
      raw, samplingRate: samplingRate, configuration: configuration, gain: bandGain)
    var model = NeedleModel(signal: signal, configuration: configuration)
    model.trace = trace ? [] : nil
    var best = model
    var evidence = -Double.infinity
    var failures = 0
    for (pass, threshold) in configuration.detectionThresholds.enumerated() {
      let added = search(&model, pass: pass, threshold: threshold)
      if model.evidence() >= evidence {
        best = model
        evidence = model.evidence()
      }
      failures = added ? 0 : failures + 1
      if failures >= 2 { break }
    }
    finish(&model)
    if model.evidence() >= evidence { return model }
    // A later pass did harm.
    let trace = model.trace
    best.trace = trace
    best.note("back to a pass of evidence \(evidence) from \(model.evidence())")
    best.keepRegular()
    return model.evidence() >= best.evidence() ? model : best
  }

  private func search(_ model: inout NeedleModel, pass: Int, threshold: Double) -> Bool {
    let residual = model.residual()
    let spread = 1.482_6 * (residual.map { quickQuantile($0, 0.5) }.max() ?? 0)
    let sigma = max(1, spread)
    var found = model.discover(
      residual, threshold: threshold * Double(sigma),
      limit: configuration.firstPassCandidates
    ).filter { candidate in
      let gaps = IntervalModel.intervals(candidate.times, rate: model.signal.rate)
      return gaps.count >= 4
        && Double(gaps.filter { $0 < 0.025 }.count) <= 0.2 * Double(gaps.count)
        && model.plainEnergy(candidate.template) > 20
    }
    if pass > 0 {
      found = Array(
        found.sorted { $0.times.count > $1.times.count }.prefix(configuration.laterPassCandidates))
    }
    found = Array(found.prefix(max(0, configuration.maximumUnits - model.units.count)))
    model.note(
      "pass \(pass) sigma \(sigma) new \(found.map { $0.times.count }) units \(model.units.count)")
    let before = model.units.count
    for candidate in found {
      model.units.append(WorkingUnit(template: candidate.template, firings: candidate.times))
    }
    let misfit = model.misfitLimit(residual)
    if !found.isEmpty {
      model.infer(
        sweeps: 1, priorScale: pass == 0 ? 0.3 : 0.7, refractory: false, misfit: misfit)
      model.updateTemplates()
      model.prune { $0.isPlausible }
      model.merge()
      model.split()
      model.infer(sweeps: 1, misfit: misfit)
      model.updateTemplates()
      model.ripen()
      model.merge()
    }
    if pass == 0 {
      if !model.units.isEmpty { whiten(&model, misfit: misfit) }
      model.infer(sweeps: 1, misfit: misfit)
      model.updateTemplates(rounds: 1)
    }
    return !found.isEmpty && model.units.count > before
  }

  private func whiten(_ model: inout NeedleModel, misfit: Float) {
    model.infer(sweeps: 1, misfit: misfit)
    let whitening = model.whiteningGain(bandGain)
    model.signal = ConditionedSignal(
      raw, samplingRate: samplingRate, configuration: configuration
    ) { bandGain($0) * whitening($0) }
    model.resetTemplates()
    model.updateTemplates(rounds: 4)
    model.infer(sweeps: 1, misfit: misfit)
    model.updateTemplates(rounds: 1)
  }

  /// Settles the firings of all units and keeps those that are regular.
  private func finish(_ model: inout NeedleModel) {
    model.infer(sweeps: 2, misfit: model.misfitLimit(model.residual()))
    model.updateTemplates()
    model.merge()
    model.dropSatellites()
    model.infer(sweeps: 2, misfit: model.misfitLimit(model.residual()), thorough: true)
    model.updateTemplates(rounds: 1)
    model.keepRegular()
  }
}

extension NeedleModel {
  /// Drops the units that are not regular.
  ///
  /// What such a unit explained may be taken by the others wrongly, or rightly: their firings are
  /// inferred anew without it, and kept as they were if that makes them less regular on the whole.
  mutating func keepRegular() {
    while true {
      let count = units.count
      var settled = self
      settled.prune { $0.isRegular }
      if settled.units.count == count { return }
      settled.discarded += count - settled.units.count
      var renewed = settled
      renewed.infer(sweeps: 2, misfit: renewed.misfitLimit(renewed.residual()))
      renewed.updateTemplates(rounds: 1)
      if renewed.evidence() < settled.evidence() {
        self = settled
        return
      }
      self = renewed
    }
  }
}
