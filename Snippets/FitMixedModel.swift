// Fits a mixed model to a table of patients and months, with Kenward-Roger intervals.
// snippet.hide
#if canImport(Progression)
  // snippet.show
  import Progression
  import Tables

  let reader = try ColumnReader(file: "cohort.csv", numbers: ["month", "count", "therapy"])
  let rows = try reader.table.rows.compactMap { row -> LongitudinalTable.Row? in
    guard let patient = try reader.text("patient", row),
      let month = try reader.number("month", row), let count = try reader.number("count", row)
    else { return nil }
    return LongitudinalTable.Row(
      subject: patient, time: month, value: count, therapyTime: try reader.number("therapy", row))
  }
  let table = try LongitudinalTable(rows).logTransformed().table
  let fit = try MixedModel(randomEffects: .m3).fit(table)
  for (name, effect) in try fit.kenwardRoger().effects {
    print(name, effect.value, effect.lower, effect.upper, effect.p)
  }
// snippet.hide
#endif
