extension RunReport {
  /// The report as a page, for further sections before it is written.
  public func page() -> ReportPage {
    var facts = context
    facts.append("\(NumberText.significant(duration, 4)) s")
    facts.append("\(counted(channelCount, "EMG channel"))")
    facts.append("\(NumberText.significant(samplingRate, 6)) Hz")
    return ReportPage(
      kind: "Decomposition report", title: recordingName,
      subtitle: facts.joined(separator: " · "), keyFigures: keyFigures,
      warnings: allWarnings, sections: sections, provenance: provenance)
  }

  private var dischargeCount: Int { units.reduce(0) { $0 + $1.times.count } }

  private var allWarnings: [String] {
    var result = warnings
    if units.isEmpty {
      result.append(
        "No unit passed the quality criteria. This says nothing about the number of motor units.")
    } else if units.count < 5 {
      result.append(
        "Fewer than five units were identified: counts over time and rates rest on little data.")
    }
    return result
  }

  private var keyFigures: [KeyFigure] {
    let tentative = units.count(where: \.isTentative)
    var result = [
      KeyFigure(
        label: "Identified units", value: NumberText.count(units.count),
        detail: tentative > 0
          ? "\(tentative) of them tentative; detections, not the number of motor units"
          : "detections, not the number of motor units")
    ]
    if let windows = counts?.series.first?.windows, let largest = windows.map(\.count).max() {
      result.append(
        KeyFigure(
          label: "Most active at once", value: NumberText.count(largest),
          detail: "in one window of "
            + "\(NumberText.significant(counts?.series.first?.windowSeconds ?? 0, 2)) s"))
    }
    result.append(
      KeyFigure(label: "Discharges", value: NumberText.count(dischargeCount), detail: rateText))
    if let share = residualPowerShare {
      result.append(
        KeyFigure(
          label: "Power not explained", value: NumberText.percent(share, 0),
          detail: "share of the signal that the units leave"))
    }
    if !badChannels.isEmpty {
      result.append(
        KeyFigure(
          label: "Channels used", value: "\(channelCount - badChannels.count) of \(channelCount)"))
    }
    return result + additionalKeyFigures
  }

  private var rateText: String {
    let rates = units.compactMap { rate(of: $0) }.sorted()
    guard !rates.isEmpty else { return "" }
    return "median rate \(NumberText.fixed(rates[rates.count / 2], 1)) per second"
  }

  private func rate(of unit: Unit) -> Double? {
    unit.meanRate ?? SpikeRasterFigure.meanRate(unit.times)
  }

  private var sections: [ReportSection] {
    let trains = units.map {
      UnitDischarges(id: $0.id, times: $0.times, isTentative: $0.isTentative)
    }
    let raster = SpikeRasterFigure(units: trains, duration: duration, trace: trace)
    var activity = ReportSection(id: "activity", title: "Activity")
    activity.figures = [raster.figure(id: "raster")]
    if !units.isEmpty {
      activity.figures.append(
        InstantaneousRateFigure(units: trains, duration: duration).figure(id: "rates"))
    }
    if let counts { activity.figures.append(counts.figure(id: "counts")) }
    var result = [activity]
    if !figures.isEmpty {
      result.append(
        ReportSection(
          id: "units", title: "Units",
          figures: figures.enumerated().map { $0.element.figure(id: "unit-figure-\($0.offset)") }))
    }
    result.append(ReportSection(id: "quality", title: "Quality", tables: [qualityTable] + tables))
    if !badChannels.isEmpty {
      result.append(
        ReportSection(
          id: "channels", title: "Channels left out",
          tables: [
            ReportTable(
              caption: "Channels that were not used",
              columns: [.init("Channel", isNumeric: false), .init("Reason", isNumeric: false)],
              rows: badChannels.map { [$0.name, $0.reason] })
          ]))
    }
    if !artefacts.isEmpty { result.append(artefactSection) }
    result.append(
      ReportSection(
        id: "meaning", title: "What the count is and is not",
        paragraphs: ReportWording.whatTheCountIs, isBoxed: true))
    return result
  }

  /// One row per unit; columns that no unit has a value for are left out.
  private var qualityTable: ReportTable {
    let threshold = trace.map {
      $0.unit.isEmpty ? "Threshold" : "Threshold (\($0.unit))"
    }
    let hasTentative = units.contains(where: \.isTentative)
    let optional: [(title: String, cell: (Unit) -> String?)] = [
      ("Rate (1/s)", { rate(of: $0).map { NumberText.fixed($0, 1) } }),
      ("ISI CoV (%)", { $0.isiCoV.map { NumberText.fixed(100 * $0, 0) } }),
      ("SIL", { $0.silhouette.map { NumberText.fixed($0, 3) } }),
      ("PNR (dB)", { $0.pulseToNoise.map { NumberText.fixed($0, 1) } }),
      ("Predicted agreement (%)", { $0.predictedAgreement.map { NumberText.fixed(100 * $0, 0) } }),
      ("Amplitude (µV)", { $0.amplitudeMicrovolts.map { NumberText.significant($0, 3) } }),
      (threshold ?? "Threshold", { $0.recruitmentThreshold.map { NumberText.fixed($0, 1) } }),
      ("First (s)", { $0.times.first.map { NumberText.fixed($0, 2) } }),
      ("Last (s)", { $0.times.last.map { NumberText.fixed($0, 2) } }),
      ("Round", { $0.round.map(String.init) }),
      ("Status", { hasTentative ? ($0.isTentative ? "tentative" : "accepted") : nil }),
    ]
    let shown = optional.filter { column in units.contains { column.cell($0) != nil } }
    return ReportTable(
      caption: "Identified units",
      columns: [.init("Unit", isNumeric: false), .init("Discharges")]
        + shown.map { ReportTable.Column($0.title) },
      rows: units.map { unit in
        [unit.id, NumberText.count(unit.times.count)] + shown.map { $0.cell(unit) ?? "–" }
      },
      markedRows: Set(units.indices.filter { units[$0].isTentative }),
      notes: [
        sentences([
          "ISI CoV: coefficient of variation of the inter-spike intervals.",
          units.contains { $0.silhouette != nil } ? "SIL: silhouette value." : nil,
          units.contains { $0.pulseToNoise != nil } ? "PNR: pulse-to-noise ratio." : nil,
          units.contains { $0.predictedAgreement != nil }
            ? "Predicted agreement: with the true discharges, as fitted on simulated recordings."
            : nil,
          "Amplitudes are peak to peak.",
          units.contains { $0.meanRate == nil }
            ? "Rates leave out pauses of half a second and more." : nil,
        ])
      ])
  }
}
