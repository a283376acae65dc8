import Foundation

/// A unit's potentials, band-limited to the sampling rate and ready to be placed between samples.
///
/// The oversampled potential is low-passed below half the sampling rate and stored phase by phase,
/// so that each discharge costs four multiply-adds per sample: a cubic Lagrange step between
/// neighbouring oversampled values.
struct PotentialTemplate: Sendable {
  /// Oversampled values before the instant of discharge (the reach of the low-pass).
  let lead: Int
  /// Oversampling factor.
  let factor: Int
  /// Samples per phase.
  let phaseLength: Int
  /// Channels.
  let channels: Int
  /// Values, [channel][phase][sample], with `guardCount` zero samples before and after each phase.
  let values: [Float]

  static let guardCount = 2
  /// Half length of the low-pass in samples of the output rate.
  static let filterReach = 8

  /// Low-passes an oversampled potential and sorts it into phases.
  init(_ potential: UnitPotential, factor: Int) {
    self.factor = factor
    channels = potential.channels
    let reach = Self.filterReach * factor
    lead = reach
    let filter = Self.lowPass(factor: factor)
    let length = potential.count + 2 * reach
    let perPhase = (length + factor - 1) / factor
    phaseLength = perPhase + 2 * Self.guardCount
    var sorted = [Float](repeating: 0, count: potential.channels * factor * phaseLength)
    var smooth = [Float](repeating: 0, count: perPhase * factor)
    for channel in 0..<potential.channels {
      for index in smooth.indices { smooth[index] = 0 }
      convolve(
        potential.values, from: channel * potential.count, count: potential.count, with: filter,
        into: &smooth)
      for phase in 0..<factor {
        let start = (channel * factor + phase) * phaseLength + Self.guardCount
        for index in 0..<perPhase { sorted[start + index] = smooth[index * factor + phase] }
      }
    }
    values = sorted
  }

  /// The template at the sampling rate for a discharge that falls on a sample, all channels.
  ///
  /// Sample 0 lies `filterReach` samples before the instant of discharge.
  func sampled() -> [[Float]] {
    (0..<channels).map { channel in
      let start = channel * factor * phaseLength + Self.guardCount
      return Array(values[start..<start + phaseLength - 2 * Self.guardCount])
    }
  }

  /// Adds the potential of one channel for each discharge, times its gain, to a signal.
  ///
  /// `times` are sample positions; positions may be fractional and lie near the edges.
  func add(channel: Int, times: [Double], gains: [Float], to signal: inout [Float]) {
    let base = channel * factor * phaseLength + Self.guardCount
    for (time, gain) in zip(times, gains) {
      let first = Int((time - Double(lead) / Double(factor)).rounded(.up))
      // Position of sample `first` in the oversampled template.
      let position = (Double(first) - time) * Double(factor) + Double(lead)
      let whole = Int(position)
      let t = Float(position - Double(whole))
      let weights: [Float] = [
        -t * (t - 1) * (t - 2) / 6 * gain, (t + 1) * (t - 1) * (t - 2) / 2 * gain,
        -(t + 1) * t * (t - 2) / 2 * gain, (t + 1) * t * (t - 1) / 6 * gain,
      ]
      let count = phaseLength - 2 * Self.guardCount
      let begin = max(0, -first)
      let end = min(count, signal.count - first)
      guard begin < end else { continue }
      let starts = (0..<4).map { tap -> Int in
        let index = whole + tap - 1
        // Floor division: the tap before the first value lies in the last phase, one sample back.
        let sample = index >= 0 ? index / factor : -1
        return base + (index - sample * factor) * phaseLength + sample
      }
      addInterpolated(
        values, starts: starts, weights: weights, range: begin..<end, to: &signal, at: first)
    }
  }

  /// A windowed-sinc low-pass (Hann window) at 0.47 of the output rate with unit gain.
  private static func lowPass(factor: Int) -> [Float] {
    let reach = filterReach * factor
    var taps = (-reach...reach).map { index -> Double in
      let x = Double(index) / Double(factor) * 0.94
      let sinc = index == 0 ? 1 : sin(Double.pi * x) / (Double.pi * x)
      return sinc * 0.5 * (1 + cos(Double.pi * Double(index) / Double(reach + 1)))
    }
    let sum = taps.reduce(0, +)
    taps = taps.map { $0 / sum }
    return taps.map { Float($0) }
  }
}
