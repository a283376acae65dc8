import Foundation

/// All patients' courses with the cohort's mean, on the patients' own time from therapy.
public struct CohortSpaghettiFigure: FigureContent, Equatable {
  /// The course of one patient.
  public struct Patient: Sendable, Equatable {
    /// Pseudonym.
    public var pseudonym: String
    /// Months from the start of the patient's therapy.
    public var months: [Double]
    /// Measured values.
    public var values: [Double]
    /// Place of the patient's arm in `means`; nil where there are no arms.
    public var arm: Int?

    /// A course.
    public init(pseudonym: String, months: [Double], values: [Double], arm: Int? = nil) {
      precondition(months.count == values.count, "a course needs as many values as months")
      self.pseudonym = pseudonym
      self.months = months
      self.values = values
      self.arm = arm
    }
  }

  /// The mean of an arm, or of the whole cohort.
  public struct Mean: Sendable, Equatable {
    /// Name of the arm in the legend.
    public var name: String
    /// The fitted mean with its interval.
    public var line: TrendLine

    /// A mean.
    public init(name: String, line: TrendLine) {
      self.name = name
      self.line = line
    }
  }

  /// The measure with its unit, as the axis title.
  public var measure: String
  /// The patients.
  public var patients: [Patient]
  /// One mean per arm.
  public var means: [Mean]
  /// Whether the axis of values is logarithmic.
  public var isLogarithmic: Bool
  /// Title of the time axis.
  public var timeTitle: String

  /// Courses of a cohort.
  public init(
    measure: String, patients: [Patient], means: [Mean], isLogarithmic: Bool = true,
    timeTitle: String = "Months from start of therapy"
  ) {
    self.measure = measure
    self.patients = patients
    self.means = means
    self.isLogarithmic = isLogarithmic
    self.timeTitle = timeTitle
  }

  /// Draws the courses; numbers of patients stand under the axis.
  public func figure(id: String) -> Figure {
    let title = "Course of all patients"
    let kind: AxisScale.Kind = isLogarithmic ? .logarithmic : .linear
    guard
      let times = AxisScale.range(patients.flatMap(\.months)),
      let values = AxisScale.range(patients.flatMap(\.values), kind: kind)
    else {
      return .empty(id: id, title: title, reason: "There are no measurements to show.")
    }
    let x = AxisScale.padded(times, by: 0.03)
    let y = AxisScale.padded(values, by: 0.05, kind: kind)
    let left = max(78, PlotFrame.leftMargin(y, kind: kind, height: 320))
    var canvas = SVGCanvas(width: Figure.pageWidth, height: 440)
    let frame = PlotFrame(
      left: left, top: 34, width: Figure.pageWidth - left - 16, height: 320, x: x, y: y,
      yKind: kind)
    let ticks = AxisTicks.months(x, about: 10)
    frame.drawAxes(on: &canvas, xTitle: nil, yTitle: measure, xTicks: ticks)
    drawCounts(ticks, in: frame, on: &canvas)
    canvas.text(timeTitle, (frame.left + frame.right) / 2, 428, size: 12, anchor: .middle)
    for patient in patients { draw(patient, in: frame, on: &canvas) }
    if frame.x.contains(0) {
      let zero = frame.x.position(0)
      canvas.line(zero, frame.top, zero, frame.bottom, stroke: Palette.ink, dash: "5 4")
    }
    for (index, mean) in means.enumerated() {
      drawMean(mean, color: Palette.color(index), in: frame, on: &canvas)
    }
    drawLegend(left: frame.left, on: &canvas)
    let dropped = patients.reduce(0) { sum, patient in
      sum
        + zip(patient.months, patient.values).count {
          !$0.isFinite || !$1.isFinite || isLogarithmic && $1 <= 0
        }
    }
    return Figure(
      id: id, title: title,
      caption: sentences([
        means.count > 1 ? "Thin: patients, in the colour of their arm." : "Grey: patients.",
        means.isEmpty ? nil : "Bold: mean of the model with its 95\u{00A0}% interval.",
        "Under the axis: patients measured near that month.",
        dropped > 0 ? "\(counted(dropped, "value")) that this axis cannot show left out." : nil,
      ]),
      drawing: canvas.svg(
        id: id, title: title,
        description: "\(counted(Set(patients.map(\.pseudonym)).count, "patient")), \(measure)."))
  }

  private func draw(_ patient: Patient, in frame: PlotFrame, on canvas: inout SVGCanvas) {
    let order = patient.months.indices.sorted { patient.months[$0] < patient.months[$1] }
    let points = order.map { frame.point(patient.months[$0], patient.values[$0]) }
      .filter { $0.0.isFinite && $0.1.isFinite }
    let color = means.count > 1 ? patient.arm.map { Palette.color($0) } : nil
    if points.count == 1 {
      canvas.circle(points[0].0, points[0].1, radius: 2, fill: color ?? Palette.faint)
      return
    }
    var path = SVGPath()
    path.polyline(points)
    canvas.stroked(
      path, stroke: color ?? Palette.faint, width: 0.9, opacity: color == nil ? 0.85 : 0.38,
      join: "round")
  }

  private func drawMean(
    _ mean: Mean, color: String, in frame: PlotFrame, on canvas: inout SVGCanvas
  ) {
    let line = mean.line
    if line.lower.count == line.months.count, line.upper.count == line.months.count {
      let indices = line.months.indices.filter {
        frame.x.contains(line.months[$0]) && line.lower[$0].isFinite && line.upper[$0].isFinite
      }
      var path = SVGPath()
      path.polyline(
        indices.map {
          (frame.x.position(line.months[$0]), frame.y.clampedPosition(line.upper[$0]))
        }
          + indices.reversed().map {
            (frame.x.position(line.months[$0]), frame.y.clampedPosition(line.lower[$0]))
          })
      path.close()
      if indices.count > 1 { canvas.filled(path, fill: color, opacity: 0.22) }
    }
    var path = SVGPath()
    path.polyline(
      zip(line.months, line.fit).map { frame.x.contains($0) ? frame.point($0, $1) : (.nan, .nan) })
    canvas.stroked(path, stroke: color, width: 3, join: "round")
  }

  private func drawCounts(
    _ ticks: [AxisTick], in frame: PlotFrame, on canvas: inout SVGCanvas
  ) {
    let half = ticks.count > 1 ? (ticks[1].value - ticks[0].value) / 2 : .infinity
    canvas.text("Patients", frame.left - 10, frame.bottom + 38, size: 11, anchor: .end)
    for tick in ticks where frame.x.contains(tick.value) {
      let seen = patients.filter { patient in
        zip(patient.months, patient.values).contains { month, value in
          value.isFinite && month >= tick.value - half && month < tick.value + half
        }
      }
      // A patient has a course for each muscle.
      let count = Set(seen.map(\.pseudonym)).count
      canvas.text(
        String(count), frame.x.position(tick.value), frame.bottom + 38, size: 11, anchor: .middle)
    }
  }

  private func drawLegend(left: Double, on canvas: inout SVGCanvas) {
    var x = left
    for (index, mean) in means.enumerated() where !mean.name.isEmpty {
      canvas.line(x, 14, x + 22, 14, stroke: Palette.color(index), width: 3)
      canvas.text(mean.name, x + 28, 18, size: 11.5)
      x += 28 + TextMetrics.width(mean.name, size: 11.5) + 24
    }
  }
}
