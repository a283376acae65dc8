import Progression
import Reports
import Tables

extension HistoricalPlan {
  /// Historical controls for people.
  ///
  /// - Parameter slowing: slowing in percent of the decline that the power is for.
  public func text(slowing: Double) -> String {
    var table = TextTable([
      "Controls less history", "SDs", "% a month", "False slowing", "Power",
    ])
    func add(_ name: String, _ line: Line) {
      table.add([
        name, Formatting.signed(line.drift / prior.standardDeviation, 1),
        Formatting.signed(Estimate.percent(line.drift), 2), Formatting.fixed(line.falseSlowing, 3),
        Formatting.fixed(line.power, 3),
      ])
    }
    for line in lines { add(line.drift == 0 ? "as history says" : "", line) }
    add("as this plan says", asPlanned)
    add("most false slowings", worst)
    return HistoryWording.prior(self) + "\n" + table.text + "\n"
      + "Without history: false slowing \(Formatting.fixed(level, 3)), power "
      + "\(Formatting.fixed(powerAlone, 3)) for a slowing of \(Formatting.fixed(slowing, 0)) %\n"
      + HistoryWording.explanation
  }
}

extension HistoricalComparison {
  /// The comparison with controls of earlier trials for people.
  public func text(isLogarithmic: Bool, unit: String) -> String {
    let decimals = decimals(isLogarithmic: isLogarithmic)
    var table = TextTable(["With earlier controls", "\(title) (\(unit))", "From", "To", "Remark"])
    for line in lines(isLogarithmic: isLogarithmic) {
      table.add([
        line.name, Formatting.signed(line.value, decimals),
        Formatting.signed(line.lower, decimals), Formatting.signed(line.upper, decimals),
        line.remark,
      ])
    }
    return table.text + "\n"
      + (worth + [HistoryWording.comparisonExplanation]).joined(separator: "\n")
  }
}
