import Foundation

/// The surface potential of one unit with its measures.
public struct SurfaceUnit: Sendable, Equatable, Codable {
  /// Place of the unit in the input, 0-based.
  public var index: Int
  /// Correlation of the potentials of odd and even discharges on the channel of the largest CMAP.
  public var splitHalf: Double
  /// Baseline to negative peak on each channel, uV; 0 where there is no negative phase.
  public var amplitudesMicrovolts: [Double]
  /// Area of the negative phase on each channel, uV ms.
  public var areasMicrovoltMilliseconds: [Double]
  /// The potential on the channel of the largest CMAP, uV, negative phase upwards.
  public var potentialMicrovolts: [Float]
  /// Sample of `potentialMicrovolts` at which the negative phase begins.
  public var onsetSample: Int

  /// Measures channels x samples; nil where the main channel has no negative phase.
  ///
  /// The place of the negative phase is found in the potential of one half of the discharges and its
  /// size read in that of the other, both ways: the largest of noisy samples is never taken for the
  /// peak, so that small units are not measured too large. `halves`: channels x 2 x samples.
  init?(
    _ potential: [[Float]], halves: [[[Float]]], samplingRate: Double, index: Int,
    splitHalf: Double, negativePhase: CMAPMeasurement.NegativePhase, channel: Int
  ) {
    self.index = index
    self.splitHalf = splitHalf
    amplitudesMicrovolts = []
    areasMicrovoltMilliseconds = []
    potentialMicrovolts = []
    onsetSample = 0
    for (number, samples) in potential.enumerated() {
      var values = Self.fromBaseline(samples)
      let largest = values.reduce(0) { max($0, abs($1)) }
      let first = values.first { abs($0) >= largest / 2 } ?? 1
      let turned = negativePhase == .negativeSamples || (negativePhase == .automatic && first < 0)
      if turned { values = values.map { -$0 } }
      let phase = Self.negativePhase(values)
      guard values[phase.peak] > 0, halves.indices.contains(number), halves[number].count == 2
      else {
        if number == channel { return nil }
        amplitudesMicrovolts.append(0)
        areasMicrovoltMilliseconds.append(0)
        continue
      }
      let parts = halves[number].map { part in
        Self.fromBaseline(part).map { turned ? -$0 : $0 }
      }
      var (peak, area) = (0.0, 0.0)
      for (place, size) in [(parts[0], parts[1]), (parts[1], parts[0])] {
        let phase = Self.negativePhase(place)
        peak += 0.5 * Double(size[phase.peak])
        area += 0.5 * size[phase.range].reduce(0.0) { $0 + Double($1) }
      }
      amplitudesMicrovolts.append(peak)
      areasMicrovoltMilliseconds.append(area * 1000 / samplingRate)
      if number == channel {
        potentialMicrovolts = values
        onsetSample = phase.range.lowerBound
      }
    }
  }

  /// The samples less the mean of the first tenth of the window.
  private static func fromBaseline(_ samples: [Float]) -> [Float] {
    let quiet = max(1, samples.count / 10)
    let baseline = samples.prefix(quiet).reduce(0, +) / Float(quiet)
    return samples.map { $0 - baseline }
  }

  /// The largest sample and the samples above 0 around it.
  private static func negativePhase(_ values: [Float]) -> (peak: Int, range: ClosedRange<Int>) {
    let peak = values.indices.max { values[$0] < values[$1] } ?? 0
    var start = peak
    while start > 0, values[start - 1] > 0 { start -= 1 }
    var end = peak
    while end + 1 < values.count, values[end + 1] > 0 { end += 1 }
    return (peak, start...end)
  }

  /// ln(mean of the peaks / peak of the mean) on a channel, of the units with clear potentials.
  ///
  /// How much of their size units lose at most by cancelling phases when they sum; at least 0.
  static func logCancellation(_ units: [SurfaceUnit], channel: Int) -> Double {
    let clear = units.filter { $0.splitHalf >= 0.8 }
    let chosen = clear.count >= 2 ? clear : units
    let mean =
      chosen.reduce(0) { $0 + $1.amplitudesMicrovolts[channel] } / Double(max(chosen.count, 1))
    let peak = peakOfMean(chosen)
    return mean > 0 && peak > 0 ? max(0, log(mean / peak)) : 0
  }

  /// The peak of the point-by-point mean of the potentials, aligned at their onsets, uV.
  ///
  /// Lower than the mean of the peaks, by about 20 % (Doherty and Stashuk 1993).
  static func peakOfMean(_ units: [SurfaceUnit]) -> Double {
    let latest = units.map(\.onsetSample).max() ?? 0
    let length = (units.map(\.potentialMicrovolts.count).max() ?? 0) + latest
    var sum = [Double](repeating: 0, count: length)
    for unit in units {
      let shift = latest - unit.onsetSample
      for (index, value) in unit.potentialMicrovolts.enumerated() {
        sum[index + shift] += Double(value)
      }
    }
    return (sum.max() ?? 0) / Double(units.count)
  }
}

/// A number of motor units from spike-triggered averaging.
public struct SpikeTriggeredEstimate: Sendable, Equatable, Codable {
  /// CMAP amplitude over the mean of the unit amplitudes.
  public var unitCount: Double
  /// 90 % interval: bootstrap over the units, the CMAP's error, recruitment and cancelling phases.
  public var interval90: [Double]
  /// Standard error of ln(number) by the sample of units and the CMAP, at this force.
  public var logStandardError: Double
  /// CMAP area over the mean of the unit areas; nil where the area of the CMAP is not known.
  public var unitCountByArea: Double?
  /// 90 % interval of the number by area.
  public var areaInterval90: [Double]?
  /// CMAP amplitude over the peak of the point-by-point mean potential.
  public var unitCountByPeakOfMean: Double
  /// Median over the channels of the number by amplitude.
  public var medianUnitCountOverChannels: Double?
  /// Mean of the unit amplitudes, uV.
  public var meanUnitMicrovolts: Double
  /// Peak of the point-by-point mean potential, uV.
  public var peakOfMeanUnitMicrovolts: Double
  /// CMAP amplitude, mV.
  public var cmapMillivolts: Double
  /// Channel of the largest CMAP, 0-based.
  public var channel: Int
  /// Force of the contraction, percent of maximum.
  public var forcePercent: Double?
  /// How many times too high the number may be because larger units were not recruited: 5 and 95 %.
  ///
  /// The intervals hold it, the number does not.
  public var recruitmentFactor90: [Double]
  /// The units that were used.
  public var units: [SurfaceUnit]
  /// The units that were not used, with reasons.
  public var rejected: [Rejection]
  /// Warnings.
  public var flags: [String]
}
