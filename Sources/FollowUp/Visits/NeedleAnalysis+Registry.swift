import Analyses
import Decomposition
import MotorUnits
import Registry
import Reports

extension NeedleAnalysis {
  /// What a run leaves in the registry as values that can be followed over visits.
  package var measurements: [Measurement] {
    var result: [Measurement] = []
    func add(_ kind: MeasurementKind, _ value: Double?, _ conditions: [String: String] = [:]) {
      guard let value, value.isFinite else { return }
      result.append(
        Measurement(kind: kind, value: value, quality: .pass, conditions: conditions))
    }
    if let longest = counts.first {
      let window = ["window_s": Formatting.plain(longest.configuration.window)]
      add(.identifiedUnitsMaximum, Double(longest.peak), window)
      add(.identifiedUnitsMedian, longest.median, window)
    }
    add(.meanDischargeRate, meanRate)
    add(.muapAmplitude, Self.median(measures.compactMap { $0.potential?.amplitudeMicrovolts }))
    add(.muapArea, Self.median(measures.compactMap { $0.potential?.areaMicrovoltMilliseconds }))
    return result
  }

  /// The units with spike trains and templates.
  package var storedUnits: [StoredUnit] {
    zip(result.units, unitMeasures).enumerated().map { index, item in
      let (unit, measures) = item
      var quality = measures.byColumn
      quality["completeness"] = unit.completeness
      quality["tentative"] = unit.isTentative ? 1 : 0
      quality["template_rate_hz"] = unit.template.samplingRate
      quality["template_origin"] = Double(unit.template.origin)
      return StoredUnit(
        index: index, samplingRate: recording.samplingRate, spikes: unit.train.times,
        template: unit.template.channels, quality: quality)
    }
  }
}
