import Foundation
import Signal
import UnitNumber

/// One simulated scan with what the networks shall learn from it.
struct TrainingScan: Sendable {
  var scan: CMAPScan
  var pool: SimulatedPool
  /// Mean relative spread of the pool (fraction).
  var meanSpread: Double
  private let session: Session

  /// What a second scan of the same pool has in common with the first.
  private struct Session: Sendable {
    var pre: Int
    var post: Int
    var variation: Double
    var proportional: Double
    var additive: Double
    var artefactShare = 0.0
    var quantum = 0.0
    var gain = Fluctuation()
    var threshold = Fluctuation()
    var outliers = NoiseOutliers()
  }

  /// Draws a pool, a stimulation protocol, drift and noise.
  init(_ random: inout SeededGenerator, mixture: TrainingPool.Mixture = .all) {
    let pool = TrainingPool.draw(&random, mixture: mixture)
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
    var thresholdFactor = [Double](repeating: 1, count: stimuli.count)
    Self.addDrift(&thresholdFactor, linear: random.chance(0.5) ? 0.02 : 0, walk: 0.01, &random)
    let fluctuating = mixture == .fluctuating
    let threshold = fluctuating ? Fluctuation.draw(share: 0.2, &random) : Fluctuation()
    threshold.apply(to: &thresholdFactor, &random)
    let variation = random.chance(0.5) ? random.uniform(0, 0.035) : 0
    var responses = pool.responses(
      stimuli: stimuli, thresholdFactor: thresholdFactor, amplitudeVariation: variation,
      generator: &random)
    var gain = [Double](repeating: 1, count: stimuli.count)
    Self.addDrift(&gain, linear: random.chance(0.55) ? 0.03 : 0, walk: 0.03, &random)
    let gainChange = fluctuating ? Fluctuation.draw(share: 0.4, &random) : Fluctuation()
    gainChange.apply(to: &gain, &random)
    let proportional = random.chance(0.6) ? random.logUniform(2e-4, 6e-3) : 0
    let additive =
      random.chance(0.73) ? random.logUniform(0.008, 1.2) : random.logUniform(0.008, 2)
    var session = Session(
      pre: pre, post: post, variation: variation, proportional: proportional, additive: additive)
    session.gain = gainChange
    session.threshold = threshold
    if mixture == .outliers { session.outliers = NoiseOutliers.draw(&random) }
    Self.addNoise(&responses, gain: gain, session, &random)
    let size = pool.amplitudes.reduce(0, +)
    if mixture != .plausible, random.chance(0.08) {
      session.artefactShare = random.uniform(0, 0.008)
      Self.addArtefacts(&responses, size: size, session, &random)
    }
    if random.chance(0.25) {
      session.quantum = size * random.logUniform(1e-4, 5e-4)
      Self.quantise(&responses, session)
    }
    self.session = session
    scan = CMAPScan(
      name: "simulated", stimulusMilliamps: stimuli, responseMillivolts: responses,
      preScanCount: pre, postScanCount: post)
    self.pool = pool
    meanSpread = pool.relativeSpreads.reduce(0, +) / Double(pool.count)
  }

  /// A second scan of the same pool by the same protocol: other chance, drift and noise.
  func repeated(_ random: inout SeededGenerator) -> CMAPScan {
    let session = session
    let stimuli = scan.stimulusMilliamps
    var thresholdFactor = [Double](repeating: 1, count: stimuli.count)
    Self.addDrift(&thresholdFactor, linear: random.chance(0.5) ? 0.02 : 0, walk: 0.01, &random)
    session.threshold.apply(to: &thresholdFactor, &random)
    var responses = pool.responses(
      stimuli: stimuli, thresholdFactor: thresholdFactor, amplitudeVariation: session.variation,
      generator: &random)
    var gain = [Double](repeating: 1, count: stimuli.count)
    Self.addDrift(&gain, linear: random.chance(0.55) ? 0.03 : 0, walk: 0.03, &random)
    session.gain.apply(to: &gain, &random)
    Self.addNoise(&responses, gain: gain, session, &random)
    Self.addArtefacts(&responses, size: pool.amplitudes.reduce(0, +), session, &random)
    Self.quantise(&responses, session)
    return CMAPScan(
      name: "simulated", stimulusMilliamps: stimuli, responseMillivolts: responses,
      preScanCount: session.pre, postScanCount: session.post)
  }

  private static func addNoise(
    _ responses: inout [Double], gain: [Double], _ session: Session,
    _ random: inout SeededGenerator
  ) {
    for index in responses.indices {
      responses[index] =
        responses[index] * gain[index] * (1 + session.proportional * random.normal())
        + session.additive * random.normal()
    }
    session.outliers.add(to: &responses, deviation: session.additive, &random)
  }

  private static func addArtefacts(
    _ responses: inout [Double], size: Double, _ session: Session,
    _ random: inout SeededGenerator
  ) {
    guard session.artefactShare > 0 else { return }
    for index in responses.indices where random.chance(session.artefactShare) {
      responses[index] += 0.03 * size * random.normal()
    }
  }

  private static func quantise(_ responses: inout [Double], _ session: Session) {
    guard session.quantum > 0 else { return }
    responses = responses.map { ($0 / session.quantum).rounded() * session.quantum }
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
