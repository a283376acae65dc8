import Decomposition
import Foundation
import Signal

/// Power of a needle recording over time, and of what its units leave, above 100 Hz.
///
/// The residual is the signal less each unit's averaged potential at every discharge, scaled to the
/// discharge's amplitude. One potential stands for a unit over the whole recording, so that drift
/// of its shape counts as unexplained. `channels` are those that were decomposed, in microvolts.
public func needlePowerTrace(
  _ result: NeedleResult, channels: [[Float]], binDuration: Double = 0.1
) -> PowerTrace {
  precondition(binDuration > 0, "a bin has a length")
  let rate = result.samplingRate
  let filter = ZeroPhaseFilter(samplingRate: rate, lowEdge: 100, highEdge: rate)
  let length = max(1, Int((binDuration * rate).rounded()))
  let bins = ((channels.first?.count ?? 0) + length - 1) / length
  var signal = [Double](repeating: 0, count: bins)
  var residual = signal
  for (channel, samples) in channels.enumerated() {
    var left = samples
    for unit in result.units {
      for (time, amplitude) in zip(unit.train.times, unit.amplitudes) {
        addPotential(
          unit.template, channel: channel, at: time, gain: -amplitude, rate: rate, to: &left)
      }
    }
    let filtered = filter.apply([samples, left])
    for bin in 0..<bins {
      let range = bin * length..<min(samples.count, (bin + 1) * length)
      let share = 1 / Double(range.count * channels.count)
      for index in range {
        signal[bin] += share * Double(filtered[0][index]) * Double(filtered[0][index])
        residual[bin] += share * Double(filtered[1][index]) * Double(filtered[1][index])
      }
    }
  }
  return PowerTrace(
    binDuration: Double(length) / rate, signal: signal, residual: residual)
}
