extension RunReport {
  /// Artefacts that a page lists one by one; more are counted.
  static let listedArtefacts = 60

  /// What was mended: where and on which channels.
  var artefactSection: ReportSection {
    let listed = artefacts.prefix(Self.listedArtefacts)
    var section = ReportSection(
      id: "artefacts", title: "Artefacts",
      tables: [
        ReportTable(
          caption: "What is no muscle activity and was mended before the search",
          columns: [
            .init("Kind", isNumeric: false), .init("From (s)"), .init("To (s)"),
            .init("Channels", isNumeric: false),
          ],
          rows: listed.map {
            [
              $0.kind, NumberText.fixed($0.startSeconds, 3), NumberText.fixed($0.endSeconds, 3),
              Self.names($0.channels, of: channelCount),
            ]
          })
      ])
    if artefacts.count > listed.count {
      section.paragraphs = [
        "The first \(listed.count) of \(artefacts.count); units.json holds all of them."
      ]
    }
    return section
  }

  private static func names(_ channels: [String], of count: Int) -> String {
    if channels.count == count && count > 1 { return "all" }
    if channels.count > 8 { return "\(channels.count) channels" }
    return channels.joined(separator: ", ")
  }
}
