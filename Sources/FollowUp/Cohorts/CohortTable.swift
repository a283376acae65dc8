import Foundation
import Progression
import Registry

/// A long table for a cohort comparison, with what was done to come to it.
package struct CohortTable {
  /// The table on the scale of the model.
  package internal(set) var table: LongitudinalTable
  /// The values as they were measured, zeros and repetitions included.
  package internal(set) var raw: LongitudinalTable
  /// Name of the value with its unit.
  package internal(set) var measure: String
  /// Whether values are natural logarithms, so that slopes are in percent a month.
  package let isLogarithmic: Bool
  /// Unit of the slopes.
  package let slopeUnit: String
  /// What one unit of time is called, such as month; "unit of t" where nothing is known.
  package let timeUnit: String
  /// For each covariate asked for the effects that stand for it, several for a factor.
  package var effectNames: [String: [String]] = [:]
  package let isIdentifiedCount: Bool
  /// Whether repetitions of a visit are averaged in `table`.
  var isAveraged = false
  /// Whether a rising value means loss.
  package var risesWithLoss = false
  /// Who left and why; nil where no events are known.
  package let attrition: Attrition?
  /// Months from each patient's first value to death or to the last that is known of them; empty
  /// where no events are known.
  package let followUp: [SharedParameterModel.Survival]
  package var remarks: [String]
  /// Times of the visits after baseline; nil to find them from the times of the values.
  package var visits: [Double]?
  /// Subgroups that the effect is shown in.
  package var subgroups: [Subgrouping] = []

  /// A month in the unit of the times; nil where that is not known.
  package var month: Double? {
    switch timeUnit {
    case "day": PatientSeries.daysPerMonth
    case "week": PatientSeries.daysPerMonth / 7
    case "month": 1
    case "year": 1 / 12
    default: nil
    }
  }

  /// Zeros at half the smallest value above zero, which stands for the detection limit; nil without
  /// zeros or logarithms.
  var zerosAtHalfTheLimit: LongitudinalTable? {
    guard isLogarithmic, raw.rows.contains(where: { $0.value == 0 }),
      let limit = raw.rows.map(\.value).filter({ $0 > 0 }).min(),
      let changed = try? raw.logTransformed(zeros: .halfDetectionLimit(limit)).table
    else { return nil }
    guard isAveraged else { return changed }
    return try? changed.averagingReplicates().table
  }

  /// The values of one measure in a registry, months from each patient's first value.
  ///
  /// Repetitions of a visit are averaged; patients without therapy have no therapy time.
  /// - Parameter comparesSides: whether sides stand in the place of muscles, and `treatedSide` among the
  ///   covariates tells the one that a therapy was given on; patients without such a therapy are left out.
  /// - Throws: `FollowUpError` without values, `ProgressionError`.
  package init(
    _ cohort: CohortSeries, kind: MeasurementKind, therapy name: String?,
    comparesSides: Bool = false
  ) throws {
    let isLogarithmic = kind.scale == .logarithmic
    let subjects = Dictionary(uniqueKeysWithValues: cohort.subjects.map { ($0.id, $0) })
    let therapies = Dictionary(grouping: cohort.interventions, by: \.subject)
    var remarks: [String] = []
    var rows: [LongitudinalTable.Row] = []
    var origins: [RecordID: Int] = [:]
    var left = 0
    var severalTherapies = 0
    var withoutSide = 0
    rows.reserveCapacity(cohort.points.count)
    var places: [String?: [BodySide?: String]] = [:]
    for (subject, points) in Self.courses(cohort, subjects) {
      let id = subject.id
      let origin = points.map(\.day).min() ?? 0
      origins[id] = origin
      let own = therapies[id] ?? []
      let named = own.filter { item in
        guard let name else { return true }
        return [item.kind, item.name].contains { $0?.lowercased() == name.lowercased() }
      }.filter { !comparesSides || $0.side == .left || $0.side == .right }
      // Who was treated on both sides has no control.
      if comparesSides, Set(named.map(\.side)).count != 1 {
        withoutSide += 1
        continue
      }
      if named.count > 1 { severalTherapies += 1 }
      let therapy = named.first { $0.startDate.dayNumber > origin } ?? named.first
      let month = therapy.map {
        Double($0.startDate.dayNumber - origin) / PatientSeries.daysPerMonth
      }
      for point in points {
        if point.quality == .fail || point.censoring != nil {
          left += 1
          continue
        }
        let muscle = comparesSides ? nil : point.muscle
        let place =
          places[muscle]?[point.side]
          ?? [muscle, point.side?.rawValue].compactMap { $0 }.joined(separator: ", ")
        places[muscle, default: [:]][point.side] = place
        if comparesSides {
          // Another muscle than the treated one has no treated side.
          guard point.side == .left || point.side == .right,
            therapy?.muscle == nil || point.muscle == therapy?.muscle
          else { continue }
        }
        rows.append(
          LongitudinalTable.Row(
            subject: subject.pseudonym,
            time: Double(point.day - origin) / PatientSeries.daysPerMonth, value: point.value,
            standardError: point.standardError.flatMap { $0 > 0 ? $0 : nil },
            therapyTime: month, arm: subject.arm,
            muscle: place.isEmpty ? nil : place,
            covariates: comparesSides
              ? [Self.treatedSide: point.side == therapy?.side ? 1 : 0] : [:]))
      }
    }
    guard !rows.isEmpty else {
      throw FollowUpError("measure \(kind.id): no values in the registry for this selection")
    }
    if left > 0 { remarks.append("\(left) limits or values that failed quality control left out") }
    if withoutSide > 0 {
      remarks.append("\(withoutSide) patients without a therapy of one side left out")
    }
    if severalTherapies > 0 {
      remarks.append(
        "\(severalTherapies) patients have several therapies; the first after their first value "
          + "counts unless one is named")
    }
    var table = try LongitudinalTable(rows)
    raw = table
    if isLogarithmic {
      let logarithmic = try table.logTransformed()
      table = logarithmic.table
      remarks += logarithmic.remarks
    }
    if Self.repeats(rows) > 0 {
      isAveraged = true
      let averaged = try table.averagingReplicates()
      table = averaged.table
      remarks.append("repetitions of a visit are averaged")
    }
    self.table = table
    self.isLogarithmic = isLogarithmic
    self.remarks = remarks
    measure = kind.displayName + (kind.unit == "1" ? "" : " (\(kind.unit))")
    slopeUnit =
      isLogarithmic ? "% per month" : "\(kind.unit == "1" ? "" : kind.unit + " ")per month"
    timeUnit = "month"
    isIdentifiedCount = MeasuredKinds.isIdentifiedCount(kind)
    risesWithLoss = kind.direction == .risesWithLoss
    let endings = Self.endings(cohort, table: table, subjects: subjects, origins: origins)
    attrition = try Self.attrition(
      table, endings, ongoing: Self.ongoing(cohort, table: table, subjects: subjects))
    followUp = Self.followUp(table, endings)
  }

  /// The points of each patient, in the order of the pseudonyms.
  private static func courses(
    _ cohort: CohortSeries, _ subjects: [RecordID: Subject]
  ) -> [(subject: Subject, points: ArraySlice<MeasurementPoint>)] {
    // Points stand subject by subject.
    var result: [(subject: Subject, points: ArraySlice<MeasurementPoint>)] = []
    let points = cohort.points
    var start = points.startIndex
    while start < points.endIndex {
      let id = points[start].subject
      let end = points[start...].firstIndex { $0.subject != id } ?? points.endIndex
      if let subject = subjects[id] { result.append((subject, points[start..<end])) }
      start = end
    }
    return result.sorted { $0.subject.pseudonym < $1.subject.pseudonym }
  }

  /// The covariate that is 1 on the treated side and 0 on the other.
  package static let treatedSide = "treated"

  /// The values of one muscle, without its name; nil where there are none.
  package func muscle(_ name: String) -> CohortTable? {
    func own(_ table: LongitudinalTable) -> LongitudinalTable? {
      let rows = table.rows.filter { $0.muscle?.lowercased() == name.lowercased() }
      return try? LongitudinalTable(
        rows.map { row in
          var row = row
          row.muscle = nil
          return row
        })
    }
    guard let table = own(table), let raw = own(raw) else { return nil }
    var result = self
    result.table = table
    result.raw = raw
    result.measure = "\(measure), \(name)"
    return result
  }

  /// How many rows repeat the time of an earlier one of the same muscle and patient.
  package static func repeats(_ rows: [LongitudinalTable.Row]) -> Int {
    // Names are hashed once for a run of rows of one patient and muscle, as tables mostly stand.
    struct Key: Hashable {
      let course: Int
      let time: Double
    }
    var courses: [String: [String?: Int]] = [:]
    var number = 0
    var course = 0
    var keys: Set<Key> = []
    keys.reserveCapacity(rows.count)
    var last: LongitudinalTable.Row?
    return rows.count { row in
      if last?.subject != row.subject || last?.muscle != row.muscle {
        if let known = courses[row.subject]?[row.muscle] {
          course = known
        } else {
          course = number
          courses[row.subject, default: [:]][row.muscle] = number
          number += 1
        }
      }
      last = row
      return !keys.insert(Key(course: course, time: row.time)).inserted
    }
  }

  /// The recorded endings of the patients in the table, in months from their first values.
  private static func endings(
    _ cohort: CohortSeries, table: LongitudinalTable, subjects: [RecordID: Subject],
    origins: [RecordID: Int]
  ) -> [Attrition.Event] {
    let known = Set(table.subjects.map(\.subject))
    return cohort.events.compactMap { event -> Attrition.Event? in
      guard let subject = subjects[event.subject]?.pseudonym, known.contains(subject),
        let origin = origins[event.subject]
      else { return nil }
      let kind: Attrition.Event.Kind
      switch event.kind {
      case .death: kind = .death
      case .tracheostomy, .permanentVentilation: kind = .tracheostomy
      case .withdrawal, .lostToFollowUp: kind = .withdrawal
      // Ventilation, gastrostomy and the like end nothing.
      case .nonInvasiveVentilation, .gastrostomy, .other: return nil
      }
      return Attrition.Event(
        subject: subject,
        time: Double(event.date.dayNumber - origin) / PatientSeries.daysPerMonth, kind: kind)
    }
  }

  /// Who left early; the plan of visits is taken from the courses where it is not stated.
  package static func attrition(
    _ table: LongitudinalTable, _ endings: [Attrition.Event], ongoing: Set<String> = [],
    plannedEnd: Double? = nil
  ) throws -> Attrition {
    let plan = Attrition.observedPlan(table, events: endings)
    return try Attrition(
      table, events: endings, ongoing: ongoing, plannedEnd: plannedEnd ?? plan.plannedEnd,
      visitGap: plan.visitGap)
  }

  /// Patients seen so lately that their next visit may still come.
  private static func ongoing(
    _ cohort: CohortSeries, table: LongitudinalTable, subjects: [RecordID: Subject]
  ) -> Set<String> {
    let gap = Attrition.observedPlan(table, events: []).visitGap * PatientSeries.daysPerMonth
    let newest = cohort.points.map(\.day).max() ?? 0
    var latest: [RecordID: Int] = [:]
    // Points stand subject by subject, in order of the days.
    for (point, next) in zip(cohort.points, cohort.points.dropFirst())
    where point.subject != next.subject {
      latest[point.subject] = max(latest[point.subject] ?? point.day, point.day)
    }
    if let point = cohort.points.last {
      latest[point.subject] = max(latest[point.subject] ?? point.day, point.day)
    }
    return Set(
      latest.compactMap { id, day in
        Double(newest - day) <= gap ? subjects[id]?.pseudonym : nil
      })
  }

  /// Time from the first value to death or tracheostomy, else to the last value or the withdrawal.
  package static func followUp(
    _ table: LongitudinalTable, _ endings: [Attrition.Event]
  ) -> [SharedParameterModel.Survival] {
    let own = Dictionary(grouping: endings, by: \.subject)
    return table.subjects.map { subject, rows in
      let first = rows.map(\.time).min() ?? 0
      let last = rows.map(\.time).max() ?? 0
      let deaths = (own[subject] ?? []).filter { $0.kind == .death || $0.kind == .tracheostomy }
      let end =
        deaths.map(\.time).min() ?? ((own[subject] ?? []).map(\.time) + [last]).max() ?? last
      // A patient seen once adds next to nothing, but has to be there.
      return SharedParameterModel.Survival(
        subject: subject, time: max(end - first, 0.01), died: !deaths.isEmpty)
    }
  }
}
