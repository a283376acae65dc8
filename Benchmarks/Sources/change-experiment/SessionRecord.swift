import Decomposition
import Foundation
import MotorUnits
import Signal
import Simulation

/// What is kept of one simulated and decomposed session: enough for every index, and the truth.
struct SessionRecord: Codable {
  /// One true unit that discharged.
  struct TrueUnit: Codable {
    let id: Int
    /// Discharges in samples.
    let times: [Double]
    /// Energy of the potential, averaged over the channels, in uV^2 samples.
    let energy: Double
    let fibres: Double
    let depth: Double
  }
  /// One identified unit; `template` holds 32-bit numbers, channel after channel.
  struct FoundUnit: Codable {
    let times: [Double]
    let quality: UnitQuality
    let template: Data
    let channelLengths: [Int]
    let origin: Int
    let rate: Double
  }

  let simulator: ExperimentSimulator
  let muscle: Int
  let condition: ExperimentCondition
  let samplingRate: Double
  let duration: Double
  /// Start and end of the plateau in seconds.
  let plateau: [Double]
  let levelPercentMVC: Double
  let noiseMicrovolts: Double
  let aliveUnits: Int
  let trueUnits: [TrueUnit]
  let units: [FoundUnit]
  let power: PowerTrace
  /// Second, third and fourth cumulants of each band-passed channel on the plateau (uV^n).
  let cumulants: [[Double]]
  /// Mean square of each band-passed channel in the first second, before any discharge.
  let restPower: [Double]
  let decompositionSeconds: Double

  /// The identified units as the decomposition gave them.
  var motorUnits: [MotorUnit] {
    units.enumerated().map { index, unit in
      var values = [Float](repeating: 0, count: unit.template.count / 4)
      _ = values.withUnsafeMutableBytes { unit.template.copyBytes(to: $0) }
      var channels: [[Float]] = []
      var start = 0
      for length in unit.channelLengths {
        channels.append(Array(values[start..<start + length]))
        start += length
      }
      return MotorUnit(
        id: index, train: SpikeTrain(times: unit.times, samplingRate: samplingRate),
        template: MUAPTemplate(channels: channels, samplingRate: unit.rate, origin: unit.origin),
        quality: unit.quality)
    }
  }

  /// Records and decomposes a session.
  init(
    _ experiment: ExperimentMuscle, condition: ExperimentCondition,
    settings: ArraySimulationConfiguration, muscle: SimulatedMuscle
  ) throws {
    let recording = try simulateArray(settings, muscle: muscle, threads: 1)
    let started = clock()
    let found = try ArrayDecomposer(parallelism: .single).decompose(
      recording.signals, samplingRate: recording.samplingRate)
    decompositionSeconds = Double(clock() - started) / Double(CLOCKS_PER_SEC)
    simulator = experiment.simulator
    self.muscle = experiment.number
    self.condition = condition
    samplingRate = recording.samplingRate
    duration = settings.duration
    let drive = settings.drive
    plateau = [
      drive.restSeconds + drive.rampSeconds,
      settings.duration - drive.finalRestSeconds - drive.rampSeconds,
    ]
    levelPercentMVC = drive.levelPercentMVC
    noiseMicrovolts = recording.noiseMicrovolts
    aliveUnits = muscle.units.count
    trueUnits = recording.units.filter { !$0.spikeTimes.isEmpty }.map { unit in
      let energy = unit.template.reduce(0.0) { $0 + $1.reduce(0.0) { $0 + Double($1 * $1) } }
      return TrueUnit(
        id: unit.id, times: unit.spikeTimes, energy: energy / Double(unit.template.count),
        fibres: unit.fibreCount, depth: unit.depth)
    }
    units = found.units.map { unit in
      let values = unit.template.channels.flatMap(\.self)
      return FoundUnit(
        times: unit.train.times, quality: unit.quality,
        template: values.withUnsafeBytes { Data($0) },
        channelLengths: unit.template.channels.map(\.count), origin: unit.template.origin,
        rate: unit.template.samplingRate)
    }
    power = found.power
    let filtered = ZeroPhaseFilter(
      samplingRate: recording.samplingRate, lowEdge: 20, highEdge: 500
    ).apply(recording.signals, parallelism: .single)
    let range = plateau.map { Int($0 * recording.samplingRate) }
    cumulants = filtered.map { Self.cumulants($0[range[0]..<range[1]]) }
    restPower = filtered.map { Self.cumulants($0[0..<Int(recording.samplingRate)])[0] }
  }

  /// Second, third and fourth cumulants.
  private static func cumulants(_ values: ArraySlice<Float>) -> [Double] {
    let count = Double(max(1, values.count))
    let mean = values.reduce(0.0) { $0 + Double($1) } / count
    var moments = [0.0, 0.0, 0.0]
    for value in values {
      let d = Double(value) - mean
      moments[0] += d * d
      moments[1] += d * d * d
      moments[2] += d * d * d * d
    }
    let m = moments.map { $0 / count }
    return [m[0], m[1], m[2] - 3 * m[0] * m[0]]
  }
}
