import Decomposition

/// How a set of trains compares with the true ones.
///
/// Units are paired one to one by falling rate of agreement, each pair after its own best constant
/// lag (annotations mark different points of a potential). A found train that agrees with an
/// already paired true unit is a duplicate; one that agrees with none is false.
public struct DecompositionScore: Sendable, Equatable, Codable {
  /// How pairs are made.
  public struct Configuration: Sendable, Equatable, Codable {
    /// Largest distance of matched discharges in milliseconds; never below one sample.
    public var toleranceMilliseconds: Double
    /// Largest constant lag between two trains in milliseconds.
    public var longestLagMilliseconds: Double
    /// Rate of agreement from which two trains are the same unit.
    public var matchedFrom: Double

    /// Half a millisecond, 50 ms of lag, units matched from an agreement of 0.3.
    public init(
      toleranceMilliseconds: Double = 0.5, longestLagMilliseconds: Double = 50,
      matchedFrom: Double = 0.3
    ) {
      self.toleranceMilliseconds = toleranceMilliseconds
      self.longestLagMilliseconds = longestLagMilliseconds
      self.matchedFrom = matchedFrom
    }
  }

  /// A found unit paired with a true one.
  public struct Pair: Sendable, Equatable, Codable {
    /// Name of the found unit.
    public let found: String
    /// Name of the true unit.
    public let truth: String
    /// Discharges in both.
    public let matched: Int
    /// Matched over found discharges.
    public let precision: Double
    /// Matched over true discharges.
    public let recall: Double
    /// Rate of agreement TP / (TP + FP + FN).
    public let agreement: Double
    /// Constant lag of the found train behind the true one in milliseconds.
    public let lagMilliseconds: Double
  }

  /// Paired units, by falling agreement.
  public let pairs: [Pair]
  /// Found units that agree with a true unit paired with a better one.
  public let duplicates: [String]
  /// Found units that agree with no true unit.
  public let falseUnits: [String]
  /// True units that no found unit agrees with.
  public let missed: [String]
  /// How pairs were made.
  public let configuration: Configuration

  /// Compares named trains, positions in samples at one sampling rate in Hz.
  public init(
    found: [(name: String, times: [Double])], truth: [(name: String, times: [Double])],
    samplingRate: Double, configuration: Configuration = Configuration()
  ) {
    self.configuration = configuration
    let tolerance = max(1, configuration.toleranceMilliseconds / 1_000 * samplingRate)
    let longest = configuration.longestLagMilliseconds / 1_000 * samplingRate
    var candidates: [(agreement: TrainAgreement, found: Int, truth: Int)] = []
    for (f, train) in found.enumerated() {
      for (t, reference) in truth.enumerated() {
        let agreement = TrainAgreement(
          reference.times, train.times, tolerance: tolerance, longestLag: longest)
        if agreement.rate >= configuration.matchedFrom { candidates.append((agreement, f, t)) }
      }
    }
    candidates.sort {
      $0.agreement.rate != $1.agreement.rate
        ? $0.agreement.rate > $1.agreement.rate : ($0.found, $0.truth) < ($1.found, $1.truth)
    }
    var foundUsed = Set<Int>()
    var truthUsed = Set<Int>()
    var pairs: [Pair] = []
    for candidate in candidates
    where !foundUsed.contains(candidate.found) && !truthUsed.contains(candidate.truth) {
      foundUsed.insert(candidate.found)
      truthUsed.insert(candidate.truth)
      let matched = Double(candidate.agreement.matched)
      pairs.append(
        Pair(
          found: found[candidate.found].name, truth: truth[candidate.truth].name,
          matched: candidate.agreement.matched,
          precision: matched / Double(max(1, found[candidate.found].times.count)),
          recall: matched / Double(max(1, truth[candidate.truth].times.count)),
          agreement: candidate.agreement.rate,
          lagMilliseconds: candidate.agreement.lag / samplingRate * 1_000))
    }
    self.pairs = pairs
    let related = Set(candidates.map(\.found))
    duplicates = found.indices.filter { !foundUsed.contains($0) && related.contains($0) }
      .map { found[$0].name }
    falseUnits = found.indices.filter { !related.contains($0) }.map { found[$0].name }
    missed = truth.indices.filter { !truthUsed.contains($0) }.map { truth[$0].name }
  }

  /// Pairs with a rate of agreement of at least `limit`.
  public func count(agreementAtLeast limit: Double) -> Int {
    pairs.reduce(0) { $0 + ($1.agreement >= limit ? 1 : 0) }
  }

  /// Matched over found discharges of all pairs together; nil without pairs.
  public var pooledPrecision: Double? { pooled { Double($0.matched) / $0.precision } }

  /// Matched over true discharges of all pairs together; nil without pairs.
  public var pooledRecall: Double? { pooled { Double($0.matched) / $0.recall } }

  private func pooled(_ total: (Pair) -> Double) -> Double? {
    let all = pairs.filter { $0.matched > 0 }
    if all.isEmpty { return nil }
    return Double(all.reduce(0) { $0 + $1.matched }) / all.reduce(0) { $0 + total($1) }
  }
}
