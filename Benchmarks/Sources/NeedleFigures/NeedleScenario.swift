import Foundation
import Signal
import Simulation

/// A kind of simulated needle recording that the decomposer is judged on.
public enum NeedleScenario: String, CaseIterable, Sendable {
  /// Healthy muscle, 5 to 10 units.
  case normal
  /// Reinnervated muscle, 5 to 10 units.
  case neuropathic
  /// Reinnervated muscle whose jitter is 1.6 times that of the neuropathic one, 5 to 10 units.
  case unstable
  /// Muscle that has lost fibres, 5 to 8 units.
  case myopathic
  /// Healthy muscle, 6 units, distant units and noise twice as large.
  case doubled
  /// Distant units only, of which the nearest ones stand out of the noise.
  case background
  /// A great many distant units, of which none stands out of the others.
  case crowd
  /// Healthy muscle with two pairs of small units of almost the same potential.
  case lookalike
  /// 36 s in which amplitudes grow by 60 % and the needle moves by 0.15 mm, with doublets.
  case drift
  /// Healthy muscle, 5 to 10 units, under mains hum of 200 uV at 49.95 Hz.
  case hum
  /// Healthy muscle, 5 to 8 units, at 2 kHz.
  case rate2kHz = "2khz"
  /// Healthy muscle, 5 to 8 units, at 4 kHz.
  case rate4kHz = "4khz"
  /// Healthy muscle, 5 to 8 units, at 25 kHz.
  case rate25kHz = "25khz"
  /// Healthy muscle, 5 to 8 units, at 100 kHz.
  case rate100kHz = "100khz"
  /// Reinnervated muscle at 25 kHz, 5 to 10 units.
  case neuropathic25kHz = "neuropathic-25khz"
  /// Two fine wires, 8 units.
  case channels2 = "2-channels"
  /// Three fine wires, 8 units.
  case channels3 = "3-channels"
  /// Four fine wires, 8 units.
  case channels4 = "4-channels"

  /// The settings of one recording.
  public func configuration(seed: UInt64) -> NeedleSimulationConfiguration {
    func make(_ kind: NeedleSimulationConfiguration.Kind, _ units: ClosedRange<Int>)
      -> NeedleSimulationConfiguration
    {
      let count = units.lowerBound + Int(seed % UInt64(units.count))
      return NeedleSimulationConfiguration(kind, unitCount: count, seed: seed)
    }
    var result: NeedleSimulationConfiguration
    switch self {
    case .normal: result = make(.normal, 5...10)
    case .neuropathic, .neuropathic25kHz: result = make(.neuropathic, 5...10)
    case .unstable:
      result = make(.neuropathic, 5...10)
      result.jitterGain = 1.6
    case .myopathic: result = make(.myopathic, 5...8)
    case .doubled:
      result = make(.normal, 6...6)
      result.backgroundGain = 2
      result.noiseMicrovolts *= 2
    case .background:
      result = make([.normal, .neuropathic, .myopathic][Int(seed % 3)], 0...0)
    case .crowd:
      result = make([.normal, .neuropathic, .myopathic][Int(seed % 3)], 0...0)
      result.backgroundUnitCount = 600
      result.backgroundClearance = 4
      result.backgroundGain = 4
    case .lookalike:
      result = make(.normal, 6...6)
      result.lookAlikePairs = 2
    case .drift:
      result = make(.normal, 4...4)
      result.duration = 36
      result.amplitudeDrift = 0.6
      result.movementMillimetres = 0.15
      result.doubletProbability = 0.03
    case .hum:
      result = make(.normal, 5...10)
      result.lineAmplitudeMicrovolts = 200
      result.lineFrequencyHertz = 49.95
    case .rate2kHz, .rate4kHz, .rate25kHz, .rate100kHz: result = make(.normal, 5...8)
    case .channels2, .channels3, .channels4:
      result = make(.normal, 8...8)
      result.electrode = .fineWire
    }
    switch self {
    case .rate2kHz: result.samplingRate = 2_000
    case .rate4kHz: result.samplingRate = 4_000
    case .rate25kHz, .neuropathic25kHz: result.samplingRate = 25_000
    case .rate100kHz: result.samplingRate = 100_000
    case .channels2: result.channels = 2
    case .channels3: result.channels = 3
    case .channels4: result.channels = 4
    default: break
    }
    return result
  }
}

/// A simulated recording and how far each of its units stands out from the background.
public struct NeedleCase: Sendable {
  /// The recording with its truth.
  public let recording: SimulatedNeedleRecording
  /// Peak-to-peak amplitude over the rms of the background, both above 400 Hz (300 Hz up to
  /// 4 kHz), on the channel where it is largest.
  public let prominence: [Double]
  /// The same for distant units, from their averaged potentials, which noise makes a little larger.
  public let distantProminence: [Double]

  /// Simulates one recording.
  public init(_ scenario: NeedleScenario, seed: UInt64) throws {
    let recording = try simulateNeedle(scenario.configuration(seed: seed), threads: 1)
    let edge = recording.samplingRate <= 4_000 ? 300.0 : 400.0
    let filter = ZeroPhaseFilter(
      samplingRate: recording.samplingRate, lowEdge: edge, highEdge: recording.samplingRate)
    let background = filter.apply(recording.background)
    let levels = background.map { channel in
      (channel.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(max(1, channel.count)))
        .squareRoot()
    }
    let margin = [Float](repeating: 0, count: Int(0.02 * recording.samplingRate))
    prominence = recording.units.map { unit in
      let filtered = filter.apply(unit.template.map { margin + $0 + margin })
      return zip(filtered, levels).map { channel, level in
        Double((channel.max() ?? 0) - (channel.min() ?? 0)) / max(1e-9, level)
      }.max() ?? 0
    }
    let reach = Int(0.01 * recording.samplingRate)
    distantProminence = recording.distantSpikeTimes.map { times in
      zip(background, levels).map { channel, level in
        let sums = Self.average(channel, at: times.map { Int($0.rounded()) }, reach: reach)
        return Double((sums.max() ?? 0) - (sums.min() ?? 0)) / max(1e-9, level)
      }.max() ?? 0
    }
    self.recording = recording
  }

  /// The mean of windows from half of `reach` before to `reach` samples after each time.
  private static func average(_ signal: [Float], at times: [Int], reach: Int) -> [Float] {
    let inside = times.filter { $0 >= reach && $0 + reach < signal.count }
    var sum = [Float](repeating: 0, count: reach + reach / 2)
    for time in inside {
      for index in sum.indices { sum[index] += signal[time - reach / 2 + index] }
    }
    return sum.map { $0 / Float(max(1, inside.count)) }
  }
}
