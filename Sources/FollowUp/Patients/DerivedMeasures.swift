import Progression
import Registry
import Reports

/// What is worked out of a patient's values for display: one score over several muscles, and the time
/// to half of the control value.
package struct DerivedMeasures: Encodable {
  /// Scores of the visits.
  package struct Score: Encodable {
    package struct Visit: Encodable {
      package let date: String
      package let month: Double
      package let value: Double
      package let standardError: Double?
    }

    package struct Refusal: Encodable {
      package let date: String
      package let missing: [String]
    }

    package let measure: String
    package let combination: String
    package let muscles: [String]
    package let visits: [Visit]
    package let refused: [Refusal]
    package let reason: String?
  }

  /// The M50 of a muscle or of a score.
  package struct HalfLife: Encodable {
    package let measure: String
    package let place: String
    package let control: Double
    package let result: M50.Result?
    package let reason: String?
  }

  package let scores: [Score]
  package let halfLives: [HalfLife]

  /// Derives what the values allow: scores of measures with several muscles, and M50 where the day of
  /// onset and control values are known; visits after the start of therapy stay out of M50.
  package init(_ trends: PatientTrends, controls: ControlTable?, muscles: [PatientTrends.Place]) {
    var scores: [Score] = []
    var halves: [HalfLife] = []
    var kinds: [MeasurementKind] = []
    for item in trends.series where !kinds.contains(item.kind) { kinds.append(item.kind) }
    for kind in kinds where kind.isScored {
      let all = trends.series.filter { $0.kind == kind && $0.muscle != nil }
      let own = muscles.isEmpty ? all : all.filter { muscles.contains($0.measuredPlace) }
      if own.count > 1 || (!muscles.isEmpty && !own.isEmpty) {
        let names = muscles.isEmpty ? own.map(\.place) : muscles.map(\.text)
        scores.append(Self.score(kind, own, names, controls: nil, trends))
        if let controls {
          scores.append(Self.score(kind, own, names, controls: controls, trends))
        }
      }
      guard let controls, let onset = trends.subject.onsetDate else { continue }
      for item in all {
        guard let control = controls.control(kind, item.muscle, item.side) else { continue }
        halves.append(Self.half(item, control.mean, onset, trends))
      }
    }
    self.scores = scores
    halfLives = halves
  }

  private static func score(
    _ kind: MeasurementKind, _ series: [PatientSeries], _ muscles: [String],
    controls: ControlTable?, _ trends: PatientTrends
  ) -> Score {
    let name = controls == nil ? "sum" : "mean standard score"
    do {
      var combination = Megascore.Combination.sum
      if let controls {
        var figures: [String: Megascore.Control] = [:]
        for item in series {
          if let control = controls.control(kind, item.muscle, item.side),
            let sd = control.standardDeviation
          {
            figures[item.place] = Megascore.Control(mean: control.mean, standardDeviation: sd)
          }
        }
        combination = .meanStandardScore(figures)
      }
      let rows = series.flatMap { item in
        item.usableValues.map { point in
          LongitudinalTable.Row(
            subject: item.subject, time: point.month, value: point.point.value,
            standardError: point.point.standardError.flatMap { $0 > 0 ? $0 : nil },
            muscle: item.place)
        }
      }
      var table = try LongitudinalTable(rows)
      if CohortTable.repeats(rows) > 0 { table = try table.averagingReplicates().table }
      let course = try Megascore(muscles: muscles, combination: combination).course(table)
      let zero = series.first?.therapyMonth ?? 0
      let origin = series.first?.origin ?? 0
      func date(_ month: Double) -> String {
        let days = (month * PatientSeries.daysPerMonth).rounded()
        return CivilDate(dayNumber: origin + Int(days)).description
      }
      return Score(
        measure: kind.id, combination: name, muscles: muscles,
        visits: course.points.map {
          Score.Visit(
            date: date($0.time), month: $0.time - zero, value: $0.value,
            standardError: $0.standardError)
        }, refused: course.refused.map { .init(date: date($0.time), missing: $0.missing) },
        reason: nil)
    } catch {
      return Score(
        measure: kind.id, combination: name, muscles: muscles, visits: [], refused: [],
        reason: String(describing: error))
    }
  }

  private static func half(
    _ series: PatientSeries, _ control: Double, _ onset: CivilDate, _ trends: PatientTrends
  ) -> HalfLife {
    let knot = series.therapyMonth ?? .infinity
    let points = series.usableValues.filter { $0.month <= knot }
    do {
      let result = try M50(control: control).estimate(
        monthsFromOnset: points.map {
          Double($0.point.day - onset.dayNumber) / PatientSeries.daysPerMonth
        }, values: points.map(\.point.value))
      return HalfLife(
        measure: series.kind.id, place: series.place, control: control, result: result, reason: nil)
    } catch {
      return HalfLife(
        measure: series.kind.id, place: series.place, control: control, result: nil,
        reason: String(describing: error))
    }
  }
}

extension MeasurementKind {
  /// Whether a sum over muscles or a time to half means anything: values that fall with loss and have
  /// a logarithm.
  fileprivate var isScored: Bool { scale == .logarithmic && direction == .fallsWithLoss }
}

extension PatientSeries {
  /// Values that are measured, zeros among them, whether or not the fit can use them.
  package var usableValues: [Point] {
    points.filter {
      $0.exclusion == nil
        || ($0.point.value == 0 && $0.point.quality != .fail && $0.point.censoring == nil)
    }
  }

  package var measuredPlace: PatientTrends.Place { PatientTrends.Place(muscle: muscle, side: side) }
}
