import Decomposition
import Foundation
import MotorUnits

/// The indices whose change is judged.
enum ChangeIndex: String, CaseIterable {
  case trueActive = "true active count"
  case identified = "identified count"
  case effectiveNumber = "effective number N2"
  case cumulants = "cumulants, raw"
  case extrapolated = "extrapolated count"
  case power = "signal power"
  case sharesAbove = "units above 0.5 % of the power"
  case survival = "survival, template match"
  case matchedPower = "power over matched-unit power"
  case matchedSize = "matched-unit power (inverse)"
  case combination = "N2, cumulants and matched power"
  case survivalAndPower = "survival times power over matched-unit power"
}

/// What one session gives without another one to compare it with.
struct SessionFigures {
  let record: SessionRecord
  let tracked: TrackedRecording
  let truth: [Int?]
  let trueActive: Double
  let trueEffectiveNumber: Double
  let identified: Double
  let effectiveNumber: EffectiveUnitNumber?
  let extrapolated: ExtrapolatedUnitCount?
  let cumulantNumber: Double?
  let powers: WindowPowers?

  init(_ record: SessionRecord) {
    self.record = record
    tracked = record.tracked
    truth = record.truth
    let (start, end) = (record.plateau[0], record.plateau[1])
    let starts = Array(stride(from: start, through: end - 2, by: 1))
    func active(_ trains: [[Double]]) -> Double {
      let counts = starts.map { from in
        trains.filter { train in
          train.filter { $0 >= from && $0 < from + 2 }.count >= 4
        }.count
      }
      return Double(counts.reduce(0, +)) / Double(max(1, counts.count))
    }
    let rate = record.samplingRate
    trueActive = active(record.trueUnits.map { $0.times.map { $0 / rate } })
    identified = active(record.units.map { $0.times.map { $0 / rate } })
    let shares = record.trueUnits.map { unit in
      Double(unit.times.filter { $0 >= start * rate && $0 < end * rate }.count) * unit.energy
    }
    let squares = shares.reduce(0) { $0 + $1 * $1 }
    let total = shares.reduce(0, +)
    trueEffectiveNumber = squares > 0 ? total * total / squares : 0
    let units = record.motorUnits
    let powers = WindowPowers(
      units, power: record.power, from: start, to: end,
      fewestDischarges: Int(2 * (end - start)))
    self.powers = powers
    effectiveNumber = powers.flatMap(EffectiveUnitNumber.init)
    extrapolated = powers.map { ExtrapolatedUnitCount($0) }
    var second = 0.0
    var fourth = 0.0
    for (cumulants, rest) in zip(record.cumulants, record.restPower) {
      let signal = max(0, cumulants[0] - rest)
      second += signal * signal
      fourth += cumulants[2]
    }
    cumulantNumber = fourth > 0 ? second / fourth : nil
  }

  /// Identified units with at least a share of the EMG power.
  func count(shareAtLeast share: Double) -> Double? {
    powers.map { powers in
      Double(powers.units.filter { $0.power >= share * powers.emg }.count)
    }
  }
}

/// A session compared with the reference session of the same muscle.
struct SessionChange {
  let simulator: ExperimentSimulator
  let muscle: Int
  let condition: ExperimentCondition
  /// Ratio to the reference, by index; absent where it cannot be computed.
  let ratios: [ChangeIndex: Double]
  let matching: UnitMatching
  /// Trackable reference units that truly live on, of those the truth knows.
  let trulyAlive: (alive: Int, known: Int)

  init(_ before: SessionFigures, _ after: SessionFigures, living: Set<Int>?) {
    simulator = after.record.simulator
    muscle = after.record.muscle
    condition = after.record.condition
    let matching = UnitMatching(before.tracked, after.tracked)
    self.matching = matching
    var ratios: [ChangeIndex: Double] = [:]
    func set(_ index: ChangeIndex, _ post: Double?, _ pre: Double?) {
      if let post, let pre, post > 0, pre > 0 { ratios[index] = post / pre }
    }
    set(.trueActive, after.trueActive, before.trueActive)
    set(.identified, after.identified, before.identified)
    set(.effectiveNumber, after.effectiveNumber?.value, before.effectiveNumber?.value)
    set(.cumulants, after.cumulantNumber, before.cumulantNumber)
    set(.extrapolated, after.extrapolated?.median, before.extrapolated?.median)
    set(.power, after.powers?.emg, before.powers?.emg)
    set(.sharesAbove, after.count(shareAtLeast: 0.005), before.count(shareAtLeast: 0.005))
    if matching.trackableCount > 0 {
      // Half a unit stands for none, so that the logarithm exists.
      ratios[.survival] = max(0.5, Double(matching.links.count)) / Double(matching.trackableCount)
    }
    if let growth = Self.growth(matching, before.powers, after.powers) {
      ratios[.matchedSize] = 1 / growth
      if let power = ratios[.power] { ratios[.matchedPower] = power / growth }
    }
    if let a = ratios[.effectiveNumber], let b = ratios[.cumulants], let c = ratios[.matchedPower] {
      ratios[.combination] = pow(a * b * c, 1.0 / 3)
    }
    // Chosen on muscles 0 to 9: without five matched units survival stands alone.
    if let survival = ratios[.survival] {
      ratios[.survivalAndPower] = survival * (ratios[.matchedPower] ?? 1)
    }
    self.ratios = ratios
    var alive = 0
    var known = 0
    for (index, outcome) in matching.first.enumerated() where outcome.isTrackable {
      guard let id = before.truth[index] else { continue }
      known += 1
      if living?.contains(id) ?? true { alive += 1 }
    }
    trulyAlive = (alive, known)
  }

  /// Median power ratio of matched units that are active in both windows; nil below five of them.
  static func growth(
    _ matching: UnitMatching, _ before: WindowPowers?, _ after: WindowPowers?
  ) -> Double? {
    guard let before, let after else { return nil }
    let first = Dictionary(uniqueKeysWithValues: before.units.map { (String($0.id), $0.power) })
    let second = Dictionary(uniqueKeysWithValues: after.units.map { (String($0.id), $0.power) })
    let ratios = matching.links.compactMap { link -> Double? in
      guard let a = first[link.first], let b = second[link.second], a > 0 else { return nil }
      return log(b / a)
    }.sorted()
    if ratios.count < 5 { return nil }
    let middle = ratios.count / 2
    return exp(
      ratios.count % 2 == 1 ? ratios[middle] : (ratios[middle - 1] + ratios[middle]) / 2)
  }
}
