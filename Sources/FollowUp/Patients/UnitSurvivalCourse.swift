import Registry
import Reports

/// Survival of the followed units of one muscle over the visits, as it is stored.
package struct UnitSurvivalCourse: Encodable {
  /// One visit.
  package struct Visit: Encodable {
    package let date: String
    package let survival: Double
    /// 5 and 95 % bounds; none for the first visit, where survival is 1.
    package let bounds: [Double]?
    package let seen: Int?
    package let paused: Int?
  }

  package let muscle: String?
  package let side: String?
  /// The first visit and those that survival was estimated for.
  package let visits: [Visit]
  /// Chance that a living unit is found at a visit, with its 5 and 95 % bounds.
  package let detection: Double?
  package let detectionBounds: [Double]?

  /// The course of a series of survival; nil for another measure and without values.
  package init?(_ series: PatientSeries) {
    let points = series.points.map(\.point)
    guard series.kind == .followedUnitSurvival, let last = points.last,
      let first = last.conditions["earlier_visit"]
    else { return nil }
    func number(_ name: String, _ conditions: [String: String]) -> Double? {
      conditions[name].flatMap(Double.init)
    }
    func bounds(_ prefix: String, _ conditions: [String: String]) -> [Double]? {
      guard let low = number(prefix + "lower_5", conditions),
        let high = number(prefix + "upper_95", conditions)
      else { return nil }
      return [low, high]
    }
    muscle = series.muscle
    side = series.side?.rawValue
    // Values that were worked out from another first visit belong to another curve.
    let own = points.filter { $0.conditions["earlier_visit"] == first }
    visits =
      [Visit(date: first, survival: 1, bounds: nil, seen: nil, paused: nil)]
      + own.map { point in
        Visit(
          date: point.date.description, survival: point.value,
          bounds: bounds("", point.conditions), seen: point.conditions["seen"].flatMap { Int($0) },
          paused: point.conditions["paused"].flatMap { Int($0) })
      }
    detection = number("detection", last.conditions)
    detectionBounds = bounds("detection_", last.conditions)
  }

  /// Muscle and side.
  package var place: String { [muscle, side].compactMap { $0 }.joined(separator: ", ") }

  /// The course as a figure, over months from the first visit.
  var figure: XYFigure {
    let days = visits.map { CivilDate($0.date)?.dayNumber ?? 0 }
    let months = days.map { Double($0 - (days.first ?? 0)) / PatientSeries.daysPerMonth }
    let chance = detection.map {
      " A living unit was found with a chance of \(Formatting.fixed($0, 2))."
    }
    return XYFigure(
      title: "Survival of followed units, \(place)",
      caption: "Share of the motor units of the first visit that survives, with 90 % intervals "
        + "that know the chance of missing a unit." + (chance ?? "") + " "
        + MeasurementKind.followedUnitSurvival.caveat,
      xTitle: "Months from the first visit", yTitle: "Share surviving",
      series: [
        .init(
          name: "", mark: .ribbon, x: months, y: visits.map { $0.bounds?[0] ?? 1 },
          upper: visits.map { $0.bounds?[1] ?? 1 }, colorIndex: 0),
        .init(
          name: "", mark: .line(width: 2), x: months, y: visits.map(\.survival), colorIndex: 0),
        .init(
          name: "", mark: .points(radius: 3.5), x: months, y: visits.map(\.survival), colorIndex: 0),
      ])
  }
}

extension PatientTrends {
  /// Survival of followed units, one course for each muscle and side.
  package var unitSurvival: [UnitSurvivalCourse] { series.compactMap(UnitSurvivalCourse.init) }
}
