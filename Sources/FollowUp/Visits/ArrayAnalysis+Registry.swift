import Analyses
import Decomposition
import MotorUnits
import Registry
import Reports

extension ArrayAnalysis {
  /// What a run leaves in the registry as values that can be followed over visits.
  package var measurements: [Measurement] {
    let quality: Measurement.Quality = decomposition.units.isEmpty ? .warn : .pass
    var result: [Measurement] = []
    func add(_ kind: MeasurementKind, _ value: Double?, _ conditions: [String: String] = [:]) {
      guard let value, value.isFinite else { return }
      result.append(
        Measurement(kind: kind, value: value, quality: quality, conditions: conditions))
    }
    if let longest = counts.first {
      let window = ["window_s": Formatting.plain(longest.configuration.window)]
      let fullest = longest.windows.max { $0.identifiedActive < $1.identifiedActive }
      let conditions = window.merging(fullest.map(self.conditions) ?? [:]) { first, _ in first }
      add(.identifiedUnitsMaximum, Double(longest.peak), conditions)
      add(.identifiedUnitsMedian, longest.median, window)
    }
    add(.meanDischargeRate, meanRate)
    add(.residualPowerShare, decomposition.residualPowerShare)
    let power = decomposition.power
    let first = decomposition.units.compactMap { $0.train.seconds.first }.min() ?? 0
    add(
      .powerCompleteness,
      power.completeness(
        from: 0, to: recording.duration,
        noise: power.restPower(firstDischarge: first, settings: counting), settings: counting))
    let effective = EffectiveUnitNumber(decomposition, from: 0, to: recording.duration)
    add(.effectiveNumber, effective?.value, effective.map(Self.bounds) ?? [:])
    if hasPhysicalAmplitude { add(.muapAmplitude, medianAmplitude) }
    return result
  }

  /// The research-only extrapolation of the fullest window, with its interval and flags.
  ///
  /// Not among `measurements`: it is stored only where asked for.
  package var researchMeasurements: [Measurement] {
    let counts = ResearchCounts(self)
    guard let window = counts.fullest, let median = window.extrapolated.median,
      let lower = window.extrapolated.lower, let upper = window.extrapolated.upper
    else { return [] }
    var conditions = [
      "window_s": Formatting.plain(window.end - window.start),
      "lower_5": Formatting.fixed(lower, 1), "upper_95": Formatting.fixed(upper, 1),
      "note": ResearchCounts.caveat,
    ]
    conditions["flags"] = window.extrapolated.flags.map(\.rawValue).joined(separator: "; ")
    conditions["power_completeness"] = window.powerCompleteness.map { Formatting.fixed($0, 3) }
    conditions["noise_share"] = window.noiseShare.map { Formatting.fixed($0, 4) }
    return [
      Measurement(
        kind: .extrapolatedUnits, value: median,
        standardError: (upper - lower) / 3.29,
        quality: window.extrapolated.flags.isEmpty ? .pass : .warn, conditions: conditions)
    ]
  }

  /// Under which conditions a window's units were counted.
  private func conditions(_ window: ActiveUnitCounts.Window) -> [String: String] {
    var conditions = ["window_start_s": Formatting.plain(window.start)]
    conditions["power_completeness"] = window.powerCompleteness.map { Formatting.fixed($0, 3) }
    let powers = WindowPowers(
      decomposition.units, power: decomposition.power, from: window.start, to: window.end)
    conditions["noise_share"] = powers?.noiseShare.map { Formatting.fixed($0, 4) }
    if let channel = forceChannel, !force.isEmpty {
      let range = [window.start, window.end].map {
        min(force.count, max(0, Int($0 * channel.samplingRate)))
      }
      let values = force[range[0]..<range[1]]
      let mean = values.reduce(0.0) { $0 + Double($1) } / Double(max(1, values.count))
      conditions["mean_force"] = "\(Formatting.fixed(mean, 3)) \(channel.unit.symbol)"
    }
    return conditions
  }

  private static func bounds(_ number: EffectiveUnitNumber) -> [String: String] {
    [
      "lower_bound": Formatting.fixed(number.lowerBound, 2),
      "upper_bound": Formatting.fixed(number.upperBound, 2),
    ]
  }

  /// The units with spike trains and templates; an electrode that was left out holds NaN.
  package var storedUnits: [StoredUnit] {
    let (tracked, measures) = (tracked, unitMeasures)
    return decomposition.units.enumerated().map { index, unit in
      let length = unit.template.channels.map(\.count).max() ?? 0
      var quality = measures[index].byColumn
      quality["template_rate_hz"] = unit.template.samplingRate
      quality["template_origin"] = Double(unit.template.origin)
      quality["template_noise_uv"] = tracked.units[index].noiseMicrovolts
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
    NeedleAnalysis.median(decomposition.units.map { Double($0.template.peakToPeak) })
  }
}
