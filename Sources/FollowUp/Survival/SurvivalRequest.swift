import Progression
import Registry
import Reports

/// What is asked of the survival of a cohort: where the patients come from, and what arms are compared by.
package struct SurvivalRequest {
  /// Where the patients come from.
  package enum Source {
    /// The patients of a registry.
    case registry(PatientRegistry, Selection)
    /// The rows of a table, CSV or TSV.
    case table(file: String, SurvivalCohort.Columns)
  }

  /// Which patients and values of a registry.
  package struct Selection: Sendable {
    /// The measure of the joint rank; nil for none.
    package var measure: String?
    /// Muscle of the measure.
    package var muscle: String?
    /// Side of the measure.
    package var side: BodySide?
    /// Whether time zero is the start of a therapy; patients without one are left out.
    package var fromTherapy = false
    /// Kind or name of that therapy.
    package var therapy: String?
    /// Attributes within which arms are compared.
    package var strata: [String] = []
    /// Whether arms are compared; nil where there are several.
    package var usesArms: Bool?

    /// All patients, from their first visits.
    package init() {}
  }

  /// Where the patients come from.
  package var source: Source
  /// Which events count; empty for all.
  package var events: [SurvivalEvent] = []
  /// The arm that others are compared with; nil for the rule of the comparison.
  package var controlArm: String?
  /// End of the restricted means; nil for the longest follow-up that all arms have.
  package var horizon: Double?

  /// All events.
  package init(_ source: Source) { self.source = source }

  private func cohort() throws -> (cohort: SurvivalCohort, place: String) {
    switch source {
    case .table(let file, let columns):
      return (try SurvivalCohort(file: file, columns: columns, events: events), file)
    case .registry(let registry, let own):
      let stored = try MeasuredKinds.stored(registry).map(\.kind)
      let cohort = try SurvivalCohort(
        registry, events: events,
        kind: try own.measure.map { try MeasuredKinds.named($0, stored: stored) },
        muscle: own.muscle, side: own.side, fromTherapy: own.fromTherapy, therapy: own.therapy,
        strata: own.strata, usesArms: own.usesArms)
      return (cohort, registry.path)
    }
  }

  /// Reads the patients and compares the arms.
  ///
  /// - Throws: `FollowUpError` naming the table or the registry where nothing can be compared;
  ///   `TableError`, `RegistryError`.
  package func result() throws -> SurvivalResult {
    let (cohort, place) = try cohort()
    do {
      let comparison = try SurvivalComparison(
        cohort.patients, covariateNames: cohort.covariateNames, controlArm: controlArm,
        horizon: horizon)
      return SurvivalResult(
        comparison: comparison, summary: SurvivalSummary(comparison, cohort: cohort))
    } catch let error as ProgressionError {
      throw FollowUpError(path: place, error.description)
    }
  }
}

/// Survival compared as it was asked for.
package struct SurvivalResult {
  /// The comparison.
  package let comparison: SurvivalComparison
  /// The summary for machines.
  package let summary: SurvivalSummary

  /// The comparison for people.
  package var text: String { summary.text }

  /// The report; `command` is what made it.
  package func report(command: String?) -> ReportPage {
    SurvivalPage(comparison, summary: summary).page(command: command)
  }
}
