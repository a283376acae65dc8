/// Follow-up of one patient to an event or to its end.
public struct SurvivalRecord: Sendable, Codable, Equatable {
  /// Time from the origin to the event or to the end of follow-up, zero or more.
  public var time: Double
  /// Whether the event happened then; false where follow-up ended without it.
  public var hasEvent: Bool
  /// The group that is compared, such as the arm.
  public var group: String
  /// The stratum; comparisons are made within strata.
  public var stratum: String

  /// Makes a record.
  public init(time: Double, hasEvent: Bool, group: String = "", stratum: String = "") {
    self.time = time
    self.hasEvent = hasEvent
    self.group = group
    self.stratum = stratum
  }

  /// Checks times and that there is an event at all.
  static func check(_ records: [SurvivalRecord]) throws {
    guard !records.isEmpty else {
      throw ProgressionError.invalidTable(found: "no patients", expected: "at least one")
    }
    if let index = records.firstIndex(where: { !($0.time >= 0 && $0.time.isFinite) }) {
      throw ProgressionError.invalidRow(
        row: index + 1, found: "time \(records[index].time)", expected: "zero or more")
    }
  }
}
