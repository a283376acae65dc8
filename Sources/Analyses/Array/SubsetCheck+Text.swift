import Recordings
import Reports
import Tables

extension SubsetCheck {
  /// The table for people, one line a unit, and how to read it.
  package var text: String {
    let names = takesHalves ? ["First half", "Second half"] : ["Odd", "Even"]
    var lines = [
      "\(recording.source.fileName): all \(recording.emgChannels.count) channels "
        + "\(validation.whole.units.count) units, \(names[0].lowercased()) "
        + "(\(validation.subsets[0].count)) \(validation.parts[0].units.count), "
        + "\(names[1].lowercased()) (\(validation.subsets[1].count)) "
        + "\(validation.parts[1].units.count)",
      "\(validation.confirmedCount) of \(validation.whole.units.count) units confirmed: the two "
        + "subsets agree at RoA >= 0.9",
      "",
    ]
    var table = TextTable([
      "Unit", "Discharges", "SIL", names[0], "RoA", names[1], "RoA", "Subsets RoA", "Lag (ms)",
    ])
    func number(_ value: Int?) -> String { value.map(String.init) ?? "-" }
    for row in validation.rows {
      var lag: Double?
      if let first = row.lagsMilliseconds[0], let second = row.lagsMilliseconds[1] {
        lag = second - first
      }
      table.add([
        number(row.unit), String(row.dischargeCount), Formatting.fixed(row.silhouette, 3),
        number(row.subsetUnits[0]), Formatting.fixed(row.agreements[0], 3),
        number(row.subsetUnits[1]), Formatting.fixed(row.agreements[1], 3),
        Formatting.fixed(row.mutualAgreement, 3), Formatting.fixed(lag, 2),
      ])
    }
    lines.append(table.text)
    lines += ["", Self.reading]
    return lines.joined(separator: "\n")
  }
}
