import Foundation

/// Simulates a recording with an electrode array: a muscle drawn from the settings, then recorded.
///
/// ```swift
/// var configuration = ArraySimulationConfiguration()
/// configuration.seed = 3
/// let simulated = try simulateArray(configuration)
/// print(simulated.signals.count, simulated.activeUnits.count)
/// ```
/// - Parameters:
///   - configuration: electrodes, muscle, contraction, noise and seed.
///   - threads: threads to use; the result does not depend on it.
///   - progress: told the share that is done, 0 to 1; what it throws ends the simulation.
/// - Throws: `SimulationError` for settings out of range; what `progress` throws.
public func simulateArray(
  _ configuration: ArraySimulationConfiguration,
  threads: Int = ProcessInfo.processInfo.activeProcessorCount,
  progress: SimulationProgress = { _ in }
) throws -> SimulatedRecording {
  let muscle = try SimulatedMuscle(
    pool: configuration.pool, muscle: configuration.muscle,
    seed: configuration.muscleSeed ?? configuration.seed)
  return try simulateArray(configuration, muscle: muscle, threads: threads, progress: progress)
}

/// Simulates a session of a given muscle, which may have lost units since it was drawn.
///
/// The settings of pool and anatomy inside `configuration` are ignored in favour of the muscle's.
/// Each potential is computed on a fine time grid, low-passed below half the sampling rate and
/// placed at the sub-sample time of each discharge.
/// `progress` is told the share that is done, 0 to 1; what it throws ends the simulation.
///
/// - Throws: `SimulationError` for settings out of range; what `progress` throws.
public func simulateArray(
  _ configuration: ArraySimulationConfiguration, muscle: SimulatedMuscle,
  threads: Int = ProcessInfo.processInfo.activeProcessorCount,
  progress: SimulationProgress = { _ in }
) throws -> SimulatedRecording {
  try configuration.validate()
  let seed = configuration.seed
  let rate = configuration.samplingRate
  let count = Int((configuration.duration * rate).rounded())
  let force = MuscleForce(muscle)
  let trains = simulateDischarges(
    of: muscle, drive: configuration.drive, duration: configuration.duration, force: force,
    seed: seed)
  let renderer = ArrayRenderer(configuration: configuration, threads: threads, count: count)
  try progress(0)
  var rendered = try renderer.render(muscle: muscle, trains: trains) { try progress(0.9 * $0) }
  let target = (0..<count).map {
    Float(
      100 * configuration.drive.level(at: Double($0) / rate, duration: configuration.duration))
  }
  let power = ArrayRenderer.meanPower(rendered.signals, where: target)
  if let level = configuration.crosstalkDecibels, power > 0 {
    try renderer.addCrosstalk(
      to: &rendered.signals, like: muscle, power: power * pow(10, level / 10), target: target,
      progress: { _ in try progress(0.9) })
  }
  let sigma = configuration.noise.amplitude(signalPower: power)
  let clean = rendered.signals
  let noise = configuration.noise
  let signals = try concurrentMap(
    clean.count, threads: threads, progress: { try progress(0.9 + 0.1 * $0) }
  ) { channel in
    var signal = clean[channel]
    noise.add(to: &signal, channel: channel, sigma: sigma, samplingRate: rate, seed: seed)
    return signal
  }
  let units = muscle.units.indices.map { index in
    let unit = muscle.units[index]
    return SimulatedRecording.Unit(
      id: unit.id, spikeTimes: trains[index].map { $0 * rate },
      template: rendered.templates[index], templateLead: PotentialTemplate.filterReach,
      recruitmentThresholdPercentMVC: 100 * force.force(at: unit.neuron.recruitmentThreshold),
      fibreCount: unit.fibreCount, centreAcross: unit.centre.y, depth: unit.centre.z,
      conductionVelocity: unit.conductionVelocity)
  }
  return SimulatedRecording(
    signals: signals, samplingRate: rate,
    forcePercentMVC: force.render(spikeTimes: trains, samplingRate: rate, count: count),
    targetPercentMVC: target, electrodes: configuration.electrodes.electrodes, units: units,
    noiseMicrovolts: sigma, configuration: configuration)
}
