import Foundation
import Reports
import UnitNumber

extension MUNIXAnalysis {
  /// The report of the estimate.
  package func report(command: String? = nil) -> UnitNumberReport {
    let refused = Set(estimate.rejected.map(\.index))
    let shown = epochs.indices.filter {
      epochs[$0].areaMillivoltMilliseconds > 0 && idealCount(epochs[$0]).isFinite
    }
    var flags = estimate.flags
    if estimate.cmapDominated { flags.append(Self.dominated) }
    return UnitNumberReport(
      recordingName: inputs.map(\.name).joined(separator: ", "), method: "MUNIX",
      keyFigures: [
        KeyFigure(
          label: "MUNIX", value: NumberText.significant(estimate.munix, 3),
          detail: "90 % interval \(ScanAnalysis.interval(estimate.interval90))"),
        KeyFigure(
          label: "MUSIX", value: "\(NumberText.significant(estimate.musixMicrovolts, 3)) µV",
          detail: "90 % interval \(ScanAnalysis.interval(estimate.musixInterval90))"),
        KeyFigure(
          label: "Gaussian limit", value: NumberText.significant(estimate.gaussianLimit, 3),
          detail: "what the CMAP alone gives"),
        KeyFigure(
          label: "CMAP", value: "\(NumberText.significant(cmap.amplitudeMillivolts, 3)) mV",
          detail: "\(estimate.epochsUsed) of \(epochs.count) epochs used"),
      ],
      flags: flags,
      figures: [
        MUNIXFigure(
          areas: shown.map { epochs[$0].areaMillivoltMilliseconds },
          idealCounts: shown.map { idealCount(epochs[$0]) },
          isAccepted: shown.map { !refused.contains($0) }, factor: estimate.coefficient,
          exponent: estimate.alpha,
          notes: ["MUNIX \(NumberText.significant(estimate.munix, 3))"])
      ],
      tables: [table],
      meaning: [Self.wording],
      provenance: Provenance(
        version: SoftwareVersion.number, command: command, seed: configuration.seed,
        parameters: [
          ReportFact("Epoch (ms)", Formatting.plain(configuration.epochMilliseconds)),
          ReportFact("Bootstrap samples", "\(configuration.bootstrapSamples)"),
        ], inputs: inputs))
  }

  /// The values with the measures of the CMAP behind them, and what norms say of them.
  private var table: ReportTable {
    func row(_ name: String, _ value: Double, _ interval: [Double]? = nil) -> [String] {
      [
        name, NumberText.significant(value, 3), interval.map { ScanAnalysis.interval($0) } ?? "–",
      ]
    }
    return ReportTable(
      caption: "Values",
      columns: [.init("Value", isNumeric: false), .init("Estimate"), .init("90 % interval")],
      rows: [
        row("MUNIX", estimate.munix, estimate.interval90),
        row("MUSIX (µV)", estimate.musixMicrovolts, estimate.musixInterval90),
        row("Gaussian limit", estimate.gaussianLimit), row("Exponent alpha", estimate.alpha),
        row("CMAP (mV)", cmap.amplitudeMillivolts),
        row("CMAP area (mV ms)", cmap.areaMillivoltMilliseconds),
        row("CMAP power (mV² ms)", cmap.powerSquaredMillivoltMilliseconds),
        row("CMAP latency (ms)", cmap.latencyMilliseconds),
        row("CMAP duration (ms)", cmap.durationMilliseconds),
      ], notes: zScoreNotes)
  }

  /// What norms of the named muscle say, each of its own quantity.
  package var zScoreNotes: [String] {
    var notes: [String] = []
    if let norm {
      notes.append(
        "MUNIX z-score \(Formatting.signed(norm.zScore(estimate.munix), 2)) "
          + "(\(norm.muscle), \(norm.sourceWithRemark))")
    }
    if let cmapNorm {
      notes.append(
        "CMAP z-score \(Formatting.signed(cmapNorm.zScore(cmap.amplitudeMillivolts), 2)) "
          + "(\(cmapNorm.sourceWithRemark))")
    }
    return notes
  }
}
