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
    /// Place of the patient's arm in `arms`; nil where there are no arms.
    public var arm: Int?
    /// Place of the muscle in `facets`.
    public var facet: Int

    /// A course.
    public init(
      pseudonym: String, months: [Double], values: [Double], arm: Int? = nil, facet: Int = 0
    ) {
      precondition(months.count == values.count, "a course needs as many values as months")
      self.pseudonym = pseudonym
      self.months = months
      self.values = values
      self.arm = arm
      self.facet = facet
    }
  }

  /// The mean of an arm, or of the whole cohort.
  public struct Mean: Sendable, Equatable {
    /// Place of the arm in `arms`; nil for the mean of all.
    public var arm: Int?
    /// The fitted mean with its interval.
    public var line: TrendLine
    /// Place of the muscle in `facets`.
    public var facet: Int

    /// A mean.
    public init(arm: Int? = nil, line: TrendLine, facet: Int = 0) {
      self.arm = arm
      self.line = line
      self.facet = facet
    }
  }

  /// The measure with its unit, as the axis title.
  public var measure: String
  /// The patients.
  public var patients: [Patient]
  /// One mean per arm and muscle.
  public var means: [Mean]
  /// Names of the arms; empty where there are none.
  public var arms: [String]
  /// Muscles, one panel each; empty for one.
  public var facets: [String]
  /// Whether the axis of values is logarithmic.
  public var isLogarithmic: Bool
  /// Title of the time axis.
  public var timeTitle: String

  /// Courses of a cohort.
  public init(
    measure: String, patients: [Patient], means: [Mean], arms: [String] = [],
    facets: [String] = [], isLogarithmic: Bool = true,
    timeTitle: String = "Months from start of therapy"
  ) {
    self.measure = measure
    self.patients = patients
    self.means = means
    self.arms = arms
    self.facets = facets
    self.isLogarithmic = isLogarithmic
    self.timeTitle = timeTitle
  }

  /// Draws the courses; numbers of patients stand under the axis, for each arm its own.
  public func figure(id: String) -> Figure {
    let title = "Course of all patients"
    let kind: AxisScale.Kind = isLogarithmic ? .logarithmic : .linear
    guard
      let times = AxisScale.range(patients.flatMap(\.months)),
      let values = AxisScale.range(
        patients.flatMap(\.values) + means.flatMap { $0.line.lower + $0.line.upper }, kind: kind)
    else {
      return .empty(id: id, title: title, reason: "There are no measurements to show.")
    }
    let x = AxisScale.padded(times, by: 0.03)
    let hasArms = arms.count > 1
    let layout = FacetLayout(
      titles: facets,
      rows: hasArms
        ? arms.enumerated().map { .init(name: $0.element, color: Palette.color($0.offset)) }
        : [.init(name: "Patients", color: Palette.ink)],
      timeTitle: timeTitle, x: x, y: AxisScale.padded(values, by: 0.05, kind: kind), yKind: kind)
    var canvas = SVGCanvas(width: Figure.pageWidth, height: layout.height)
    let ticks = AxisTicks.months(x, about: layout.frames.count > 1 ? 6 : 10)
    layout.drawAxes(on: &canvas, ticks: ticks, yTitle: measure) { facet, row in
      counts(
        patients.filter { $0.facet == facet && (!hasArms || $0.arm == row) }, near: ticks)
    }
    for (facet, frame) in layout.frames.enumerated() {
      for patient in patients where patient.facet == facet {
        draw(patient, in: frame, on: &canvas)
      }
      if frame.x.contains(0) {
        let zero = frame.x.position(0)
        canvas.line(zero, frame.top, zero, frame.bottom, stroke: Palette.ink, dash: "5 4")
      }
      for mean in means where mean.facet == facet {
        drawMean(mean, color: Palette.color(mean.arm ?? 0), in: frame, on: &canvas)
      }
    }
    if hasArms { drawLegend(left: layout.frames[0].left, on: &canvas) }
    let dropped = patients.reduce(0) { sum, patient in
      sum
        + zip(patient.months, patient.values).count {
          !$0.isFinite || !$1.isFinite || isLogarithmic && $1 <= 0
        }
    }
    return Figure(
      id: id, title: title,
      caption: sentences([
        hasArms ? "Thin: patients, in the colour of their arm." : "Grey: patients.",
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
    let color = arms.count > 1 ? patient.arm.map { Palette.color($0) } : nil
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

  /// Patients with a value within half a tick of each tick.
  private func counts(
    _ patients: [Patient], near ticks: [AxisTick]
  ) -> [(position: Double, count: Int)] {
    let half = ticks.count > 1 ? (ticks[1].value - ticks[0].value) / 2 : .infinity
    return ticks.map { tick in
      let seen = patients.filter { patient in
        zip(patient.months, patient.values).contains { month, value in
          value.isFinite && month >= tick.value - half && month < tick.value + half
        }
      }
      return (tick.value, Set(seen.map(\.pseudonym)).count)
    }
  }

  private func drawLegend(left: Double, on canvas: inout SVGCanvas) {
    var x = left
    for (index, name) in arms.enumerated() {
      canvas.line(x, 14, x + 22, 14, stroke: Palette.color(index), width: 3)
      canvas.text(name, x + 28, 18, size: 11.5)
      x += 28 + TextMetrics.width(name, size: 11.5) + 24
    }
  }
}
