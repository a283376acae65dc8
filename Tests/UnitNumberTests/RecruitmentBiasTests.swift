import Foundation
import Signal
import Testing

@testable import UnitNumber

struct RecruitmentBiasTests {
  /// Units in order of recruitment, sizes by a law of the normal score that orders them.
  static func pool(
    _ count: Int, correlation: Double, _ random: inout SeededGenerator,
    size: (Double) -> Double
  ) -> [Double] {
    let units = (0..<count).map { _ -> (Double, Double) in
      let order = random.normal()
      let own = (1 - correlation * correlation).squareRoot() * random.normal()
      return (order, size(correlation * order + own))
    }
    return units.sorted { $0.0 < $1.0 }.map(\.1)
  }

  @Test(
    "the bias of lognormal pools is that of drawn pools",
    arguments: [(0.3, 1.0), (0.5, 0.8), (0.75, 0.8), (0.75, 0.4), (0.9, 0.95)])
  func logBias(share: Double, correlation: Double) {
    var random = SeededGenerator(seed: 12)
    let sizes = Self.pool(200_000, correlation: correlation, &random) { exp(0.6 * $0) }
    let recruited = sizes.prefix(Int(share * Double(sizes.count)))
    func mean(_ values: some Collection<Double>) -> Double {
      values.reduce(0, +) / Double(values.count)
    }
    let logs = recruited.map { log($0) }
    let centre = mean(logs)
    let deviation = mean(logs.map { ($0 - centre) * ($0 - centre) }).squareRoot()
    let found = RecruitmentBias.logBias(
      share: share, correlation: correlation, recruitedDeviation: deviation)
    #expect(abs(found - log(mean(sizes) / mean(recruited))) < 0.015)
  }

  @Test("all units are recruited from the limit on, fewer below; no order, no bias")
  func shares() {
    let bias = RecruitmentBias()
    #expect(bias.recruitedShare(force: 0.6, limit: 0.6) == 1)
    #expect(bias.recruitedShare(force: 0.9, limit: 0.6) == 1)
    // Thresholds from 0.02 to 0.6, spread exponentially: half of them below 0.11.
    #expect(abs(bias.recruitedShare(force: 0.6 / 30.0.squareRoot(), limit: 0.6) - 0.5) < 1e-12)
    #expect(RecruitmentBias.logBias(share: 0.5, correlation: 0, recruitedDeviation: 0.6) == 0)
    #expect(RecruitmentBias.logBias(share: 1, correlation: 0.9, recruitedDeviation: 0.6) == 0)
    let full = bias.factor90(
      forcePercent: 100, recruitedDeviation: 0.6, units: 20, seed: 1)
    #expect(full == [1, 1])
    let weak = bias.factor90(
      forcePercent: 10, recruitedDeviation: 0.6, units: 20, seed: 1)
    let medium = bias.factor90(
      forcePercent: 40, recruitedDeviation: 0.6, units: 20, seed: 1)
    #expect(weak[0] >= 1 && weak[1] > medium[1] && medium[1] > 1)
    let unknown = bias.factor90(
      forcePercent: nil, recruitedDeviation: 0.6, units: 20, seed: 1)
    #expect(unknown[1] > medium[1])
  }

  @Test(
    "the bias in strict order is that of drawn pools",
    arguments: [(0.35, 20.0, 0.15), (0.5, 30.0, 0.0), (0.75, 10.0, 0.3), (0.9, 40.0, 0.15)])
  func strictLogBias(share: Double, range: Double, scatter: Double) {
    var random = SeededGenerator(seed: 31)
    let count = 200_000
    let sizes = (0..<count).map {
      exp(log(range) * Double($0) / Double(count) + scatter * random.normal())
    }
    let recruited = sizes.prefix(Int(share * Double(count)))
    func mean(_ values: some Collection<Double>) -> Double {
      values.reduce(0, +) / Double(values.count)
    }
    let rise = log(range) * share / 12.0.squareRoot()
    let deviation = (rise * rise + scatter * scatter).squareRoot()
    let found = RecruitmentBias().strictLogBias(
      share: share, explained: rise * rise / (deviation * deviation),
      recruitedDeviation: deviation)
    #expect(abs(found - log(mean(sizes) / mean(recruited))) < 0.01)
  }

  @Test("many units leave their spread known, few leave it near the expectation")
  func deviations() {
    var random = SeededGenerator(seed: 4)
    let bias = RecruitmentBias()
    let many = (0..<400).map { _ in bias.drawDeviation(0.9, units: 400, &random) }
    #expect(abs(OrderStatistics.median(many) - 0.9) < 0.03)
    let few = (0..<400).map { _ in bias.drawDeviation(0, units: 2, &random) }
    let median = OrderStatistics.median(few)
    #expect(median > 0.35 && median < 0.6, "\(median)")
    #expect(OrderStatistics.quantile(sorted: few.sorted(), 0.95) > 0.7)
  }

  @Test(
    "the interval holds the number in strict order of size",
    arguments: [(10.0, 20.0), (10, 30), (25, 20), (25, 30), (40, 30)])
  func strictOrder(force: Double, range: Double) throws {
    var random = SeededGenerator(seed: UInt64(force + range))
    var covered = 0
    let trials = 80
    for trial in 0..<trials {
      let sizes = (0..<160).map {
        exp(log(range) * Double($0 + 1) / 160 + 0.15 * random.normal())
      }
      let share = RecruitmentBias().recruitedShare(force: force / 100, limit: 0.6)
      let chosen = Array(sizes.prefix(Int(share * 160)).shuffled(using: &random).prefix(20))
      if try Self.covers(sizes, chosen, force: force, trial: trial, &random) { covered += 1 }
    }
    // Standard error 3 %.
    #expect(Double(covered) / Double(trials) >= 0.82, "\(covered)")
  }

  /// Whether the interval from the chosen of 160 sizes, with the bias of recruitment, holds 160.
  private static func covers(
    _ sizes: [Double], _ chosen: [Double], force: Double, trial: Int,
    _ random: inout SeededGenerator
  ) throws -> Bool {
    let mean = chosen.reduce(0, +) / 20
    let variance = chosen.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 19
    let deviation = log(1 + variance / (mean * mean)).squareRoot()
    var model = UnitNumberErrorModel()
    model.bootstrapSamples = 300
    model.seed = UInt64(trial)
    let cmap = sizes.reduce(0, +) * exp(0.03 * random.normal())
    let found = try model.sample(cmap: cmap).count(sizes: chosen) { count, own in
      count
        - RecruitmentBias().draw(
          forcePercent: force, recruitedDeviation: deviation, units: 20, &own
        ).logBias
    }
    return found.interval[0] <= 160 && 160 <= found.interval[1]
  }

  /// Pools whose laws the bias does not assume, and correlations of their own.
  enum Law: CaseIterable {
    case gamma, exponential, twoSizes

    func size(_ score: Double) -> Double {
      let share = min(max(0.5 * erfc(-score / 2.0.squareRoot()), 1e-6), 1 - 1e-6)
      return switch self {
      // Wilson and Hilferty's approximation of a gamma law of shape 2.
      case .gamma: pow(max(1 - 1 / 18.0 + score / 18.0.squareRoot(), 0.05), 3)
      case .exponential: 0.2 - 0.8 * log(1 - share)
      case .twoSizes: share > 0.7 ? 3 : 1
      }
    }
  }

  @Test("the interval holds the number at every force, whatever the law of the sizes")
  func coverage() throws {
    var all = 0
    let trials = 60
    let forces = [10.0, 25, 50, 100]
    for law in Law.allCases {
      for force in forces {
        var random = SeededGenerator(seed: UInt64(force))
        var covered = 0
        for trial in 0..<trials {
          let sizes = Self.pool(
            160, correlation: random.uniform(0.2, 0.95), &random, size: law.size)
          let limit = random.uniform(0.5, 0.85)
          let share = RecruitmentBias().recruitedShare(force: force / 100, limit: limit)
          var recruited = Array(sizes.prefix(Int(share * 160)))
          recruited.shuffle(using: &random)
          let chosen = Array(recruited.prefix(20))
          if try Self.covers(sizes, chosen, force: force, trial: trial, &random) {
            covered += 1
          }
        }
        all += covered
        // Standard error 4 % each.
        #expect(Double(covered) / Double(trials) >= 0.8, "\(law) \(force): \(covered)")
      }
    }
    // Standard error 1.1 %.
    let share = Double(all) / Double(trials * forces.count * Law.allCases.count)
    #expect(share >= 0.87, "\(share)")
  }
}
