extension DecompositionExport {
  /// What is told of the units as the text of `units.csv`, one line a unit.
  ///
  /// Columns: `unit`, `discharges`, the columns of `UnitMeasure.all` that any unit has a value for, and
  /// where some are `tentative` (yes or no).
  public func unitsCSV() -> String {
    let shown = UnitMeasure.all.filter { measure in units.contains { $0.measures[measure] != nil } }
    let hasTentative = units.contains { $0.isTentative == true }
    var output =
      (["unit", "discharges"] + shown.map(\.column) + (hasTentative ? ["tentative"] : []))
      .joined(separator: ",") + "\n"
    for unit in units {
      let fields =
        [CSVText.field(unit.id), String(unit.samples.count)]
        + shown.map { $0.field(unit.measures[$0]) }
        + (hasTentative ? [unit.isTentative == true ? "yes" : "no"] : [])
      output += fields.joined(separator: ",") + "\n"
    }
    return output
  }
}
