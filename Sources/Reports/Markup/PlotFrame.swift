/// A rectangle of a figure with two axes.
struct PlotFrame: Sendable {
  let x: AxisScale
  let y: AxisScale

  /// A frame whose plot area lies at the given place, y growing upwards.
  init(
    left: Double, top: Double, width: Double, height: Double, x: ClosedRange<Double>,
    y: ClosedRange<Double>, xKind: AxisScale.Kind = .linear, yKind: AxisScale.Kind = .linear
  ) {
    self.x = AxisScale(
      xKind, lower: x.lowerBound, upper: x.upperBound, start: left, end: left + width)
    self.y = AxisScale(
      yKind, lower: y.lowerBound, upper: y.upperBound, start: top + height, end: top)
  }

  var left: Double { x.start }
  var right: Double { x.end }
  var top: Double { y.end }
  var bottom: Double { y.start }
  var width: Double { right - left }
  var height: Double { bottom - top }

  /// The drawing position of a data point.
  func point(_ xValue: Double, _ yValue: Double) -> (Double, Double) {
    (x.position(xValue), y.position(yValue))
  }

  /// Draws grid lines, the base line, tick labels and axis titles.
  ///
  /// - Parameters:
  ///   - xTicks: ticks of the x axis; nil takes the axis' own, an empty list draws none.
  ///   - hasXLabels: whether tick labels stand under the axis (the lowest of stacked panels).
  func drawAxes(
    on canvas: inout SVGCanvas, xTitle: String?, yTitle: String?, xTicks: [AxisTick]? = nil,
    yTicks: [AxisTick]? = nil, hasXLabels: Bool = true, fontSize: Double = 11.5
  ) {
    let rows = yTicks ?? y.ticks(about: max(2, Int(height / 45)))
    for tick in rows where y.contains(tick.value) {
      let position = y.position(tick.value)
      canvas.line(left, position, right, position, stroke: Palette.grid)
      canvas.text(
        tick.label, left - 7, position + fontSize * 0.35, size: fontSize, fill: Palette.muted,
        anchor: .end)
    }
    canvas.line(left, bottom, right, bottom, stroke: Palette.muted)
    for tick in xTicks ?? x.ticks(about: max(2, Int(width / 85))) where x.contains(tick.value) {
      let position = x.position(tick.value)
      canvas.line(position, bottom, position, bottom + 4, stroke: Palette.muted)
      if hasXLabels {
        canvas.text(
          tick.label, position, bottom + 6 + fontSize, size: fontSize, fill: Palette.muted,
          anchor: .middle)
      }
    }
    if let xTitle, hasXLabels {
      canvas.text(
        xTitle, (left + right) / 2, bottom + 12 + 2.3 * fontSize, size: fontSize + 0.5,
        anchor: .middle)
    }
    if let yTitle {
      let widest = rows.map { TextMetrics.width($0.label, size: fontSize) }.max() ?? 0
      canvas.text(
        yTitle, left - widest - 18, (top + bottom) / 2, size: fontSize + 0.5, anchor: .middle,
        rotation: -90)
    }
  }

  /// The room the y axis needs to its left for ticks and title.
  static func leftMargin(
    _ range: ClosedRange<Double>, kind: AxisScale.Kind, height: Double, fontSize: Double = 11.5
  ) -> Double {
    let scale = AxisScale(
      kind, lower: range.lowerBound, upper: range.upperBound, start: height, end: 0)
    let ticks = scale.ticks(about: max(2, Int(height / 45)))
    let widest = ticks.map { TextMetrics.width($0.label, size: fontSize) }.max() ?? 0
    return (widest + 34).rounded(.up)
  }
}
