import Signal

/// The inner products of every two templates at every lag, in nats times two.
///
/// Entry (v, u, l) is the sum over channels of <w_v(t), w_u(t - l)>: what a firing of v at time 0
/// adds to the matched output of u at time l.
struct TemplateCorrelations: Sendable {
  /// Units x units x lags.
  let values: [Float]
  /// Units.
  let count: Int
  /// The largest lag in grid samples.
  let reach: Int

  static let empty = TemplateCorrelations(values: [], count: 0, reach: 0)

  /// Lags of a pair, `2 reach + 1`.
  var lags: Int { 2 * reach + 1 }

  subscript(v: Int, u: Int, lag: Int) -> Float {
    abs(lag) > reach ? 0 : values[(v * count + u) * lags + lag + reach]
  }

  /// The lag at which a template of v best predicts the matched output of u, and its value.
  func best(_ v: Int, _ u: Int) -> (lag: Int, value: Float) {
    let start = (v * count + u) * lags
    var best = start
    for index in start..<start + lags where values[index] > values[best] { best = index }
    return (best - start - reach, values[best])
  }

  private init(values: [Float], count: Int, reach: Int) {
    self.values = values
    self.count = count
    self.reach = reach
  }

  /// Correlates templates of channels x (2 half + 1) samples by transforms.
  init(_ templates: [[Float]], channels: Int, half: Int, nat: Float) {
    let length = 2 * half + 1
    let fft = TransformPlans.transform(length: RealFFT.efficientLength(atLeast: 2 * length))
    let spectra = templates.map { TemplateSpectra($0, channels: channels, fft: fft) }
    let reach = 2 * half
    let lags = 2 * reach + 1
    var values = [Float](repeating: 0, count: templates.count * templates.count * lags)
    let scale = 1 / (Float(fft.length) * nat)
    for v in templates.indices {
      for u in templates.indices {
        let product = spectra[u].correlate(spectra[v].channels)
        let output = fft.inverse(product)
        let start = (v * templates.count + u) * lags
        for lag in -reach...reach {
          values[start + lag + reach] = output[lag >= 0 ? lag : lag + fft.length] * scale
        }
      }
    }
    self.values = values
    count = templates.count
    self.reach = reach
  }
}

/// The spectra of one template, channel by channel.
struct TemplateSpectra: Sendable {
  let channels: [Spectrum]

  init(_ template: [Float], channels: Int, fft: RealFFT) {
    let length = template.count / max(1, channels)
    self.channels = (0..<channels).map { channel in
      var block = [Float](repeating: 0, count: fft.length)
      for index in 0..<length { block[index] = template[channel * length + index] }
      return fft.forward(block)
    }
  }

  /// The spectrum of the correlation of a signal with this template, summed over channels.
  func correlate(_ signal: [Spectrum]) -> Spectrum {
    var product = Spectrum(binCount: signal.first?.real.count ?? 0)
    for channel in channels.indices { product.addCorrelation(signal[channel], channels[channel]) }
    return product
  }
}

extension NeedleModel {
  /// The matched output of every unit at every grid sample, units x samples, by overlap-save.
  func matchedOutputs(_ residual: [[Float]]) -> [Float] {
    let count = signal.count
    let fft = TransformPlans.transform(length: RealFFT.efficientLength(atLeast: 4 * length))
    let hop = fft.length - length + 1
    let spectra = units.map {
      TemplateSpectra($0.template, channels: signal.channels.count, fft: fft)
    }
    var outputs = [Float](repeating: 0, count: units.count * count)
    let scale = 1 / (Float(fft.length) * signal.nat)
    var block = [Float](repeating: 0, count: fft.length)
    var start = 0
    while start < count {
      let blocks = residual.map { channel in
        for index in 0..<fft.length {
          let source = start - half + index
          block[index] = source >= 0 && source < count ? channel[source] : 0
        }
        return fft.forward(block)
      }
      let present = min(hop, count - start)
      for unit in units.indices {
        let output = fft.inverse(spectra[unit].correlate(blocks))
        let target = unit * count + start
        for index in 0..<present { outputs[target + index] = output[index] * scale }
      }
      start += hop
    }
    return outputs
  }

  /// The correlations of the present templates.
  func templateCorrelations() -> TemplateCorrelations {
    TemplateCorrelations(
      units.map(\.template), channels: signal.channels.count, half: half, nat: signal.nat)
  }
}
