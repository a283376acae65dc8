import Foundation
import Signal

extension NeedleModel {
  /// The gain over frequency that whitens the quiet part of the residual, within its limits.
  ///
  /// `bandGain` is the gain the present signal was filtered with; the result multiplies it.
  func whiteningGain(_ bandGain: (Double) -> Double) -> (Double) -> Double {
    let residual = residual()
    let limits = configuration.conditioning
    let rate = signal.rate
    let length = RealFFT.efficientLength(atLeast: Int(limits.whiteningWindow * rate))
    let segments = signal.count / length
    if segments < limits.whiteningFewest { return { _ in 1 } }
    let energies = (0..<segments).map { segment in
      var sum: Float = 0
      for (channel, noise) in zip(residual, signal.noise) {
        for index in segment * length..<(segment + 1) * length {
          sum += channel[index] * channel[index] * noise * noise
        }
      }
      return sum
    }
    let order = energies.indices.sorted {
      energies[$0] == energies[$1] ? $0 < $1 : energies[$0] < energies[$1]
    }
    let fft = TransformPlans.transform(length: length)
    let window = (0..<length).map { index -> Float in
      let phase = 2 * Double.pi * (Double(index) + 0.5) / Double(length)
      return Float(0.5 - 0.5 * cos(phase))
    }
    var power = [Double](repeating: 0, count: fft.binCount)
    for segment in order.prefix(max(1, Int(limits.whiteningShare * Double(segments)))) {
      for (channel, noise) in zip(residual, signal.noise) {
        let block = window.indices.map { index -> Float in
          channel[segment * length + index] * noise * window[index]
        }
        let spectrum = fft.forward(block)
        for bin in power.indices {
          let re = Double(spectrum.real[bin])
          let im = Double(spectrum.imaginary[bin])
          power[bin] += re * re + im * im
        }
      }
    }
    let resolution = rate / Double(length)
    let nyquist = 0.5 * rate / signal.oversampling
    let bins = max(2, min(power.count, Int(nyquist / resolution) + 1))
    let logs = (0..<bins).map { bin in
      let gain = bandGain(Double(bin) * resolution)
      return log(max(1e-30, power[bin] / max(gain * gain, 1e-3)))
    }
    let smooth = logs.indices.map { bin in
      var sum = 0.0
      for offset in -2...2 { sum += logs[min(bins - 1, max(0, bin + offset))] }
      return sum / 5
    }
    let inside = (0..<bins).filter {
      let frequency = Double($0) * resolution
      return frequency > configuration.highPass && frequency < limits.whiteningBand * nyquist
    }
    let reference = quantile(sorted: inside.map { smooth[$0] }.sorted(), 0.5)
    let gains = smooth.map {
      min(limits.whiteningGreatest, max(limits.whiteningLeast, exp(-0.5 * ($0 - reference))))
    }
    return { frequency in
      let position = max(0, frequency / resolution)
      let low = Int(position)
      if low + 1 >= gains.count { return gains[gains.count - 1] }
      return gains[low] + (gains[low + 1] - gains[low]) * (position - Double(low))
    }
  }
}
