import Foundation
import Signal

/// The covariance of a whole stretch: noise of unit variance and the variability around every firing.
///
/// With it the best estimate of a potential w at a place is w' C^-1 r over w' C^-1 w (generalised least
/// squares). C is banded on a coarse grid of one sample for each independent sample of the noise, so
/// that its factor costs no more than the signal is long.
struct VaryingNoise {
  private let model: NeedleModel
  private let covariances: [PotentialCovariance?]
  /// Fine samples for each coarse one.
  private let decimation: Int
  private let bandwidth: Int
  /// Coarse samples.
  private let order: Int
  /// Templates on the coarse grid by unit, channel and place of the firing between coarse samples.
  private let templates: [[[CoarseTemplate]]]

  /// A template on the coarse grid.
  private struct CoarseTemplate {
    /// Coarse samples from the firing to the first value.
    var lead: Int
    var values: [Float]
  }

  /// Estimates the variability of every unit; `residual` is what all units leave.
  init(_ model: NeedleModel, residual: [[Float]]) {
    self.model = model
    let decimation = max(1, Int(model.signal.oversampling))
    let limits = model.configuration.decoding
    // The variability of a potential is alike over the width of a fibre's spike.
    let bandwidth = max(2, Int(limits.varyingLength * model.signal.rate / Double(decimation)))
    self.decimation = decimation
    self.bandwidth = bandwidth
    order = (model.signal.count + decimation - 1) / decimation
    covariances = model.units.map { unit in
      let (rows, values) = model.windows(residual, at: unit.firings, reach: model.half)
      return PotentialCovariance(
        residuals: values, rows: rows, channels: residual.count, length: model.length,
        decimation: decimation, bandwidth: bandwidth, limits: limits)
    }
    templates = model.units.map { unit in
      model.signal.channels.indices.map { channel in
        (0..<decimation).map { place in
          Self.coarse(
            unit.template[channel * model.length..<(channel + 1) * model.length],
            half: model.half, place: place, decimation: decimation)
        }
      }
    }
  }

  /// The samples of a template that fall on the coarse grid if it fires `place` samples behind one.
  private static func coarse(
    _ template: ArraySlice<Float>, half: Int, place: Int, decimation: Int
  ) -> CoarseTemplate {
    let reach = half / decimation + 1
    let values = (-reach...reach).map { index -> Float in
      let sample = half + index * decimation - place
      return sample >= 0 && sample < template.count ? template[template.startIndex + sample] : 0
    }
    let first = values.firstIndex { $0 != 0 } ?? 0
    let last = values.lastIndex { $0 != 0 } ?? 0
    return CoarseTemplate(lead: first - reach, values: Array(values[first...last]))
  }

  /// A residual divided by the deviation that noise and the variability of all units have at each sample.
  func calmed(_ residual: [[Float]]) -> [[Float]] {
    residual.indices.map { channel in
      var variance = [Float](repeating: 1, count: residual[channel].count)
      for (unit, covariance) in covariances.enumerated() {
        guard let covariance else { continue }
        for time in model.units[unit].firings {
          let start = time - model.half
          for place in covariance.bands[channel].indices {
            for index in 0..<covariance.count {
              let sample = start + place + index * decimation
              if sample >= 0 && sample < variance.count {
                variance[sample] += covariance.bands[channel][place][index * (bandwidth + 1)]
              }
            }
          }
        }
      }
      return zip(residual[channel], variance).map { $0 / $1.squareRoot() }
    }
  }

  /// The places where a unit may fire, with their heights under this noise.
  ///
  /// `residual` is what all other units leave, channels x grid samples; `firings` are those of all units,
  /// of which the unit's own vary nothing. Nil where the covariance is not positive definite.
  func candidates(_ unit: Int, residual: [[Float]], firings: [[Int]]) -> FiringCandidates? {
    var factors: [BandedCholesky] = []
    var weighted: [[Float]] = []
    for (channel, samples) in residual.enumerated() {
      guard let factor = factor(channel: channel, without: unit, firings: firings) else {
        return nil
      }
      var coarse = (0..<order).map { samples[$0 * decimation] }
      factor.solve(&coarse)
      weighted.append(coarse)
      factors.append(factor)
    }
    let rough = correlation(of: weighted, unit: unit)
    let scale = Float(decimation) / model.signal.nat
    let limits = model.configuration.decoding
    let reach = max(1, Int(limits.peakDistance * model.signal.rate) / decimation)
    var result = FiringCandidates(duration: model.duration, limits: limits)
    var solutions: [[ForwardSolution]] = []
    for peak in FiringCandidates.peaks(rough, reach: reach) {
      let (time, output) = highest(near: peak * decimation, unit: unit, weighted: weighted)
      let solution = factors.indices.map { channel in
        let template = templates[unit][channel][time % decimation]
        return factors[channel].forward(template.values, at: time / decimation + template.lead)
      }
      let energy = solution.reduce(0) { $0 + $1.product($1) }
      if energy <= 0 || output < Float(limits.leastHeight) * energy { continue }
      result.append(
        time: time, height: Double(output / energy),
        deviation: Double(1 / (scale * energy).squareRoot()))
      solutions.append(solution)
    }
    result.link(reach: 2 * model.half) { first, second in
      zip(solutions[first], solutions[second]).reduce(0) { $0 + Double($1.0.product($1.1)) }
    }
    return result
  }

  /// The place of the largest matched output less than one coarse sample from a fine one.
  private func highest(near time: Int, unit: Int, weighted: [[Float]]) -> (time: Int, output: Float)
  {
    var best = (time: time, output: -Float.infinity)
    let first = max(0, time - decimation + 1)
    for place in first...min(model.signal.count - 1, time + decimation - 1) {
      var sum: Float = 0
      for (channel, samples) in weighted.enumerated() {
        let template = templates[unit][channel][place % decimation]
        let start = place / decimation + template.lead
        let low = max(0, -start)
        let high = min(template.values.count, order - start)
        if low >= high { continue }
        sum += dot(template.values, from: low, samples, from: start + low, count: high - low)
      }
      if sum > best.output { best = (place, sum) }
    }
    return best
  }

  /// The inner product of all channels with a unit's templates at each coarse sample.
  private func correlation(of weighted: [[Float]], unit: Int) -> [Float] {
    // Circular: what overlaps the end falls into the padding.
    let longest = templates[unit].map { $0[0].values.count + abs($0[0].lead) }.max() ?? 0
    let fft = TransformPlans.transform(
      length: RealFFT.efficientLength(atLeast: order + longest))
    var product = Spectrum(binCount: fft.binCount)
    for (channel, samples) in weighted.enumerated() {
      let template = templates[unit][channel][0]
      var block = [Float](repeating: 0, count: fft.length)
      for (index, value) in template.values.enumerated() {
        let lag = template.lead + index
        block[lag < 0 ? lag + fft.length : lag] = value
      }
      let padding = [Float](repeating: 0, count: fft.length - order)
      product.addCorrelation(fft.forward(samples + padding), fft.forward(block))
    }
    let scale = 1 / Float(fft.length)
    return fft.inverse(product).prefix(order).map { $0 * scale }
  }

  /// The factor of one channel's covariance without the variability of one unit.
  private func factor(channel: Int, without unit: Int, firings: [[Int]]) -> BandedCholesky? {
    let width = bandwidth + 1
    var band = [Float](repeating: 0, count: order * width)
    for index in 0..<order { band[index * width] = 1 }
    for (other, covariance) in covariances.enumerated() where other != unit {
      guard let covariance else { continue }
      for time in firings[other] {
        let start = time - model.half
        // The first coarse sample inside the window, and where in the window it lies.
        let first = max(0, (start + decimation - 1) / decimation)
        let sample = first * decimation - start
        let own = covariance.bands[channel][sample % decimation]
        let offset = sample / decimation
        let last = min(covariance.count, order - first + offset)
        if offset >= last { continue }
        for index in offset..<last {
          let row = first + index - offset
          for lag in 0..<min(width, order - row) {
            band[row * width + lag] += own[index * width + lag]
          }
        }
      }
    }
    return BandedCholesky(lowerBand: band, order: order, bandwidth: bandwidth)
  }
}
