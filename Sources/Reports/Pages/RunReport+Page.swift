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

  func rate(of unit: Unit) -> Double? {
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
    result.append(ReportSection(id: "quality", title: "Quality", tables: unitTables + tables))
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
}
