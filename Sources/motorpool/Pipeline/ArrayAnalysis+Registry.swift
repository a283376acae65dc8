import Decomposition
import MotorUnits
import Registry

extension ArrayAnalysis {
  /// What a run leaves in the registry as values that can be followed over visits.
  var measurements: [Measurement] {
    let quality: Measurement.Quality = decomposition.units.isEmpty ? .warn : .pass
    var result: [Measurement] = []
    func add(_ kind: MeasurementKind, _ value: Double?, _ conditions: [String: String] = [:]) {
      guard let value, value.isFinite else { return }
      result.append(
        Measurement(kind: kind, value: value, quality: quality, conditions: conditions))
    }
    if let longest = counts.first {
      let window = ["window_s": Formatting.plain(longest.configuration.window)]
      add(.identifiedUnitsMaximum, Double(longest.peak), window)
      add(.identifiedUnitsMedian, longest.median, window)
    }
    add(.meanDischargeRate, meanRate)
    add(.residualPowerShare, decomposition.residualPowerShare)
    let power = decomposition.power
    let first = decomposition.units.compactMap { $0.train.seconds.first }.min() ?? 0
    add(
      .powerCompleteness,
      power.completeness(
        from: 0, to: recording.duration, noise: power.restPower(firstDischarge: first)))
    add(
      .effectiveNumber,
      EffectiveUnitNumber(decomposition, from: 0, to: recording.duration)?.value)
    if hasPhysicalAmplitude { add(.muapAmplitude, medianAmplitude) }
    return result
  }

  /// The units with spike trains and templates; an electrode that was left out holds NaN.
  var storedUnits: [StoredUnit] {
    decomposition.units.enumerated().map { index, unit in
      let length = unit.template.channels.map(\.count).max() ?? 0
      var quality = [
        "silhouette": unit.quality.silhouette, "pulse_to_noise_db": unit.quality.pulseToNoise,
        "round": Double(unit.quality.round),
        "template_rate_hz": unit.template.samplingRate,
        "template_origin": Double(unit.template.origin),
      ]
      quality["isi_cov"] = unit.quality.intervalVariation
      quality["mean_rate_hz"] = unit.quality.meanRate
      quality["predicted_agreement"] = unit.quality.predictedAgreement
      return StoredUnit(
        index: index, samplingRate: recording.samplingRate, spikes: unit.train.times,
        template: length == 0
          ? nil
          : unit.template.channels.map {
            $0.isEmpty ? [Float](repeating: .nan, count: length) : $0
          },
        quality: quality)
    }
  }

  /// Median over the units of the largest peak-to-peak amplitude, in microvolts.
  private var medianAmplitude: Double? {
    let sizes = decomposition.units.map { Double($0.template.peakToPeak) }.sorted()
    if sizes.isEmpty { return nil }
    let middle = sizes.count / 2
    return sizes.count % 2 == 1 ? sizes[middle] : (sizes[middle - 1] + sizes[middle]) / 2
  }
}
