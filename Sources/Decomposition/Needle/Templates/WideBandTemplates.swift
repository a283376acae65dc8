import Foundation
import Signal

/// Potentials averaged from the wide-band signal at known firing times.
struct WideBandTemplates {
  /// Units x channels x samples in microvolts.
  let templates: [[[Float]]]
  /// Samples for each second.
  let rate: Double
  /// The sample that stands at the firing time.
  let origin: Int

  /// Averages ±`halfWidth` seconds with the other units subtracted, by three rounds of backfitting.
  ///
  /// The signal is high-passed without phase shift and put on the grid of the search.
  /// `firings` are in grid samples of `model`.
  init(
    _ raw: [[Float]], samplingRate: Double, model: NeedleModel, halfWidth: Double? = nil
  ) {
    var configuration = model.configuration
    let limits = configuration.templates
    configuration.templateHalfWidth = halfWidth ?? limits.wideHalfWidth
    configuration.dynamicRange = 1e9
    let signal = ConditionedSignal(raw, samplingRate: samplingRate, configuration: configuration) {
      ConditionedSignal.bandGain(
        $0, highPass: limits.wideHighPass,
        lowPass: min(
          configuration.conditioning.usableBand * samplingRate, configuration.lowPass),
        samplingRate: samplingRate, limits: configuration.conditioning)
    }
    var wide = NeedleModel(signal: signal, configuration: configuration)
    let length = wide.length
    let channels = raw.count
    wide.units = model.units.map {
      WorkingUnit(
        template: [Float](repeating: 0, count: channels * length), firings: $0.firings)
    }
    var residual = wide.residual()
    // Largest first, so that small potentials are averaged from a signal already cleaned of them.
    let order = model.units.indices.sorted {
      model.plainEnergy(model.units[$0].template) > model.plainEnergy(model.units[$1].template)
    }
    for _ in 0..<3 {
      for unit in order {
        wide.superpose(wide.units[unit], scale: 1, on: &residual)
        let (rows, values) = wide.windows(residual, at: wide.units[unit].firings, reach: wide.half)
        if rows >= limits.wideFewest {
          wide.units[unit].template = columnTrimmedMean(values, rows: rows, trim: limits.trim)
        }
        wide.superpose(wide.units[unit], scale: -1, on: &residual)
      }
    }
    templates = wide.units.map { unit in
      (0..<channels).map { channel in
        unit.template[channel * length..<(channel + 1) * length].map { $0 * signal.noise[channel] }
      }
    }
    rate = signal.rate
    origin = wide.half
  }
}
