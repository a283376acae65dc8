extension ReportPage {
  /// The page as the text of a Markdown file, without its figures.
  public func markdown() -> String {
    var blocks = ["# \(Self.escaped(title))"]
    blocks.append(
      "*\(Self.escaped([kind, subtitle].filter { !$0.isEmpty }.joined(separator: " · ")))*")
    blocks += warnings.map { "> \(Self.escaped($0))" }
    if !keyFigures.isEmpty {
      blocks.append(
        Self.list(
          keyFigures.map {
            ReportFact($0.label, $0.value + ($0.detail.isEmpty ? "" : " (\($0.detail))"))
          }))
    }
    for section in sections {
      blocks.append("## \(Self.escaped(section.title))")
      blocks += section.paragraphs.map(Self.escaped)
      blocks += section.tables.flatMap(Self.table)
    }
    blocks.append("## Provenance")
    blocks.append(Self.list(provenance.facts + provenance.parameters))
    blocks.append(
      Self.escaped("\(provenance.software) \(provenance.version). \(ReportWording.researchUse)"))
    return blocks.joined(separator: "\n\n") + "\n"
  }

  private static func list(_ facts: [ReportFact]) -> String {
    facts.map { "- \(escaped($0.label)): \(escaped($0.value))" }.joined(separator: "\n")
  }

  private static func table(_ table: ReportTable) -> [String] {
    guard !table.rows.isEmpty else { return ["\(escaped(table.caption)): no entries."] }
    func line(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |" }
    let rows =
      [
        line(table.columns.map { escaped($0.title) }),
        line(table.columns.map { $0.isNumeric ? "---:" : "---" }),
      ] + table.rows.map { line($0.map(escaped)) }
    return ["**\(escaped(table.caption))**", rows.joined(separator: "\n")]
      + table.notes.map(escaped)
  }

  /// Text that Markdown shows as it is: on one line, without marks of its own.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\n", "\r", "\r\n", "\t": result.append(" ")
      case "\\", "`", "*", "_", "<", "[", "]", "|", "#": result += "\\\(character)"
      default: result.append(character)
      }
    }
    return result
  }
}
