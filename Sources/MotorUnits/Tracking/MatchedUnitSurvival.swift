import Decomposition
import RealModule
import Signal

/// Survival of identified units from one visit to another, of one person.
///
/// The share of the trackable units of an earlier visit that are found again. Even without any loss
/// not all are found, so the share is normalised by that of a repeat on the same day. It concerns
/// identified units, which are the large and superficial ones, not all units of the muscle.
public struct MatchedUnitSurvival: Sendable, Equatable, Codable {
  /// Trackable units of the earlier visit.
  public let trackable: Int
  /// Those found again at the later visit.
  public let found: Int
  /// Those found again in the same-day repeat; nil without a repeat.
  public let foundInRepeat: Int?
  /// Share found again, 0...1.
  public let share: Double
  /// 5 and 95 % bounds of the share (beta posterior under the prior of Jeffreys).
  public let shareBounds: [Double]
  /// Share over that of the repeat; nil without a repeat or where it found none.
  public let normalised: Double?
  /// 5 and 95 % bounds of the normalised share; nil where there is none.
  public let normalisedBounds: [Double]?

  /// Survival of the units of one visit at another one.
  ///
  /// Bounds of the normalised share come from 4,000 draws of a Dirichlet posterior over the four
  /// fates of a unit (found in the repeat or not, at the later visit or not; prior 1/2 each), so
  /// they know that both shares rest on the same units. Nil without a trackable unit.
  public init?(_ later: UnitMatching, sameDay: UnitMatching? = nil, seed: UInt64 = 1) {
    let fates = SurvivalFates(later, sameDay: sameDay)
    guard fates.trackable > 0 else { return nil }
    trackable = fates.trackable
    found = fates.found
    share = Double(fates.found) / Double(fates.trackable)
    var random = SeededGenerator(seed: seed, stream: 77)
    let prior = 0.5
    let cells = [fates.both, fates.onlyRepeat, fates.onlyLater, fates.neither]
    var shares: [Double] = []
    var ratios: [Double] = []
    for _ in 0..<4_000 {
      let alive = random.gammaVariate(Double(fates.found) + prior)
      let lost = random.gammaVariate(Double(fates.trackable - fates.found) + prior)
      shares.append(alive / (alive + lost))
      if sameDay != nil {
        let draw = cells.map { random.gammaVariate(Double($0) + prior) }
        ratios.append((draw[0] + draw[2]) / (draw[0] + draw[1]))
      }
    }
    shareBounds = Self.bounds(shares)
    if sameDay != nil {
      let repeated = fates.both + fates.onlyRepeat
      foundInRepeat = repeated
      normalised =
        repeated > 0 ? Double(fates.both + fates.onlyLater) / Double(repeated) : nil
      normalisedBounds = repeated > 0 ? Self.bounds(ratios) : nil
    } else {
      foundInRepeat = nil
      normalised = nil
      normalisedBounds = nil
    }
  }

  private static func bounds(_ values: [Double]) -> [Double] {
    let sorted = values.sorted()
    return [sorted[sorted.count / 20], sorted[sorted.count - 1 - sorted.count / 20]]
  }
}

/// Survival pooled over people: links and trackable units are summed before they are divided.
///
/// Logarithms of single people are not averaged: shares of zero occur.
public struct PooledUnitSurvival: Sendable, Equatable, Codable {
  /// People.
  public let people: Int
  /// Pooled share over the pooled share of the repeats.
  public let normalised: Double
  /// 5 and 95 % bounds from resampling people.
  public let bounds: [Double]

  /// Pools people who have a repeat; nil without any whose repeat found a unit.
  public init?(_ survivals: [MatchedUnitSurvival], resamples: Int = 2_000, seed: UInt64 = 1) {
    let usable = survivals.filter { $0.foundInRepeat != nil }
    guard let value = Self.ratio(usable) else { return nil }
    people = usable.count
    normalised = value
    var random = SeededGenerator(seed: seed, stream: 78)
    var values: [Double] = []
    for _ in 0..<resamples {
      let drawn = usable.indices.map { _ in usable[random.index(below: usable.count)] }
      if let value = Self.ratio(drawn) { values.append(value) }
    }
    values.sort()
    bounds = [values[values.count / 20], values[values.count - 1 - values.count / 20]]
  }

  private static func ratio(_ survivals: [MatchedUnitSurvival]) -> Double? {
    let found = survivals.reduce(0) { $0 + $1.found }
    let repeated = survivals.reduce(0) { $0 + ($1.foundInRepeat ?? 0) }
    return repeated > 0 ? Double(found) / Double(repeated) : nil
  }
}

/// How many units of the earlier visit were found again where.
struct SurvivalFates {
  var trackable = 0
  var found = 0
  var both = 0
  var onlyRepeat = 0
  var onlyLater = 0
  var neither = 0

  /// A unit that either comparison cannot track is left out of both.
  init(_ later: UnitMatching, sameDay: UnitMatching?) {
    let inRepeat = sameDay.map {
      Dictionary($0.first.map { ($0.unit, $0) }, uniquingKeysWith: { first, _ in first })
    }
    for outcome in later.first where outcome.isTrackable {
      let other = inRepeat?[outcome.unit]
      if inRepeat != nil && other?.isTrackable != true { continue }
      trackable += 1
      let isFound = outcome.partner != nil
      let isRepeated = other?.partner != nil
      if isFound { found += 1 }
      switch (isRepeated, isFound) {
      case (true, true): both += 1
      case (true, false): onlyRepeat += 1
      case (false, true): onlyLater += 1
      case (false, false): neither += 1
      }
    }
  }
}

extension SeededGenerator {
  /// A gamma number of scale 1 by the method of Marsaglia and Tsang 2000.
  mutating func gammaVariate(_ shape: Double) -> Double {
    if shape < 1 {
      return gammaVariate(shape + 1) * Double.pow(max(uniform(), 1e-300), 1 / shape)
    }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let v = (1 + c * x) * (1 + c * x) * (1 + c * x)
      if v <= 0 { continue }
      let u = max(uniform(), 1e-300)
      if Double.log(u) < 0.5 * x * x + d - d * v + d * Double.log(v) { return d * v }
    }
  }
}
