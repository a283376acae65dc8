import Reports
import Tables
import UnitNumber

extension MuneSummary {
  /// The estimate for people.
  package var text: String {
    var table = TextTable(["Value", "Estimate", "90 % interval"])
    table.add([
      "Motor units", NumberText.significant(estimate.unitCount, 3),
      ScanAnalysis.interval(estimate.interval90),
    ])
    table.add(["Mean unit (uV)", NumberText.significant(estimate.meanUnitMicrovolts, 3), "-"])
    table.add(["CMAP (mV)", NumberText.significant(estimate.cmapMillivolts, 3), "-"])
    var lines = [table.text, "\(estimate.unitsUsed) sizes used (\(estimate.method))"]
    lines += estimate.rejected.map { "Left out: entry \($0.index + 1): \($0.reason)" }
    lines += estimate.flags.map { "Flag: \($0)" }
    return (lines + ["", ScanWording.estimate]).joined(separator: "\n")
  }
}
