/// Who left the study, when, and whether the missing visits call for a sensitivity analysis.
public struct Attrition: Sendable, Codable, Equatable {
  /// An event that ended or changed a patient's follow-up.
  public struct Event: Sendable, Codable, Equatable {
    /// What happened.
    public enum Kind: String, Sendable, Codable, CaseIterable {
      /// Death.
      case death
      /// Tracheostomy or permanent ventilation, counted with deaths.
      case tracheostomy
      /// Withdrawal of consent or loss to follow-up.
      case withdrawal
      /// Any other end of follow-up.
      case other
    }

    /// The subject.
    public let subject: String
    /// Months from the study's origin.
    public let time: Double
    /// What happened.
    public let kind: Kind

    /// Makes an event.
    public init(subject: String, time: Double, kind: Kind) {
      self.subject = subject
      self.time = time
      self.kind = kind
    }
  }

  /// Subjects of the table.
  public let subjects: Int
  /// The first event of each subject that has one; not part of the coded form.
  public private(set) var firstEvents: [String: Event] = [:]
  /// Number of subjects with each kind of first event.
  public let counts: [String: Int]
  /// Subjects whose last visit is more than a visit gap before the end of the plan, without an event.
  public let unexplained: [String]
  /// Subjects who left early, by event or without one.
  public let leftEarly: [String]
  /// Share of subjects who died or were tracheostomised.
  public let deathShare: Double
  /// Month of the last planned visit.
  public let plannedEnd: Double
  /// Sentences to be shown with every result.
  public let warnings: [String]

  private enum CodingKeys: String, CodingKey {
    case subjects, counts, unexplained, leftEarly, deathShare, plannedEnd, warnings
  }

  /// The last visit of the plan where no plan is known, and the time between visits.
  ///
  /// The end is the month that nine of ten subjects without an event do not outlast, so that one long
  /// course does not make dropouts of all others; the gap is one and a half times the median time between
  /// the visits of a subject.
  public static func observedPlan(
    _ table: LongitudinalTable, events: [Event]
  ) -> (plannedEnd: Double, visitGap: Double) {
    let left = Set(events.map(\.subject))
    var ends: [Double] = []
    var all: [Double] = []
    var gaps: [Double] = []
    for (subject, rows) in table.subjects {
      let times = Set(rows.map(\.time)).sorted()
      guard let last = times.last else { continue }
      all.append(last)
      if !left.contains(subject) { ends.append(last) }
      gaps += zip(times.dropFirst(), times).map { $0 - $1 }
    }
    if ends.isEmpty { ends = all }
    ends.sort()
    gaps.sort()
    let end = ends.isEmpty ? 0 : ends[(ends.count - 1) * 9 / 10]
    return (end, gaps.isEmpty ? 0 : 1.5 * gaps[gaps.count / 2])
  }

  /// Whether deaths exceed 10 %, so that results under missing at random need a sensitivity analysis.
  public var needsSensitivity: Bool { deathShare > 0.10 }

  /// Accounts for the subjects of a table.
  ///
  /// - `ongoing`: subjects whose follow-up has not ended yet; they never count as having left.
  /// - `plannedEnd`: month of the last planned visit.
  /// - `visitGap`: months between planned visits; a last visit within one gap of the end counts as
  ///   complete.
  /// - Throws: `ProgressionError.invalidTable` for an event of a subject who is not in the table.
  public init(
    _ table: LongitudinalTable, events: [Event], ongoing: Set<String> = [], plannedEnd: Double,
    visitGap: Double
  ) throws {
    let visits = table.subjects
    let known = Set(visits.map(\.subject))
    for event in events where !known.contains(event.subject) || !event.time.isFinite {
      throw ProgressionError.invalidTable(
        found: "an event of subject \(event.subject) at month \(event.time)",
        expected: "a subject of the table and a finite month")
    }
    var first: [String: Event] = [:]
    for event in events.sorted(by: { $0.time < $1.time }) where first[event.subject] == nil {
      first[event.subject] = event
    }
    var counts: [String: Int] = [:]
    for event in first.values { counts[event.kind.rawValue, default: 0] += 1 }
    var unexplained: [String] = []
    var early: [String] = []
    for (subject, rows) in visits {
      let last = rows.map(\.time).max() ?? plannedEnd
      let isShort = last < plannedEnd - visitGap && !ongoing.contains(subject)
      if isShort && first[subject] == nil { unexplained.append(subject) }
      if isShort || (first[subject].map { $0.time < plannedEnd } ?? false) {
        early.append(subject)
      }
    }
    let deaths = (counts["death"] ?? 0) + (counts["tracheostomy"] ?? 0)
    subjects = visits.count
    firstEvents = first
    self.counts = counts
    self.unexplained = unexplained
    leftEarly = early
    deathShare = Double(deaths) / Double(visits.count)
    self.plannedEnd = plannedEnd
    var warnings: [String] = []
    if !early.isEmpty {
      let endings = early.count { first[$0]?.kind == .death || first[$0]?.kind == .tracheostomy }
      warnings.append(
        "\(early.count) of \(visits.count) patients left early (\(endings) by death or tracheostomy); "
          + "their visits count as missing at random and nothing is carried forward")
    }
    if !unexplained.isEmpty {
      warnings.append(
        "\(unexplained.count) of them stop before the planned end without a recorded reason")
    }
    if deathShare > 0.10 {
      warnings.append(
        "deaths exceed 10 %: the visits that are missing may have been worse; see the pattern-mixture "
          + "and joint analyses")
    }
    self.warnings = warnings
  }
}
