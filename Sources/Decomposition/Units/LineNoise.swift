import Signal

/// Finds and removes mains hum: narrow peaks at 50 or 60 Hz and their harmonics.
public enum LineNoise {
  /// What counts as hum.
  public struct Settings: Codable, Sendable, Equatable {
    /// Power around a harmonic over that beside it, both per Hz, from which it is hum.
    public var peakRatio = 6.0
    /// Half of the width over which the power around a harmonic is taken, in Hz.
    public var halfWidth = 0.75
    /// Nearest distance at which the power beside it is taken, in Hz.
    public var nearest = 3.0
    /// Farthest such distance, in Hz.
    public var farthest = 8.0

    /// The default settings.
    public init() {}

    /// Reads stored settings; what is not there takes its default.
    ///
    /// - Throws: `DecodingError` where a value has another type.
    public init(from decoder: any Decoder) throws {
      self.init()
      let values = try decoder.container(keyedBy: CodingKeys.self)
      func read<Value: Decodable>(_ value: inout Value, _ key: CodingKeys) throws {
        value = try values.decodeIfPresent(Value.self, forKey: key) ?? value
      }
      try read(&peakRatio, .peakRatio)
      try read(&halfWidth, .halfWidth)
      try read(&nearest, .nearest)
      try read(&farthest, .farthest)
    }
  }

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
    in channels: [[Float]], samplingRate: Double, band: (low: Double, high: Double),
    settings: Settings
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
        let ratios = spectra.map { ratio($0, at: harmonic, settings: settings) }.sorted()
        if harmonic > band.low * 0.8 && ratios[ratios.count / 2] > settings.peakRatio {
          found.append(harmonic)
        }
        harmonic += fundamental
      }
      if found.count > best.count { best = found }
    }
    return best
  }

  private static func ratio(
    _ spectrum: PowerSpectrum, at frequency: Double, settings: Settings
  ) -> Double {
    let (width, near, far) = (settings.halfWidth, settings.nearest, settings.farthest)
    let peak = spectrum.power(from: frequency - width, to: frequency + width) / (2 * width)
    let around =
      (spectrum.power(from: frequency - far, to: frequency - near)
        + spectrum.power(from: frequency + near, to: frequency + far)) / (2 * (far - near))
    return around > 0 ? peak / around : 0
  }
}
