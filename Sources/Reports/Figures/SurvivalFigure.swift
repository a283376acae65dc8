import Foundation

/// Survival curves of arms with their intervals, and the patients at risk under the axis.
public struct SurvivalFigure: FigureContent, Equatable {
  /// The curve of one arm; it starts at one and keeps each share until the next time.
  public struct Curve: Sendable, Equatable {
    /// Name in the legend and before the numbers at risk.
    public var name: String
    /// Times with events, in order.
    public var times: [Double]
    /// Share without event after each of them.
    public var survival: [Double]
    /// Lower end of the interval, not a number where there is none.
    public var lower: [Double]
    /// Upper end of the interval.
    public var upper: [Double]
    /// Times at which follow-up ended without event.
    public var censored: [Double]
    /// Longest follow-up, where the curve ends.
    public var end: Double
    /// Patients at risk at a time.
    public var atRisk: @Sendable (Double) -> Int

    /// A curve.
    public init(
      name: String, times: [Double], survival: [Double], lower: [Double], upper: [Double],
      censored: [Double], end: Double, atRisk: @escaping @Sendable (Double) -> Int
    ) {
      precondition(
        times.count == survival.count && times.count == lower.count && times.count == upper.count,
        "one share and one interval for each time")
      self.name = name
      self.times = times
      self.survival = survival
      self.lower = lower
      self.upper = upper
      self.censored = censored
      self.end = end
      self.atRisk = atRisk
    }

    /// Curves are equal where what is drawn of them is.
    public static func == (a: Curve, b: Curve) -> Bool {
      a.name == b.name && a.times == b.times && a.survival == b.survival && a.end == b.end
        && a.censored == b.censored
    }
  }

  /// The arms.
  public var curves: [Curve]
  /// Title of the time axis with its unit.
  public var timeTitle: String
  /// What is survived, as the axis title, such as "Share without death".
  public var shareTitle: String
  /// Lines of a box, such as the test.
  public var notes: [String]

  /// Curves of arms.
  public init(
    curves: [Curve], timeTitle: String, shareTitle: String = "Share without event",
    notes: [String] = []
  ) {
    self.curves = curves
    self.timeTitle = timeTitle
    self.shareTitle = shareTitle
    self.notes = notes
  }

  /// Draws the curves; the numbers at risk stand under the axis, one line an arm.
  public func figure(id: String) -> Figure {
    let title = "Survival"
    let end = curves.map(\.end).max() ?? 0
    guard end > 0, !curves.isEmpty else {
      return .empty(id: id, title: title, reason: "There is no follow-up to show.")
    }
    let names = curves.map { $0.name.isEmpty ? "All" : $0.name }
    let labelWidth = names.map { TextMetrics.width($0, size: 11) }.max() ?? 0
    let left = min(200, max(84, labelWidth + 30))
    let height = 300.0
    let rows = Double(curves.count)
    var canvas = SVGCanvas(width: Figure.pageWidth, height: 34 + height + 62 + 16 * rows + 8)
    let frame = PlotFrame(
      left: left, top: 34, width: Figure.pageWidth - left - 18, height: height,
      x: 0...(end * 1.02), y: 0...1)
    let ticks = frame.x.ticks(about: 8)
    frame.drawAxes(on: &canvas, xTitle: nil, yTitle: nil, xTicks: ticks)
    canvas.text(
      shareTitle, left - 46, frame.top + height / 2, size: 12, anchor: .middle, rotation: -90)
    canvas.text(
      timeTitle, (frame.left + frame.right) / 2, frame.bottom + 38, size: 12, anchor: .middle)
    for (index, curve) in curves.enumerated() {
      draw(curve, color: Palette.color(index), in: frame, on: &canvas)
    }
    drawAtRisk(names, ticks, in: frame, on: &canvas)
    var x = left
    for (index, name) in names.enumerated() where curves.count > 1 {
      canvas.line(x, 14, x + 22, 14, stroke: Palette.color(index), width: 2.4)
      canvas.text(name, x + 28, 18, size: 11.5)
      x += 28 + TextMetrics.width(name, size: 11.5) + 24
    }
    for (index, note) in notes.enumerated() {
      canvas.text(
        note, frame.left + 10, frame.bottom - 10 - 15 * Double(notes.count - 1 - index),
        size: 11.5, fill: Palette.muted)
    }
    let events = curves.reduce(0) { $0 + $1.times.count }
    return Figure(
      id: id, title: title,
      caption: sentences([
        "Kaplan and Meier's curves with pointwise 95 % intervals (log-log); short strokes: follow-up "
          + "that ended without an event.",
        "Under the axis: patients at risk.", events == 0 ? "There is no event yet." : nil,
      ]),
      drawing: canvas.svg(
        id: id, title: title,
        description: "Survival curves of \(counted(curves.count, "arm")) over \(timeTitle)."))
  }

  private func draw(
    _ curve: Curve, color: String, in frame: PlotFrame, on canvas: inout SVGCanvas
  ) {
    // Corners of a step function: the old value up to a time, the new one from it on.
    func corners(_ values: [Double]) -> [(Double, Double)] {
      var points = [(0.0, 1.0)]
      var level = 1.0
      for (time, value) in zip(curve.times, values) {
        points.append((time, level))
        level = value.isFinite ? value : level
        points.append((time, level))
      }
      points.append((max(curve.end, curve.times.last ?? 0), level))
      return points
    }
    let known = curve.lower.contains(where: \.isFinite)
    if known {
      var ribbon = SVGPath()
      let points = corners(curve.upper) + corners(curve.lower).reversed()
      ribbon.polyline(points.map { frame.point($0.0, $0.1) })
      ribbon.close()
      canvas.filled(ribbon, fill: color, opacity: 0.14)
    }
    var path = SVGPath()
    path.polyline(corners(curve.survival).map { frame.point($0.0, $0.1) })
    canvas.stroked(path, stroke: color, width: 2.2)
    var strokes = SVGPath()
    for time in curve.censored {
      let index = curve.times.lastIndex { $0 <= time }
      let (x, y) = frame.point(time, index.map { curve.survival[$0] } ?? 1)
      strokes.polyline([(x, y - 4), (x, y + 4)])
    }
    canvas.stroked(strokes, stroke: color, width: 1)
  }

  private func drawAtRisk(
    _ names: [String], _ ticks: [AxisTick], in frame: PlotFrame, on canvas: inout SVGCanvas
  ) {
    for (index, curve) in curves.enumerated() {
      let y = frame.bottom + 60 + 16 * Double(index)
      canvas.text(
        TextMetrics.fitted(names[index], size: 11, width: frame.left - 24), frame.left - 16, y,
        size: 11, fill: Palette.color(index), anchor: .end)
      for tick in ticks where frame.x.contains(tick.value) {
        canvas.text(
          String(curve.atRisk(tick.value)), frame.x.position(tick.value), y, size: 11,
          anchor: .middle)
      }
    }
  }
}
