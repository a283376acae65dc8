import Progression
import Registry
import Reports

/// One series with its comparison before and after therapy, as `motorpool trend` prints it.
struct SeriesSummary: Encodable {
  struct Value: Encodable {
    let date: String
    let month: Double
    let value: Double
    let standardError: Double?
    let replicate: Int
    let quality: String
    let exclusion: String?
  }

  struct Comparison: Encodable {
    let before: SlopeText
    let after: SlopeText
    let difference: SlopeText
    let knownErrorDifference: SlopeText?
    let minimumDetectableDifference: Double
    let residualSD: Double
    let visitsBefore: Int
    let visitsAfter: Int
    let durbinWatson: Double?
  }

  let measure: String
  let name: String
  let unit: String
  let scale: String
  let muscle: String?
  let side: String?
  let slopeUnit: String
  let estimatesUnitNumber: Bool
  let caveat: String
  let values: [Value]
  let comparison: Comparison?
  let reason: String?
  let secondary: SeriesTests
  /// What the cohort says of this patient; nil where it was not asked or there is none.
  let cohort: CohortPosterior?
  /// Why there is none.
  let cohortReason: String?
  let warnings: [String]

  init(
    _ series: PatientSeries, cohort: (posterior: CohortPosterior?, reason: String?) = (nil, nil)
  ) {
    self.cohort = cohort.posterior
    cohortReason = cohort.reason
    let kind = series.kind
    measure = kind.id
    name = kind.displayName
    unit = kind.unit
    scale = kind.scale.rawValue
    muscle = series.muscle
    side = series.side?.rawValue
    slopeUnit = series.slopeUnit
    estimatesUnitNumber = kind.estimatesUnitNumber
    caveat = kind.caveat
    let zero = series.therapyMonth ?? 0
    values = series.points.map {
      Value(
        date: $0.point.date.description, month: $0.month - zero, value: $0.point.value,
        standardError: $0.point.standardError, replicate: $0.point.replicate,
        quality: $0.point.quality.rawValue, exclusion: $0.exclusion)
    }
    reason = series.reason
    func slope(_ estimate: Estimate) -> SlopeText {
      SlopeText(estimate, isLogarithmic: series.isLogarithmic, unit: series.slopeUnit)
    }
    comparison = series.fit.map { fit in
      Comparison(
        before: slope(fit.before), after: slope(fit.after), difference: slope(fit.difference),
        knownErrorDifference: fit.knownError.map(slope),
        minimumDetectableDifference: series.isLogarithmic
          ? Estimate.percent(fit.minimumDetectableSlopeChange) : fit.minimumDetectableSlopeChange,
        residualSD: fit.residualSD, visitsBefore: fit.visitsBefore,
        visitsAfter: fit.visitsAfter, durbinWatson: fit.durbinWatson)
    }
    secondary = SeriesTests(series)
    warnings = (series.fit?.warnings ?? []) + series.remarks
  }

  /// Name and place on one line.
  var title: String {
    name + [muscle, side].compactMap { $0 }.map { ", \($0)" }.joined()
  }

  /// The block for people.
  func text(hasTherapy: Bool) -> String {
    var lines = [title, caveat, ""]
    var table = TextTable([
      "Date", hasTherapy ? "Month from therapy" : "Month",
      unit == "1" ? "Value" : "Value (\(unit))",
      "SE", "Remark",
    ])
    for value in values {
      let remarks = [
        value.exclusion.map { "left out: \($0)" },
        value.exclusion == nil && value.quality == "warn" ? "quality: warn" : nil,
        value.replicate > 1 ? "repetition \(value.replicate)" : nil,
      ]
      table.add([
        value.date, Formatting.fixed(value.month, 1), NumberText.significant(value.value, 4),
        value.standardError.map { NumberText.significant($0, 3) } ?? "-",
        remarks.compactMap { $0 }.joined(separator: "; "),
      ])
    }
    lines += [table.text, ""]
    if let comparison {
      lines += [
        "Slope before      \(comparison.before.text())",
        "Slope after       \(comparison.after.text())",
        "Difference        \(comparison.difference.text(showsP: true))",
      ]
      if let known = comparison.knownErrorDifference {
        lines.append("  by known errors \(known.text(showsP: true))")
      }
      lines.append(
        "Smallest difference detectable with 80 % power by these visits: "
          + "\(Formatting.fixed(comparison.minimumDetectableDifference, 2)) \(slopeUnit)")
    } else {
      lines.append("No comparison before and after: \(reason ?? "too few values")")
    }
    lines += secondary.lines(isLogarithmic: scale == "logarithmic", slopeUnit: slopeUnit)
    if let cohort { lines += cohort.lines }
    if let cohortReason, hasTherapy { lines.append("No posterior by the cohort: \(cohortReason)") }
    lines += warnings.map { "Warning: \($0)" }
    return lines.joined(separator: "\n")
  }
}

/// What `motorpool trend` prints.
struct TrendSummary: Encodable {
  let software = SoftwareVersion.text
  let patient: String
  let therapy: SubjectSummary.TherapyItem?
  let events: [PatientSummary.EventItem]
  let series: [SeriesSummary]
  let derived: DerivedMeasures
  let data: DataCitation
  let warnings: [String]
  let notes: [String]

  /// `posteriors`: of the first series, as many as were asked for.
  init(
    _ trends: PatientTrends, derived: DerivedMeasures,
    posteriors: [(posterior: CohortPosterior?, reason: String?)] = []
  ) {
    self.derived = derived
    patient = trends.subject.pseudonym
    therapy = trends.therapy.map(SubjectSummary.TherapyItem.init)
    events = trends.events.map {
      PatientSummary.EventItem(
        kind: $0.kind.rawValue, date: $0.date.description, detail: $0.detail)
    }
    series = trends.series.enumerated().map { index, item in
      SeriesSummary(item, cohort: index < posteriors.count ? posteriors[index] : (nil, nil))
    }
    data = trends.citation
    warnings = trends.warnings
    let showsCounts = trends.series.contains { MeasuredKinds.isIdentifiedCount($0.kind) }
    notes =
      (showsCounts ? [ReportWording.identifiedCounts] : [])
      + (trends.therapy == nil ? [] : [TrendWording.association]) + [ReportWording.researchUse]
  }

  /// The summary for people: all series in a table, then the leading or the asked ones in full.
  func text(showsAll: Bool) -> String {
    var lines = [
      patient
        + (therapy.map { ", therapy \($0.kind) from \($0.start)" } ?? ", no therapy noted")
    ]
    lines += events.map { "\($0.kind) \($0.date)" }
    lines.append("")
    if series.count > 1 {
      var table = TextTable([
        "Measure", "Muscle", "Values", "Before", "After", "Difference", "p", "Slopes in",
      ])
      for item in series {
        let comparison = item.comparison
        func cell(_ slope: SlopeText?) -> String {
          slope.map { Formatting.signed($0.value, 2) } ?? "-"
        }
        table.add([
          item.measure, [item.muscle, item.side].compactMap { $0 }.joined(separator: ", "),
          String(item.values.count), cell(comparison?.before), cell(comparison?.after),
          cell(comparison?.difference),
          comparison?.difference.p.map { NumberText.pValue($0, isBare: true) } ?? "-",
          item.slopeUnit,
        ])
      }
      lines += [table.text, ""]
    }
    for item in showsAll ? series[...] : series.prefix(1) {
      lines += [item.text(hasTherapy: therapy != nil), ""]
    }
    if !derived.lines.isEmpty { lines += derived.lines + [""] }
    if !showsAll && series.count > 1 {
      lines += ["Other measures in full: --measure NAME", ""]
    }
    lines += warnings.map { "Warning: \($0)" } + notes
    lines.append("Data: \(data.text)")
    return lines.joined(separator: "\n")
  }
}

/// Sentences that trends and comparisons share.
enum TrendWording {
  static let arms =
    "A difference between the arms can be laid to the therapy only where chance decided who was given it "
    + "and nobody's measuring depended on it; otherwise it is an association. Slopes of single patients "
    + "and of one arm alone remain associations in any case."
  static let association =
    "A difference between the slopes is an association with the start of therapy: without controls it "
    + "may come from the course of the disease, regression to the mean, placement or other treatment."
}
