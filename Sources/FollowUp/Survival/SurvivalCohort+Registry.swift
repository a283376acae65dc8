import Foundation
import Progression
import Registry

extension SurvivalCohort {
  /// The patients of a registry, months from their first visit or from the start of a therapy.
  ///
  /// Follow-up ends with the first event that counts, else with the last visit, value, withdrawal or loss
  /// that is recorded. Values of several muscles or repetitions of a day count as their mean; measures on
  /// a logarithmic scale change as logarithms.
  /// - Parameters:
  ///   - kind: the measure of the joint rank; nil for none.
  ///   - fromTherapy: whether time zero is the start of a therapy; patients without one are left out.
  ///   - strata: attributes of the patients (site, onset-site or any stored attribute).
  /// - Throws: `FollowUpError` without patients, `RegistryError`.
  package init(
    _ registry: PatientRegistry, events chosen: [SurvivalEvent], kind: MeasurementKind?,
    muscle: String? = nil, side: BodySide? = nil, fromTherapy: Bool, therapy name: String?,
    strata: [String], usesArms: Bool?
  ) throws {
    let subjects = try registry.subjects()
    let points =
      try kind.map {
        try registry.cohortSeries(
          MeasurementFilter(kinds: [$0], muscle: muscle, side: side)
        ).points
      } ?? []
    let courses = Dictionary(grouping: points, by: \.subject)
    let events = Dictionary(grouping: try registry.events(), by: \.subject)
    let therapies = Dictionary(grouping: try registry.interventions(), by: \.subject)
    let sites = Dictionary(
      uniqueKeysWithValues: try registry.sites().map { ($0.id, $0.name) })
    let counted = chosen.isEmpty ? SurvivalEvent.allCases : chosen
    let arms = Set(subjects.compactMap(\.arm))
    let hasArms = usesArms ?? (arms.count > 1)
    var left: [String: Int] = [:]
    var sources: [Source] = []
    for subject in subjects {
      let own = (courses[subject.id] ?? []).filter { $0.quality != .fail && $0.censoring == nil }
      let visits = try registry.visits(subject: subject.id)
        .filter { $0.status == .done || $0.status == .partial }.compactMap { $0.date?.dayNumber }
      let known = visits + own.map(\.day)
      guard let first = known.min() else {
        left["any visit", default: 0] += 1
        continue
      }
      var origin = first
      if fromTherapy {
        let named = (therapies[subject.id] ?? []).filter { item in
          guard let name else { return true }
          return [item.kind, item.name].contains { $0?.lowercased() == name.lowercased() }
        }
        guard let start = named.map(\.startDate.dayNumber).min() else {
          left["the therapy", default: 0] += 1
          continue
        }
        origin = start
      }
      let recorded = events[subject.id] ?? []
      let event = counted.compactMap { item in
        recorded.filter { $0.kind == item.kind }.map { (day: $0.date.dayNumber, name: item.words) }
          .min { $0.day < $1.day }
      }.min { $0.day < $1.day }
      // What else is recorded shows that a patient was followed until then.
      let end = event?.day ?? (known + recorded.map(\.date.dayNumber)).max() ?? origin
      let months = { (day: Int) in Double(day - origin) / PatientSeries.daysPerMonth }
      var source = Source(
        subject: subject.pseudonym, arm: hasArms ? subject.arm : "", time: months(end),
        event: event?.name)
      source.stratum = strata.map { name in
        switch name {
        case "site": subject.site.flatMap { sites[$0] } ?? "none"
        case "onset-site": subject.onsetSite ?? "none"
        default: subject.attributes[name] ?? "none"
        }
      }.joined(separator: ", ")
      source.course = Dictionary(grouping: own, by: \.day).compactMap { day, values in
        let shown = values.map { kind?.scale == .logarithmic ? log($0.value) : $0.value }
          .filter(\.isFinite)
        return shown.isEmpty
          ? nil : (months(day), shown.reduce(0, +) / Double(shown.count))
      }
      sources.append(source)
    }
    try self.init(
      sources, path: "registry", covariateNames: [], eventNames: SurvivalEvent.list(counted),
      measure: kind.map { $0.displayName + ($0.unit == "1" ? "" : " (\($0.unit))") },
      isLargerBetter: kind?.direction != .risesWithLoss, timeUnit: "month",
      timeZero: fromTherapy ? "the start of therapy" : "the first visit",
      remarks: left.sorted { $0.key < $1.key }.map {
        "\($0.value) patients without \($0.key) left out"
      })
  }
}
