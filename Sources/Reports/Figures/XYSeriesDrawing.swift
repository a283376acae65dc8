/// One series of an `XYFigure`, reduced to what its axes can show.
struct XYSeriesDrawing: Sendable {
  let series: XYFigure.Series
  private let indices: [Int]

  init(series: XYFigure.Series, xKind: AxisScale.Kind, yKind: AxisScale.Kind) {
    self.series = series
    let isRibbon = series.mark == .ribbon
    func isShown(_ value: Double, _ kind: AxisScale.Kind) -> Bool {
      value.isFinite && (kind == .linear || value > 0)
    }
    indices = series.x.indices.filter { index in
      guard isShown(series.x[index], xKind), isShown(series.y[index], yKind) else { return false }
      if isRibbon {
        return index < series.upper.count && isShown(series.upper[index], yKind)
      }
      return true
    }
  }

  var isEmpty: Bool { indices.isEmpty }
  var droppedCount: Int { series.x.count - indices.count }

  var xExtent: [Double] {
    var values = indices.map { series.x[$0] }
    if case .bars(let width) = series.mark {
      values = values.flatMap { [$0 - width / 2, $0 + width / 2] }
    }
    return values
  }

  var yExtent: [Double] {
    var values = indices.map { series.y[$0] }
    if series.mark == .ribbon { values += indices.map { series.upper[$0] } }
    if case .bars = series.mark { values.append(0) }
    return values
  }

  func draw(in frame: PlotFrame, color: String, on canvas: inout SVGCanvas) {
    let points = indices.map { frame.point(series.x[$0], series.y[$0]) }
    switch series.mark {
    case .points(let radius):
      for (x, y) in points { canvas.circle(x, y, radius: radius, fill: color, opacity: 0.75) }
    case .line(let width): drawLine(points, color: color, width: width, dash: nil, on: &canvas)
    case .dashedLine(let width):
      drawLine(points, color: color, width: width, dash: "6 4", on: &canvas)
    case .steps(let width):
      var corners: [(Double, Double)] = []
      for point in points {
        if let last = corners.last { corners.append((point.0, last.1)) }
        corners.append(point)
      }
      drawLine(corners, color: color, width: width, dash: nil, on: &canvas)
    case .bars(let width): drawBars(width: width, in: frame, color: color, on: &canvas)
    case .ribbon:
      let upper = indices.reversed().map { frame.point(series.x[$0], series.upper[$0]) }
      var path = SVGPath()
      path.polyline(points + upper)
      path.close()
      canvas.filled(path, fill: color, opacity: 0.16)
    }
  }

  func drawKey(x: Double, y: Double, color: String, on canvas: inout SVGCanvas) {
    switch series.mark {
    case .points(let radius): canvas.circle(x + 10, y, radius: max(radius, 2.5), fill: color)
    case .line(let width), .steps(let width):
      canvas.line(x, y, x + 20, y, stroke: color, width: width)
    case .dashedLine(let width):
      canvas.line(x, y, x + 20, y, stroke: color, width: width, dash: "6 4")
    case .bars, .ribbon:
      canvas.rect(x + 2, y - 5, 16, 10, fill: color, opacity: series.mark == .ribbon ? 0.2 : 0.8)
    }
  }

  private func drawLine(
    _ points: [(Double, Double)], color: String, width: Double, dash: String?,
    on canvas: inout SVGCanvas
  ) {
    var path = SVGPath()
    path.polyline(points)
    canvas.stroked(path, stroke: color, width: width, dash: dash, join: "round")
  }

  private func drawBars(
    width: Double, in frame: PlotFrame, color: String, on canvas: inout SVGCanvas
  ) {
    let base = frame.y.clampedPosition(0)
    for index in indices {
      let left = frame.x.position(series.x[index] - width / 2)
      let right = frame.x.position(series.x[index] + width / 2)
      let y = frame.y.position(series.y[index])
      canvas.rect(
        left + 0.5, min(y, base.isFinite ? base : frame.bottom), right - left - 1,
        abs((base.isFinite ? base : frame.bottom) - y), fill: color, opacity: 0.8)
    }
  }
}
