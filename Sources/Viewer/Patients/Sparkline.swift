import FollowUp
import Foundation
import Registry
import Reports

/// The course of a measure in a line of a table, with a mark at the first dose.
enum Sparkline {
  static let width = 130.0
  static let height = 26.0

  static func element(_ course: PatientIndex.Course, measure: String, therapyStart: String?)
    -> MarkupElement
  {
    let place = PatientTrends.Place(
      muscle: course.muscle, side: course.side.flatMap(BodySide.init(rawValue:))
    ).text
    let ends =
      "\(NumberText.significant(course.values.first ?? 0, 3)) to "
      + NumberText.significant(course.values.last ?? 0, 3)
    let text =
      "\(measure)\(place.isEmpty ? "" : ", \(place)"): \(course.values.count) days, \(ends)"
    var drawing = MarkupElement(
      "svg",
      [
        "class": "sparkline", "viewBox": "0 0 \(Int(width)) \(Int(height))", "role": "img",
        "aria-label": text,
      ])
    drawing.append(.init("title", text: text))
    guard let first = course.days.first, let last = course.days.last,
      let low = course.values.min(), let high = course.values.max()
    else { return drawing }
    let span = Double(max(1, last - first))
    func x(_ day: Int) -> Double { 4 + (width - 8) * Double(day - first) / span }
    // From zero, so that a loss of a tenth looks like a tenth.
    let floor = min(0, low)
    let range = max(high - floor, .leastNormalMagnitude)
    func y(_ value: Double) -> Double { height - 3 - (height - 6) * (value - floor) / range }
    func number(_ value: Double) -> String { String((value * 10).rounded() / 10) }
    if let start = therapyStart.flatMap({ CivilDate($0) })?.dayNumber, start >= first, start <= last
    {
      drawing.append(
        .init(
          "line",
          [
            "class": "dose", "x1": number(x(start)), "x2": number(x(start)), "y1": "0",
            "y2": number(height),
          ]))
    }
    let points = zip(course.days, course.values).map { "\(number(x($0))) \(number(y($1)))" }
    if points.count > 1 {
      drawing.append(
        .init("path", ["class": "course", "d": "M" + points.joined(separator: "L")]))
    }
    for (day, value) in zip(course.days, course.values) {
      drawing.append(
        .init("circle", ["cx": number(x(day)), "cy": number(y(value)), "r": "1.6"]))
    }
    return drawing
  }
}
