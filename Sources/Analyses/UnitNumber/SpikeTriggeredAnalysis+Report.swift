import Foundation
import Reports
import UnitNumber

extension SpikeTriggeredAnalysis {

  package var rows: [(name: String, value: String, interval: String?)] {
    func number(_ value: Double) -> String { NumberText.significant(value, 3) }
    var rows: [(name: String, value: String, interval: String?)] = [
      (
        "Motor units (amplitude)", number(estimate.unitCount),
        ScanAnalysis.interval(estimate.interval90)
      )
    ]
    if let area = estimate.unitCountByArea {
      rows.append(
        ("Motor units (area)", number(area), estimate.areaInterval90.map(ScanAnalysis.interval)))
    }
    rows.append(("Motor units (peak of the mean)", number(estimate.unitCountByPeakOfMean), nil))
    if channelNames.count > 1, let median = estimate.medianUnitCountOverChannels {
      rows.append(("Motor units (median of channels)", number(median), nil))
    }
    rows += [
      ("Mean unit, mean of peaks (uV)", number(estimate.meanUnitMicrovolts), nil),
      ("Mean unit, peak of mean (uV)", number(estimate.peakOfMeanUnitMicrovolts), nil),
      ("CMAP (mV)", number(estimate.cmapMillivolts), nil),
      ("Force (% of maximum)", estimate.forcePercent.map(number) ?? "not stated", nil),
      (
        "Possible excess, units not recruited (times)",
        "1 to \(number(estimate.recruitmentFactor90[1]))",
        nil
      ),
    ]
    return rows
  }

  /// The report of the estimate.
  package func report(command: String? = nil) -> UnitNumberReport {
    UnitNumberReport(
      recordingName: inputs.first?.name ?? "", method: "Spike-triggered averaging",
      context: [
        estimate.forcePercent.map { "\(NumberText.significant($0, 3)) % of maximal force" }
          ?? "force not stated",
        "\(estimate.units.count) of \(unitNames.count) units used",
      ],
      keyFigures: [
        KeyFigure(
          label: "Estimated motor units", value: NumberText.significant(estimate.unitCount, 3),
          detail: "90 % interval \(ScanAnalysis.interval(estimate.interval90))"),
        KeyFigure(
          label: "By area",
          value: estimate.unitCountByArea.map { NumberText.significant($0, 3) } ?? "–",
          detail: estimate.areaInterval90.map { "90 % interval \(ScanAnalysis.interval($0))" }
            ?? "area of the CMAP not known"),
        KeyFigure(
          label: "Mean unit",
          value: "\(NumberText.significant(estimate.meanUnitMicrovolts, 3)) µV",
          detail: "peak of the mean "
            + "\(NumberText.significant(estimate.peakOfMeanUnitMicrovolts, 3)) µV"),
        KeyFigure(
          label: "CMAP", value: "\(NumberText.significant(estimate.cmapMillivolts, 3)) mV",
          detail: "channel \(channelNames[estimate.channel])"),
      ],
      flags: estimate.flags + leftOut,
      figures: [
        MotorUnitPotentialFigure(
          title: "Surface potentials of the units, channel \(channelNames[estimate.channel])",
          units: estimate.units.map { unit in
            MotorUnitPotentialFigure.Unit(
              id: unitNames[unit.index],
              detail: NumberText.significant(unit.amplitudesMicrovolts[estimate.channel], 3)
                + " µV",
              averages: [unit.potentialMicrovolts])
          }, samplingRate: samplingRate, hasCommonScale: true),
        UnitSizeFigure(
          sizesMicrovolts: estimate.units.map { $0.amplitudesMicrovolts[estimate.channel] },
          notes: ["The identified units of this contraction."]),
      ],
      tables: tables, meaning: [Self.wording],
      provenance: Provenance(
        version: SoftwareVersion.number, command: command, seed: configuration.errors.seed,
        parameters: [
          ReportFact(
            "Window (ms)",
            "\(Formatting.plain(configuration.beforeMilliseconds)) before, "
              + "\(Formatting.plain(configuration.afterMilliseconds)) after"),
          ReportFact("Fewest discharges", "\(configuration.minimumDischarges)"),
          ReportFact(
            "Least split-half correlation", Formatting.plain(configuration.minimumSplitHalf)),
          ReportFact("Units found", configuration.detection.rawValue),
          ReportFact("High-pass (Hz)", Formatting.plain(highPass)),
          ReportFact("Negative phase", configuration.negativePhase.rawValue),
          ReportFact(
            "Relative error of the CMAP", Formatting.plain(configuration.errors.cmapRelativeError)),
        ], inputs: inputs))
  }

  private var tables: [ReportTable] {
    let used = Dictionary(uniqueKeysWithValues: estimate.units.map { ($0.index, $0) })
    let refused = Dictionary(
      uniqueKeysWithValues: estimate.rejected.map { ($0.index, $0.reason) })
    return [
      ReportTable(
        caption: "Values",
        columns: [.init("Value", isNumeric: false), .init("Estimate"), .init("90 % interval")],
        rows: rows.map { [$0.name, $0.value, $0.interval ?? "–"] }),
      ReportTable(
        caption: "Units",
        columns: [
          .init("Unit"), .init("Discharges"), .init("Negative peak (µV)"), .init("Area (µV ms)"),
          .init("Split-half"), .init("Left out because", isNumeric: false),
        ],
        rows: unitNames.indices.map { index in
          let unit = used[index]
          return [
            unitNames[index], "\(dischargeCounts[index])",
            unit.map { NumberText.significant($0.amplitudesMicrovolts[estimate.channel], 3) }
              ?? "–",
            unit.map {
              NumberText.significant($0.areasMicrovoltMilliseconds[estimate.channel], 3)
            } ?? "–",
            unit.map { Formatting.fixed($0.splitHalf, 2) } ?? "–", refused[index] ?? "",
          ]
        }),
    ]
  }
}
