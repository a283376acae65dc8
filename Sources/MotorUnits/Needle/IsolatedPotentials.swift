import Decomposition

/// The single potentials of one unit with the other units subtracted, for shimmer plots and jiggle.
public struct IsolatedPotentials: Sendable {
  /// Discharges x samples in microvolts, one channel, at the recording's rate.
  public let rows: [[Float]]
  /// Indices of these discharges in the unit's train.
  public let discharges: [Int]
  /// The sample that stands at the discharge.
  public let origin: Int

  /// Cuts ±`halfWidth` seconds around each discharge of a unit from one channel in microvolts.
  ///
  /// Templates of all units are resampled to each discharge's place between samples by linear
  /// interpolation of their fine grid; `highPass`-like baseline shifts are left as they are.
  /// Discharges too near the ends are left out.
  public init(
    of unit: Int, in units: [NeedleUnit], channel: Int, samples: [Float], samplingRate: Double,
    halfWidth: Double = 0.010
  ) {
    precondition(units.indices.contains(unit) && samplingRate > 0, "no such unit")
    var residual = samples
    for (index, other) in units.enumerated() where index != unit {
      for (time, amplitude) in zip(other.train.times, other.amplitudes) {
        addPotential(
          other.template, channel: channel, at: time, gain: -amplitude, rate: samplingRate,
          to: &residual)
      }
    }
    let reach = Int(halfWidth * samplingRate)
    var rows: [[Float]] = []
    var discharges: [Int] = []
    for (index, time) in units[unit].train.times.enumerated() {
      let centre = Int(time.rounded())
      if centre - reach < 2 || centre + reach + 2 >= residual.count { continue }
      let whole = Int(time.rounded(.down))
      let t = Float(time - Double(whole))
      // The cubic of Lagrange through four samples undoes the discharge's place between samples:
      // a straight line would shake the potential as jitter does.
      let weights = [
        -t * (t - 1) * (t - 2) / 6, (t + 1) * (t - 1) * (t - 2) / 2, -(t + 1) * t * (t - 2) / 2,
        (t + 1) * t * (t - 1) / 6,
      ]
      rows.append(
        (-reach...reach).map { offset in
          var value: Float = 0
          for (tap, weight) in weights.enumerated() {
            value += weight * residual[whole + offset + tap - 1]
          }
          return value
        })
      discharges.append(index)
    }
    self.rows = rows
    self.discharges = discharges
    origin = reach
  }
}

/// Adds a potential to a channel at a place between samples, by linear interpolation of its grid.
func addPotential(
  _ template: MUAPTemplate, channel: Int, at time: Double, gain: Float, rate: Double,
  to samples: inout [Float]
) {
  let values = template.channels[channel]
  let step = template.samplingRate / rate
  let low = max(0, Int((time - Double(template.origin) / step).rounded(.up)))
  let high = min(
    samples.count - 1, Int((time + Double(values.count - 1 - template.origin) / step)))
  if low > high { return }
  for index in low...high {
    let position = (Double(index) - time) * step + Double(template.origin)
    let whole = min(values.count - 2, max(0, Int(position)))
    let share = Float(position - Double(whole))
    samples[index] += gain * (values[whole] + share * (values[whole + 1] - values[whole]))
  }
}
