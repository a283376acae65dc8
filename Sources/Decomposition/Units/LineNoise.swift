import Signal

/// Finds and removes mains hum: narrow peaks at 50 or 60 Hz and their harmonics.
public enum LineNoise {
  /// Ratio of the power in 1 Hz around a harmonic to that of its neighbourhood that is hum.
  static let peakRatio = 6.0

  /// Takes harmonics (Hz) out of channels by notches of 1 Hz to either side, without phase shift.
  ///
  /// The channels are returned as they are where there is nothing to remove.
  public static func removing(
    _ harmonics: [Double], from channels: [[Float]], samplingRate: Double,
    parallelism: Parallelism = Parallelism()
  ) -> [[Float]] {
    if harmonics.isEmpty { return channels }
    return ZeroPhaseFilter(
      samplingRate: samplingRate, lowEdge: 0, highEdge: samplingRate, notches: harmonics
    ).apply(channels, parallelism: parallelism)
  }

  /// One line for the user on what was removed.
  public static func note(_ harmonics: [Double]) -> String {
    "mains hum was removed at \(harmonics.map { String(Int($0)) }.joined(separator: ", ")) Hz"
  }

  /// The harmonics present in the median channel, in Hz, within the band.
  static func harmonics(
    in channels: [[Float]], samplingRate: Double, band: (low: Double, high: Double)
  ) -> [Double] {
    // At most nine channels spread over the array tell: hum is common to all electrodes.
    let step = max(1, channels.count / 9)
    let spectra = stride(from: 0, to: channels.count, by: step).map { index in
      PowerSpectrum(
        channels[index], samplingRate: samplingRate, segmentLength: Int(2 * samplingRate))
    }
    if spectra.isEmpty { return [] }
    var best: [Double] = []
    for fundamental in [50.0, 60.0] {
      var found: [Double] = []
      var harmonic = fundamental
      while harmonic < min(band.high * 1.2, 0.48 * samplingRate) {
        let ratios = spectra.map { ratio($0, at: harmonic) }.sorted()
        if harmonic > band.low * 0.8 && ratios[ratios.count / 2] > peakRatio {
          found.append(harmonic)
        }
        harmonic += fundamental
      }
      if found.count > best.count { best = found }
    }
    return best
  }

  private static func ratio(_ spectrum: PowerSpectrum, at frequency: Double) -> Double {
    let peak = spectrum.power(from: frequency - 0.75, to: frequency + 0.75) / 1.5
    let around =
      (spectrum.power(from: frequency - 8, to: frequency - 3)
        + spectrum.power(from: frequency + 3, to: frequency + 8)) / 10
    return around > 0 ? peak / around : 0
  }
}
