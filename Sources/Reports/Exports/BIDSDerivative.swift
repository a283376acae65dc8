import Foundation

extension DecompositionExport {
  /// The spike trains as the text of a BIDS derivative `desc-decomposition_events.tsv`.
  ///
  /// Columns: `onset` (seconds from the start of the recording), `duration` (0), `sample`
  /// (0-based), `unit_id`, `event_type` and `description`, both `motor-unit-spike`. Rows ascend
  /// by onset, discharges at one time by the order of units.
  public func bidsEventsTSV() -> String {
    var rows: [(time: Double, unit: Int, sample: Int)] = []
    for (index, unit) in units.enumerated() {
      for (sample, time) in zip(unit.samples, unit.times) { rows.append((time, index, sample)) }
    }
    rows.sort { ($0.time, $0.unit) < ($1.time, $1.unit) }
    let type = "motor-unit-spike"
    var output = "onset\tduration\tsample\tunit_id\tevent_type\tdescription\n"
    for row in rows {
      let id = units[row.unit].id.map { $0.isWhitespace ? " " : $0 }
      output += "\(CSVText.fixed(row.time, 7))\t0\t\(row.sample)\t\(String(id))\t\(type)\t\(type)\n"
    }
    return output
  }

  /// The sidecar of the events file: what its columns hold and where they come from.
  public func bidsEventsJSON() -> String {
    func column(_ description: String, units: String? = nil) -> JSONValue {
      .members([
        ("Description", .string(description)), ("Units", units.map { .string($0) }),
      ])
    }
    return JSONValue.members([
      ("onset", column("Time of the discharge from the start of the recording", units: "s")),
      ("duration", column("Always zero: a discharge is an instant", units: "s")),
      ("sample", column("0-based sample of the discharge")),
      ("unit_id", column("Name of the motor unit within this recording")),
      ("event_type", column("motor-unit-spike: one discharge of one identified motor unit")),
      ("SamplingFrequency", .number(samplingRate)),
      (
        "GeneratedBy",
        .array([.members([("Name", .string(software)), ("Version", .string(version))])])
      ),
      (
        "Sources",
        input.map { .array([.string($0.name)]) }
      ),
    ]).text() + "\n"
  }
}
