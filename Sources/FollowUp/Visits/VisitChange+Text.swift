import Reports
import Tables
import UnitNumber

extension VisitChange {
  /// The comparison for people.
  package var text: String {
    var table = TextTable([
      "Measure", "Muscle", from, to, "Change (%)", "90 % interval", "Exceeds error",
      "with visits' variation",
    ])
    for row in rows {
      table.add([
        row.measure, [row.muscle, row.side].compactMap { $0 }.joined(separator: ", "),
        NumberText.significant(row.first, 3), NumberText.significant(row.second, 3),
        Formatting.signed(row.changePercent, 1),
        (row.withRetest ?? row.byError)?.interval90Percent.map { Formatting.signed($0, 0) }
          .joined(separator: " to ") ?? "no call",
        row.byError.map { Formatting.fixed($0.probabilityExceedsError, 3) } ?? "no call",
        row.noCall == nil
          ? Formatting.fixed(row.withRetest?.probabilityExceedsError, 3) : "no call",
      ])
    }
    let sources = Set(
      rows.compactMap { row in
        row.retestSource.map { source in
          source + (row.retestSubjects.map { "; Student's t on \($0) degrees of freedom" } ?? "")
        }
      }
    ).sorted()
    return
      ([patient, table.text] + rows.flatMap(\.warnings).map { "Warning: \($0)" }
      + sources.map { "Variation between visits: \($0)" } + ["", Self.wording])
      .joined(separator: "\n")
  }
}
