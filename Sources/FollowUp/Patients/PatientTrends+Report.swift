import Analyses
import Progression
import Registry
import Reports

extension MeasurementKind {
  /// The unit as pages print it: nothing for counts and scores, the Greek letter for micro.
  fileprivate var printedUnit: String {
    unit == "1" ? "" : unit.hasPrefix("u") && unit.count == 2 ? "µ\(unit.dropFirst())" : unit
  }
}

extension PatientSeries {
  /// The panel of this series, with months from the start of therapy.
  package var panel: TrendPanel {
    let zero = therapyMonth ?? 0
    let summary = SeriesSummary(self)
    var panel = TrendPanel(
      title: place, measure: kind.displayName, unit: kind.printedUnit,
      points: points.map {
        TrendPoint(
          months: $0.month - zero, value: $0.point.value, standardError: $0.point.standardError,
          exclusion: $0.exclusion)
      },
      therapyMonth: therapy == nil ? nil : 0,
      therapyName: therapy?.name ?? therapy?.kind ?? "Therapy",
      isLogarithmic: isLogarithmic,
      isIdentifiedCount: MeasuredKinds.isIdentifiedCount(kind),
      notes: summary.warnings + (fit == nil && therapy != nil ? [reason ?? ""] : []))
    guard let fit, let comparison = summary.comparison else { return panel }
    let lines = FittedLines(
      fit, times: rows.map(\.time), zero: zero, isLogarithmic: isLogarithmic)
    panel.before = lines.before
    panel.after = lines.after
    panel.extrapolation = lines.extrapolation
    panel.comparison = TrendComparison(
      slopeBefore: comparison.before.interval, slopeAfter: comparison.after.interval,
      difference: comparison.difference.interval, pValue: comparison.difference.p,
      slopeUnit: slopeUnit, minimumDetectableDifference: comparison.minimumDetectableDifference)
    return panel
  }
}

extension PatientTrends {
  /// The report of the patient.
  package func report(command: String? = nil) -> PatientReport {
    let zero = therapy?.startDate.dayNumber
    var order: [MeasurementKind] = []
    for item in series where !order.contains(item.kind) { order.append(item.kind) }
    return PatientReport(
      pseudonym: subject.pseudonym, context: context, therapies: therapies.map(Self.therapy),
      trends: order.map { kind in
        TrendFigure(
          title: kind.displayName, panels: series.filter { $0.kind == kind }.map(\.panel),
          timeTitle: zero == nil
            ? "Months from the first value" : "Months from start of therapy")
      },
      figures: unitSurvival.map { $0.figure as any FigureContent }
        + scanCourses.flatMap(\.figures),
      measurements: series.flatMap { item in
        item.points.map { Self.measurement($0, item, zero: zero) }
      },
      methods: methods, caveats: order.map { "\($0.displayName): \($0.caveat)" },
      warnings: warnings,
      provenance: Provenance(
        version: SoftwareVersion.number, command: command,
        parameters: [
          ReportFact("Model", "ln(value) or value by two joined lines, knot at the first dose"),
          ReportFact(
            "Onset lag",
            "\(Formatting.plain(series.first?.fit?.configuration.onsetLag ?? 0)) months"),
          ReportFact("Registry entry", "\(citation.ledgerPosition) (\(citation.ledgerHash))"),
        ],
        dataHash: citation.dataHash))
  }

  private var context: [String] {
    var facts: [String] = []
    if let arm = subject.arm { facts.append("arm \(arm)") }
    if let onset = subject.onsetDate { facts.append("onset \(onset)") }
    if let therapy { facts.append("\(therapy.kind) from \(therapy.startDate)") }
    for event in events { facts.append("\(event.kind.rawValue) \(event.date)") }
    return facts
  }

  private var methods: [String] {
    [
      "Counts and amplitudes are fitted as natural logarithms, clinical scales as they are, by least "
        + "squares with two joined lines: one slope up to the first dose, another after it. A month "
        + "is 30.4375 days. Intervals and p values are those of Student's t with the residual degrees "
        + "of freedom of this patient alone. Zeros, limits and values that failed quality control "
        + "stay out of the fit and are shown as such."
    ]
  }

  private static func therapy(_ item: Intervention) -> PatientReport.Therapy {
    let summary = SubjectSummary.TherapyItem(item)
    return PatientReport.Therapy(
      kind: summary.kind, start: summary.start, end: summary.stop ?? "",
      detail: [summary.name, summary.doseText.isEmpty ? nil : summary.doseText]
        .compactMap { $0 }.joined(separator: ", "))
  }

  private static func measurement(
    _ point: PatientSeries.Point, _ series: PatientSeries, zero: Int?
  ) -> PatientReport.Measurement {
    let origin = zero ?? series.origin
    let value = point.point
    let remarks = [
      point.exclusion.map { "left out: \($0)" },
      point.exclusion == nil && value.quality == .warn ? "quality: warn" : nil,
    ]
    return PatientReport.Measurement(
      date: value.date.description,
      months: Double(value.day - origin) / PatientSeries.daysPerMonth, muscle: series.place,
      measure: series.kind.displayName, value: value.value, standardError: value.standardError,
      unit: series.kind.printedUnit,
      remark: remarks.compactMap { $0 }.joined(separator: "; "))
  }
}
