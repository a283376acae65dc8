import Foundation
import Signal

/// What spoils recordings: artefacts of one kind, put into clean channels.
public struct Dirt: Sendable {
  /// The kinds of artefacts.
  public enum Kind: String, Sendable, CaseIterable {
    /// Two samples of one sign on all channels alike.
    case commonPulse = "pulse, all channels"
    /// Two samples of one sign on one channel, another one each time.
    case channelPulse = "pulse, one channel"
    /// A jump that decays within 5 ms, on one channel.
    case pop = "pop, one channel"
    /// A jump that decays within 5 ms, on all channels with other heights.
    case commonPop = "pop, all channels"
    /// A biphasic pulse of 1 ms with a tail of 3 ms, in a regular train, other heights by channel.
    case stimulation = "stimulation"
    /// Half a second of slow swings (2 to 12 Hz) on one channel.
    case movement = "movement, one channel"
    /// The same on all channels with other heights.
    case commonMovement = "movement, all channels"
    /// 50 ms without samples (zeros) on all channels.
    case lost = "lost packets"
    /// Values cut off at a limit: the rate is the share of samples, over all channels.
    case clipping

    /// Whether an amplitude says anything.
    public var hasAmplitude: Bool { self != .lost && self != .clipping }
  }

  /// The kind.
  public var kind: Kind
  /// Artefacts a second; of clipping the share of the samples.
  public var rate: Double
  /// Height in microvolts.
  public var amplitude: Double

  /// Artefacts of a kind.
  public init(_ kind: Kind, rate: Double, amplitude: Double = 0) {
    self.kind = kind
    self.rate = rate
    self.amplitude = amplitude
  }

  /// Spoils channels x samples in microvolts; the same seed spoils alike.
  public func spoil(_ channels: inout [[Float]], samplingRate: Double, seed: UInt64) {
    if kind == .clipping { return clip(&channels) }
    var random = SeededGenerator(seed: seed, stream: 9_041)
    let count = channels[0].count
    let artefacts = Int((rate * Double(count) / samplingRate).rounded())
    for artefact in 0..<artefacts {
      let margin = Int(0.1 * samplingRate)
      let start =
        kind == .stimulation
        ? margin + artefact * (count - 2 * margin) / max(1, artefacts)
        : margin + random.index(below: max(1, count - 2 * margin))
      let one = random.index(below: channels.count)
      let shape = shape(samplingRate: samplingRate, random: &random)
      let sign: Float = random.uniform() < 0.5 ? -1 : 1
      for channel in channels.indices {
        let height = Float(random.uniform(0.4, 1.6))
        let gain: Float
        switch kind {
        case .commonPulse: gain = sign
        case .channelPulse, .pop, .movement: gain = channel == one ? sign : 0
        case .commonPop, .commonMovement: gain = sign * height
        case .stimulation: gain = height
        case .lost, .clipping: gain = 1
        }
        if gain == 0 { continue }
        for (offset, value) in shape.enumerated() where start + offset < count {
          if kind == .lost {
            channels[channel][start + offset] = 0
          } else {
            channels[channel][start + offset] += gain * value
          }
        }
      }
    }
  }

  private func shape(samplingRate: Double, random: inout SeededGenerator) -> [Float] {
    func samples(_ seconds: Double) -> Int { max(1, Int(seconds * samplingRate)) }
    let height = Float(amplitude)
    switch kind {
    case .commonPulse, .channelPulse: return [height, height]
    case .pop, .commonPop:
      return (0..<samples(0.025)).map { height * Float(exp(-Double($0) / samplingRate / 0.005)) }
    case .stimulation:
      return (0..<samples(0.015)).map { index in
        let time = Double(index) / samplingRate
        if time < 0.000_5 { return height }
        if time < 0.001 { return -height }
        return 0.2 * height * Float(exp(-(time - 0.001) / 0.003))
      }
    case .movement, .commonMovement:
      let length = samples(0.5)
      let waves = (0..<3).map { _ in (random.uniform(2, 12), random.uniform(0, 6.283)) }
      return (0..<length).map { index in
        let time = Double(index) / samplingRate
        let window = 0.5 - 0.5 * cos(2 * Double.pi * Double(index) / Double(length))
        let swing = waves.reduce(0) { $0 + sin(2 * Double.pi * $1.0 * time + $1.1) } / 1.5
        return height * Float(window * swing)
      }
    case .lost: return [Float](repeating: 0, count: samples(0.05))
    case .clipping: return []
    }
  }

  private func clip(_ channels: inout [[Float]]) {
    // One limit for all channels, as an amplifier has it.
    var all: [Float] = []
    for channel in channels {
      for index in stride(from: 0, to: channel.count, by: 7) { all.append(abs(channel[index])) }
    }
    all.sort()
    let limit = all[min(all.count - 1, Int(Double(all.count) * (1 - rate)))]
    for channel in channels.indices {
      for index in channels[channel].indices {
        channels[channel][index] = min(limit, max(-limit, channels[channel][index]))
      }
    }
  }
}
