import Foundation

/// Simulates a recording with an electrode array: a muscle drawn from the settings, then recorded.
///
/// - `threads`: threads to use; the result does not depend on it.
/// - Throws: `SimulationError` for settings out of range.
public func simulateArray(
  _ configuration: ArraySimulationConfiguration,
  threads: Int = ProcessInfo.processInfo.activeProcessorCount
) throws(SimulationError) -> SimulatedRecording {
  let muscle = try SimulatedMuscle(
    pool: configuration.pool, muscle: configuration.muscle,
    seed: configuration.muscleSeed ?? configuration.seed)
  return try simulateArray(configuration, muscle: muscle, threads: threads)
}

/// Simulates a session of a given muscle, which may have lost units since it was drawn.
///
/// The settings of pool and anatomy inside `configuration` are ignored in favour of the muscle's.
/// Each potential is computed on a fine time grid, low-passed below half the sampling rate and
/// placed at the sub-sample time of each discharge.
public func simulateArray(
  _ configuration: ArraySimulationConfiguration, muscle: SimulatedMuscle,
  threads: Int = ProcessInfo.processInfo.activeProcessorCount
) throws(SimulationError) -> SimulatedRecording {
  try configuration.validate()
  let seed = configuration.seed
  let rate = configuration.samplingRate
  let count = Int((configuration.duration * rate).rounded())
  let force = MuscleForce(muscle)
  let trains = simulateDischarges(
    of: muscle, drive: configuration.drive, duration: configuration.duration, force: force,
    seed: seed)
  let renderer = ArrayRenderer(configuration: configuration, threads: threads, count: count)
  var rendered = renderer.render(muscle: muscle, trains: trains)
  let target = (0..<count).map {
    Float(
      100 * configuration.drive.level(at: Double($0) / rate, duration: configuration.duration))
  }
  let power = ArrayRenderer.meanPower(rendered.signals, where: target)
  if let level = configuration.crosstalkDecibels, power > 0 {
    try renderer.addCrosstalk(
      to: &rendered.signals, like: muscle, power: power * pow(10, level / 10), target: target)
  }
  let sigma = configuration.noise.amplitude(signalPower: power)
  let clean = rendered.signals
  let noise = configuration.noise
  let signals = concurrentMap(clean.count, threads: threads) { channel in
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
