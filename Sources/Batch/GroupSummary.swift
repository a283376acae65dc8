import Reports

/// What the tables of all recordings of a batch hold; `Imported` is what was stored of them elsewhere.
public struct GroupSummary<Imported: Encodable>: Encodable {
  /// Name and version of the software.
  public let software: String
  /// Recordings of the list.
  public let recordings: Int
  /// Recordings with a result.
  public let done: Int
  /// Identified units of all recordings.
  public let units: Int
  /// Recordings without a result.
  public let failures: Int
  /// Folders of work that was cut short, which were removed.
  public let leftOversRemoved: Int
  /// What was stored of the counts; nil where that was not asked for.
  public let imported: Imported?
  /// What the counts mean.
  public let note = ReportWording.identifiedCounts

  /// The summary of tables.
  public init(
    _ tables: GroupTables, software: String, leftOversRemoved: Int, imported: Imported?
  ) {
    self.software = software
    recordings = tables.entries.count
    done = tables.entries.count { $0.units != nil }
    units = tables.units.rows.count
    failures = tables.failures.rows.count
    self.leftOversRemoved = leftOversRemoved
    self.imported = imported
  }
}

extension GroupTables {
  /// The tables for people: how many there are, and the first twenty failures.
  ///
  /// - Parameter output: the folder that they were written to.
  public func lines(output: String) -> [String] {
    let done = entries.count { $0.units != nil }
    var lines = [
      "\(output): \(done) of \(entries.count) recordings, \(units.rows.count) identified units; "
        + "group_recordings.tsv, group_units.tsv, group_failures.tsv, group.html"
    ]
    lines += failures.rows.prefix(20).map { "\($0.cells[2]): \($0.cells[1]): \($0.cells[4])" }
    if failures.rows.count > 20 { lines.append("and \(failures.rows.count - 20) more") }
    return lines
  }
}
