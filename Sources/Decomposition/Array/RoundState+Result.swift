import Signal

extension RoundState {
  /// The finished decomposition, units by first discharge, at the recording's own rate and scale.
  func result(
    samplingRate: Double, sampleCount: Int, allChannels: Int, timings: [StageTiming]
  ) -> ArrayDecomposition {
    let factor = conditioned.conversion.ratio
    let ordered = units.sorted {
      ($0.times.first ?? 0, $0.times.count) < ($1.times.first ?? 0, $1.times.count)
    }
    let motorUnits = ordered.enumerated().map { index, unit in
      let train = SpikeTrain(times: unit.times.map { $0 * factor }, samplingRate: samplingRate)
      return MotorUnit(
        id: index, train: train, template: template(unit, allChannels: allChannels),
        quality: UnitQuality(
          silhouette: unit.silhouette, pulseToNoise: unit.pulseToNoise,
          isiCoV: train.isiCoV, meanRate: train.meanRate,
          predictedAgreement: predictedAgreement(of: unit),
          halvesAgreement: unit.jointCrossFit ?? unit.crossFit,
          round: unit.round),
        filter: SeparationFilter(
          coefficients: unit.filter, tapCount: taps, channels: conditioned.channels))
    }
    return ArrayDecomposition(
      units: motorUnits, samplingRate: samplingRate, sampleCount: sampleCount,
      filterRate: conditioned.rate, channels: conditioned.channels,
      rejectedChannels: conditioned.rejected,
      artefacts: conditioned.artefacts, notches: conditioned.notches,
      residualPowerShare: residualPowerShare, power: powerTrace(),
      roundCount: round, configuration: configuration, timings: timings)
  }

  private func template(_ unit: Unit, allChannels: Int) -> MUAPTemplate {
    let m = conditioned.channels.count
    var channels = [[Float]](repeating: [], count: allChannels)
    for (place, channel) in conditioned.channels.enumerated() {
      channels[channel] = (0..<templateLength).map {
        unit.template[$0 * m + place] * conditioned.scale
      }
    }
    return MUAPTemplate(
      channels: channels, samplingRate: conditioned.rate, origin: templateLength / 2)
  }

  private func powerTrace() -> PowerTrace {
    let step = conditioned.conversion.binLength(rate: conditioned.rate)
    let count = conditioned.signal.sampleCount
    let square = Double(conditioned.scale) * Double(conditioned.scale)
    // What was lost holds no power, and says nothing about that of the rest.
    func weight(_ bin: Range<Int>) -> Double {
      let lost = conditioned.silent.reduce(0) { $0 + $1.clamped(to: bin).count }
      return 4 * lost < 3 * bin.count ? Double(bin.count) / Double(bin.count - lost) : 1
    }
    let bins = stride(from: 0, to: count, by: step).map { $0..<min($0 + step, count) }
    return PowerTrace(
      binDuration: Double(step) / conditioned.rate,
      signal: bins.map { conditioned.signal.meanSquare(in: $0) * square * weight($0) },
      residual: bins.map { residual.meanSquare(in: $0) * square * weight($0) })
  }
}
