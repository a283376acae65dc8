import Reports
import Tables

extension SubgroupSummary {
  /// The subgroups of one attribute for people.
  package var text: String {
    guard reason == nil else { return "By \(attribute): no comparison (\(reason ?? ""))" }
    let unit = overall.first?.unit ?? ""
    var table = TextTable([
      "By \(attribute)",
      "Patients" + (arms.isEmpty ? "" : " (\(arms.joined(separator: " + ")))"),
      "Effect" + (unit.isEmpty ? "" : " (\(unit))"), "Estimate",
      "From",
      "To",
    ])
    let decimals = SlopeText.decimals(groups.flatMap(\.estimates))
    func add(_ name: String, _ patients: String, _ estimates: [SlopeText]) {
      for (effect, own) in zip(effects, estimates) {
        table.add([
          name, patients, effect, Formatting.signed(own.value, decimals),
          Formatting.signed(own.valueLower, decimals), Formatting.signed(own.valueUpper, decimals),
        ])
      }
    }
    for group in groups { add(group.name, count(group), group.estimates) }
    add("all of these", "", overall)
    return ([table.text, interactionText] + remarks).joined(separator: "\n")
  }
}
