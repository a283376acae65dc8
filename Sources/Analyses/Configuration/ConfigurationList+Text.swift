import Reports
import Tables

extension ConfigurationList {
  /// The settings as a table.
  package var text: String {
    var table = TextTable(["Setting", "Value", "Unit", "Range", "Meaning"])
    for item in settings {
      table.add([
        item.setting, Self.text(item.value), item.unit,
        item.range.map { $0.map(Formatting.plain).joined(separator: " to ") } ?? "",
        item.meaning + (item.source.isEmpty ? "" : " (\(item.source))"),
      ])
    }
    return table.text
  }

  private static func text(_ value: JSONValue?) -> String {
    guard let value, let text = try? JSONText.of([value]) else { return "default" }
    return text.filter { !"[]\n \"".contains($0) }
  }
}
