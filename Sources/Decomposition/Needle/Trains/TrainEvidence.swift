import Foundation

/// What signal and pattern say about how right a train is; the input of the accuracy estimate.
struct TrainEvidence: Sendable, Equatable {
  /// Natural logarithm of the template energy over the noise.
  var logEnergy: Double
  /// Coefficient of variation of a single interval.
  var variation: Double
  /// Discharges found over expected.
  var completeness: Double
  /// Nats for each interval over a random train.
  var regularity: Double
  /// Median over firings of the residual energy in the core over the template's.
  var misfit: Double
  /// Robust spread of the firings' amplitudes.
  var amplitudeSpread: Double
  /// Distance to the most similar other template over the own energy, at most 1.
  var separation: Double
  /// Peak-to-peak amplitude over the rms of the filtered signal.
  var amplitudeOverSignal: Double
  /// Share of the energy of the stretch's spikes that all units leave.
  var unexplained: Double
  /// Spikes of the stretch for each second: how often potentials overlap.
  var spikeRate: Double
}

extension TrainEvidence {
  /// Collects the evidence for one unit of a settled model.
  ///
  /// `spikes` are those of the stretch: their energy, what is left of it, and their number.
  init(
    _ model: NeedleModel, unit: Int, residual: [[Float]], signalLevel: Double,
    spikes: (all: Double, left: Double, count: Int)
  ) {
    let statistics = model.statistics(unit)
    let amplitudes = model.amplitudes(unit).sorted()
    let spread = quantile(sorted: amplitudes, 0.75) - quantile(sorted: amplitudes, 0.25)
    var nearest = 1.0
    let own = Double(model.energies[unit])
    for other in model.units.indices where other != unit {
      let value = Double(model.correlations.best(other, unit).value)
      let distance = own + Double(model.energies[other]) - 2 * value
      nearest = min(nearest, max(0, distance) / max(1e-9, own))
    }
    var span: Float = 0
    let template = model.units[unit].template
    for channel in model.signal.channels.indices {
      let row = template[channel * model.length..<(channel + 1) * model.length]
      span = max(span, (row.max() ?? 0) - (row.min() ?? 0))
    }
    self.init(
      logEnergy: log(max(1, statistics.energy)), variation: statistics.intervals.variation,
      completeness: statistics.completeness, regularity: statistics.regularity,
      misfit: model.medianMisfit(unit, residual: residual),
      amplitudeSpread: Double(spread) / 1.349, separation: nearest,
      amplitudeOverSignal: Double(span) / max(1e-9, signalLevel),
      unexplained: spikes.left / max(1e-9, spikes.all),
      spikeRate: Double(spikes.count) / max(1e-9, model.duration))
  }
}

extension NeedleModel {
  /// The median over firings of the residual energy above the noise around them, over the
  /// template's own in the same core.
  func medianMisfit(_ unit: Int, residual: [[Float]]) -> Double {
    let reach = Int(configuration.detectionHalfWidth * signal.rate)
    var own: Float = 0
    for channel in signal.channels.indices {
      for index in channel * length + half - reach...channel * length + half + reach {
        own += units[unit].template[index] * units[unit].template[index]
      }
    }
    let noise = Float((2 * reach + 1) * signal.channels.count)
    let (rows, values) = windows(residual, at: units[unit].firings, reach: reach)
    if rows == 0 { return 1 }
    let width = values.count / rows
    let misfits = (0..<rows).map { row -> Float in
      var left: Float = 0
      for index in row * width..<(row + 1) * width { left += values[index] * values[index] }
      return max(0, left - noise) / max(1e-9, own)
    }
    return Double(median(misfits))
  }
}
