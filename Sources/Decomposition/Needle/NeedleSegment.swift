import Foundation
import Signal

/// One stretch of a recording after its search, with everything that is known about its units.
struct NeedleSegment: Sendable {
  /// A unit within the segment.
  struct Unit: Sendable {
    /// Firing positions in samples of the whole recording.
    var times: [Double]
    var amplitudes: [Float]
    /// Which of `times` are second discharges of doublets.
    var doublets: [Int]
    /// Wide-band potential in microvolts, channels x samples.
    var potential: [[Float]]
    var evidence: TrainEvidence
    var statistics: TrainStatistics
  }

  let range: Range<Int>
  var units: [Unit]
  let potentialRate: Double
  let origin: Int
  let noise: [Float]
  /// Energy of the detected spikes, and what of it stays in the residual.
  let spikeEnergy: Double
  let residualSpikeEnergy: Double
  let spikeCount: Int
  let discarded: Int
}

extension NeedleSegment {
  /// What the search of one stretch found.
  init(_ model: NeedleModel, raw: [[Float]], range: Range<Int>, samplingRate: Double) {
    var model = model
    self.range = range
    let residual = model.residual()
    let outputs = model.matchedOutputs(residual)
    model.correlations = model.templateCorrelations()
    model.energies = model.units.indices.map { model.correlations[$0, $0, 0] }
    model.matched = outputs
    let wide = WideBandTemplates(raw, samplingRate: samplingRate, model: model)
    let seconds = model.configuration.findsDoublets ? model.doublets() : model.units.map { _ in [] }
    let scale = samplingRate / model.signal.rate
    let signalLevel = model.signalLevel()
    let spikes = model.spikeEnergies(residual: residual)
    units = model.units.indices.map { index in
      let regular = model.refinedFirings(
        index, outputs: outputs, correlations: model.correlations)
      var entries = zip(regular, model.amplitudes(index)).map { ($0, $1, false) }
      entries += seconds[index].map { time in
        let amplitude =
          outputs[index * model.signal.count + time] / max(1e-9, model.energies[index])
        return (Double(time), amplitude, true)
      }
      entries.sort { $0.0 < $1.0 }
      return Unit(
        times: entries.map { $0.0 * scale + Double(range.lowerBound) },
        amplitudes: entries.map(\.1),
        doublets: Self.seconds(
          entries, within: model.configuration.doublets.longestInterval * model.signal.rate),
        potential: wide.templates[index],
        evidence: TrainEvidence(
          model, unit: index, residual: residual, signalLevel: signalLevel, spikes: spikes),
        statistics: model.statistics(index))
    }
    potentialRate = wide.rate
    origin = wide.origin
    noise = model.signal.noise
    spikeEnergy = spikes.all
    residualSpikeEnergy = spikes.left
    spikeCount = spikes.count
    discarded = model.discarded
  }

  /// Which entries (time, amplitude, found as a doublet) are the later discharge of a doublet.
  private static func seconds(_ entries: [(Double, Float, Bool)], within limit: Double) -> [Int] {
    entries.indices.dropFirst().filter { index in
      (entries[index].2 || entries[index - 1].2)
        && entries[index].0 - entries[index - 1].0 <= limit
    }
  }
}

extension NeedleModel {
  /// The rms of the filtered signal over all channels, in noise units.
  func signalLevel() -> Double {
    var sum = 0.0
    for channel in signal.channels {
      for value in channel { sum += Double(value * value) }
    }
    return (sum / Double(max(1, signal.count * signal.channels.count))).squareRoot()
  }

  /// The share of a template's energy that a firing may leave unexplained, from what all units do.
  func misfitLimit(_ residual: [[Float]]) -> Float {
    let spikes = spikeEnergies(residual: residual)
    let share = Float(spikes.left / max(1e-9, spikes.all))
    return min(
      1, max(configuration.strictestMisfitLimit, configuration.misfitScale / max(1e-3, share)))
  }

  /// Energy above the noise of samples within 1.25 ms of spikes of at least five times the noise,
  /// before and after all units were subtracted, and the number of such spikes.
  func spikeEnergies(residual: [[Float]]) -> (all: Double, left: Double, count: Int) {
    let reach = Int(configuration.detectionHalfWidth * signal.rate)
    let peaks = spikePeaks(signal.channels, threshold: 5)
    var all = 0.0
    var left = 0.0
    var next = 0
    for peak in peaks {
      let low = max(next, peak - reach)
      let high = min(signal.count - 1, peak + reach)
      if low > high { continue }
      for channel in signal.channels.indices {
        for index in low...high {
          let before = Double(signal.channels[channel][index])
          let after = Double(residual[channel][index])
          all += before * before - 1
          left += after * after - 1
        }
      }
      next = high + 1
    }
    return (max(0, all), max(0, left), peaks.count)
  }
}
