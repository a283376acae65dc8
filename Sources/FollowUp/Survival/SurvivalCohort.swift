import Progression

/// Patients with their follow-up, arms, strata and courses, ready for a comparison of survival.
package struct SurvivalCohort {
  /// The patients.
  package let patients: [SurvivalComparison.Patient]
  /// Names of their covariates.
  package let covariateNames: [String]
  /// Patients by what happened to them; those without an event are not among them.
  package let events: [String: Int]
  /// What counts as an event, in words.
  package let eventNames: String
  /// The measure whose changes enter the joint rank; nil without one.
  package let measure: String?
  /// What one unit of time is called.
  package let timeUnit: String
  /// What times count from, in words.
  package let timeZero: String
  /// What was done to come to these patients.
  package let remarks: [String]

  /// One patient as files and registries tell it, times from the origin.
  struct Source {
    var subject: String
    var arm: String?
    var stratum = ""
    var time: Double
    var event: String?
    var covariates: [Double] = []
    var course: [(time: Double, value: Double)] = []
    /// Changes that are known already.
    var changes: [Double?] = []
    var baseline: Double?
  }

  /// Puts sources together: changes at common visits, the baseline value as first covariate.
  ///
  /// - Throws: `FollowUpError` where nobody is left.
  init(
    _ sources: [Source], path: String, covariateNames names: [String], eventNames: String,
    measure: String?, isLargerBetter: Bool, timeUnit: String, timeZero: String,
    remarks known: [String], visits: [Double]? = nil, isNominal: Bool = false
  ) throws {
    var remarks = known
    var kept = sources
    let late = kept.count { $0.time < 0 }
    if late > 0 {
      kept.removeAll { $0.time < 0 }
      remarks.append("\(late) patients whose follow-up ended before the origin left out")
    }
    let withoutArm = kept.count { $0.arm == nil }
    if withoutArm > 0 && withoutArm < kept.count {
      kept.removeAll { $0.arm == nil }
      remarks.append("\(withoutArm) patients without an arm left out")
    }
    let gaps = kept.count { !$0.covariates.allSatisfy(\.isFinite) }
    if gaps > 0 {
      kept.removeAll { !$0.covariates.allSatisfy(\.isFinite) }
      remarks.append("\(gaps) patients without a covariate left out")
    }
    var baselines = kept.map(\.baseline)
    var changes = kept.map(\.changes)
    if kept.contains(where: { !$0.course.isEmpty }) {
      let common = VisitChanges(
        kept.map(\.course), isLargerBetter: isLargerBetter, named: visits, isNominal: isNominal)
      remarks += common.remarks
      baselines = common.baselines
      changes = common.changes
    }
    let usesBaseline = measure != nil && baselines.contains { $0 != nil }
    if usesBaseline {
      let missing = baselines.count { $0 == nil }
      if missing > 0 {
        remarks.append("\(missing) patients without a value at baseline left out")
      }
    }
    var patients: [SurvivalComparison.Patient] = []
    var events: [String: Int] = [:]
    for (index, source) in kept.enumerated() {
      if usesBaseline && baselines[index] == nil { continue }
      if let event = source.event { events[event, default: 0] += 1 }
      patients.append(
        SurvivalComparison.Patient(
          subject: source.subject,
          record: SurvivalRecord(
            time: source.time, hasEvent: source.event != nil, group: source.arm ?? "",
            stratum: source.stratum),
          changes: changes[index],
          covariates: (usesBaseline ? [baselines[index] ?? 0] : []) + source.covariates))
    }
    guard !patients.isEmpty else {
      throw FollowUpError(path: path, "no patient with follow-up is left")
    }
    self.patients = patients
    covariateNames = (usesBaseline ? ["baseline"] : []) + names
    self.events = events
    self.eventNames = eventNames
    self.measure = measure
    self.timeUnit = timeUnit
    self.timeZero = timeZero
    self.remarks = remarks
  }

  /// The patients of a comparison of slopes, whose follow-up to death is known; nil where it is not.
  ///
  /// Arms that are compared after a lead-in count from the start of therapy, as baseline does where they
  /// are compared visit by visit; else each patient counts from the first visit.
  package init?(_ data: CohortTable) {
    guard !data.followUp.isEmpty, data.followUp.contains(where: \.died) else { return nil }
    let followUp = Dictionary(
      data.followUp.map { ($0.subject, $0) }, uniquingKeysWith: { first, _ in first })
    let comparesArms = data.comparesArms
    let subjects = data.table.subjects
    let countsFromTherapy =
      comparesArms
      && subjects.contains { _, rows in
        rows.first.map { first in first.therapyTime.map { $0 != first.time } ?? false } ?? false
      }
    var withoutStart = 0
    let isNominal = data.visits == nil && data.table.nominalVisits != nil
    // Several muscles of a visit count as their mean.
    let sources = subjects.compactMap { subject, rows -> Source? in
      guard let end = followUp[subject], let first = rows.first else { return nil }
      guard let origin = countsFromTherapy ? first.therapyTime : first.time else {
        withoutStart += 1
        return nil
      }
      let visits = rows.compactMap { row in
        (isNominal ? row.visit : row.time - origin).map { (time: $0, value: row.value) }
      }
      let course = Dictionary(grouping: visits, by: \.time).map { time, own in
        (time: time, value: own.reduce(0) { $0 + $1.value } / Double(own.count))
      }
      return Source(
        subject: subject, arm: comparesArms ? first.arm : "", time: end.time + first.time - origin,
        event: end.died ? "death or equivalent" : nil, course: course)
    }
    guard
      let cohort = try? SurvivalCohort(
        sources, path: "", covariateNames: [], eventNames: "death or equivalent",
        measure: data.measure, isLargerBetter: !data.risesWithLoss, timeUnit: data.timeUnit,
        timeZero: countsFromTherapy ? "the start of therapy" : "the first visit",
        remarks: withoutStart > 0
          ? ["\(withoutStart) patients without a start of therapy left out"] : [],
        visits: data.visits, isNominal: isNominal)
    else { return nil }
    self = cohort
  }
}
