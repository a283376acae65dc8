import Foundation

/// The complete search in one stretch of signal: passes of discovery, inference and pruning.
struct NeedleSearch {
  let raw: [[Float]]
  let samplingRate: Double
  let configuration: NeedleConfiguration
  let highPass: Double
  /// Asked before each pass; once true, no further one is made.
  var isCancelled: @Sendable () -> Bool = { false }

  /// The gain of this search's filter at a frequency in Hz.
  func bandGain(_ frequency: Double) -> Double {
    ConditionedSignal.bandGain(
      frequency, highPass: highPass,
      lowPass: min(
        configuration.conditioning.usableBand * samplingRate, configuration.lowPass),
      samplingRate: samplingRate, limits: configuration.conditioning)
  }

  /// What a search has reached between two passes.
  struct Progress: Sendable {
    /// The model after the last pass.
    var model: NeedleModel
    /// The model after the pass of the most evidence, and that evidence.
    var best: NeedleModel
    var evidence = 0.0
    /// The next pass, and the passes in a row that brought nothing.
    var pass = 0
    var failures = 0
  }

  /// The search before its first pass.
  func start(trace: Bool = false) -> Progress {
    let signal = ConditionedSignal(
      raw, samplingRate: samplingRate, configuration: configuration, gain: bandGain)
    var model = NeedleModel(signal: signal, configuration: configuration)
    model.trace = trace ? [] : nil
    return Progress(model: model, best: model)
  }

  /// Runs up to `passes` further passes.
  func advance(_ progress: inout Progress, passes: Int = .max) {
    let last = min(
      configuration.detectionThresholds.count, progress.pass.advanced(by: min(passes, 100)))
    while progress.pass < last && progress.failures < configuration.discovery.mostFailures
      && !isCancelled()
    {
      let pass = progress.pass
      let added = search(
        &progress.model, pass: pass, threshold: configuration.detectionThresholds[pass])
      let evidence = progress.model.evidence()
      let improved =
        added && (pass < 2 || evidence > configuration.discovery.evidenceGain * progress.evidence)
      progress.failures = improved ? 0 : progress.failures + 1
      if evidence >= progress.evidence {
        progress.best = progress.model
        progress.evidence = evidence
      }
      progress.pass += 1
    }
  }

  /// Runs the passes that are left, at most `passes`, and returns the model of the stretch.
  func complete(_ progress: Progress, passes: Int = .max) -> NeedleModel {
    var progress = progress
    advance(&progress, passes: passes)
    var model = progress.model
    if isCancelled() { return model }
    finish(&model)
    if model.evidence() >= progress.evidence { return model }
    // A later pass did harm.
    var best = progress.best
    best.trace = model.trace
    best.note("back to a pass of evidence \(progress.evidence) from \(model.evidence())")
    best.keepRegular()
    return model.evidence() >= best.evidence() ? model : best
  }

  private func search(_ model: inout NeedleModel, pass: Int, threshold: Double) -> Bool {
    let residual = model.residual()
    let spread = 1.482_6 * (residual.map { quickQuantile($0, 0.5) }.max() ?? 0)
    let sigma = max(1, spread)
    let limits = configuration.discovery
    var found = model.discover(
      residual, threshold: threshold * Double(sigma),
      limit: configuration.firstPassCandidates
    ).filter { candidate in
      let gaps = IntervalModel.intervals(candidate.times, rate: model.signal.rate)
      return gaps.count >= limits.fewestIntervals
        && Double(gaps.filter { $0 < limits.shortInterval }.count)
          <= limits.greatestShortShare * Double(gaps.count)
        && model.plainEnergy(candidate.template) > limits.leastEnergy
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
        sweeps: 1, priorScale: Float(pass == 0 ? limits.firstPriorScale : limits.laterPriorScale),
        refractory: false, misfit: misfit)
      model.updateTemplates(rounds: 1)
      model.prune { $0.isPlausible }
      model.merge()
      model.joinComponents()
      model.split()
      model.infer(sweeps: 1, misfit: misfit)
      model.updateTemplates(rounds: 1)
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
    model.joinFragments(below: configuration.decoding.leastRegularity)
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
