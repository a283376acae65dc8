import Foundation

/// What the firing pattern of one train says about its quality.
struct TrainStatistics: Sendable, Equatable {
  /// Firings.
  let count: Int
  /// The interval mixture.
  let intervals: IntervalModel
  /// The share of intervals that are too short.
  let shortShare: Double
  /// Missed firings by the mixture's multiples.
  let missing: Double
  /// Intervals within an active stretch over these plus the missing ones.
  let completeness: Double
  /// Nats for each interval over a random train.
  let regularity: Double
  /// Template energy without variance inflation.
  let energy: Double
  /// What a train has to be like.
  let limits: NeedleConfiguration.Regularity

  /// Nats by which the whole train is likelier than a random one.
  var evidence: Double { regularity * Double(count) }

  init(
    _ unit: WorkingUnit, rate: Double, energy: Double, limits: NeedleConfiguration.Regularity,
    intervals own: NeedleConfiguration.Intervals = NeedleConfiguration.Intervals()
  ) {
    let firings = unit.firings
    count = firings.count
    intervals = IntervalModel(firings: firings, rate: rate, limits: own)
    let gaps = IntervalModel.intervals(firings, rate: rate)
    let mean = intervals.mean
    let short = gaps.filter { $0 < max(own.shortTime, own.shortShare * mean) }.count
    shortShare = count > 2 ? Double(short) / Double(gaps.count) : 1
    let active = gaps.filter { $0 < own.activeSpan * mean }
    missing = active.reduce(0) { $0 + max(0, ($1 / mean).rounded() - 1) }
    completeness = Double(active.count) / max(1, Double(active.count) + missing)
    regularity = intervals.regularity(firings, rate: rate)
    self.energy = energy
    self.limits = limits
  }

  /// Whether a new candidate is worth another look.
  var isPlausible: Bool {
    count >= limits.fewestFirings && energy > limits.leastEnergy
      && shortShare < limits.plausibleShortShare
  }

  /// Whether the train is that of a motor unit.
  var isRegular: Bool {
    isPlausible && shortShare < limits.shortShare && intervals.variation < limits.variation
      && completeness > limits.completeness && regularity > limits.regularity
      && evidence > limits.evidence
  }

  /// Whether the train is likely to become that of a motor unit once all units are known.
  var isPromising: Bool {
    isPlausible && shortShare < limits.promisingShortShare
      && completeness > limits.promisingCompleteness
      && regularity > limits.promisingRegularity && evidence > limits.promisingEvidence
  }

  /// The share of firings that the intervals alone let expect to be right and found.
  var patternAccuracy: Double {
    max(0, Double(count) * (1 - shortShare) / max(1, Double(count) + missing))
  }
}

extension NeedleModel {
  /// The statistics of one unit's train.
  func statistics(_ unit: Int) -> TrainStatistics {
    TrainStatistics(
      units[unit], rate: signal.rate, energy: plainEnergy(units[unit].template),
      limits: configuration.regularity, intervals: configuration.intervals)
  }

  /// Drops units whose trains fail a test.
  mutating func prune(_ test: (TrainStatistics) -> Bool) {
    var kept: [WorkingUnit] = []
    for index in units.indices {
      let statistics = statistics(index)
      if test(statistics) {
        kept.append(units[index])
      } else {
        note("  drop \(describe(statistics))")
      }
    }
    units = kept
  }

  /// Drops units that are not plausible, and those that stayed irregular for too many passes.
  mutating func ripen() {
    for index in units.indices { units[index].age += units[index].isSettled ? 0 : 1 }
    var kept: [WorkingUnit] = []
    for index in units.indices {
      let statistics = statistics(index)
      if statistics.isPlausible
        && (units[index].age < configuration.patience || statistics.isPromising)
      {
        kept.append(units[index])
      } else {
        note("  drop \(describe(statistics))")
      }
    }
    units = kept
  }

  func describe(_ s: TrainStatistics) -> String {
    String(
      format: "n %d mean %.3f cov %.2f short %.2f comp %.2f reg %.2f S %.0f", s.count,
      s.intervals.mean, s.intervals.variation, s.shortShare, s.completeness, s.regularity, s.energy)
  }
}
