import Foundation
import Reports
import UnitNumber

extension ScanAnalysis {
  /// The report of the scan.
  package func report(command: String? = nil) -> UnitNumberReport {
    UnitNumberReport(
      recordingName: source.fileName, method: "CMAP scan", context: context, keyFigures: keyFigures,
      flags: estimate.flags.map(\.reason) + mended, figures: figures, tables: tables,
      meaning: [
        ScanWording.estimate
          + " It rests on a model of the nerve: units with a threshold, a relative spread and an "
          + "amplitude each. Units smaller than the noise leave no trace in a scan.",
        "N50 is the number of the largest units that make half of the CMAP; A50 and the largest "
          + "unit carry no interval. D50 and STEP % are read off the scan without a model.",
      ],
      provenance: Provenance(
        version: SoftwareVersion.number, command: command,
        parameters: [ReportFact("Method", estimate.method), ReportFact("Weights", training)],
        inputs: [InputFile(name: source.fileName, sha256: inputHash)]))
  }

  /// An interval as people read it.
  package static func interval(_ ends: [Double]) -> String {
    ends.map { NumberText.significant($0, 3) }.joined(separator: " to ")
  }

  /// What was mended before the estimate, for people.
  package var mended: [String] {
    estimate.cleaning.findings.filter { $0.isMended && $0.fault != .gainDrift }.map {
      "Mended: \($0.detail)"
    }
  }

  /// The estimated number with its interval, or that there is none.
  private var estimateText: String {
    guard estimate.noEstimateReason == nil else { return "no estimate" }
    return "\(NumberText.significant(estimate.unitCount, 3)) units, 90 % interval "
      + Self.interval(estimate.interval90)
  }

  private var context: [String] {
    let facts = scan.acquisition
    return [
      facts.muscle, facts.date, facts.ageYears.map { "\(Formatting.plain($0)) years" },
      facts.temperatureCelsius.map { "\(Formatting.plain($0)) °C" },
      "\(scan.stimulusMilliamps.count) stimuli",
    ].compactMap { $0 }
  }

  private var keyFigures: [KeyFigure] {
    if let reason = estimate.noEstimateReason {
      return [
        KeyFigure(label: "Estimated motor units", value: "none", detail: reason),
        KeyFigure(
          label: "CMAP", value: "\(NumberText.significant(estimate.cmapMillivolts, 3)) mV",
          detail: "at the strongest stimuli"),
      ]
    }
    return [
      KeyFigure(
        label: "Estimated motor units", value: NumberText.significant(estimate.unitCount, 3),
        detail: "90 % interval \(Self.interval(estimate.interval90))"),
      KeyFigure(
        label: "N50", value: NumberText.significant(estimate.n50, 3),
        detail: "90 % interval \(Self.interval(estimate.n50Interval90))"),
      KeyFigure(
        label: "A50", value: "\(NumberText.significant(estimate.a50Microvolts, 3)) µV",
        detail: "unit that crosses half of the CMAP"),
      KeyFigure(
        label: "CMAP", value: "\(NumberText.significant(estimate.cmapMillivolts, 3)) mV",
        detail: "D50 \(estimate.d50), STEP \(Formatting.fixed(estimate.curve.stepPercent, 1)) %"),
    ]
  }

  private var figures: [any FigureContent] {
    let removed = estimate.cleaning.removed
    let curve = [
      CMAPScanFigure(
        stimulus: scan.stimulusMilliamps, response: scan.responseMillivolts,
        fitStimulus: overlay.stimulusMilliamps, fitResponse: overlay.meanMillivolts,
        stepLevels: overlay.stepLevelsMillivolts, fittedLevels: fittedLevels,
        removedStimulus: removed.map(\.stimulusMilliamps),
        removedResponse: removed.map(\.responseMillivolts), notes: [estimateText])
    ]
    guard estimate.noEstimateReason == nil else { return curve }
    if let few = estimate.fewUnits {
      return curve + [
        UnitCountFigure(probabilities: few.probabilities),
        UnitSizeFigure(
          sizesMicrovolts: few.units.map(\.amplitudeMicrovolts),
          notes: ["Units of the most probable number."]),
      ]
    }
    return curve + [
      UnitSizeFigure(
        sizesMicrovolts: summarySizes, a50Microvolts: estimate.a50Microvolts,
        notes: ["Lognormal with the estimated N and N50;", "single units are not identified."])
    ]
  }

  /// Fitted levels of few units above the baseline of the drawing, mV.
  private var fittedLevels: [Double] {
    guard estimate.noEstimateReason == nil, let few = estimate.fewUnits else { return [] }
    return few.levelsMillivolts.map { overlay.baselineMillivolts + $0 }
  }

  /// The posterior of the number as one line; nil where the levels were not read.
  package var posteriorText: String? {
    guard estimate.noEstimateReason == nil, let few = estimate.fewUnits else { return nil }
    let likely = few.probabilities.enumerated().filter { $0.element >= 0.01 }.map {
      "\($0.offset + 1) units \(Int((100 * $0.element).rounded())) %"
    }
    return "Read from the levels of single units: " + likely.joined(separator: ", ")
  }

  private var tables: [ReportTable] {
    let curve = estimate.curve
    let fit = scan.comparator
    func row(_ name: String, _ value: Double, _ interval: [Double]?, _ other: Double?) -> [String] {
      [
        name, NumberText.significant(value, 3), interval.map(Self.interval) ?? "–",
        other.map { NumberText.significant($0, 3) } ?? "–",
      ]
    }
    let isEstimated = estimate.noEstimateReason == nil
    let estimates =
      isEstimated
      ? [
        row("Motor units", estimate.unitCount, estimate.interval90, fit?.unitCount),
        row("N50", estimate.n50, estimate.n50Interval90, fit?.n50),
        row("A50 (µV)", estimate.a50Microvolts, nil, fit?.a50Microvolts),
        row("Mean unit (µV)", estimate.meanUnitMicrovolts, nil, nil),
        row("Largest unit (µV)", estimate.largestUnitMicrovolts, nil, nil),
        row("Relative spread (%)", estimate.relativeSpreadPercent, nil, nil),
      ] : []
    return [
      ReportTable(
        caption: "Values of the scan",
        columns: [
          .init("Value", isNumeric: false), .init("Estimate"), .init("90 % interval"),
          .init("Comparator in the file"),
        ],
        rows: estimates + [
          row("CMAP (mV)", estimate.cmapMillivolts, nil, fit?.cmapMillivolts),
          row("D50", Double(estimate.d50), nil, fit?.d50),
          row("STEP (%)", curve.stepPercent, nil, fit?.stepPercent),
          row("Returners", Double(curve.returnerCount), nil, nil),
          row("Threshold spread (%)", curve.thresholdSpreadPercent, nil, nil),
          row("Additive noise (µV)", estimate.additiveNoiseMicrovolts, nil, nil),
          row("Proportional noise (%)", estimate.proportionalNoisePercent, nil, nil),
        ],
        notes: (cmapZScore.map { score in
          [
            "CMAP z-score \(Formatting.signed(score, 2)): \(cmapNorm?.sourceWithRemark ?? "")."
          ]
        } ?? [])
          + (fit == nil
            ? []
            : [
              "The comparator is the model that the recording program fitted; it is not the truth."
            ]))
    ]
  }
}
