import Foundation

/// A few motor units with all that a scan shows of them, as one vector of free parameters.
///
/// Each unit is a size, a threshold, a spread and a phase; the level of a set of units is the length
/// of the sum of their phasors, `|sum a exp(i phase)|`, which to second order is the peak of a sum of
/// potentials with different latencies. Shared by all: the noise, the noise in proportion to the
/// response, the variation of each unit from stimulus to stimulus, a trend of the gain and an offset
/// of the baseline.
struct LevelModel: Sendable {
  /// Parameters of one unit, in this order: ln size (uV), threshold (ln mA), ln relative spread,
  /// phase (rad).
  static let perUnit = 4
  /// Shared parameters: ln noise (uV), ln proportional noise, ln variation, gain trend, offset (uV).
  static let shared = 5

  /// All parameters: those of the units, then the shared ones.
  var values: [Double]

  var unitCount: Int { (values.count - Self.shared) / Self.perUnit }
  var sharedStart: Int { values.count - Self.shared }

  /// Units by size, uV, threshold, ln mA, and relative spread, all alike in phase.
  init(
    sizes: [Double], thresholds: [Double], spreads: [Double], _ data: LevelData
  ) {
    values = []
    for index in sizes.indices {
      values += [
        log(max(sizes[index], 0.3 * data.noise)), thresholds[index], log(spreads[index]), 0,
      ]
    }
    values += [log(data.noise), log(0.002), log(0.015), 0, 0]
  }

  func size(_ unit: Int) -> Double { exp(values[unit * Self.perUnit]) }
  func threshold(_ unit: Int) -> Double { values[unit * Self.perUnit + 1] }
  func spread(_ unit: Int) -> Double { exp(values[unit * Self.perUnit + 2]) }

  /// The model without a unit; its size goes to the unit nearest in threshold where `merged`.
  func without(_ unit: Int, merged: Bool) -> LevelModel {
    var result = self
    if merged,
      let neighbour = (0..<unitCount).filter({ $0 != unit }).min(by: {
        abs(threshold($0) - threshold(unit)) < abs(threshold($1) - threshold(unit))
      })
    {
      let both = size(unit) + size(neighbour)
      let share = size(unit) / both
      let start = neighbour * Self.perUnit
      result.values[start] = log(both)
      result.values[start + 1] += share * (threshold(unit) - threshold(neighbour))
    }
    result.values.removeSubrange(unit * Self.perUnit..<(unit + 1) * Self.perUnit)
    return result
  }

  /// The model with one unit in two of shares `share` (the lower threshold) and 1 - share.
  func split(_ unit: Int, share: Double, apart: Double) -> LevelModel {
    var result = self
    let start = unit * Self.perUnit
    let own = Array(values[start..<start + Self.perUnit])
    result.values[start] += log(share)
    result.values[start + 1] -= apart * (1 - share)
    var other = own
    other[0] += log(1 - share)
    other[1] += apart * share
    result.values.insert(contentsOf: other, at: start + Self.perUnit)
    return result
  }

  /// The model with one more unit.
  func adding(size: Double, threshold: Double, spread: Double) -> LevelModel {
    var result = self
    result.values.insert(
      contentsOf: [log(size), threshold, log(spread), 0], at: sharedStart)
    return result
  }
}
