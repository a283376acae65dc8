import Reports
import Tables

extension ImputationPage {
  /// Multiple imputation for people.
  package var text: String {
    var titles = [
      "After leaving", "Arm", "Difference", "From", "To", "df", "p", "Missing", "Seed error",
    ]
    if summary.showsTippingPoint { titles.append("Tipping point") }
    var table = TextTable(titles)
    for row in rows {
      let shown = row.difference
      let cells = [
        row.rule, row.arm, Formatting.signed(shown.value, shown.decimals),
        Formatting.signed(shown.valueLower, shown.decimals),
        Formatting.signed(shown.valueUpper, shown.decimals),
        shown.df.map { Formatting.fixed($0, 1) } ?? "-",
        shown.p.map { NumberText.pValue($0, isBare: true) } ?? "-", row.missing, row.error,
      ]
      table.add(summary.showsTippingPoint ? cells + [row.tippingPoint] : cells)
    }
    return
      ([
        "Missing visits by multiple imputation\(unit.isEmpty ? "" : ", in \(unit)"), last visit",
        accounting, table.text, Self.explanation,
      ] + (summary.showsTippingPoint ? [Self.tippingExplanation] : [])).joined(separator: "\n")
  }
}

extension Estimand {
  /// The estimand for people.
  package var text: String {
    var table = TextTable(["Intercurrent event", "Patients", "Strategy", "How it is handled"])
    for event in events {
      table.add([
        event.event, event.count.map(String.init) ?? "-", event.strategy, event.handling,
      ])
    }
    return "Estimand (ICH E9(R1)) of the \(analysis)\n" + lines.joined(separator: "\n") + "\n"
      + table.text
  }
}
