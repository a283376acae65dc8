import Foundation
import Signal

@testable import Decomposition

/// Synthetic needle signals for tests, sampled at 10 kHz, in microvolts.
enum NeedleTestSignals {
  static let rate = 10_000.0

  /// A triphasic potential of a given width in ms, peak and second component, at `time` seconds.
  static func potential(_ shape: Int, time: Double) -> Double {
    let widths = [0.35, 0.25, 0.5, 0.3]
    let ratios = [0.9, -0.7, 0.4, -1.1]
    let delays = [0.9, 0.7, 1.3, 1.0]
    func wave(_ t: Double, _ width: Double) -> Double {
      let z = t * 1_000 / width
      return (1 - z * z) * exp(-0.5 * z * z)
    }
    let k = shape % 4
    let second = ratios[k] * wave(time - delays[k] / 1_000, widths[k] * 1.3)
    return wave(time, widths[k]) + second
  }

  /// Adds potentials of one shape at times in seconds.
  static func add(
    _ shape: Int, amplitude: Double, at times: [Double], to samples: inout [Float]
  ) {
    for time in times {
      let low = max(0, Int((time - 0.006) * rate))
      let high = min(samples.count - 1, Int((time + 0.008) * rate))
      if low > high { continue }
      for index in low...high {
        samples[index] += Float(amplitude * potential(shape, time: Double(index) / rate - time))
      }
    }
  }

  /// White noise of a given rms.
  static func noise(_ rms: Double, count: Int, seed: UInt64) -> [Float] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in Float(rms * generator.normal()) }
  }

  /// A regular train over a duration.
  static func train(mean: Double, variation: Double, duration: Double, seed: UInt64) -> [Double] {
    var generator = SeededGenerator(seed: seed, stream: 7)
    var time = 0.02 + generator.uniform() * mean
    var times: [Double] = []
    while time < duration - 0.02 {
      times.append(time)
      time += mean * max(0.5, 1 + variation * generator.normal())
    }
    return times
  }

  /// Three units in noise with their trains in seconds.
  static func record(duration: Double, seed: UInt64) -> (samples: [Float], trains: [[Double]]) {
    var samples = noise(5, count: Int(duration * rate), seed: seed)
    var trains: [[Double]] = []
    for unit in 0..<3 {
      let times = train(
        mean: 0.08 + 0.013 * Double(unit), variation: 0.12, duration: duration,
        seed: seed * 10 + UInt64(unit))
      add(unit, amplitude: [300, 180, 120][unit], at: times, to: &samples)
      trains.append(times)
    }
    return (samples, trains)
  }

  /// The rate of agreement of two trains in seconds at their best constant offset, within 0.5 ms.
  static func agreement(_ truth: [Double], _ found: [Double]) -> Double {
    var best = 0
    for step in -80...80 {
      let offset = Double(step) * 1e-4
      var i = 0
      var j = 0
      var common = 0
      while i < truth.count && j < found.count {
        let distance = found[j] - offset - truth[i]
        if abs(distance) <= 0.000_5 {
          common += 1
          i += 1
          j += 1
        } else if distance < 0 {
          j += 1
        } else {
          i += 1
        }
      }
      best = max(best, common)
    }
    return Double(best) / Double(max(1, truth.count + found.count - best))
  }

  /// Three units of a record of 6 s with their true trains.
  static func trueModel() -> NeedleModel {
    let configuration = NeedleConfiguration()
    let (samples, trains) = record(duration: 6, seed: 3)
    let signal = ConditionedSignal([samples], samplingRate: rate, configuration: configuration) {
      ConditionedSignal.bandGain($0, highPass: 400, lowPass: 4_600, samplingRate: rate)
    }
    var model = NeedleModel(signal: signal, configuration: configuration)
    model.units = trains.map { train in
      WorkingUnit(
        template: [Float](repeating: 0, count: model.length),
        firings: train.map { Int(($0 * signal.rate).rounded()) })
    }
    model.updateTemplates(rounds: 3)
    return model
  }
}
