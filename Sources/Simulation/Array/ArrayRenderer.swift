import Foundation
import Signal

/// Renders the trains of a muscle's units to the electrodes of a configuration.
struct ArrayRenderer: Sendable {
  let configuration: ArraySimulationConfiguration
  let threads: Int
  let count: Int

  struct Rendered {
    var signals: [[Float]]
    var templates: [[[Float]]]
  }

  private var model: PotentialModel {
    configuration.electrodes.site == .intramuscular ? .singleFibre : configuration.model
  }

  /// Signals and templates of all units.
  ///
  /// `progress` is told the share that is done; what it throws ends the rendering.
  func render(
    muscle: SimulatedMuscle, trains: [[Double]], progress: SimulationProgress
  ) throws -> Rendered {
    let start = configuration.electrodes
    let drift = configuration.templateDriftMillimetres
    var moved = start
    moved.shiftAlong += drift
    moved.shiftAcross += drift / 2
    let keyframes = drift != 0 ? [start, moved] : [start]
    let factor = max(4, min(16, Int((16_000 / configuration.samplingRate).rounded(.up))))
    let perMillisecond = configuration.samplingRate * Double(factor) / 1000
    let span = model.duration(of: muscle.units, electrodes: start.electrodes)
    let grid = PotentialGrid(
      perMillisecond: perMillisecond, count: Int((span * perMillisecond).rounded(.up)))
    let channels = start.channelCount
    // Units are rendered in groups whose potentials fit into some 64 MB.
    let perUnit = channels * grid.count * 4 * keyframes.count
    let group = max(threads, 64_000_000 / max(perUnit, 1))
    var signals = [[Float]](repeating: [Float](repeating: 0, count: count), count: channels)
    var templates = [[[Float]]](repeating: [], count: muscle.units.count)
    let active = trains.indices.filter { !trains[$0].isEmpty }
    for first in stride(from: 0, to: active.count, by: group) {
      let members = Array(active[first..<min(active.count, first + group)])
      let model = model
      // Potentials take most of the time, placing them at the discharges the rest.
      @Sendable func tell(_ share: Double) throws {
        try progress((Double(first) + share * Double(members.count)) / Double(active.count))
      }
      let potentials = try concurrentMap(
        members.count, threads: threads, progress: { try tell(0.7 * $0) }
      ) { index in
        let unit = muscle.units[members[index]]
        return keyframes.map { layout in
          PotentialTemplate(
            model.potential(
              of: unit, at: layout.electrodes, muscle: muscle.configuration, grid: grid),
            factor: factor)
        }
      }
      for (index, member) in members.enumerated() {
        templates[member] = potentials[index][0].sampled()
      }
      let placed = members.map { discharges(of: muscle.units[$0].id, at: trains[$0]) }
      let partial = signals
      signals = try concurrentMap(
        channels, threads: threads, progress: { try tell(0.7 + 0.3 * $0) }
      ) { channel in
        var signal = partial[channel]
        for (frames, discharge) in zip(potentials, placed) {
          for (template, gains) in zip(frames, discharge.gains) {
            template.add(
              channel: channel, times: discharge.times, gains: gains, to: &signal)
          }
        }
        return signal
      }
    }
    return Rendered(signals: signals, templates: templates)
  }

  /// Sample positions of a train and the gain of each discharge, per keyframe of the drift.
  private func discharges(of unit: Int, at train: [Double]) -> (times: [Double], gains: [[Float]]) {
    var random = SeededGenerator(seed: configuration.seed, stream: 800_000 + UInt64(unit))
    let jitter = train.map { _ in Float(1 + configuration.amplitudeJitter * random.normal()) }
    let times = train.map { $0 * configuration.samplingRate }
    guard configuration.templateDriftMillimetres != 0 else { return (times, [jitter]) }
    let progress = train.map { Float($0 / configuration.duration) }
    return (
      times, [zip(jitter, progress).map { $0 * (1 - $1) }, zip(jitter, progress).map { $0 * $1 }]
    )
  }

  /// Adds the activity of a neighbouring muscle beside the grid, scaled to a mean power in uV^2.
  func addCrosstalk(
    to signals: inout [[Float]], like muscle: SimulatedMuscle, power: Double, target: [Float],
    progress: SimulationProgress
  ) throws {
    var pool = muscle.poolConfiguration
    pool.unitCount = min(30, pool.unitCount)
    var neighbour = try SimulatedMuscle(
      pool: pool, muscle: muscle.configuration, seed: configuration.seed &+ 0x5EED)
    let offset = muscle.configuration.width + 4
    for index in neighbour.units.indices {
      for bundle in neighbour.units[index].bundles.indices {
        neighbour.units[index].bundles[bundle].y += offset
      }
    }
    let trains = simulateDischarges(
      of: neighbour, drive: configuration.drive, duration: configuration.duration,
      force: MuscleForce(neighbour), seed: configuration.seed &+ 0x5EED)
    let other = try render(muscle: neighbour, trains: trains, progress: progress).signals
    let found = Self.meanPower(other, where: target)
    guard found > 0 else { return }
    let gain = Float((power / found).squareRoot())
    for channel in signals.indices {
      for index in signals[channel].indices {
        signals[channel][index] += gain * other[channel][index]
      }
    }
  }

  /// Mean square over all channels and over the samples with a target above zero.
  static func meanPower(_ signals: [[Float]], where target: [Float]) -> Double {
    var sum = 0.0
    var count = 0
    for signal in signals {
      for index in signal.indices where target[index] > 0 {
        sum += Double(signal[index]) * Double(signal[index])
        count += 1
      }
    }
    return count > 0 ? sum / Double(count) : 0
  }
}
