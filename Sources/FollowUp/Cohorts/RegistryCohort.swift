import Registry

/// The values of one measure in a registry, as a cohort is compared by.
package struct RegistryCohort {
  /// The measure.
  package let kind: MeasurementKind
  /// The values with their therapies.
  package var data: CohortTable
  /// What was read.
  package let cohort: CohortSeries
  /// Muscles of the values, "none" for values of no muscle.
  package let muscles: [String]
  /// Whether each muscle is to have a block of its own.
  package let isEveryMuscle: Bool

  /// Whether values of several muscles would be taken for one.
  package var isAmbiguous: Bool { muscles.count > 1 && !isEveryMuscle }

  /// Reads a measure, the leading one stored where none is named.
  ///
  /// - Parameters:
  ///   - muscle: one muscle, or "all".
  ///   - arm: patients of one arm only.
  ///   - comparesSides: whether the treated side is compared with the other.
  /// - Throws: `FollowUpError` for an unknown measure or a registry without values, and
  ///   `RegistryError`.
  package init(
    _ registry: PatientRegistry, measure: String? = nil, muscle: String? = nil,
    side: BodySide? = nil, therapy: String? = nil, arm: String? = nil, comparesSides: Bool = false
  ) throws {
    let stored = try MeasuredKinds.stored(registry).map(\.kind)
    guard
      let kind = try measure.map({ try MeasuredKinds.named($0, stored: stored) }) ?? stored.first
    else { throw FollowUpError(path: registry.path, "no values yet; add a visit first") }
    self.kind = kind
    isEveryMuscle = muscle?.lowercased() == "all"
    var cohort = try registry.cohortSeries(
      MeasurementFilter(kinds: [kind], muscle: isEveryMuscle ? nil : muscle, side: side))
    if let arm {
      cohort.subjects = cohort.subjects.filter { $0.arm == arm }
      let ids = Set(cohort.subjects.map(\.id))
      cohort.points = cohort.points.filter { ids.contains($0.subject) }
    }
    self.cohort = cohort
    data = try CohortTable(
      cohort, kind: kind, therapy: therapy, comparesSides: comparesSides)
    // Where every therapy of a side names its muscle, no other one is compared.
    let isPlaced = cohort.interventions.allSatisfy { $0.side == nil || $0.muscle != nil }
    muscles =
      comparesSides
      ? isPlaced ? ["treated"] : Set(cohort.points.map { $0.muscle ?? "none" }).sorted()
      : Set(data.table.rows.map { $0.muscle ?? "none" }).sorted()
  }
}
