extension RunReport {
  /// What is told of the units: trains, and where there are any their averaged potentials.
  var unitTables: [ReportTable] { [trainTable, potentialTable].compactMap { $0 } }

  /// One row per unit; columns that no unit has a value for are left out.
  private var trainTable: ReportTable {
    let measures = shown(.train)
    let hasTentative = units.contains(where: \.isTentative)
    var columns = [ReportTable.Column("Unit", isNumeric: false), ReportTable.Column("Discharges")]
    columns += measures.map { ReportTable.Column(title($0)) }
    columns += [ReportTable.Column("First (s)"), ReportTable.Column("Last (s)")]
    if hasTentative { columns.append(ReportTable.Column("Status")) }
    return ReportTable(
      caption: "Identified units", columns: columns,
      rows: units.map { unit in
        [unit.id, NumberText.count(unit.times.count)] + measures.map { cell($0, unit) }
          + [unit.times.first, unit.times.last].map { $0.map { NumberText.fixed($0, 2) } ?? "–" }
          + (hasTentative ? [unit.isTentative ? "tentative" : "accepted"] : [])
      },
      markedRows: marked,
      notes: [
        sentences(
          measures.map(\.note) + [
            units.contains { $0.meanRate == nil }
              ? "Rates leave out pauses of half a second and more." : nil
          ])
      ])
  }

  private var potentialTable: ReportTable? {
    let measures = shown(.potential)
    if measures.isEmpty { return nil }
    return ReportTable(
      caption: "Measures of the motor unit potentials",
      columns: [.init("Unit", isNumeric: false)] + measures.map { .init(title($0)) },
      rows: units.map { unit in [unit.id] + measures.map { cell($0, unit) } }, markedRows: marked,
      notes: [
        sentences(
          [
            "On the averaged potential, with automatic marks; measures of tentative units are "
              + "tentative too. Normal limits depend on muscle, age, electrode and method, and are "
              + "not given here."
          ] + measures.map(\.note))
      ])
  }

  private var marked: Set<Int> { Set(units.indices.filter { units[$0].isTentative }) }

  /// The measures of a group that any unit has a value for.
  private func shown(_ group: UnitMeasure.Group) -> [UnitMeasure] {
    UnitMeasure.all.filter { measure in
      measure.group == group && units.contains { value(measure, $0) != nil }
    }
  }

  private func value(_ measure: UnitMeasure, _ unit: Unit) -> Double? {
    measure == .meanRate ? rate(of: unit) : unit.measures[measure]
  }

  private func cell(_ measure: UnitMeasure, _ unit: Unit) -> String {
    value(measure, unit).map(measure.text) ?? "–"
  }

  /// A threshold is told in the unit of the force channel.
  private func title(_ measure: UnitMeasure) -> String {
    guard measure == .recruitmentThreshold, let unit = trace?.unit, !unit.isEmpty else {
      return measure.title
    }
    return "\(measure.title) (\(unit))"
  }
}
