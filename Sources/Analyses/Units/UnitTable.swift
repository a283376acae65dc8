import Reports
import Tables

/// The units of a result for people: trains and the short list of measures that any unit has a value for.
struct UnitTable {
  /// The lines of the table.
  let text: String

  /// A table of units; `statuses` adds a column where some are tentative.
  init(_ units: [DecompositionExport.Unit], statuses: Bool = false) {
    let shown = UnitMeasure.all.filter { measure in
      measure.isBrief && units.contains { $0.measures[measure] != nil }
    }
    var table = TextTable(
      ["Unit", "Discharges"] + shown.map(\.plainTitle) + (statuses ? ["Status"] : []))
    for unit in units {
      table.add(
        [unit.id, String(unit.samples.count)]
          + shown.map { measure in unit.measures[measure].map(measure.text) ?? "-" }
          + (statuses ? [unit.isTentative == true ? "tentative" : "accepted"] : []))
    }
    text = table.text
  }
}
