import Foundation

/// The drawing of one trend panel at its place in a figure.
struct TrendPanelDrawing {
  let panel: TrendPanel
  let left: Double
  let top: Double
  let width: Double
  let header: Double
  let frame: PlotFrame
  let timeTitle: String
  /// Lines that the titles of the figure's panels take.
  let titleLines: Int

  init(
    panel: TrendPanel, left: Double, top: Double, width: Double, header: Double,
    plotHeight: Double, x: ClosedRange<Double>, timeTitle: String, titleLines: Int = 1
  ) {
    self.panel = panel
    self.left = left
    self.top = top
    self.width = width
    self.header = header
    self.timeTitle = timeTitle
    self.titleLines = titleLines
    let kind: AxisScale.Kind = panel.isLogarithmic ? .logarithmic : .linear
    var y = Self.valueRange(panel, kind: kind)
    y = AxisScale.padded(y, by: 0.07, kind: kind)
    let margin = PlotFrame.leftMargin(y, kind: kind, height: plotHeight)
    frame = PlotFrame(
      left: left + margin, top: top + header, width: width - margin - 12, height: plotHeight, x: x,
      y: y, yKind: kind)
  }

  /// Bold letters of 13 pixels are as wide as these.
  private static let titleSize = 14.0

  /// The title of a panel in lines that fit.
  static func title(_ panel: TrendPanel, width: Double) -> [String] {
    TextMetrics.wrapped(panel.title, size: titleSize, width: width)
  }

  /// Values that the panel's axis cannot show.
  static func droppedCount(_ panel: TrendPanel) -> Int {
    panel.points.count { point in
      !point.months.isFinite || !point.value.isFinite || panel.isLogarithmic && point.value <= 0
    }
  }

  func draw(showsStrip: Bool, on canvas: inout SVGCanvas) {
    let words = Self.title(panel, width: width)
    let lines =
      words.count <= titleLines
      ? words : [TextMetrics.fittedName(panel.title, size: Self.titleSize, width: width)]
    for (index, line) in lines.enumerated() {
      canvas.text(line, left, top + 15 + Double(index) * 15, size: 13, isBold: true)
    }
    if showsStrip { drawStrip(on: &canvas) }
    let range = frame.x.lower...frame.x.upper
    frame.drawAxes(
      on: &canvas, xTitle: timeTitle, yTitle: nil,
      xTicks: AxisTicks.months(range, about: max(3, Int(frame.width / 50))))
    canvas.text(
      TextMetrics.fitted(panel.axisTitle, size: 12, width: frame.height + 30), left + 12,
      (frame.top + frame.bottom) / 2, size: 12, anchor: .middle, rotation: -90)
    if panel.points.isEmpty {
      canvas.text(
        "No measurements", (frame.left + frame.right) / 2, (frame.top + frame.bottom) / 2,
        size: 12, fill: Palette.muted, anchor: .middle)
    }
    drawTherapy(on: &canvas)
    drawRibbon(panel.before, color: Palette.blue, on: &canvas)
    drawRibbon(panel.after, color: Palette.vermilion, on: &canvas)
    drawLine(panel.extrapolation, color: Palette.blue, dash: "6 4", on: &canvas)
    drawLine(panel.before, color: Palette.blue, dash: nil, on: &canvas)
    drawLine(panel.after, color: Palette.vermilion, dash: nil, on: &canvas)
    for point in panel.points { draw(point, on: &canvas) }
  }

  /// The comparison as a box at the right of a large panel.
  func drawBox(left boxLeft: Double, width boxWidth: Double, on canvas: inout SVGCanvas) {
    guard let comparison = panel.comparison else { return }
    var rows = comparison.lines.map { ($0.label, [$0.value]) }
    if let smallest = comparison.minimumDetectableDifference {
      rows.append(("Smallest detectable difference", [NumberText.significant(smallest, 2)]))
    }
    let notes = panel.notes.flatMap {
      TextMetrics.wrapped($0, size: 11, width: boxWidth - 24)
    }
    let noteHeight = notes.isEmpty ? 0 : Double(notes.count) * 14 + 8
    let height = 34 + Double(rows.count) * 38 + noteHeight + 4
    canvas.rect(
      boxLeft, frame.top, boxWidth, height, fill: Palette.panel, stroke: Palette.grid, radius: 4)
    canvas.text(
      "Slopes, \(comparison.slopeUnit) (95\u{00A0}% interval)", boxLeft + 12, frame.top + 20,
      size: 11,
      fill: Palette.muted)
    for (index, row) in rows.enumerated() {
      let y = frame.top + 40 + Double(index) * 38
      canvas.text(row.0, boxLeft + 12, y, size: 11, fill: Palette.muted)
      canvas.text(
        row.1[0], boxLeft + 12, y + 16, size: 13, isBold: row.0 == "Difference")
    }
    let noteTop = frame.top + 44 + Double(rows.count) * 38
    for (index, line) in notes.enumerated() {
      canvas.text(
        line, boxLeft + 12, noteTop + Double(index) * 14, size: 11, fill: Palette.muted)
    }
  }

  private func drawStrip(on canvas: inout SVGCanvas) {
    guard let comparison = panel.comparison else { return }
    let lines = [("Slopes", comparison.slopeUnit)] + comparison.lines
    let values = 78.0
    for (index, (label, value)) in lines.enumerated() {
      let y = top + 35 + Double(titleLines - 1 + index) * 15
      // Long numbers are set smaller rather than cut; one of the lines is bold.
      let own = TextMetrics.width(value, size: 12)
      let size = min(11, 11 * (width - values) / max(own, 1))
      canvas.text(label, left, y, size: 11, fill: Palette.muted)
      canvas.text(
        value, left + values, y, size: size, fill: index == 0 ? Palette.muted : Palette.ink,
        isBold: label == "Difference")
    }
  }

  private func drawTherapy(on canvas: inout SVGCanvas) {
    guard let month = panel.therapyMonth, frame.x.contains(month) else { return }
    let x = frame.x.position(month)
    canvas.line(x, frame.top - 2, x, frame.bottom, stroke: Palette.muted, width: 1.2, dash: "3 3")
    let label = TextMetrics.fitted(panel.therapyName, size: 11, width: frame.width * 0.6)
    let half = TextMetrics.width(label, size: 11) / 2
    let centre = min(max(x, frame.left + half), frame.right - half)
    canvas.text(label, centre, frame.top - 6, size: 11, fill: Palette.muted, anchor: .middle)
  }

  private func draw(_ point: TrendPoint, on canvas: inout SVGCanvas) {
    let (x, y) = frame.point(point.months, point.value)
    guard x.isFinite, y.isFinite else { return }
    if let error = point.standardError, error.isFinite, error > 0 {
      let upper = frame.y.clampedPosition(point.value + 1.96 * error)
      let lower = frame.y.clampedPosition(point.value - 1.96 * error)
      canvas.line(x, lower, x, upper, stroke: Palette.muted, width: 1.1)
      if isOpen(point) {
        var tip = SVGPath()
        tip.polyline([(x - 3.5, lower - 5), (x, lower), (x + 3.5, lower - 5)])
        canvas.stroked(tip, stroke: Palette.muted, width: 1.1)
      }
    }
    if point.exclusion == nil {
      canvas.circle(x, y, radius: 4, fill: Palette.ink, stroke: Palette.paper, strokeWidth: 1)
    } else {
      canvas.circle(x, y, radius: 3.6, fill: Palette.paper, stroke: Palette.muted, strokeWidth: 1.4)
    }
  }

  /// Whether an interval goes on below the axis, as on a logarithmic one where it reaches zero.
  private func isOpen(_ point: TrendPoint) -> Bool {
    guard let error = point.standardError, error.isFinite, error > 0 else { return false }
    return frame.y.position(point.value).isFinite && point.value - 1.96 * error < frame.y.lower
  }

  /// Whether some interval goes on below the axis.
  var hasOpenBar: Bool { panel.points.contains(where: isOpen) }

  /// Whether some interval of a fitted line is wider than the axis.
  var cutsInterval: Bool {
    [panel.before, panel.after].contains { line in
      guard let line, line.lower.count == line.months.count else { return false }
      return line.lower.contains { $0.isFinite && $0 < frame.y.lower }
        || line.upper.contains { $0.isFinite && $0 > frame.y.upper }
    }
  }

  private func drawLine(
    _ line: TrendLine?, color: String, dash: String?, on canvas: inout SVGCanvas
  ) {
    guard let line else { return }
    var path = SVGPath()
    path.polyline(
      zip(line.months, line.fit).map { month, value in
        let (x, y) = frame.point(month, value)
        // An extrapolation that leaves the plot ends at its edge.
        return y >= frame.top - 1 && y <= frame.bottom + 1 ? (x, y) : (Double.nan, Double.nan)
      })
    canvas.stroked(
      path, stroke: color, width: dash == nil ? 2.2 : 1.4, dash: dash, join: "round")
  }

  private func drawRibbon(_ line: TrendLine?, color: String, on canvas: inout SVGCanvas) {
    guard let line, line.lower.count == line.months.count, line.upper.count == line.months.count
    else { return }
    let indices = line.months.indices.filter {
      line.lower[$0].isFinite && line.upper[$0].isFinite && frame.x.contains(line.months[$0])
    }
    guard indices.count > 1 else { return }
    var path = SVGPath()
    let upper = indices.map {
      (frame.x.position(line.months[$0]), frame.y.clampedPosition(line.upper[$0]))
    }
    let lower = indices.reversed().map {
      (frame.x.position(line.months[$0]), frame.y.clampedPosition(line.lower[$0]))
    }
    path.polyline(upper + lower)
    path.close()
    canvas.filled(path, fill: color, opacity: 0.13)
  }

  /// The range of values with their intervals and of the fits; ribbons may widen it only so far.
  private static func valueRange(
    _ panel: TrendPanel, kind: AxisScale.Kind
  ) -> ClosedRange<Double> {
    let bars = panel.points.flatMap { point -> [Double] in
      let reach = 1.96 * (point.standardError ?? 0)
      // On a logarithmic axis an interval close to zero would leave no room for the rest.
      let floor = kind == .logarithmic ? point.value / 10 : -.infinity
      return [point.value + reach, max(floor, point.value - reach)]
    }
    let values =
      panel.points.map(\.value) + (panel.before?.fit ?? []) + (panel.after?.fit ?? []) + bars
    guard let core = AxisScale.range(values, kind: kind) else { return 1...10 }
    let ribbons = [panel.before, panel.after].flatMap { ($0?.lower ?? []) + ($0?.upper ?? []) }
    let extra = ribbons + (panel.extrapolation?.fit ?? [])
    let limit = AxisScale.padded(core, by: 0.45, kind: kind)
    let wide = AxisScale.range(extra.filter { limit.contains($0) }, kind: kind) ?? core
    let low = min(core.lowerBound, wide.lowerBound)
    let high = max(core.upperBound, wide.upperBound)
    return low...high
  }
}
