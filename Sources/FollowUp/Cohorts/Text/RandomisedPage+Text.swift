import Progression
import Reports
import Tables

extension RandomisedPage {
  /// The comparison for people.
  package var text: String {
    var table = TextTable([
      "Visit", "Arm", "Patients", "Control", "Mean", "Difference", "From", "To", "df", "p",
      "Slowing %",
    ])
    for row in rows {
      table.add([
        row.visit, row.arm, row.patients, row.control, row.mean,
        Formatting.signed(row.difference.value, decimals),
        Formatting.signed(row.difference.valueLower, decimals),
        Formatting.signed(row.difference.valueUpper, decimals),
        row.difference.df.map { Formatting.fixed($0, 1) } ?? "-",
        row.difference.p.map { NumberText.pValue($0, isBare: true) } ?? "-", row.slowing,
      ])
    }
    let lines = [
      "Change from baseline\(unit.isEmpty ? "" : " in \(unit)") against \(result.arms[0]), visit by visit:",
      "  \(result.formula); \(result.inference)", table.text,
    ]
    return (lines + result.remarks).joined(separator: "\n")
  }
}

extension ResidualComparison {
  /// The residual structures for people.
  package func text(isLogarithmic: Bool, unit: String) -> String {
    var table = TextTable([
      "Residuals", "\(effect) (\(unit))", "From", "To", "p", "Robust p", "AIC", "Remark",
    ])
    for (index, line) in lines.enumerated() {
      let slope = line.estimate.map {
        SlopeText($0, isLogarithmic: isLogarithmic, unit: unit)
      }
      table.add([
        line.name + (index == chosen ? " (chosen)" : ""),
        slope.map { Formatting.signed($0.value, $0.decimals) } ?? "-",
        slope.map { Formatting.signed($0.valueLower, $0.decimals) } ?? "-",
        slope.map { Formatting.signed($0.valueUpper, $0.decimals) } ?? "-",
        slope?.p.map { NumberText.pValue($0, isBare: true) } ?? "-",
        line.robust.map { NumberText.pValue($0.p, isBare: true) } ?? "-",
        line.aic.map { Formatting.fixed($0, 1) } ?? "-", line.remark,
      ])
    }
    return table.text + "\n" + Self.explanation
  }
}
