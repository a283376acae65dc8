import Foundation

/// What is wrong with a needle signal before any analysis, and the samples made safe.
struct NeedleInspection {
  /// Channels with samples that are not numbers replaced by zero.
  var channels: [[Float]]
  var flags: [NeedleFlag] = []
  /// Why decomposition makes no sense.
  var refusal: String?

  private let limits: NeedleConfiguration.Inspection

  init(
    _ raw: [[Float]], samplingRate: Double,
    limits: NeedleConfiguration.Inspection = NeedleConfiguration.Inspection()
  ) {
    self.limits = limits
    channels = raw
    let count = raw.first?.count ?? 0
    let seconds = Double(count) / samplingRate
    if seconds < limits.shortest {
      refusal = String(
        format: "%.2f s of signal: at least %g s are needed to tell a train from chance", seconds,
        limits.shortest)
      return
    }
    if seconds < 5 {
      flags.append(
        NeedleFlag(
          kind: .shortRecording,
          message: String(format: "%.1f s of signal: slow units cannot be validated", seconds)))
    }
    replaceInvalid(count: count)
    if refusal == nil { checkRange(count: count) }
    if samplingRate < 8_000 {
      flags.append(
        NeedleFlag(
          kind: .lowSamplingRate,
          message: "\(Int(samplingRate)) Hz: units of like shape cannot be told apart as at 10 kHz")
      )
    }
  }

  private mutating func replaceInvalid(count: Int) {
    var invalid = 0
    let largest = Float(limits.largest)
    for channel in channels.indices {
      for index in channels[channel].indices where !channels[channel][index].isFinite {
        channels[channel][index] = 0
        invalid += 1
      }
      // One absurd value would swamp every transform in single precision.
      for index in channels[channel].indices where abs(channels[channel][index]) > largest {
        channels[channel][index] = 0
        invalid += 1
      }
    }
    if invalid == 0 { return }
    let share = Double(invalid) / Double(max(1, count * channels.count))
    let text = String(format: "%.2f %% of the samples are not usable numbers", 100 * share)
    if share > limits.invalidShare { refusal = text + "; check the file and its scaling" }
    flags.append(NeedleFlag(kind: .invalidSamples, message: text + " and are not used"))
  }

  private mutating func checkRange(count: Int) {
    var clipped = 0.0
    for channel in channels {
      guard let low = channel.min(), let high = channel.max(), high > low else { continue }
      let span = high - low
      let atLimit = channel.reduce(0) {
        $0 + (($1 - low) < 1e-5 * span || (high - $1) < 1e-5 * span ? 1 : 0)
      }
      clipped = max(clipped, Double(atLimit) / Double(count))
    }
    if channels.allSatisfy({ ($0.max() ?? 0) - ($0.min() ?? 0) < 1e-6 }) {
      refusal = "the signal is constant: no electrode, or a muted channel"
      return
    }
    if clipped > limits.clippedShare {
      let text = String(format: "%.1f %% of the samples are at the input limits", 100 * clipped)
      flags.append(NeedleFlag(kind: .saturation, message: text + "; lower the gain"))
      if clipped > limits.saturatedShare {
        refusal = text + ": a saturated signal cannot be decomposed"
      }
    }
  }
}
