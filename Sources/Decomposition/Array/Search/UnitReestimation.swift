import Signal

/// Re-estimates each unit against the residual plus its own contribution.
///
/// The filter is w = C_res^-1 E[y(t) at the unit's discharges] with y = residual + the unit's own
/// potentials: a linearly constrained minimum-variance filter (Frost 1972) in which the other units
/// are already gone. The source is w applied to the residual, which all units share, plus a
/// one-dimensional response w * h summed over the unit's discharges, so a pass costs one filter
/// bank however many units there are.
struct UnitReestimation: Sendable {
  let configuration: ArrayConfiguration
  let residual: TimeMajorSignal
  let spectra: OverlapSaveSpectra
  let covariance: ExtendedCovariance
  let rate: Double
  let parallelism: Parallelism

  /// What a unit became.
  struct Estimate: Sendable {
    var samples: [Int]
    var times: [Double]
    var silhouette: Double
    var pulseToNoise: Double
    /// Coefficient of variation of the intervals.
    var variation: Double
    /// Filter as `[tap][channel]`, scaled so that the mean discharge peak is 1.
    var filter: [Float]

    /// Predicted agreement with the true train: of several passes the best by it is kept, since
    /// the silhouette alone favours trains that leave their weaker discharges out.
    var predicted: Double
  }

  /// One estimate for each unit of the model, of at most `passes` passes for each; nil where a
  /// unit dissolved.
  func estimates(for model: ConvolutiveModel, passes: [Int]) -> [Estimate?] {
    let units = model.trains.count
    var best = [Estimate?](repeating: nil, count: units)
    if units == 0 { return best }
    let rendered = parallelism.map(units) { passes[$0] > 0 ? model.renderedPhases(of: $0) : [] }
    var current = model.trains.map { train in
      zip(train.samples, train.phases).map { sample, phase in
        phase * 2 >= ImpulseKernel.phaseCount ? sample + 1 : sample
      }
    }
    var active = (0..<units).filter { passes[$0] > 0 }
    for turn in 1...(passes.max() ?? 1) where !active.isEmpty {
      let found = pass(
        active, discharges: current, model: model, rendered: rendered)
      var still: [Int] = []
      for (unit, estimate) in zip(active, found) {
        guard let estimate else { continue }
        if let previous = best[unit], estimate.predicted <= previous.predicted { continue }
        best[unit] = estimate
        current[unit] = estimate.samples
        if turn < passes[unit] { still.append(unit) }
      }
      active = still
    }
    return best
  }

  private func pass(
    _ active: [Int], discharges: [[Int]], model: ConvolutiveModel, rendered: [[Float]]
  ) -> [Estimate?] {
    let order = covariance.order
    let taps = covariance.tapCount
    let count = active.count
    let means = parallelism.map(count) { place in
      let unit = active[place]
      let inside = discharges[unit].filter { $0 >= 0 && $0 < residual.sampleCount }
      var mean = residual.meanOfPast(at: inside, length: taps)
      addOwnMean(
        to: &mean, at: inside, train: model.trains[unit], model: model, rendered: rendered[unit])
      return mean
    }
    let bank = covariance.filters(for: means)
    let outputs = spectra.filter(bank: bank, filterCount: count, parallelism: parallelism)
    let samples = residual.sampleCount
    return parallelism.map(count) { place in
      let unit = active[place]
      let filter = Array(bank[(place * order)..<((place + 1) * order)])
      var source = Array(outputs[(place * samples)..<((place + 1) * samples)])
      Self.addOwnSource(
        to: &source, filter: filter, taps: taps, train: model.trains[unit], model: model,
        rendered: rendered[unit])
      return estimate(source: source, filter: filter, discharges: discharges[unit])
    }
  }

  private func estimate(source: [Float], filter: [Float], discharges: [Int]) -> Estimate? {
    let inside = discharges.filter { $0 >= 0 && $0 < source.count }
    if inside.isEmpty { return nil }
    let mean = inside.reduce(Float(0)) { $0 + source[$1] } / Float(inside.count)
    if !(mean > 0) || !mean.isFinite { return nil }
    let scaled = source.map { $0 / mean }
    let refractory = max(1, Int((configuration.refractoryTime * rate).rounded(.down)))
    guard let cluster = SpikeClustering.discharges(in: scaled.span, refractory: refractory) else {
      return nil
    }
    var samples = MissedDischarges.recovered(
      cluster.samples, in: scaled.span, refractory: refractory, settings: configuration.missed)
    // Figures of merit are those of the train by height: a rhythm that was put in proves nothing.
    let train = SpikeTrain(
      times: SpikeClustering.refined(samples, in: scaled.span), samplingRate: rate)
    samples = DischargeDecoding(
      rate: rate, refractory: refractory, settings: configuration.decoding
    ).decoded(samples, in: scaled.span)
    let times = SpikeClustering.refined(samples, in: scaled.span)
    let variation = train.isiCoV ?? 9
    return Estimate(
      samples: samples, times: times, silhouette: cluster.silhouette,
      pulseToNoise: SpikeClustering.pulseToNoise(scaled.span, discharges: cluster.samples),
      variation: variation, filter: filter.map { $0 / mean },
      predicted: configuration.prediction.agreement(
        silhouette: cluster.silhouette, variation: variation))
  }

  /// Adds to a mean over instants the unit's own potentials in it, `[tap][channel]`.
  func addOwnMean(
    to mean: inout [Float], at instants: [Int], train: PhasedTrain, model: ConvolutiveModel,
    rendered: [Float]
  ) {
    if instants.isEmpty { return }
    let taps = covariance.tapCount
    let m = model.channelCount
    let length = model.renderedLength
    let scale = 1 / Float(instants.count)
    var low = 0
    for instant in instants {
      let first = instant - taps + 1
      while low < train.count && train.samples[low] - model.reachBefore + length <= first {
        low += 1
      }
      var index = low
      while index < train.count && train.samples[index] - model.reachBefore <= instant {
        let start = train.samples[index] - model.reachBefore
        let base = train.phases[index] * length
        for tap in 0..<taps {
          let u = instant - tap - start
          if u < 0 || u >= length { continue }
          VectorKernel.addScaled(
            rendered, from: (base + u) * m, scale, into: &mean, at: tap * m, count: m)
        }
        index += 1
      }
    }
  }

  /// Adds to a source the filter's response to the unit's own potentials.
  static func addOwnSource(
    to source: inout [Float], filter: [Float], taps: Int, train: PhasedTrain,
    model: ConvolutiveModel, rendered: [Float]
  ) {
    let m = model.channelCount
    let length = model.renderedLength
    let reach = length + taps - 1
    let used = Set(train.phases)
    var responses = [[Float]](repeating: [], count: ImpulseKernel.phaseCount)
    for phase in used {
      var products = [Float](repeating: 0, count: length * taps)
      let waveform = Array(rendered[(phase * length * m)..<((phase + 1) * length * m)])
      DenseMatrix.multiply(
        waveform, filter, transposeB: true, into: &products, rows: length, columns: taps, inner: m)
      var response = [Float](repeating: 0, count: reach)
      for u in 0..<length {
        for tap in 0..<taps { response[u + tap] += products[u * taps + tap] }
      }
      responses[phase] = response
    }
    for (sample, phase) in zip(train.samples, train.phases) {
      let start = sample - model.reachBefore
      let first = max(0, -start)
      let last = min(reach, source.count - start)
      if first < last {
        VectorKernel.addScaled(
          responses[phase], from: first, 1, into: &source, at: start + first, count: last - first)
      }
    }
  }
}
