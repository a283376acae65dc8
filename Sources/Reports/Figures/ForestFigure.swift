/// The slowing of each patient with its interval, sorted, and the cohort's as a diamond.
public struct ForestFigure: FigureContent, Equatable {
  /// One patient's slowing.
  public struct Row: Sendable, Equatable {
    /// Pseudonym.
    public var pseudonym: String
    /// Posterior mean with its interval.
    public var posterior: IntervalEstimate
    /// The estimate from this patient's values alone; nil where it could not be fitted.
    public var raw: Double?
    /// Place of the patient's arm in `arms`; nil where there are no arms.
    public var arm: Int?

    /// A patient's slowing.
    public init(
      pseudonym: String, posterior: IntervalEstimate, raw: Double? = nil, arm: Int? = nil
    ) {
      self.pseudonym = pseudonym
      self.posterior = posterior
      self.raw = raw
      self.arm = arm
    }
  }

  /// Title of the value axis, with its unit.
  public var valueTitle: String
  /// The patients, in any order.
  public var rows: [Row]
  /// The cohort's estimate with its interval.
  public var cohort: IntervalEstimate?
  /// What that estimate is of, such as "Between arms".
  public var cohortName: String
  /// Names of the arms; empty where there are none.
  public var arms: [String]

  /// A forest of patients.
  public init(
    valueTitle: String = "Slowing of the decline, percentage points per month", rows: [Row],
    cohort: IntervalEstimate?, cohortName: String = "Cohort", arms: [String] = []
  ) {
    self.valueTitle = valueTitle
    self.rows = rows
    self.cohort = cohort
    self.cohortName = cohortName
    self.arms = arms
  }

  /// Draws the rows from the largest slowing down to the smallest, the cohort last.
  public func figure(id: String) -> Figure {
    let title = "Slowing by patient"
    let shown = rows.filter { $0.posterior.value.isFinite }.sorted {
      ($1.posterior.value, $0.pseudonym) < ($0.posterior.value, $1.pseudonym)
    }
    let estimates = shown.map(\.posterior) + [cohort].compactMap { $0 }
    guard !estimates.isEmpty,
      let range = AxisScale.range(estimates.flatMap { [$0.value, $0.lower, $0.upper] } + [0])
    else {
      return .empty(id: id, title: title, reason: "There are no estimates to show.")
    }
    let rowHeight = min(19, max(8, 900 / Double(max(1, shown.count))))
    let hasText = rowHeight >= 12
    let size = max(9, min(11, rowHeight * 0.82))
    let widest = shown.map { TextMetrics.width($0.pseudonym, size: size) }.max() ?? 0
    let left = max(116, min(300, widest + 16))
    let right = Figure.pageWidth - (hasText ? 172 : 20)
    let legend = arms.count > 1 ? 22.0 : 0
    let plotTop = legend + 26
    // As many decimals as most of the intervals need.
    let needed = estimates.map(\.decimals).sorted()
    let decimals = max(1, needed[needed.count / 2])
    let cohortHeight = cohort == nil ? 0 : 30.0
    let plotHeight = rowHeight * Double(shown.count) + cohortHeight
    var canvas = SVGCanvas(width: Figure.pageWidth, height: plotTop + plotHeight + 50)
    let frame = PlotFrame(
      left: left, top: plotTop, width: right - left, height: plotHeight,
      x: AxisScale.padded(range, by: 0.04), y: 0...1)
    for tick in frame.x.ticks(about: 7) {
      let x = frame.x.position(tick.value)
      canvas.line(x, plotTop, x, frame.bottom, stroke: Palette.grid)
    }
    frame.drawAxes(on: &canvas, xTitle: valueTitle, yTitle: nil, yTicks: [])
    if frame.x.contains(0) {
      let zero = frame.x.position(0)
      canvas.line(zero, plotTop - 4, zero, frame.bottom, stroke: Palette.ink, dash: "4 3")
      canvas.text(
        "← faster decline", zero - 8, legend + 14, size: 11, fill: Palette.muted, anchor: .end)
      canvas.text("slower decline →", zero + 8, legend + 14, size: 11, fill: Palette.muted)
    }
    for (index, row) in shown.enumerated() {
      draw(
        row, y: plotTop + (Double(index) + 0.5) * rowHeight, rowHeight: rowHeight,
        showsName: hasText || index % 2 == 0, decimals: hasText ? decimals : nil, in: frame,
        on: &canvas)
    }
    drawCohort(in: frame, height: cohortHeight, decimals: decimals, on: &canvas)
    if arms.count > 1 { drawLegend(left: left, on: &canvas) }
    return Figure(
      id: id, title: title,
      caption: sentences([
        "Filled: estimate that borrows strength from the cohort, with its 95\u{00A0}% interval"
          + (arms.count > 1 ? ", in the colour of the arm." : "."),
        shown.contains { $0.raw != nil }
          ? "Hollow: estimate from the patient's own values alone; triangles point at values beyond "
            + "the axis." : nil,
        cohort == nil ? nil : "Diamond: \(cohortName.lowercased()), with its 95\u{00A0}% interval.",
        rows.count > shown.count
          ? "\(counted(rows.count - shown.count, "patient")) without an estimate left out." : nil,
      ]),
      drawing: canvas.svg(
        id: id, title: title, description: "Estimates of \(counted(shown.count, "patient"))."))
  }

  private func draw(
    _ row: Row, y: Double, rowHeight: Double, showsName: Bool, decimals: Int?,
    in frame: PlotFrame, on canvas: inout SVGCanvas
  ) {
    let estimate = row.posterior
    let color = arms.count > 1 ? Palette.color(row.arm ?? 0) : Palette.blue
    if let raw = row.raw, raw.isFinite {
      if frame.x.contains(raw) {
        canvas.circle(
          frame.x.position(raw), y, radius: min(3.2, rowHeight * 0.3), fill: Palette.paper,
          stroke: Palette.faint, strokeWidth: 1.2)
      } else {
        let isLow = raw < frame.x.lower
        let tip = isLow ? frame.left + 1 : frame.right - 1
        var path = SVGPath()
        path.polyline([
          (tip, y), (tip + (isLow ? 6 : -6), y - 3.5), (tip + (isLow ? 6 : -6), y + 3.5),
        ])
        path.close()
        canvas.filled(path, fill: Palette.faint)
      }
    }
    canvas.line(
      frame.x.clampedPosition(estimate.lower), y, frame.x.clampedPosition(estimate.upper), y,
      stroke: color, width: 1.5)
    canvas.circle(
      frame.x.position(estimate.value), y, radius: min(3.4, rowHeight * 0.34), fill: color)
    let size = min(11, rowHeight * 0.82)
    if showsName {
      canvas.text(
        TextMetrics.fittedName(row.pseudonym, size: max(size, 9), width: frame.left - 14),
        frame.left - 10, y + 3.8, size: max(size, 9), fill: Palette.muted, anchor: .end)
    }
    if let decimals {
      canvas.text(
        estimate.text(decimals), Figure.pageWidth - 4, y + 3.8, size: size, anchor: .end)
    }
  }

  private func drawLegend(left: Double, on canvas: inout SVGCanvas) {
    var x = left
    for (index, name) in arms.enumerated() {
      canvas.circle(x + 6, 12, radius: 4, fill: Palette.color(index))
      canvas.text(name, x + 18, 16, size: 11.5)
      x += 18 + TextMetrics.width(name, size: 11.5) + 24
    }
  }

  private func drawCohort(
    in frame: PlotFrame, height: Double, decimals: Int, on canvas: inout SVGCanvas
  ) {
    guard let cohort, cohort.value.isFinite else { return }
    let y = frame.bottom - height / 2
    canvas.line(
      frame.left, frame.bottom - height, Figure.pageWidth - 4, frame.bottom - height,
      stroke: Palette.grid)
    let low = frame.x.clampedPosition(cohort.lower.isFinite ? cohort.lower : cohort.value)
    let high = frame.x.clampedPosition(cohort.upper.isFinite ? cohort.upper : cohort.value)
    let centre = frame.x.position(cohort.value)
    var path = SVGPath()
    path.polyline([(low, y), (centre, y - 7), (high, y), (centre, y + 7)])
    path.close()
    // The diamond is of no arm, and takes no arm's colour.
    canvas.filled(path, fill: arms.count > 1 ? Palette.ink : Palette.vermilion)
    canvas.text(cohortName, frame.left - 10, y + 4, size: 12, anchor: .end, isBold: true)
    canvas.text(
      cohort.text(decimals), Figure.pageWidth - 4, y + 4, size: 11.5, anchor: .end, isBold: true)
  }
}
