import Foundation
import Signal
import UnitNumber

/// One simulated scan with what the networks shall learn from it.
struct TrainingScan: Sendable {
  var scan: CMAPScan
  var pool: SimulatedPool
  /// Mean relative spread of the pool (fraction).
  var meanSpread: Double

  /// Draws a pool, a stimulation protocol, drift and noise.
  init(_ random: inout SeededGenerator) {
    let pool = TrainingPool.draw(&random)
    var stimuli = Self.drawStimuli(pool, &random)
    let pre = random.index(below: 70) + 10
    let post = random.index(below: 22) + 8
    let (high, low) = (stimuli[0], stimuli[stimuli.count - 1])
    let steady = random.chance(0.6)
    let head = (0..<pre).map { index in
      steady ? high * 1.05 : high * (1 + 0.05 * (1 - Double(index) / Double(pre) * 0.98))
    }
    let tail = (0..<post).map { low * (1 - 0.03 * Double($0) / Double(post)) }
    stimuli = head + stimuli + tail
    let count = stimuli.count
    var thresholdFactor = [Double](repeating: 1, count: count)
    Self.addDrift(&thresholdFactor, linear: random.chance(0.5) ? 0.02 : 0, walk: 0.01, &random)
    let variation = random.chance(0.5) ? random.uniform(0, 0.035) : 0
    var responses = pool.responses(
      stimuli: stimuli, thresholdFactor: thresholdFactor, amplitudeVariation: variation,
      generator: &random)
    var gain = [Double](repeating: 1, count: count)
    Self.addDrift(&gain, linear: random.chance(0.55) ? 0.03 : 0, walk: 0.03, &random)
    let proportional = random.chance(0.6) ? random.logUniform(2e-4, 6e-3) : 0
    let additive =
      random.chance(0.73) ? random.logUniform(0.008, 1.2) : random.logUniform(0.008, 2)
    for index in responses.indices {
      responses[index] =
        responses[index] * gain[index] * (1 + proportional * random.normal())
        + additive * random.normal()
    }
    let size = pool.amplitudes.reduce(0, +)
    if random.chance(0.08) {
      let share = random.uniform(0, 0.008)
      for index in responses.indices where random.chance(share) {
        responses[index] += 0.03 * size * random.normal()
      }
    }
    if random.chance(0.25) {
      let quantum = size * random.logUniform(1e-4, 5e-4)
      responses = responses.map { ($0 / quantum).rounded() * quantum }
    }
    scan = CMAPScan(
      name: "simulated", stimulusMilliamps: stimuli, responseMillivolts: responses,
      preScanCount: pre, postScanCount: post)
    self.pool = pool
    meanSpread = pool.relativeSpreads.reduce(0, +) / Double(pool.count)
  }

  /// Falling stimuli over the range of all thresholds, in linear or geometric steps.
  private static func drawStimuli(
    _ pool: SimulatedPool, _ random: inout SeededGenerator
  ) -> [Double] {
    var high = 0.0
    var low = Double.infinity
    for unit in 0..<pool.count {
      let width = 3 * pool.relativeSpreads[unit] * pool.thresholds[unit]
      high = max(high, pool.thresholds[unit] + width)
      low = min(low, pool.thresholds[unit] - width)
    }
    high *= 1.02
    low *= 0.98
    var stimuli: [Double]
    if random.chance(0.6) {
      let count = 300 + random.index(below: 350)
      stimuli = (0..<count).map { high + (low - high) * Double($0) / Double(count - 1) }
    } else {
      let step = random.logUniform(0.0012, 0.004)
      let count = min(max(Int(log(high / low) / step) + 1, 200), 900)
      stimuli = (0..<count).map { high * exp(log(low / high) * Double($0) / Double(count - 1)) }
    }
    if random.chance(0.3) {
      let step = log(high / low) / Double(stimuli.count)
      stimuli = stimuli.map { $0 * exp(0.15 * step * random.normal()) }
    }
    return stimuli
  }

  /// A linear drift with normal end point and, in 30 % of the scans, a random walk.
  private static func addDrift(
    _ values: inout [Double], linear: Double, walk: Double, _ random: inout SeededGenerator
  ) {
    let count = values.count
    let end = linear * random.normal()
    let amount = random.chance(0.3) ? random.uniform(0, walk) : 0
    var position = 0.0
    for index in values.indices {
      position += random.normal() / Double(count).squareRoot()
      values[index] *= (1 + end * Double(index) / Double(count - 1)) * (1 + amount * position)
    }
  }

  /// The targets in the order of the network outputs; the deviation has none (NaN).
  var targets: [Float] {
    let half = pool.n50
    let count = Double(pool.count)
    let total = pool.amplitudes.reduce(0, +)
    let largest = (pool.amplitudes.max() ?? 0) / total * count
    return [
      Float(log(count)), .nan, Float(log(half.count)), Float(log(half.sizeFraction * count)),
      Float(log(largest)), Float(log(meanSpread)), pool.sizeOrder.map { Float($0) } ?? .nan,
    ]
  }
}
