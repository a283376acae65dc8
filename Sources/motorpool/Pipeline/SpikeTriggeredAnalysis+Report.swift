import Foundation
import Reports
import UnitNumber

extension SpikeTriggeredAnalysis {
  /// The estimate for people.
  var text: String {
    var table = TextTable(["Value", "Estimate", "90 % interval"])
    for row in rows { table.add([row.name, row.value, row.interval ?? "-"]) }
    var lines = [
      table.text,
      "\(estimate.units.count) of \(unitNames.count) units used, "
        + "\(channelNames.count) surface channel\(channelNames.count == 1 ? "" : "s"); "
        + "channel of the largest CMAP: \(channelNames[estimate.channel])",
    ]
    lines += estimate.rejected.map { "Left out: unit \(unitNames[$0.index]): \($0.reason)" }
    lines += leftOut.map { "Left out: \($0)" }
    lines += estimate.flags.map { "Flag: \($0)" }
    return (lines + ["", Self.wording]).joined(separator: "\n")
  }

  private var rows: [(name: String, value: String, interval: String?)] {
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
  func report(command: String? = nil) -> UnitNumberReport {
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

/// What `motorpool sta-mune --json` prints.
struct SpikeTriggeredSummary: Encodable {
  let analysis: SpikeTriggeredAnalysis

  private enum Keys: String, CodingKey {
    case software, inputs, note, channels, configuration
    case channelName = "channel_name"
    case leftOut = "channels_left_out"
    case unitNames = "unit_names"
  }

  func encode(to encoder: any Encoder) throws {
    try analysis.estimate.encode(to: encoder)
    var fields = encoder.container(keyedBy: Keys.self)
    try fields.encode(SoftwareVersion.text, forKey: .software)
    try fields.encode(analysis.inputs, forKey: .inputs)
    try fields.encode(analysis.channelNames, forKey: .channels)
    try fields.encode(analysis.channelNames[analysis.estimate.channel], forKey: .channelName)
    try fields.encode(analysis.leftOut, forKey: .leftOut)
    try fields.encode(analysis.unitNames, forKey: .unitNames)
    try fields.encode(analysis.configuration, forKey: .configuration)
    try fields.encode(SpikeTriggeredAnalysis.wording, forKey: .note)
  }
}
