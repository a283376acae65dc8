@testable import Reports

/// Small made-up values that several tests of figures and pages share.
enum TestValues {
  static func train(from start: Double, to end: Double, interval: Double) -> [Double] {
    Array(stride(from: start, to: end, by: interval))
  }

  static func discharges(_ count: Int, duration: Double) -> [UnitDischarges] {
    (0..<count).map { index in
      UnitDischarges(
        id: "\(index + 1)",
        times: train(
          from: Double(index) * 0.01, to: duration, interval: 0.067 + Double(index % 7) * 0.003),
        isTentative: index % 10 == 9)
    }
  }

  static func units(_ count: Int, duration: Double) -> [RunReport.Unit] {
    discharges(count, duration: duration).map {
      RunReport.Unit(id: $0.id, times: $0.times, silhouette: 0.91, isTentative: $0.isTentative)
    }
  }

  static let provenance = Provenance(
    version: "1.2.3", command: "motorpool decompose a&b.wav", seed: .max,
    parameters: [ReportFact("Window (s)", "2")],
    inputs: [InputFile(name: "a&b.wav", sha256: "00ff")])

  static func comparison(difference: Double = 2.5) -> TrendComparison {
    TrendComparison(
      slopeBefore: IntervalEstimate(value: -5, lower: -7, upper: -3),
      slopeAfter: IntervalEstimate(value: -2.5, lower: -4, upper: -1),
      difference: IntervalEstimate(value: difference, lower: 0.1, upper: 4.9), pValue: 0.042,
      probabilityOfSlowing: 0.97, minimumDetectableDifference: 6.1)
  }

  static func panel(
    _ title: String, points: [TrendPoint]? = nil, isIdentifiedCount: Bool = false
  ) -> TrendPanel {
    let months = [-4.0, -2, 0, 2, 4]
    let fit = [80.0, 72, 65, 62, 60]
    return TrendPanel(
      title: title, measure: "MUNIX",
      points: points
        ?? zip(months, fit).map { TrendPoint(months: $0, value: $1 * 1.03, standardError: 4) },
      before: TrendLine(
        months: [-4, -2, 0], fit: [80, 72, 65], lower: [70, 66, 55], upper: [90, 79, 77]),
      after: TrendLine(
        months: [0, 2, 4], fit: [65, 62, 60], lower: [58, 57, 50], upper: [73, 69, 72]),
      extrapolation: TrendLine(months: [0, 2, 4], fit: [65, 58, 52]), therapyMonth: 0,
      therapyName: "Therapy <A>", comparison: comparison(),
      isIdentifiedCount: isIdentifiedCount, notes: ["A & B."])
  }
}
