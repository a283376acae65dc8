/// The report of one motor unit number estimate or index: CMAP scan, MUNIX, stimulation methods.
public struct UnitNumberReport: Sendable {
  /// Name of the recording, usually its file name.
  public var recordingName: String
  /// The method, for example "CMAP scan".
  public var method: String
  /// Facts about subject, muscle and date, for the line below the title.
  public var context: [String]
  /// Headline values; the estimate with its interval first.
  public var keyFigures: [KeyFigure]
  /// Quality flags with their reasons; a flagged result is shown, never hidden.
  public var flags: [String]
  /// Figures of the method.
  public var figures: [any FigureContent]
  /// Tables of the method.
  public var tables: [ReportTable]
  /// What the estimate means and does not mean, one paragraph each.
  public var meaning: [String]
  /// What the reader must know before the results.
  public var warnings: [String]
  /// Where the results come from.
  public var provenance: Provenance

  /// The report of an estimate.
  public init(
    recordingName: String, method: String, context: [String] = [], keyFigures: [KeyFigure],
    flags: [String] = [], figures: [any FigureContent], tables: [ReportTable] = [],
    meaning: [String] = [], warnings: [String] = [], provenance: Provenance
  ) {
    self.recordingName = recordingName
    self.method = method
    self.context = context
    self.keyFigures = keyFigures
    self.flags = flags
    self.figures = figures
    self.tables = tables
    self.meaning = meaning
    self.warnings = warnings
    self.provenance = provenance
  }

  /// The report as a self-contained HTML page.
  public func html() -> String { page().html() }

  /// The report as a page, for further sections before it is written.
  public func page() -> ReportPage {
    var sections = [
      ReportSection(
        id: "figures", title: method,
        figures: figures.enumerated().map { $0.element.figure(id: "figure-\($0.offset)-drawing") },
        tables: tables)
    ]
    let limits =
      meaning + [
        "An estimate by one method must not be compared with that of another method, and only "
          + "with caution with that of another laboratory or another version of the software."
      ]
    sections.append(
      ReportSection(
        id: "meaning", title: "What the estimate means", paragraphs: limits, isBoxed: true))
    return ReportPage(
      kind: "\(method) report", title: recordingName, subtitle: context.joined(separator: " · "),
      keyFigures: keyFigures, warnings: warnings + flags.map { "Quality flag: \($0)" },
      sections: sections, provenance: provenance)
  }
}
