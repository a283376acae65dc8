import RealModule
import Signal

/// Band-pass and notches as a signal arrives, without looking ahead.
///
/// The magnitude at the band edges is that of the zero-phase conditioning of whole recordings: a
/// second-order Butterworth high-pass and low-pass, each passed twice in cascade (bilinear
/// transform with the edges kept; Oppenheim and Schafer 2010, section 7.2). The phase is not zero,
/// so filters and potentials for causal use are made from signals that went through it.
struct CausalConditioning: Sendable {
  /// One second-order section, transposed direct form II.
  struct Section: Sendable {
    var b0, b1, b2, a1, a2: Float
  }

  let channelCount: Int
  private let sections: [Section]
  /// `[section][2][channel]`.
  private var state: [Float]
  private var reduction: StreamingRateConversion
  /// Samples taken so far.
  private(set) var taken = 0

  /// How the rate is reduced.
  var conversion: RateConversion { reduction.conversion }
  /// Samples of the recording after which an output that stands at one of them is there.
  var delay: Int { conversion.halfLength }

  init(configuration: ArrayConfiguration, samplingRate: Double, notches: [Double], channels: Int) {
    let band = configuration.band(samplingRate: samplingRate)
    reduction = StreamingRateConversion(
      configuration.rateConversion(samplingRate: samplingRate), channelCount: channels)
    channelCount = channels
    var sections: [Section] = []
    if band.low > 0 {
      let section = Self.section(highPass: true, edge: band.low, rate: samplingRate)
      sections += [section, section]
    }
    if band.high < 0.499 * samplingRate {
      let section = Self.section(highPass: false, edge: band.high, rate: samplingRate)
      sections += [section, section]
    }
    sections += notches.filter { $0 < 0.49 * samplingRate }.map {
      Self.notch($0, rate: samplingRate)
    }
    self.sections = sections
    state = [Float](repeating: 0, count: sections.count * 2 * channels)
  }

  private static func section(highPass: Bool, edge: Double, rate: Double) -> Section {
    let warped = Double.tan(.pi * edge / rate)
    let norm = 1 / (1 + 2.0.squareRoot() * warped + warped * warped)
    let gain = highPass ? norm : warped * warped * norm
    return Section(
      b0: Float(gain), b1: Float(highPass ? -2 * gain : 2 * gain), b2: Float(gain),
      a1: Float(2 * (warped * warped - 1) * norm),
      a2: Float((1 - 2.0.squareRoot() * warped + warped * warped) * norm))
  }

  private static func notch(_ frequency: Double, rate: Double) -> Section {
    let width = Double.tan(.pi / rate)
    let turn = -2 * Double.cos(2 * .pi * frequency / rate) / (1 + width)
    let gain = 1 / (1 + width)
    return Section(
      b0: Float(gain), b1: Float(turn), b2: Float(gain), a1: Float(turn),
      a2: Float((1 - width) / (1 + width)))
  }

  /// Conditions a block, `[sample][channel]`, and returns what is left after rate reduction.
  mutating func condition(_ block: [Float]) -> [Float] {
    let m = channelCount
    precondition(m > 0 && block.count % m == 0, "a block holds whole samples")
    var values = block
    let samples = block.count / m
    values.withUnsafeMutableBufferPointer { buffer in
      state.withUnsafeMutableBufferPointer { memory in
        guard let x = buffer.baseAddress, let states = memory.baseAddress else { return }
        for (index, section) in sections.enumerated() {
          let first = states + index * 2 * m
          let second = first + m
          for sample in 0..<samples {
            let row = x + sample * m
            for channel in 0..<m {
              let input = row[channel]
              let output = section.b0 * input + first[channel]
              first[channel] = section.b1 * input - section.a1 * output + second[channel]
              second[channel] = section.b2 * input - section.a2 * output
              row[channel] = output
            }
          }
        }
      }
    }
    // A signal that has faded to nothing must not leave denormal numbers, which are slow.
    for index in state.indices where abs(state[index]) < 1e-20 { state[index] = 0 }
    taken += samples
    return reduction.convert(values)
  }
}
