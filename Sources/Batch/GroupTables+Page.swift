import Foundation
import Recordings
import Reports

extension GroupTables {
  /// Most rows of a table on the page; all of them stand in the tables of the group.
  static let mostRows = 500

  /// The page of a batch: what was found in each recording, and what has no result with its reason.
  ///
  /// Made from the tables alone and without a time, so that the same results give the same page.
  public func page(title: String, provenance: Provenance) -> ReportPage {
    let done = entries.filter { $0.units != nil }
    let counts = done.compactMap(\.units).map(Double.init)
    let participants = Set(entries.compactMap { $0.item.entities?.label("sub") })
    let patients = Set(entries.compactMap { $0.item.facts["patient"] })
    let seconds = entries.compactMap(\.status?.processorSeconds).reduce(0, +)
    let memory = entries.compactMap(\.status?.peakMegabytes).max() ?? 0
    var context = ["\(entries.count) recordings"]
    if !participants.isEmpty { context.append("\(participants.count) participants") }
    if !patients.isEmpty { context.append("\(patients.count) patients") }
    var page = ReportPage(
      kind: "Group report", title: title, subtitle: context.joined(separator: " · "),
      keyFigures: [
        KeyFigure(
          label: "Recordings with a result", value: "\(done.count) of \(entries.count)",
          detail: "\(failures.rows.count) without, listed below"),
        KeyFigure(
          label: "Identified units", value: "\(units.rows.count)",
          detail: Self.median(counts).map { "median \(Self.text($0, 1)) a recording" } ?? ""),
        KeyFigure(
          label: "Processor time", value: "\(Self.text(seconds, 0)) s",
          detail: "at most \(Self.text(memory, 0)) MB a recording"),
      ],
      warnings: failures.rows.isEmpty
        ? [] : ["\(failures.rows.count) of \(entries.count) recordings have no result."],
      sections: [], provenance: provenance)
    page.sections.append(
      ReportSection(
        id: "recordings", title: "Recordings", figures: figures(done), tables: [recordingTable()]))
    if !failures.rows.isEmpty {
      page.sections.append(
        ReportSection(
          id: "failures", title: "Without a result", tables: [failureTable()]))
    }
    page.sections.append(
      ReportSection(
        id: "meaning", title: "What the counts mean",
        paragraphs: [ReportWording.identifiedCounts], isBoxed: true))
    return page
  }

  private func figures(_ done: [Entry]) -> [Figure] {
    guard !done.isEmpty else { return [] }
    let places = done.map { Double($0.item.index) }
    return [
      XYFigure(
        title: "Identified units of each recording",
        caption: "Recordings in the order of the list.", xTitle: "Place in the list",
        yTitle: "Identified units", startsAtZero: true,
        series: [
          .init(
            name: "", mark: .points(radius: 2.5), x: places, y: done.map { Double($0.units ?? 0) })
        ]
      ).figure(id: "units"),
      XYFigure(
        title: "Power that the units do not explain",
        caption: "High values mark recordings in which little was told apart.",
        xTitle: "Place in the list", yTitle: "Share of the power (%)", startsAtZero: true,
        series: [
          .init(
            name: "", mark: .points(radius: 2.5), x: places,
            y: done.map { 100 * ($0.residualPowerShare ?? .nan) })
        ]
      ).figure(id: "residual"),
    ]
  }

  private func recordingTable() -> ReportTable {
    let shown = entries.prefix(Self.mostRows)
    return ReportTable(
      caption: "Identified units and discharge rates",
      columns: [
        .init("Recording", isNumeric: false), .init("State", isNumeric: false), .init("Units"),
        .init("Most at once"), .init("Mean rate (Hz)"), .init("Residual power (%)"),
        .init("Processor (s)"),
      ],
      rows: shown.map { entry in
        [
          entry.item.path,
          entry.units == nil ? entry.status?.state.rawValue ?? "not tried" : "done",
          entry.units.map { "\($0)" } ?? "", entry.peakActive.map { "\($0)" } ?? "",
          entry.meanRate.map { Self.text($0, 1) } ?? "",
          entry.residualPowerShare.map { Self.text(100 * $0, 1) } ?? "",
          entry.status.map { Self.text($0.processorSeconds, 1) } ?? "",
        ]
      }, markedRows: Set(shown.indices.filter { entries[$0].units == nil }),
      notes: Self.note(entries.count, "group_recordings.tsv"))
  }

  private func failureTable() -> ReportTable {
    ReportTable(
      caption: "Recordings without a result",
      columns: ["Recording", "State", "Reason"].map { .init($0, isNumeric: false) },
      rows: failures.rows.prefix(Self.mostRows).map { [$0.cells[1], $0.cells[2], $0.cells[4]] },
      notes: Self.note(failures.rows.count, "group_failures.tsv"))
  }

  private static func note(_ count: Int, _ file: String) -> [String] {
    count > mostRows ? ["The first \(mostRows) of \(count); all stand in \(file)."] : []
  }

  private static func median(_ values: [Double]) -> Double? {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return nil }
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }

  private static func text(_ value: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", value)
  }
}

extension GroupTables {
  /// Gathers the results of recordings into tables and a page beside them; what unfinished work left
  /// behind is removed first.
  ///
  /// - Throws: `BatchError` where there are no results, `RecordingError` where nothing can be written.
  /// - Returns: the tables, and how many left-overs were removed.
  public static func gather(
    _ items: [BatchItem], in output: String, provenance: Provenance
  ) throws -> (tables: GroupTables, leftOversRemoved: Int) {
    guard FileManager.default.fileExists(atPath: output) else {
      throw BatchError(.cannotOpen, "\(output): no such folder; run participant first")
    }
    let leftOvers = BatchResult.removeLeftOvers(in: output)
    let tables = GroupTables(items, output: output)
    try tables.write(to: output)
    let title = URL(fileURLWithPath: output).standardizedFileURL.lastPathComponent
    try AtomicFile.write(
      tables.page(title: title, provenance: provenance).html(), to: output + "/group.html")
    return (tables, leftOvers)
  }
}
