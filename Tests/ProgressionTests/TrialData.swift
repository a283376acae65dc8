import Foundation
import Progression

/// The data of Scripts/references/trial.R, made by the same generator.
enum ReferenceTrial {
  struct Generator {
    var state: Int

    mutating func uniform() -> Double {
      state = (75 * state + 74) % 65537
      return Double(state) / 65537
    }

    mutating func normal() -> Double {
      var sum = 0.0
      for _ in 0..<12 { sum += uniform() }
      return sum - 6
    }
  }

  /// 48 patients of two arms and three strata with ties.
  static func survival() -> [SurvivalComparison.Patient] {
    var random = Generator(state: 1)
    return (1...48).map { i in
      let arm = i % 2
      let base = 30 + 12 * random.uniform()
      let time = (4 * (1 + Double(9 + 4 * arm) * random.uniform())).rounded(.up) / 4
      return SurvivalComparison.Patient(
        subject: "\(i)",
        record: SurvivalRecord(
          time: time, hasEvent: random.uniform() < 0.6, group: "\(arm)", stratum: "\(i % 3)"),
        covariates: [base])
    }
  }

  /// 20 patients with nine visits whose residuals are correlated in time and larger at home.
  static func correlated() throws -> LongitudinalTable {
    var random = Generator(state: 7)
    var rows: [LongitudinalTable.Row] = []
    for i in 1...20 {
      var times = [0.0]
      let gap = 0.5 + random.uniform() + 0.5
      for _ in 0..<8 { times.append(times[times.count - 1] + gap) }
      let (u, v, w) = (random.normal(), random.normal(), random.normal())
      let therapy = times[3] + 0.1
      var r = 0.0
      for k in 0..<9 {
        let phi = k == 0 ? 0 : pow(0.5, times[k] - times[k - 1])
        r = phi * r + (1 - phi * phi).squareRoot() * random.normal()
        let post = max(0, times[k] - therapy)
        let isHome = (k + 1) % 3 == 0
        let value =
          4 + 0.4 * u + (-0.05 + 0.03 * v) * times[k] + (0.03 + 0.03 * w) * post
          + 0.12 * r * (isHome ? 1.8 : 1)
        rows.append(
          LongitudinalTable.Row(
            subject: "\(i)", time: times[k], value: value, therapyTime: therapy,
            covariates: ["group": isHome ? 1 : 0]))
      }
    }
    return try LongitudinalTable(rows)
  }

  /// 40 patients of two arms with a baseline and four visits, some missing.
  static func arms() throws -> LongitudinalTable {
    var random = Generator(state: 11)
    var rows: [LongitudinalTable.Row] = []
    for i in 1...40 {
      let arm = i % 2
      let base = 38 + 4 * random.normal()
      let u = random.normal()
      for k in 0...4 {
        let visit = Double(k)
        let value =
          k == 0
          ? base
          : base - 1.1 * visit + 0.45 * Double(arm) * visit + 1.2 * u * visit / 4
            + 1.3 * random.normal()
        if random.uniform() > (k < 2 ? 0 : 0.15) {
          rows.append(
            LongitudinalTable.Row(subject: "\(i)", time: visit, value: value, arm: "\(arm)"))
        }
      }
    }
    return try LongitudinalTable(rows)
  }

  /// 24 patients with seven visits and counts near six.
  ///
  /// - Parameter scatter: SD of ln of the mean beside the patient's own course.
  static func counts(scatter: Double = 0) throws -> LongitudinalTable {
    var random = Generator(state: scatter == 0 ? 23 : 29)
    var rows: [LongitudinalTable.Row] = []
    for i in 1...24 {
      let (u, v) = (random.normal(), random.normal())
      for t in 0...6 {
        let time = Double(t)
        var mean = exp(1.9 + 0.35 * u + (-0.08 + 0.04 * v) * time + 0.05 * max(0, time - 3))
        if scatter > 0 { mean *= exp(scatter * random.normal()) }
        var count = 0
        let s = random.uniform()
        var p = exp(-mean)
        var c = p
        while s > c && count < 200 {
          count += 1
          p = p * mean / Double(count)
          c += p
        }
        let extra = scatter == 0 && random.uniform() < 0.12 ? 4 : 0
        rows.append(
          LongitudinalTable.Row(
            subject: "\(i)", time: time, value: Double(count + extra), therapyTime: 3))
      }
    }
    return try LongitudinalTable(rows)
  }
}
