import RealModule

/// The combined assessment of function and survival (CAFS): every patient ranked against every other.
///
/// Of two patients the one who survives longer fares better; where follow-up does not tell, the one
/// with the better change from baseline at the last visit that both have (Finkelstein and Schoenfeld
/// 1999; Berry et al. 2013). A patient's score is the number of patients who fare worse less the number
/// who fare better. No pairs are held: the time is n log n for each pair of patterns of missing visits.
public struct JointRank: Sendable, Codable, Equatable {
  /// One patient.
  public struct Patient: Sendable, Codable, Equatable {
    /// Time to the event or to the end of follow-up.
    public var time: Double
    /// Whether the event (death, or its equivalents) happened then.
    public var hasEvent: Bool
    /// Change from baseline at each planned visit, nil where it is missing; larger is better.
    public var changes: [Double?]

    /// Makes a patient.
    public init(time: Double, hasEvent: Bool, changes: [Double?]) {
      self.time = time
      self.hasEvent = hasEvent
      self.changes = changes
    }
  }

  /// Score of each patient, in the order of the input.
  public let scores: [Int]

  /// Average ranks of the scores, 1 for the worst.
  public var ranks: [Double] { JointRank.ranks(scores.map(Double.init)) }

  /// Ranks the patients.
  ///
  /// - Throws: `ProgressionError.invalidTable` for no patients, numbers of visits that differ or exceed
  ///   64, and times or changes that are not finite.
  public init(_ patients: [Patient]) throws {
    let visits = patients.first?.changes.count ?? 0
    guard !patients.isEmpty, visits <= 64, patients.allSatisfy({ $0.changes.count == visits }),
      patients.allSatisfy({ patient in
        patient.time >= 0 && patient.time.isFinite
          && patient.changes.allSatisfy { $0?.isFinite ?? true }
      })
    else {
      throw ProgressionError.invalidTable(
        found: "\(patients.count) patients with up to "
          + "\(patients.map(\.changes.count).max() ?? 0) visits",
        expected:
          "at least one patient, finite numbers, and the same planned visits (at most 64) for all"
      )
    }
    var scores = [Int](repeating: 0, count: patients.count)
    JointRank.rankSurvival(patients, &scores)
    var patterns: [UInt64: [Int]] = [:]
    for (index, patient) in patients.enumerated() {
      var mask: UInt64 = 0
      for (visit, change) in patient.changes.enumerated() where change != nil {
        mask |= 1 << UInt64(visit)
      }
      patterns[mask, default: []].append(index)
    }
    let keys = patterns.keys.sorted()
    for (i, a) in keys.enumerated() {
      for b in keys[i...] {
        let common = a & b
        guard common != 0 else { continue }
        let visit = 63 - common.leadingZeroBitCount
        JointRank.rankChange(
          patients, patterns[a] ?? [], a == b ? nil : patterns[b] ?? [], visit, &scores)
      }
    }
    self.scores = scores
  }

  /// Pairs that follow-up decides: an event against a later event, or against follow-up at least as long.
  private static func rankSurvival(_ patients: [Patient], _ scores: inout [Int]) {
    let events = patients.filter(\.hasEvent).map(\.time).sorted()
    let censored = patients.filter { !$0.hasEvent }.map(\.time).sorted()
    for (index, patient) in patients.enumerated() {
      let earlier = count(events, below: patient.time)
      let upTo = count(events, upTo: patient.time)
      if patient.hasEvent {
        scores[index] += earlier - (events.count - upTo)
        scores[index] -= censored.count - count(censored, below: patient.time)
      } else {
        scores[index] += upTo
      }
    }
  }

  /// Pairs that follow-up leaves open, by their change at one visit; `others` nil pairs a group with itself.
  private static func rankChange(
    _ patients: [Patient], _ own: [Int], _ others: [Int]?, _ visit: Int, _ scores: inout [Int]
  ) {
    func change(_ index: Int) -> Double { patients[index].changes[visit] ?? 0 }
    func censored(_ group: [Int]) -> [Int] { group.filter { !patients[$0].hasEvent } }
    func events(_ group: [Int]) -> [Int] { group.filter { patients[$0].hasEvent } }
    func compare(_ group: [Int], with rest: [Int]) {
      let sorted = rest.map(change).sorted()
      for index in group {
        let value = change(index)
        scores[index] += count(sorted, below: value) - (sorted.count - count(sorted, upTo: value))
      }
    }
    let (first, second) = (censored(own), censored(others ?? own))
    compare(first, with: second)
    if others != nil { compare(second, with: first) }
    // An event after the end of the other's follow-up leaves the pair open.
    rankLateEvents(patients, events(own), second, change, &scores)
    if let others { rankLateEvents(patients, events(others), first, change, &scores) }
  }

  /// Events against patients whose follow-up ended before them.
  private static func rankLateEvents(
    _ patients: [Patient], _ events: [Int], _ censored: [Int], _ change: (Int) -> Double,
    _ scores: inout [Int]
  ) {
    guard !events.isEmpty, !censored.isEmpty else { return }
    // For the events: censored patients enter in order of time and are counted by change.
    sweep(
      events.sorted { patients[$0].time < patients[$1].time },
      against: censored.sorted { patients[$0].time < patients[$1].time },
      enters: { patients[$1].time < patients[$0].time }, change, &scores)
    // For the censored: events enter from the latest on.
    sweep(
      censored.sorted { patients[$0].time > patients[$1].time },
      against: events.sorted { patients[$0].time > patients[$1].time },
      enters: { patients[$1].time > patients[$0].time }, change, &scores)
  }

  private static func sweep(
    _ judged: [Int], against entering: [Int], enters: (Int, Int) -> Bool,
    _ change: (Int) -> Double, _ scores: inout [Int]
  ) {
    let levels = Set(entering.map(change)).sorted()
    var tree = [Int](repeating: 0, count: levels.count + 1)
    var total = 0
    var next = 0
    func sum(_ upTo: Int) -> Int {
      var (k, result) = (upTo, 0)
      while k > 0 {
        result += tree[k]
        k &= k - 1
      }
      return result
    }
    for index in judged {
      while next < entering.count && enters(index, entering[next]) {
        var k = count(levels, below: change(entering[next])) + 1
        while k <= levels.count {
          tree[k] += 1
          k += k & -k
        }
        total += 1
        next += 1
      }
      let value = change(index)
      scores[index] += sum(count(levels, below: value)) - (total - sum(count(levels, upTo: value)))
    }
  }

  /// How many of sorted numbers are below a value.
  private static func count(_ sorted: [Double], below value: Double) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private static func count(_ sorted: [Double], upTo value: Double) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] <= value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Ranks with ties averaged.
  static func ranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var result = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start
      while end + 1 < order.count && values[order[end + 1]] == values[order[start]] { end += 1 }
      for k in start...end { result[order[k]] = Double(start + end) / 2 + 1 }
      start = end + 1
    }
    return result
  }
}
