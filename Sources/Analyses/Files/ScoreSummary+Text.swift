import MotorUnits
import Reports
import Tables

extension ScoreSummary {
  /// The score for people.
  package var text: String {
    var lines = [
      "\(foundUnits) units found, \(trueUnits) true units",
      "matched \(matchedUnits), of them \(matchedAtRoA90) at RoA >= 0.9",
      "false \(falseUnits.count)\(Self.names(falseUnits)), "
        + "duplicate \(duplicateUnits.count)\(Self.names(duplicateUnits))",
      "pooled precision \(Formatting.fixed(pooledPrecision, 4)), "
        + "recall \(Formatting.fixed(pooledRecall, 4)) over matched units",
      "tolerance \(Formatting.fixed(toleranceMilliseconds, 3)) ms",
      "",
    ]
    var table = TextTable(["Found", "True", "RoA", "Precision", "Recall", "Matched", "Lag (ms)"])
    for pair in pairs {
      table.add([
        pair.found, pair.truth, Formatting.fixed(pair.agreement, 4),
        Formatting.fixed(pair.precision, 4), Formatting.fixed(pair.recall, 4),
        String(pair.matched), Formatting.fixed(pair.lagMilliseconds, 2),
      ])
    }
    lines.append(table.text)
    return lines.joined(separator: "\n")
  }

  private static func names(_ units: [String]) -> String {
    units.isEmpty ? "" : " (\(units.joined(separator: ", ")))"
  }
}
