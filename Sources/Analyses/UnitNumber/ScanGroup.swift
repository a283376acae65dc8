import Reports
import UnitNumber

/// Several scans on one page: of several visits, or of one.
package struct ScanGroup: Sendable {
  package let analyses: [ScanAnalysis]
  /// The estimate of all scans together where they are of one visit.
  package let combined: CombinedScanEstimate?

  /// Puts scans side by side; `isOneVisit` combines them.
  ///
  /// - Throws: `UnitNumberError` where they are to be combined and none has an estimate.
  package init(_ analyses: [ScanAnalysis], isOneVisit: Bool) throws {
    self.analyses = analyses
    combined =
      isOneVisit
      ? try CombinedScanEstimate(
        analyses.map(\.estimate),
        settings: (analyses.first?.configuration ?? ScanConfiguration()).quality) : nil
  }

  /// The combined estimate as one line.
  package var combinedText: String? {
    combined.map { found in
      "The visit, \(found.scanCount) scans: "
        + "\(NumberText.significant(found.unitCount.value, 3)) units, 90 % interval "
        + "\(ScanAnalysis.interval(found.unitCount.interval90)); N50 "
        + "\(NumberText.significant(found.n50.value, 3)), "
        + ScanAnalysis.interval(found.n50.interval90)
    }
  }

  /// The page with all scans over one another.
  package func report(command: String? = nil) -> UnitNumberReport {
    let used = analyses.filter { $0.estimate.noEstimateReason == nil }
    func rows(
      _ value: (CMAPScanEstimate) -> (Double, [Double]), _ all: CombinedScanEstimate.Value?
    ) -> [IntervalFigure.Row] {
      used.map { analysis in
        let (point, interval) = value(analysis.estimate)
        return .init(name: name(analysis), value: point, interval: interval)
      } + (all.map { [.init(name: "All scans", value: $0.value, interval: $0.interval90)] } ?? [])
    }
    return UnitNumberReport(
      recordingName: "\(analyses.count) scans", method: "CMAP scan",
      context: [combined == nil ? "scan by scan" : "scans of one visit"],
      keyFigures: keyFigures, flags: combined?.flags ?? [],
      figures: [
        ScanOverlayFigure(
          scans: analyses.map {
            .init(
              name: name($0), stimulus: $0.overlay.stimulusMilliamps,
              response: $0.overlay.meanMillivolts)
          }),
        IntervalFigure(
          title: "Estimated motor units", axis: "Motor units",
          rows: rows({ ($0.unitCount, $0.interval90) }, combined?.unitCount)),
        IntervalFigure(
          title: "N50", axis: "N50", rows: rows({ ($0.n50, $0.n50Interval90) }, combined?.n50)),
      ], tables: [table],
      meaning: [
        ScanWording.estimate,
        combined == nil
          ? "Scans of different visits differ by placement, temperature and chance as well: `visit "
            + "change` tells whether a change exceeds that."
          : "Scans of one visit are averaged by their repeat errors; what a scan cannot tell errs "
            + "alike in all of them and does not become smaller.",
      ],
      provenance: Provenance(
        version: SoftwareVersion.number, command: command,
        parameters: analyses.first.map {
          [ReportFact("Method", $0.estimate.method), ReportFact("Weights", $0.training)]
        } ?? [],
        inputs: analyses.map { InputFile(name: $0.source.fileName, sha256: $0.inputHash) }))
  }

  private func name(_ analysis: ScanAnalysis) -> String {
    [analysis.source.fileName, analysis.scan.acquisition.date].compactMap { $0 }
      .joined(separator: ", ")
  }

  private var keyFigures: [KeyFigure] {
    guard let combined else { return [] }
    return [
      KeyFigure(
        label: "Estimated motor units",
        value: NumberText.significant(combined.unitCount.value, 3),
        detail: "90 % interval \(ScanAnalysis.interval(combined.unitCount.interval90))"),
      KeyFigure(
        label: "N50", value: NumberText.significant(combined.n50.value, 3),
        detail: "90 % interval \(ScanAnalysis.interval(combined.n50.interval90))"),
    ]
  }

  private var table: ReportTable {
    ReportTable(
      caption: "Scans",
      columns: [
        .init("Scan", isNumeric: false), .init("Motor units"), .init("90 % interval"),
        .init("N50"), .init("90 % interval"), .init("CMAP (mV)"), .init("Flags", isNumeric: false),
      ],
      rows: analyses.map { analysis in
        let estimate = analysis.estimate
        let isEstimated = estimate.noEstimateReason == nil
        return [
          name(analysis), isEstimated ? NumberText.significant(estimate.unitCount, 3) : "none",
          isEstimated ? ScanAnalysis.interval(estimate.interval90) : "–",
          isEstimated ? NumberText.significant(estimate.n50, 3) : "none",
          isEstimated ? ScanAnalysis.interval(estimate.n50Interval90) : "–",
          NumberText.significant(estimate.cmapMillivolts, 3),
          estimate.flags.map(\.kind.rawValue).joined(separator: ", "),
        ]
      }, notes: [])
  }
}
