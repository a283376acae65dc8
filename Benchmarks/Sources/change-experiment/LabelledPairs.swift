import Decomposition
import Foundation
import MotorUnits
import Signal
import Simulation

/// Candidate pairs of two sessions of one muscle, with the truth about each.
struct LabelledPairs {
  struct Pair {
    let evidence: UnitMatchEvidence
    let isSame: Bool
    /// Whether matching would call either unit not trackable.
    let isTrackable: Bool
  }
  let simulator: ExperimentSimulator
  let muscle: Int
  /// What the sessions are, for tables.
  let source: String
  let pairs: [Pair]
  /// Units identified in both sessions.
  let common: Int
  /// Distance between the found and the true shift in mm; nil where it is not known.
  let shiftError: Double?

  /// Candidates of two recordings; `truth` gives the true unit of each, nil for a false one.
  init(
    simulator: ExperimentSimulator, muscle: Int, source: String,
    _ first: TrackedRecording, truth firstTruth: [Int?],
    _ second: TrackedRecording, truth secondTruth: [Int?],
    configuration: UnitMatching.Configuration, trueShift: (Double, Double)? = nil
  ) {
    self.simulator = simulator
    self.muscle = muscle
    self.source = source
    common = Set(firstTruth.compactMap(\.self)).intersection(secondTruth.compactMap(\.self)).count
    guard let found = CandidatePairs(first, second, configuration, progress: { _ in }) else {
      pairs = []
      shiftError = nil
      return
    }
    pairs = found.candidates.map { candidate in
      let truth = firstTruth[candidate.first]
      return Pair(
        evidence: candidate.evidence,
        isSame: truth != nil && truth == secondTruth[candidate.second],
        isTrackable: found.firstObstacles[candidate.first] == nil
          && found.secondObstacles[candidate.second] == nil)
    }
    shiftError = trueShift.flatMap { shift in
      found.mounting.map { hypot($0.shiftAlong - shift.0, $0.shiftAcross - shift.1) }
    }
  }
}

extension SessionRecord {
  /// Positions of the 8 x 8 electrodes in the array's own frame in mm.
  static let positions: [[Double]] = (0..<64).map { place in
    let row = Double(place / 8)
    let column = Double(place % 8)
    return [(row - 3.5) * 8, (column - 3.5) * 8]
  }

  /// The true unit of each identified one, where the trains agree at 0.5 or more.
  var truth: [Int?] {
    let score = DecompositionScore(
      found: units.indices.map { (String($0), units[$0].times) },
      truth: trueUnits.map { (String($0.id), $0.times) }, samplingRate: samplingRate)
    var result = [Int?](repeating: nil, count: units.count)
    for pair in score.pairs where pair.agreement >= 0.5 {
      if let index = Int(pair.found) { result[index] = Int(pair.truth) }
    }
    return result
  }

  /// The identified units as matching takes them.
  var tracked: TrackedRecording {
    let residual = power.residual.reduce(0, +) / Double(max(1, power.residual.count))
    return TrackedRecording(
      positions: Self.positions,
      units: motorUnits.map {
        TrackedTemplate(
          unit: String($0.id), template: $0.template,
          noiseMicrovolts: (residual / Double(max(1, $0.train.times.count))).squareRoot())
      })
  }
}

/// Two sessions of true potentials with averaging noise, mounted anew, without a decomposition.
struct RemountedPotentials {
  let first: TrackedRecording
  let second: TrackedRecording
  let firstTruth: [Int?]
  let secondTruth: [Int?]
  let shift: (Double, Double)

  /// Shift 3 mm SD in either direction, rotation 4 degrees SD, amplitude 0.6 to 1.7, up to 24
  /// electrodes lost, 1, 2 or 4 kHz, in every second muscle 30 % of the units lost to adopters.
  ///
  /// Larger potentials are more likely to be identified in a session; whether a unit is found in
  /// one session says nothing about the other beyond its size.
  init(_ experiment: ExperimentMuscle) throws {
    var random = SeededGenerator(seed: experiment.seed, stream: 9_001)
    var settings = experiment.settings
    settings.duration = 4
    settings.drive.restSeconds = 0.2
    settings.drive.shape = .constant
    var changed = experiment.muscle
    if experiment.number % 2 == 1 {
      _ = try changed.lose(fraction: 0.3, seed: experiment.seed)
    }
    let before = try Self.session(settings, experiment.muscle, rate: 2_048, using: &random)
    settings.seed = random.next()
    settings.electrodes = settings.electrodes.remounted(
      shiftSD: 3, rotationSD: 4, using: &random)
    changed.configuration.fatThickness = max(
      0, changed.configuration.fatThickness + 0.7 * random.normal())
    shift = (settings.electrodes.shiftAlong, settings.electrodes.shiftAcross)
    let rate = [1_000.0, 2_048, 4_096][random.index(below: 3)]
    let after = try Self.session(settings, changed, rate: rate, using: &random)
    (first, firstTruth) = before
    (second, secondTruth) = after
  }

  private static func session(
    _ settings: ArraySimulationConfiguration, _ muscle: SimulatedMuscle, rate: Double,
    using random: inout SeededGenerator
  ) throws -> (TrackedRecording, [Int?]) {
    var settings = settings
    settings.samplingRate = rate
    let recording = try simulateArray(settings, muscle: muscle, threads: 1)
    let active = recording.units.filter { $0.isActive() }
    let sizes = active.map { unit in
      log(unit.template.reduce(0.0) { $0 + $1.reduce(0.0) { $0 + Double($1 * $1) } } + 1e-12)
    }
    let middle = sizes.sorted()[sizes.count / 2]
    let gain = Float(random.uniform(0.6, 1.7))
    let lost = Set((0..<random.index(below: 25)).map { _ in random.index(below: 64) })
    // The residual of a decomposition holds the unidentified units besides the noise.
    let noise = 2 * recording.noiseMicrovolts / 90.squareRoot() * Double(gain)
    var units: [TrackedTemplate] = []
    var truth: [Int?] = []
    for (unit, size) in zip(active, sizes) {
      let chance = 0.9 / (1 + exp(-1.5 * (size - middle - 0.5)))
      let isFound = random.uniform() < chance
      let offset = random.uniform(-0.002, 0.002) * rate
      guard isFound else { continue }
      let channels = unit.template.enumerated().map { channel, values -> [Float] in
        lost.contains(channel)
          ? [] : values.map { gain * $0 + Float(noise * random.normal()) }
      }
      units.append(
        TrackedTemplate(
          unit: String(unit.id),
          template: MUAPTemplate(
            channels: channels, samplingRate: rate,
            origin: unit.templateLead + Int(0.012 * rate) + Int(offset)),
          noiseMicrovolts: noise))
      truth.append(unit.id)
    }
    return (TrackedRecording(positions: SessionRecord.positions, units: units), truth)
  }
}
