import Reports
import Tables

extension EndpointComparison {
  /// The endpoints for people.
  package var text: String {
    var table = TextTable([
      "Family", "Endpoint", "Effect", "Estimate", "From", "To", "p", "Adjusted p", "No effect",
    ])
    for item in endpoints {
      let shown = item.test.estimate
      table.add([
        item.family, item.test.name, item.test.reason ?? item.test.quantity,
        shown.map { Formatting.signed($0.value, $0.decimals) } ?? "-",
        shown.map { Formatting.signed($0.valueLower, $0.decimals) } ?? "-",
        shown.map { Formatting.signed($0.valueUpper, $0.decimals) } ?? "-",
        item.p.map { NumberText.pValue($0, isBare: true) } ?? "-",
        NumberText.pValue(item.adjustedP, isBare: true), item.verdict,
      ])
    }
    return "Endpoints named beforehand\n\(table.text)\n\(explanation)"
  }
}
