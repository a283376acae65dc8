import Foundation

/// Area and power of one epoch of a voluntary surface interference pattern (SIP).
public struct SurfaceInterferencePattern: Sendable, Equatable, Codable {
  /// Integral of the rectified signal, mV ms.
  public var areaMillivoltMilliseconds: Double
  /// Integral of the squared signal, mV^2 ms.
  public var powerSquaredMillivoltMilliseconds: Double

  /// Makes an epoch from its area (mV ms) and power (mV^2 ms).
  public init(areaMillivoltMilliseconds: Double, powerSquaredMillivoltMilliseconds: Double) {
    self.areaMillivoltMilliseconds = areaMillivoltMilliseconds
    self.powerSquaredMillivoltMilliseconds = powerSquaredMillivoltMilliseconds
  }

  /// Measures an epoch of samples in uV at a sampling rate in Hz; the mean is subtracted.
  public init(samplesMicrovolts: some Collection<Float>, samplingRate: Double) {
    precondition(samplingRate > 0, "a sampling rate is above 0 Hz")
    let mean =
      samplesMicrovolts.reduce(0.0) { $0 + Double($1) } / Double(max(samplesMicrovolts.count, 1))
    var (area, power) = (0.0, 0.0)
    for sample in samplesMicrovolts {
      let value = (Double(sample) - mean) / 1000
      area += abs(value)
      power += value * value
    }
    areaMillivoltMilliseconds = area * 1000 / samplingRate
    powerSquaredMillivoltMilliseconds = power * 1000 / samplingRate
  }

  /// Cuts a recording (uV) into whole epochs without overlap; a shorter rest is left out.
  public static func epochs(
    of signal: [Float], samplingRate: Double, epochMilliseconds: Double
  ) -> [SurfaceInterferencePattern] {
    let exact = (epochMilliseconds * samplingRate / 1000).rounded()
    guard exact >= 1, exact <= Double(signal.count) else { return [] }
    let length = Int(exact)
    return (0..<signal.count / length).map { number in
      SurfaceInterferencePattern(
        samplesMicrovolts: signal[number * length..<(number + 1) * length],
        samplingRate: samplingRate)
    }
  }
}
