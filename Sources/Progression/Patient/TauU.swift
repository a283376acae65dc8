/// Tau-U: non-overlap of the visits after therapy with those before, less the trend before.
///
/// Descriptive: it has no usable standard error under a trend and correlated visits, and none is
/// given. Source: Parker, Vannest, Davis and Sauber 2011, Behavior Therapy 42.
public struct TauU: Sendable, Codable, Equatable {
  /// Visits up to the start of therapy.
  public let visitsBefore: Int
  /// Visits after it.
  public let visitsAfter: Int
  /// Pairs (before, after) that rise less those that fall.
  public let between: Double
  /// Rising less falling pairs before therapy.
  public let trendBefore: Double
  /// `between` over the number of pairs.
  public let tau: Double
  /// (between - trendBefore) over the number of pairs.
  public let tauU: Double

  /// Compares visits after a therapy time with those up to it.
  ///
  /// - Throws: `ProgressionError.tooFewVisits` where a side has no visit.
  public init(times: [Double], values: [Double], therapyTime: Double) throws {
    precondition(times.count == values.count, "one value for each time")
    let order = times.indices.sorted { times[$0] < times[$1] }
    let before = order.filter { times[$0] <= therapyTime }.map { values[$0] }
    let after = order.filter { times[$0] > therapyTime }.map { values[$0] }
    guard !before.isEmpty && !after.isEmpty else {
      throw ProgressionError.tooFewVisits(
        found: "\(before.count) visits up to therapy and \(after.count) after",
        expected: "at least one on each side")
    }
    var between = 0.0
    for a in before {
      for b in after { between += MannKendall.sign(b - a) }
    }
    var trend = 0.0
    for i in before.indices {
      for j in i + 1..<max(before.count, i + 1) {
        trend += MannKendall.sign(before[j] - before[i])
      }
    }
    let pairs = Double(before.count * after.count)
    visitsBefore = before.count
    visitsAfter = after.count
    self.between = between
    trendBefore = trend
    tau = between / pairs
    tauU = (between - trend) / pairs
  }
}
