import Foundation
import Signal

/// What a simulated recording holds besides the potentials of the muscle's units.
public struct SimulatedNoiseConfiguration: Codable, Sendable, Equatable {
  /// Power of the noise-free signal during the contraction over that of the noise, in dB, as means
  /// over the channels.
  public var signalToNoiseDecibels = 20.0
  /// RMS of the noise in uV whatever the signal's power; nil takes it from the ratio above.
  ///
  /// Sessions of one muscle need it: a muscle that lost units has less signal, not less noise.
  public var amplitudeMicrovolts: Double?
  /// Share of the noise power below about 100 Hz (electrode noise); the rest is white.
  public var colouredShare = 0.3
  /// RMS of the noise in uV where the recording holds no discharge at all.
  public var restNoiseMicrovolts = 5.0
  /// Amplitude of mains hum in uV (its third harmonic has a fifth of it).
  public var lineAmplitudeMicrovolts = 0.0
  /// Mains frequency in Hz.
  public var lineFrequencyHertz = 50.0
  /// Amplitude of slow baseline movement (below 1 Hz) in uV.
  public var baselineDriftMicrovolts = 0.0
  /// Channels without contact: they stay at zero.
  public var deadChannels: [Int] = []
  /// Channels with poor contact.
  public var noisyChannels: [Int] = []
  /// Noise amplitude of poor channels relative to good ones.
  public var noisyChannelGain = 10.0

  /// Makes noise at 20 dB without disturbances.
  public init() {}

  func validate(channels: Int) throws(SimulationError) {
    try SimulationError.require("noise.signalToNoiseDecibels", signalToNoiseDecibels, in: -40...200)
    if let amplitudeMicrovolts {
      try SimulationError.require("noise.amplitudeMicrovolts", amplitudeMicrovolts, in: 0...1e6)
    }
    try SimulationError.require("noise.colouredShare", colouredShare, in: 0...1)
    try SimulationError.require("noise.restNoiseMicrovolts", restNoiseMicrovolts, in: 0...1e6)
    try SimulationError.require(
      "noise.lineAmplitudeMicrovolts", lineAmplitudeMicrovolts, in: 0...1e6)
    try SimulationError.require("noise.lineFrequencyHertz", lineFrequencyHertz, in: 1...1000)
    try SimulationError.require(
      "noise.baselineDriftMicrovolts", baselineDriftMicrovolts, in: 0...1e6)
    try SimulationError.require("noise.noisyChannelGain", noisyChannelGain, in: 0...1e4)
    for channel in deadChannels + noisyChannels where !(0..<channels).contains(channel) {
      throw .invalidValue(
        name: "noise.deadChannels or noise.noisyChannels", found: "\(channel)",
        expected: "channels from 0 to \(channels - 1)")
    }
  }

  /// RMS of the noise in uV for a signal of a mean power in uV^2 during the contraction.
  func amplitude(signalPower: Double) -> Double {
    if let amplitudeMicrovolts { return amplitudeMicrovolts }
    guard signalPower > 0 else { return restNoiseMicrovolts }
    return (signalPower * pow(10, -signalToNoiseDecibels / 10)).squareRoot()
  }

  /// Adds the noise and the disturbances of one channel to its signal.
  ///
  /// `sigma` is the RMS of the noise in uV.
  func add(
    to signal: inout [Float], channel: Int, sigma: Double, samplingRate: Double, seed: UInt64
  ) {
    if deadChannels.contains(channel) {
      for index in signal.indices { signal[index] = 0 }
      return
    }
    var random = SeededGenerator(seed: seed, stream: 500_000 + UInt64(channel))
    let gain = noisyChannels.contains(channel) ? noisyChannelGain : 1
    let white = gain * sigma * (1 - colouredShare).squareRoot()
    // First-order low-pass at 60 Hz, scaled to unit variance: a^n has energy 1 / (1 - a^2).
    let pole = exp(-2 * Double.pi * 60 / samplingRate)
    let drive = gain * sigma * (colouredShare * (1 - pole * pole)).squareRoot()
    let lineGain = lineAmplitudeMicrovolts * random.uniform(0.7, 1.3)
    let linePhase = random.uniform(-0.3, 0.3)
    let omega = 2 * Double.pi * lineFrequencyHertz / samplingRate
    let driftPhases = (0..<3).map { _ in random.uniform(0, 2 * Double.pi) }
    let driftRates = (0..<3).map { _ in random.uniform(0.05, 0.9) * 2 * Double.pi / samplingRate }
    var coloured = gain * sigma * colouredShare.squareRoot() * random.normal()
    for index in signal.indices {
      coloured = pole * coloured + drive * random.normal()
      var value = white * random.normal() + coloured
      let position = Double(index)
      if lineGain != 0 {
        value += lineGain * (sin(omega * position + linePhase) + 0.2 * sin(3 * omega * position))
      }
      if baselineDriftMicrovolts != 0 {
        for (phase, rate) in zip(driftPhases, driftRates) {
          value += baselineDriftMicrovolts / 3 * sin(rate * position + phase)
        }
      }
      signal[index] += Float(value)
    }
  }
}
