/// Means of the arms at the visits with their intervals and numbers of patients, one panel a muscle.
public struct VisitMeansFigure: FigureContent, Equatable {
  /// The mean of an arm at one visit.
  public struct Point: Sendable, Equatable {
    /// Place of the muscle in `facets`.
    public var facet: Int
    /// Place of the arm in `arms`.
    public var arm: Int
    /// Nominal time of the visit.
    public var time: Double
    /// Patients with a value.
    public var patients: Int
    /// Their mean with its interval; limits that are not finite are not drawn.
    public var mean: IntervalEstimate

    /// A mean.
    public init(facet: Int = 0, arm: Int = 0, time: Double, patients: Int, mean: IntervalEstimate) {
      self.facet = facet
      self.arm = arm
      self.time = time
      self.patients = patients
      self.mean = mean
    }
  }

  /// The measure with its unit.
  public var measure: String
  /// Muscles, one panel each.
  public var facets: [String]
  /// Names of the arms; empty for one group.
  public var arms: [String]
  /// The means, in order of time.
  public var points: [Point]
  /// Whether the axis of values is logarithmic, and means are geometric.
  public var isLogarithmic: Bool
  /// Title of the time axis.
  public var timeTitle: String

  /// Means at the visits.
  public init(
    measure: String, facets: [String] = [], arms: [String] = [], points: [Point],
    isLogarithmic: Bool = true, timeTitle: String = "Months from the first visit"
  ) {
    self.measure = measure
    self.facets = facets
    self.arms = arms
    self.points = points
    self.isLogarithmic = isLogarithmic
    self.timeTitle = timeTitle
  }

  /// Draws the means side by side with their intervals.
  public func figure(id: String) -> Figure {
    let title = "Means at the visits"
    let kind: AxisScale.Kind = isLogarithmic ? .logarithmic : .linear
    guard
      let times = AxisScale.range(points.map(\.time)),
      let values = AxisScale.range(
        points.flatMap { [$0.mean.value, $0.mean.lower, $0.mean.upper] }, kind: kind)
    else {
      return .empty(id: id, title: title, reason: "There are no values to show.")
    }
    let x = AxisScale.padded(times, by: 0.04)
    let groups = max(1, arms.count)
    let layout = FacetLayout(
      titles: facets,
      rows: (0..<groups).map {
        FacetLayout.CountRow(
          name: arms.isEmpty ? "Patients" : arms[$0],
          color: arms.isEmpty ? Palette.ink : Palette.color($0))
      }, timeTitle: timeTitle, x: x, y: AxisScale.padded(values, by: 0.06, kind: kind),
      yKind: kind)
    var canvas = SVGCanvas(width: Figure.pageWidth, height: layout.height)
    layout.drawAxes(
      on: &canvas, ticks: AxisTicks.months(x, about: layout.frames.count > 1 ? 6 : 10),
      yTitle: measure
    ) { facet, arm in
      points.filter { $0.facet == facet && $0.arm == arm }.map { ($0.time, $0.patients) }
    }
    for (facet, frame) in layout.frames.enumerated() {
      for arm in 0..<groups {
        draw(
          points.filter { $0.facet == facet && $0.arm == arm }, color: Palette.color(arm),
          shift: 5 * (Double(arm) - Double(groups - 1) / 2), in: frame, on: &canvas)
      }
    }
    var left = layout.frames[0].left
    for (index, name) in arms.enumerated() {
      canvas.circle(left + 6, 14, radius: 4, fill: Palette.color(index))
      canvas.text(name, left + 18, 18, size: 11.5)
      left += 18 + TextMetrics.width(name, size: 11.5) + 24
    }
    let isBare = points.contains { !$0.mean.lower.isFinite }
    return Figure(
      id: id, title: title,
      caption: sentences([
        isLogarithmic ? "Geometric means" : "Means",
        "of the patients seen, with 95\u{00A0}% intervals by Student's t"
          + (isBare ? "; none below three patients." : "."),
        "Under the axis: patients with a value. Nothing is assumed here of those who were not seen: "
          + "where the worse ones leave, means are too good.",
      ]),
      drawing: canvas.svg(
        id: id, title: title,
        description: "\(counted(points.count, "mean")) of \(measure) over the visits."))
  }

  private func draw(
    _ points: [Point], color: String, shift: Double, in frame: PlotFrame,
    on canvas: inout SVGCanvas
  ) {
    var path = SVGPath()
    path.polyline(
      points.map { (frame.x.position($0.time) + shift, frame.y.position($0.mean.value)) })
    canvas.stroked(path, stroke: color, width: 1.4, join: "round")
    for point in points {
      let x = frame.x.position(point.time) + shift
      let (low, high) = (frame.y.position(point.mean.lower), frame.y.position(point.mean.upper))
      canvas.line(x, low, x, high, stroke: color, width: 1.4)
      for end in [low, high] { canvas.line(x - 3, end, x + 3, end, stroke: color, width: 1.4) }
      canvas.circle(x, frame.y.position(point.mean.value), radius: 3.4, fill: color)
    }
  }
}
