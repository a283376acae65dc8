import Signal

/// Decides the trains of all units anew, one after the other against what all others leave.
///
/// Each unit is looked for in the residual plus its own potentials by the filter that its potential
/// asks for, w = (C + lambda I)^-1 h over the window that holds most of h, and the residual follows
/// each decision at once (Gauss-Seidel): units that overlap then share what is there. Strongest
/// potentials come first.
struct JointDecoding: Sendable {
  /// Of the residual, with a ridge that is weak: what is left of other units is mostly noise.
  let covariance: ExtendedCovariance
  let configuration: ArrayConfiguration
  let rate: Double
  let parallelism: Parallelism

  /// What a unit became.
  struct Decision: Sendable {
    var times: [Double]
    var silhouette: Double
    var pulseToNoise: Double
    /// Coefficient of variation of the intervals.
    var variation: Double
    /// Filter as `[tap][channel]`, scaled so that the unit's own peak is 1.
    var filter: [Float]
    /// Samples by which the filter's peak follows the discharge.
    var delay: Int
  }

  /// Decides each train of the model, whose potentials are out of the residual, and keeps both as
  /// they become; nil where a unit dissolved, whose train is then empty.
  func decisions(
    for model: inout ConvolutiveModel, residual: inout TimeMajorSignal
  ) -> [Decision?] {
    let units = model.trains.count
    var decisions = [Decision?](repeating: nil, count: units)
    if units == 0 { return decisions }
    let m = model.channelCount
    let taps = covariance.tapCount
    let windows = (0..<units).map { window(of: model.templates[$0], model: model) }
    let bank = covariance.filters(for: windows.map(\.values))
    let energies = model.templates.map { template in template.reduce(Float(0)) { $0 + $1 * $1 } }
    let order = (0..<units).sorted {
      energies[$0] != energies[$1] ? energies[$0] > energies[$1] : $0 < $1
    }
    for unit in order {
      var filter = Array(bank[(unit * taps * m)..<((unit + 1) * taps * m)])
      let gain = zip(filter, windows[unit].values).reduce(Float(0)) { $0 + $1.0 * $1.1 }
      let rendered = model.renderedPhases(of: unit)
      let old = placement(model.trains[unit], rendered: rendered, model: model)
      if !(gain > 0) || !gain.isFinite {
        residual.add(runs: [old], parallelism: parallelism)
        model.trains[unit] = PhasedTrain([])
        continue
      }
      for index in filter.indices { filter[index] /= gain }
      let source = source(
        of: unit, filter: filter, delay: windows[unit].delay, rendered: rendered, model: model,
        residual: residual)
      let decision = decided(source, filter: filter, delay: windows[unit].delay)
      residual.add(runs: [old], parallelism: parallelism)
      model.trains[unit] = PhasedTrain(decision?.times ?? [])
      if decision != nil {
        residual.subtract(
          runs: [placement(model.trains[unit], rendered: rendered, model: model)],
          parallelism: parallelism)
      }
      decisions[unit] = decision
    }
    return decisions
  }

  /// The part of a potential that a filter of the covariance's taps holds most of, as an
  /// observation `[tap][channel]`, and the samples by which its last one follows the discharge.
  private func window(
    of template: [Float], model: ConvolutiveModel
  ) -> (values: [Float], delay: Int) {
    let m = model.channelCount
    let taps = covariance.tapCount
    let energies = (0..<model.length).map { sample in
      template[(sample * m)..<((sample + 1) * m)].reduce(Float(0)) { $0 + $1 * $1 }
    }
    var best = (first: 0, energy: -Float.infinity)
    for first in 0...max(0, model.length - taps) {
      let energy = energies[first..<min(model.length, first + taps)].reduce(0, +)
      if energy > best.energy { best = (first, energy) }
    }
    var values = [Float](repeating: 0, count: taps * m)
    for tap in 0..<taps {
      let sample = best.first + taps - 1 - tap
      if sample >= model.length { continue }
      for channel in 0..<m { values[tap * m + channel] = template[sample * m + channel] }
    }
    return (values, best.first + taps - 1 - model.origin)
  }

  private func placement(
    _ train: PhasedTrain, rendered: [Float], model: ConvolutiveModel
  ) -> TimeMajorSignal.RunPlacement {
    TimeMajorSignal.RunPlacement(
      phases: rendered, runLength: model.renderedLength,
      starts: train.samples.map { $0 - model.reachBefore }, phase: train.phases)
  }

  /// The filter over residual and own potentials, peaks at the discharges.
  private func source(
    of unit: Int, filter: [Float], delay: Int, rendered: [Float], model: ConvolutiveModel,
    residual: TimeMajorSignal
  ) -> [Float] {
    let taps = covariance.tapCount
    var late = residual.filtered(by: filter, taps: taps, parallelism: parallelism)
    UnitReestimation.addOwnSource(
      to: &late, filter: filter, taps: taps, train: model.trains[unit], model: model,
      rendered: rendered)
    let count = late.count
    return (0..<count).map { index in
      let place = index + delay
      return place >= 0 && place < count ? late[place] : 0
    }
  }

  private func decided(_ source: [Float], filter: [Float], delay: Int) -> Decision? {
    let refractory = max(1, Int((configuration.refractoryTime * rate).rounded(.down)))
    let high = SpikeClustering.dominantPeaks(source.span, distance: refractory).filter {
      source[$0] >= configuration.masked.jointHeight
    }
    if high.count < configuration.fewestDischarges { return nil }
    guard
      let cluster = SpikeClustering.discharges(
        in: source.span, refractory: refractory,
        heightQuantile: configuration.masked.heightQuantile)
    else { return nil }
    let samples = DischargeDecoding(
      rate: rate, refractory: refractory, settings: configuration.decoding
    ).decoded(high, in: source.span)
    let times = SpikeClustering.refined(samples, in: source.span)
    return Decision(
      times: times, silhouette: cluster.silhouette,
      pulseToNoise: SpikeClustering.pulseToNoise(source.span, discharges: samples),
      variation: SpikeTrain(times: times, samplingRate: rate).isiCoV ?? 9,
      filter: filter, delay: delay)
  }
}
