import Decomposition
import RealModule

/// The templates of one recording at a common sampling rate, electrode after electrode.
struct TemplateBank {
  let unitCount: Int
  /// Samples of each template.
  let length: Int
  /// Indices of the electrodes that every template has.
  let channels: [Int]
  /// Values as `[electrode][unit][sample]` over the usable electrodes.
  let values: [Float]

  /// Brings the templates to `rate` Hz and a duration in seconds, the discharge at its middle.
  init(_ units: [TrackedTemplate], rate: Double, duration: Double) {
    unitCount = units.count
    let length = max(8, Int((duration * rate).rounded()))
    self.length = length
    let electrodes = units.map(\.template.channels.count).min() ?? 0
    let usable = (0..<electrodes).filter { channel in
      units.allSatisfy {
        !$0.template.channels[channel].isEmpty
          && $0.template.channels[channel].allSatisfy(\.isFinite)
      }
    }
    channels = usable
    var values = [Float](repeating: 0, count: usable.count * units.count * length)
    for (u, unit) in units.enumerated() {
      let resampler = TemplateResampler(
        from: unit.template.samplingRate, to: rate, origin: Double(unit.template.origin),
        length: length, count: unit.template.channels.first { !$0.isEmpty }?.count ?? 0)
      for (c, channel) in usable.enumerated() {
        resampler.apply(
          unit.template.channels[channel], to: &values, at: (c * units.count + u) * length)
      }
    }
    self.values = values
  }
}

/// Brings a short potential to another rate by a windowed sinc that also limits the band.
struct TemplateResampler {
  private let first: [Int]
  private let weights: [[Float]]

  /// Places sample `length / 2` of the result at `origin` of the source.
  init(from source: Double, to rate: Double, origin: Double, length: Int, count: Int) {
    let step = source / rate
    // The cut-off lies below half of the lower rate; 8 zero crossings on either side.
    let cutoff = min(1, rate / source) * 0.95
    let reach = Int((8 / cutoff).rounded(.up))
    var first: [Int] = []
    var weights: [[Float]] = []
    for index in 0..<length {
      let position = origin + Double(index - length / 2) * step
      let low = max(0, Int(position.rounded(.down)) - reach + 1)
      let high = min(count - 1, Int(position.rounded(.down)) + reach)
      first.append(low)
      weights.append(
        low <= high
          ? (low...high).map { sample in
            let x = Double(sample) - position
            let window = 0.5 + 0.5 * Double.cos(Double.pi * x / Double(reach + 1))
            let u = Double.pi * cutoff * x
            return Float(cutoff * window * (abs(u) < 1e-9 ? 1 : Double.sin(u) / u))
          } : [])
    }
    self.first = first
    self.weights = weights
  }

  func apply(_ source: [Float], to values: inout [Float], at start: Int) {
    for index in first.indices {
      var sum: Float = 0
      for (tap, weight) in weights[index].enumerated() where first[index] + tap < source.count {
        sum += weight * source[first[index] + tap]
      }
      values[start + index] = sum
    }
  }
}
