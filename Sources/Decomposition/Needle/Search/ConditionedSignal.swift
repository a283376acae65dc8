import Foundation
import Signal

/// A recording filtered without phase shift, divided by its noise and put on a fine time grid.
struct ConditionedSignal: Sendable {
  /// Channels x samples, each of unit noise.
  var channels: [[Float]]
  /// Grid samples for each second.
  let rate: Double
  /// Grid samples for each independent sample of the noise.
  let oversampling: Double
  /// The noise of each channel, in the units of the recording.
  let noise: [Float]
  /// The cost in nats of a firing at each grid sample for the shape variability around it.
  let penalty: [Float]

  /// Samples of the grid.
  var count: Int { channels.first?.count ?? 0 }
  /// What an inner product is divided by to be in nats.
  let nat: Float

  /// The same signal with other samples.
  func replacing(_ channels: [[Float]]) -> ConditionedSignal {
    var result = self
    result.channels = channels
    return result
  }

  /// The gain of the filter before any whitening: two logistic edges.
  static func bandGain(
    _ frequency: Double, highPass: Double, lowPass: Double, samplingRate: Double,
    limits: NeedleConfiguration.Conditioning = NeedleConfiguration.Conditioning()
  ) -> Double {
    func edge(_ z: Double) -> Double { 1 / (1 + exp(-min(30, max(-30, z)))) }
    return edge((frequency - highPass) / (limits.highPassWidth * highPass))
      * edge((lowPass - frequency) / (limits.lowPassWidth * samplingRate))
  }

  /// Filters raw channels with a gain over frequency and oversamples them to the grid.
  init(
    _ raw: [[Float]], samplingRate: Double, configuration: NeedleConfiguration,
    gain: (Double) -> Double
  ) {
    let count = raw.first?.count ?? 0
    let padded = RealFFT.efficientLength(atLeast: count + Int(0.1 * samplingRate))
    let ratio = configuration.gridRate / samplingRate
    let fine = RealFFT.efficientLength(atLeast: Int((ratio * Double(padded)).rounded(.up)))
    let rate = samplingRate * Double(fine) / Double(padded)
    let gridCount = min(fine, Int((Double(count) * rate / samplingRate).rounded()))
    let forward = TransformPlans.transform(length: padded)
    let inverse = TransformPlans.transform(length: fine)
    let gains = (0..<min(forward.binCount, inverse.binCount)).map {
      Float(gain(Double($0) * samplingRate / Double(padded)) / Double(padded))
    }
    let limits = configuration.conditioning
    let independent = min(samplingRate, configuration.lowPass / limits.usableBand)
    oversampling = rate / independent
    nat = Float(oversampling * configuration.varianceInflation)
    self.rate = rate
    var filtered: [[Float]] = []
    var noise: [Float] = []
    for channel in raw {
      let centre = median(channel)
      var block = [Float](repeating: 0, count: padded)
      for index in 0..<count { block[index] = channel[index] - centre }
      let spectrum = forward.forward(block)
      var shaped = Spectrum(binCount: inverse.binCount)
      for bin in 0..<gains.count {
        shaped.real[bin] = spectrum.real[bin] * gains[bin]
        shaped.imaginary[bin] = spectrum.imaginary[bin] * gains[bin]
      }
      let samples = Array(inverse.inverse(shaped).prefix(gridCount))
      let level = Self.noiseLevel(
        samples, window: max(8, Int(limits.levelWindow * rate)), configuration)
      noise.append(level)
      filtered.append(samples.map { $0 / level })
    }
    channels = filtered
    self.noise = noise
    penalty = Self.shapePenalty(
      filtered, half: Int(limits.shapeWindow * rate),
      scale: 0.5 * Float(configuration.shapeVariability) / nat)
  }

  /// The rms of the quietest windows, or the dynamic range below the largest samples.
  private static func noiseLevel(
    _ samples: [Float], window: Int, _ configuration: NeedleConfiguration
  ) -> Float {
    let limits = configuration.conditioning
    var levels: [Float] = []
    var start = 0
    while start + window <= samples.count {
      var sum: Float = 0
      for index in start..<start + window { sum += samples[index] * samples[index] }
      levels.append((sum / Float(window)).squareRoot())
      start += window
    }
    let quiet = quantile(levels, limits.levelQuantile) * Float(limits.levelScale)
    let largest = quickQuantile(samples, limits.largestQuantile)
    return max(quiet, largest / Float(configuration.dynamicRange), 1e-9)
  }

  private static func shapePenalty(_ channels: [[Float]], half: Int, scale: Float) -> [Float] {
    let count = channels.first?.count ?? 0
    var cumulative = [Double](repeating: 0, count: count + 1)
    for index in 0..<count {
      var energy: Float = 0
      for channel in channels { energy += channel[index] * channel[index] }
      cumulative[index + 1] = cumulative[index] + Double(energy)
    }
    return (0..<count).map { index in
      let low = max(0, index - half)
      let high = min(count, index + half + 1)
      return scale * Float(cumulative[high] - cumulative[low])
    }
  }
}
