/// The log-rank test of equal survival in groups, within strata where there are some.
///
/// Mantel 1966; variances are hypergeometric, which is exact for tied times.
public struct LogRankTest: Sendable, Codable, Equatable {
  /// Names of the groups in alphabetical order.
  public let groups: [String]
  /// Patients of each group.
  public let patients: [Int]
  /// Events observed in each group.
  public let observed: [Double]
  /// Events expected in each group without a difference.
  public let expected: [Double]
  /// The chi-squared statistic.
  public let statistic: Double
  /// Groups less one.
  public let degreesOfFreedom: Int
  /// The p value.
  public let p: Double

  /// Compares the groups of the records.
  ///
  /// - Throws: `ProgressionError` for one group only or no event.
  public init(_ records: [SurvivalRecord]) throws {
    try SurvivalRecord.check(records)
    let groups = Set(records.map(\.group)).sorted()
    guard groups.count > 1, records.contains(where: \.hasEvent) else {
      throw ProgressionError.invalidTable(
        found: "\(groups.count) groups and \(records.count(where: \.hasEvent)) events",
        expected: "at least two groups and one event")
    }
    let codes = Dictionary(uniqueKeysWithValues: groups.enumerated().map { ($1, $0) })
    let k = groups.count
    var observed = [Double](repeating: 0, count: k)
    var expected = observed
    var covariance = [Double](repeating: 0, count: k * k)
    for (_, stratum) in Dictionary(grouping: records, by: \.stratum) {
      let sorted = stratum.map { (time: $0.time, event: $0.hasEvent, group: codes[$0.group] ?? 0) }
        .sorted { $0.time < $1.time }
      var atRisk = [Double](repeating: 0, count: k)
      for item in sorted { atRisk[item.group] += 1 }
      var index = 0
      while index < sorted.count {
        let time = sorted[index].time
        let before = atRisk
        let n = before.reduce(0, +)
        var events = 0.0
        while index < sorted.count && sorted[index].time == time {
          let item = sorted[index]
          if item.event {
            events += 1
            observed[item.group] += 1
          }
          atRisk[item.group] -= 1
          index += 1
        }
        guard events > 0 else { continue }
        let factor = n > 1 ? events * (n - events) / (n - 1) : 0
        for a in 0..<k {
          expected[a] += events * before[a] / n
          for b in 0..<k {
            covariance[a * k + b] += factor * before[a] / n * ((a == b ? 1 : 0) - before[b] / n)
          }
        }
      }
    }
    let m = k - 1
    var reduced = [Double](repeating: 0, count: m * m)
    for a in 0..<m {
      for b in 0..<m { reduced[a * m + b] = covariance[a * k + b] }
    }
    guard let factor = SymmetricMatrix.cholesky(reduced, m) else {
      throw ProgressionError.notEstimable(
        effect: "the log-rank test", reason: "a group has no patient at risk at any event")
    }
    let difference = (0..<m).map { observed[$0] - expected[$0] }
    let solved = SymmetricMatrix.solve(factor: factor, m, difference)
    statistic = zip(difference, solved).reduce(0) { $0 + $1.0 * $1.1 }
    degreesOfFreedom = m
    p = ChiSquared.upperTail(statistic, degreesOfFreedom: Double(m))
    self.groups = groups
    patients = groups.map { name in records.count { $0.group == name } }
    self.observed = observed
    self.expected = expected
  }
}
