import Foundation
import Progression
import Reports

extension CohortPage {
  /// The muscles of the table in order, one for each panel; one name where it has none.
  private var muscles: [String] {
    Set(data.table.rows.map { $0.muscle ?? "" }).sorted()
  }

  /// Muscles as the titles of panels; empty where there is one.
  private var facets: [String] { muscles.count > 1 ? muscles : [] }

  /// Courses of all patients about the start of therapy.
  var courses: CohortSpaghettiFigure {
    // Without any therapy the arms count from the first visit.
    let firstVisit =
      data.table.rows.contains { $0.therapyTime != nil } ? nil : data.table.rows.map(\.time).min()
    let origin = firstVisit == nil ? "start of therapy" : "the first visit"
    let places = Dictionary(uniqueKeysWithValues: muscles.enumerated().map { ($1, $0) })
    let patients = data.table.subjects.flatMap {
      subject, rows -> [CohortSpaghettiFigure.Patient] in
      guard let therapy = rows.first?.therapyTime ?? firstVisit else { return [] }
      return Dictionary(grouping: rows) { $0.muscle ?? "" }.sorted { $0.key < $1.key }.map {
        muscle, own in
        CohortSpaghettiFigure.Patient(
          pseudonym: subject, months: own.map { $0.time - therapy },
          values: own.map { value($0.value) }, arm: arms.isEmpty ? nil : arm(of: subject),
          facet: places[muscle] ?? 0)
      }
    }
    return CohortSpaghettiFigure(
      measure: data.measure, patients: patients, means: means(patients), arms: arms,
      facets: facets, isLogarithmic: data.isLogarithmic,
      timeTitle: timeTitle("from \(origin)"))
  }

  private func timeTitle(_ origin: String) -> String {
    data.timeUnit.hasPrefix("unit")
      ? "Time \(origin), in the unit of the table"
      : "\(data.timeUnit.capitalized)s \(origin)"
  }

  /// The model's mean of each muscle with its interval, at the mean therapy time; none for further
  /// covariates.
  private func means(_ patients: [CohortSpaghettiFigure.Patient]) -> [CohortSpaghettiFigure.Mean] {
    guard let model = comparison.model, let exact = model.kenwardRoger,
      model.fit.model.covariates.isEmpty,
      let first = patients.flatMap(\.months).min(), let last = patients.flatMap(\.months).max(),
      last > first, arms.count < 3
    else { return [] }
    let starts = data.table.subjects.compactMap { $0.rows.first?.therapyTime }
    let start = starts.reduce(0, +) / Double(max(1, starts.count))
    let lag = model.fit.model.onsetLag
    let control = CohortModel.controlArm(data.table, model.fit.model)
    let months = (0...40).map { first + (last - first) * Double($0) / 40 }
    func mean(_ arm: Int?, _ facet: Int) -> CohortSpaghettiFigure.Mean {
      let isTreated = arm.map { arms[$0] != control } ?? true ? 1.0 : 0
      let estimates = months.map { month in
        exact.estimate(
          model.fit.effectNames.map { name -> Double in
            let post = max(0, month - lag)
            switch name {
            case "(Intercept)": return 1
            case model.fit.model.timeName: return month + start
            case "post": return post
            case "step": return post > 0 ? 1 : 0
            case "arm": return isTreated
            case "post:arm": return post * isTreated
            case "\(model.fit.model.timeName):arm": return (month + start) * isTreated
            default: return name == "\(model.fit.model.placeName)\(muscles[facet])" ? 1 : 0
            }
          })
      }
      return CohortSpaghettiFigure.Mean(
        arm: arm,
        line: TrendLine(
          months: months, fit: estimates.map { value($0.value) },
          lower: estimates.map { value($0.lower) }, upper: estimates.map { value($0.upper) }),
        facet: facet)
    }
    return muscles.indices.flatMap { facet in
      arms.isEmpty ? [mean(nil, facet)] : arms.indices.map { mean($0, facet) }
    }
  }

  /// Means of the arms at the nominal visits, counted from each patient's first, or from baseline where the
  /// values name their visits.
  var visitMeans: VisitMeansFigure? {
    let subjects = data.table.subjects
    let nominal = data.table.nominalVisits
    /// Rows that count at a visit, with their times from the first, which has time zero.
    func course(_ rows: [LongitudinalTable.Row]) -> [(row: LongitudinalTable.Row, time: Double)] {
      guard nominal != nil else {
        let first = rows.map(\.time).min() ?? 0
        return rows.map { ($0, $0.time - first) }
      }
      let baseline = rows.compactMap(\.visit).filter { $0 <= 0 }.max()
      return rows.compactMap { row in
        row.visit.flatMap { $0 > 0 || $0 == baseline ? (row, max(0, $0)) : nil }
      }
    }
    let grid =
      nominal.map { VisitGrid(nominal: $0) }
      ?? VisitGrid(
        subjects.map { Set(course($0.rows).map(\.time)).sorted() }, limit: 24)
    let times = [0] + grid.visits
    let groups = max(1, arms.count)
    var values = [[[Double]]](
      repeating: [[Double]](repeating: [], count: times.count), count: groups * muscles.count)
    for (subject, rows) in subjects {
      let course = course(rows)
      for (facet, muscle) in muscles.enumerated() {
        let own = course.filter { ($0.row.muscle ?? "") == muscle }
          .map { (time: $0.time, value: $0.row.value) }
        let baseline = own.filter { $0.time == 0 }.map(\.value)
        let cell = facet * groups + (arms.isEmpty ? 0 : arm(of: subject))
        if !baseline.isEmpty {
          values[cell][0].append(baseline.reduce(0, +) / Double(baseline.count))
        }
        for (place, value) in grid.values(own).enumerated() {
          if let value { values[cell][place + 1].append(value) }
        }
      }
    }
    var points: [VisitMeansFigure.Point] = []
    for (cell, visits) in values.enumerated() {
      for (place, own) in visits.enumerated() where !own.isEmpty {
        points.append(
          VisitMeansFigure.Point(
            facet: cell / groups, arm: cell % groups, time: times[place], patients: own.count,
            mean: Self.mean(own, value)))
      }
    }
    guard Set(points.map(\.time)).count > 1 else { return nil }
    return VisitMeansFigure(
      measure: data.measure, facets: facets, arms: arms, points: points,
      isLogarithmic: data.isLogarithmic,
      timeTitle: timeTitle(nominal == nil ? "from the first visit" : "from baseline"))
  }

  /// The mean of values with its t interval, on the scale of the measure; no interval below three.
  private static func mean(
    _ values: [Double], _ shown: (Double) -> Double
  ) -> IntervalEstimate {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    guard values.count > 2 else {
      return IntervalEstimate(value: shown(mean), lower: .nan, upper: .nan)
    }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let estimate = Estimate(
      value: mean, standardError: (squares / (count - 1) / count).squareRoot(),
      degreesOfFreedom: count - 1)
    return IntervalEstimate(
      value: shown(mean), lower: shown(estimate.lower), upper: shown(estimate.upper))
  }
}
