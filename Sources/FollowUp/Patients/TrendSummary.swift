import Analyses
import Progression
import Registry
import Reports

/// What `motorpool trend` prints.
package struct TrendSummary: Encodable {
  package let software = SoftwareVersion.text
  package let patient: String
  package let therapy: SubjectSummary.TherapyItem?
  package let events: [PatientSummary.EventItem]
  package let series: [SeriesSummary]
  package let derived: DerivedMeasures
  /// Survival of units that are followed over the visits, one course for each muscle and side.
  package let unitSurvival: [UnitSurvivalCourse]
  package let data: DataCitation
  package let warnings: [String]
  package let notes: [String]

  /// `posteriors`: of the first series, as many as were asked for.
  package init(
    _ trends: PatientTrends, derived: DerivedMeasures,
    posteriors: [(posterior: CohortPosterior?, reason: String?)] = []
  ) {
    self.derived = derived
    unitSurvival = trends.unitSurvival
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
      + (trends.therapy == nil ? [] : [FollowUpWording.association]) + [ReportWording.researchUse]
  }
}
