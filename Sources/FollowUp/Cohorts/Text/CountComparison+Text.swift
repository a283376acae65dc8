import Progression
import Reports
import Tables

extension CountComparison {
  /// The models of counts for people.
  ///
  /// - Parameter timeUnit: what one unit of time is called.
  public func text(timeUnit: String) -> String {
    var table = TextTable([
      "Counts as", "\(effect) (% per \(timeUnit))", "From", "To", "p", "AIC", "Remark",
    ])
    for (index, line) in lines.enumerated() {
      let slope = line.estimate.map { SlopeText($0, isLogarithmic: true, unit: "%") }
      table.add([
        line.family.rawValue + (index == chosen ? " (chosen)" : ""),
        slope.map { Formatting.signed($0.value, $0.decimals) } ?? "-",
        slope.map { Formatting.signed($0.valueLower, $0.decimals) } ?? "-",
        slope.map { Formatting.signed($0.valueUpper, $0.decimals) } ?? "-",
        slope?.p.map { NumberText.pValue($0, isBare: true) } ?? "-",
        line.aic.map { Formatting.fixed($0, 1) } ?? "-", line.remark,
      ])
    }
    return "\(heading)\n\(table.text)\n\(Self.explanation)"
  }
}

extension SideComparison {
  /// The treated against the other side for people.
  public func text(isLogarithmic: Bool, unit: String) -> String {
    var table = TextTable([
      "Varies between sides", "Difference (\(unit))", "From", "To", "df", "p", "AIC", "Slowing %",
    ])
    for (index, line) in lines.enumerated() {
      let slope = line.estimate.map { SlopeText($0, isLogarithmic: isLogarithmic, unit: unit) }
      table.add([
        line.name + (index == chosen ? " (chosen)" : ""),
        slope.map { Formatting.signed($0.value, $0.decimals) } ?? line.reason ?? "-",
        slope.map { Formatting.signed($0.valueLower, $0.decimals) } ?? "-",
        slope.map { Formatting.signed($0.valueUpper, $0.decimals) } ?? "-",
        slope?.df.map { Formatting.fixed($0, 1) } ?? "-",
        slope?.p.map { NumberText.pValue($0, isBare: true) } ?? "-",
        line.aic.map { Formatting.fixed($0, 1) } ?? "-",
        line.slowing.map { Formatting.fixed($0.percentSlowing, 0) } ?? "-",
      ])
    }
    return "Treated against untreated side, \(patients) patients with both\n\(table.text)\n"
      + Self.explanation
  }
}
