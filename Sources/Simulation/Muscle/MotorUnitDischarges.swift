import Foundation
import Signal

/// Simulates when each unit of a muscle discharges while its force follows a target.
///
/// Returns the discharge times in seconds per unit, ascending, in the order of the muscle's units.
/// Each unit integrates its rate up to a random threshold of mean 1 (time rescaling), so times fall
/// anywhere between samples and follow ramps, derecruitment and the shared fluctuation of the drive.
/// `force` holds the target: excitation is chosen so that the steady force equals it. Every unit
/// draws from its own stream: the same seed gives the same trains for any number of threads.
public func simulateDischarges(
  of muscle: SimulatedMuscle, drive: DriveProfile, duration: Double, force: MuscleForce,
  seed: UInt64
) -> [[Double]] {
  let step = 0.001
  let count = max(1, Int((duration / step).rounded(.up)))
  let excitation = commonExcitation(
    drive: drive, duration: duration, force: force, pool: muscle.poolConfiguration, step: step,
    count: count, seed: seed)
  return muscle.units.map { unit in
    var random = SeededGenerator(seed: seed, stream: 10_000 + UInt64(unit.id))
    return discharges(
      of: unit.neuron, excitation: excitation, step: step, duration: duration,
      pool: muscle.poolConfiguration, using: &random)
  }
}

/// The excitation over time: the target through the inverse force curve, with common noise.
private func commonExcitation(
  drive: DriveProfile, duration: Double, force: MuscleForce, pool: MotorNeuronPoolConfiguration,
  step: Double, count: Int, seed: UInt64
) -> [Double] {
  let fluctuation = commonFluctuation(pool, step: step, count: count, seed: seed)
  var lastForce = -1.0
  var lastExcitation = 0.0
  return (0..<count).map { index in
    let target = drive.level(at: Double(index) * step, duration: duration)
    if target != lastForce {
      lastForce = target
      lastExcitation = force.excitation(forForce: target)
    }
    return max(0, lastExcitation * fluctuation[index])
  }
}

/// The factor around 1 by which the drive that all units share fluctuates, once per step.
func commonFluctuation(
  _ pool: MotorNeuronPoolConfiguration, step: Double, count: Int, seed: UInt64
) -> [Double] {
  var random = SeededGenerator(seed: seed, stream: 2)
  // Two equal first-order low-passes; their output is scaled to unit variance:
  // sum over n of ((n + 1) a^n (1 - a)^2)^2 = (1 - a)(1 + a^2) / (1 + a)^3.
  let pole = exp(-2 * Double.pi * pool.commonDriveCutoffHertz * step)
  let variance = (1 - pole) * (1 + pole * pole) / pow(1 + pole, 3)
  let scale = pool.commonDriveVariation / variance.squareRoot()
  var first = 0.0
  var second = 0.0
  func advance() {
    first = pole * first + (1 - pole) * random.normal()
    second = pole * second + (1 - pole) * first
  }
  // Warm-up, so that the fluctuation is stationary from the first sample on.
  for _ in 0..<Int(2 / (pool.commonDriveCutoffHertz * step)) { advance() }
  return (0..<count).map { _ in
    advance()
    return 1 + scale * second
  }
}

/// Discharge times in seconds of one neuron under an excitation given once per step.
func discharges(
  of neuron: MotorNeuron, excitation: [Double], step: Double, duration: Double,
  pool: MotorNeuronPoolConfiguration, using random: inout SeededGenerator
) -> [Double] {
  var times: [Double] = []
  var isActive = false
  var progress = 0.0
  var goal = 1.0
  let release = neuron.recruitmentThreshold * (1 - pool.hysteresis)
  for index in excitation.indices {
    let level = excitation[index]
    if isActive {
      isActive = level >= release
    } else if level >= neuron.recruitmentThreshold {
      isActive = true
      // The first discharge follows recruitment after a random share of an interval.
      progress = random.uniform()
      goal = 1
    }
    guard isActive else { continue }
    let rate = max(neuron.minimumRate * 0.9, neuron.rate(at: level))
    let gained = rate * step
    if progress + gained < goal {
      progress += gained
      continue
    }
    let time = (Double(index) + (goal - progress) / gained) * step
    guard time < duration else { break }
    times.append(time)
    progress = progress + gained - goal
    goal = interval(neuron.intervalVariation, pool.intervalDistribution, using: &random)
    // No interval below 12 ms apart from doublets: the refractory limit of voluntary discharges.
    goal = max(goal, 0.012 * rate)
    if pool.doubletProbability > 0 && random.uniform() < pool.doubletProbability {
      let second = time + random.uniform(0.004, 0.012)
      if second < duration && goal > 0.03 * rate { times.append(second) }
    }
  }
  return times
}

private func interval(
  _ variation: Double, _ distribution: MotorNeuronPoolConfiguration.IntervalDistribution,
  using random: inout SeededGenerator
) -> Double {
  guard variation > 0 else { return 1 }
  switch distribution {
  case .gaussian:
    return max(0.4, 1 + variation * random.normal())
  case .gamma:
    let shape = 1 / (variation * variation)
    return random.gamma(shape: shape) / shape
  }
}
