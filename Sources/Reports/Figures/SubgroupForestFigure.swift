/// The effect of a therapy in subgroups of the patients, with the effect in all of them.
public struct SubgroupForestFigure: FigureContent, Equatable {
  /// One subgroup.
  public struct Row: Sendable, Equatable {
    /// The label of the subgroup.
    public var name: String
    /// Its patients, by arm where there are arms, such as "20 + 19".
    public var patients: String
    /// The effect with its interval.
    public var estimate: IntervalEstimate

    /// A subgroup.
    public init(name: String, patients: String, estimate: IntervalEstimate) {
      self.name = name
      self.patients = patients
      self.estimate = estimate
    }
  }

  /// The subgroups of one attribute.
  public struct Attribute: Sendable, Equatable {
    /// What they differ in.
    public var name: String
    /// The test of the interaction in words.
    public var interaction: String
    /// The subgroups from top to bottom.
    public var rows: [Row]

    /// The subgroups of an attribute.
    public init(name: String, interaction: String, rows: [Row]) {
      self.name = name
      self.interaction = interaction
      self.rows = rows
    }
  }

  /// Title of the value axis, with its unit.
  public var valueTitle: String
  /// The attributes from top to bottom.
  public var attributes: [Attribute]
  /// The effect in all patients.
  public var overall: Row?
  /// What lies at either side of zero; nil where that is not the same for every measure.
  public var sides: Sides?
  /// What follows the caption, such as that subgroups are exploratory.
  public var note: String

  /// Words for the two sides of zero.
  public struct Sides: Sendable, Equatable {
    /// Below zero.
    public var below: String
    /// Above zero.
    public var above: String

    /// Words for the two sides of zero.
    public init(below: String, above: String) {
      self.below = below
      self.above = above
    }
  }

  /// A forest of subgroups.
  public init(
    valueTitle: String, attributes: [Attribute], overall: Row?, sides: Sides? = nil,
    note: String = ""
  ) {
    self.valueTitle = valueTitle
    self.attributes = attributes
    self.overall = overall
    self.sides = sides
    self.note = note
  }

  /// One line of the drawing.
  private enum Line {
    case heading(Attribute)
    case row(Row)
    case overall(Row)
  }

  /// Draws the attributes under one another, all patients last.
  public func figure(id: String) -> Figure {
    let title = "Effect by subgroup"
    let lines =
      attributes.flatMap { own in [.heading(own)] + own.rows.map { Line.row($0) } }
      + (overall.map { [.overall($0)] } ?? [])
    let rows = attributes.flatMap(\.rows) + [overall].compactMap { $0 }
    guard !attributes.isEmpty,
      let range = AxisScale.range(
        rows.map(\.estimate).flatMap { [$0.value, $0.lower, $0.upper] } + [0])
    else {
      return .empty(id: id, title: title, reason: "There are no estimates to show.")
    }
    let height = 21.0
    let needed = rows.map(\.estimate.decimals).sorted()
    let decimals = max(1, needed[needed.count / 2])
    let widest = rows.map { TextMetrics.width($0.name, size: 11.5) }.max() ?? 0
    let nameWidth = min(230, max(120, widest + 22))
    let left = nameWidth + 78
    let widestText = rows.map { TextMetrics.width($0.estimate.text(decimals), size: 11) }.max() ?? 0
    let right = Figure.pageWidth - max(150, widestText + 22)
    let top = 44.0
    let plotHeight = height * Double(lines.count)
    var canvas = SVGCanvas(width: Figure.pageWidth, height: top + plotHeight + 50)
    let frame = PlotFrame(
      left: left, top: top, width: right - left, height: plotHeight,
      x: AxisScale.padded(range, by: 0.04), y: 0...1)
    for tick in frame.x.ticks(about: 6) {
      let x = frame.x.position(tick.value)
      canvas.line(x, top, x, frame.bottom, stroke: Palette.grid)
    }
    frame.drawAxes(
      on: &canvas, xTitle: valueTitle, yTitle: nil, xTicks: frame.x.ticks(about: 6), yTicks: [])
    canvas.text("Patients", left - 14, top - 10, size: 11, fill: Palette.muted, anchor: .end)
    canvas.text(
      "Effect (95\u{00A0}% interval)", Figure.pageWidth - 4, top - 10, size: 11,
      fill: Palette.muted, anchor: .end)
    let zero = frame.x.position(0)
    canvas.line(zero, top - 4, zero, frame.bottom, stroke: Palette.ink, dash: "4 3")
    if let sides {
      canvas.text(
        "← \(sides.below)", zero - 8, top - 26, size: 11, fill: Palette.muted, anchor: .end)
      canvas.text("\(sides.above) →", zero + 8, top - 26, size: 11, fill: Palette.muted)
    }
    if let overall, overall.estimate.value.isFinite {
      let x = frame.x.position(overall.estimate.value)
      canvas.line(x, top, x, frame.bottom, stroke: Palette.vermilion, width: 1, dash: "1 3")
    }
    for (index, line) in lines.enumerated() {
      let y = top + (Double(index) + 0.5) * height
      switch line {
      case .heading(let own):
        if index > 0 {
          canvas.line(
            4, y - height / 2, Figure.pageWidth - 4, y - height / 2, stroke: Palette.grid)
        }
        canvas.text(own.name, 4, y + 4, size: 11.5, isBold: true)
        canvas.text(
          own.interaction, Figure.pageWidth - 4, y + 4, size: 10.5, fill: Palette.muted,
          anchor: .end)
      case .row(let row): draw(row, y: y, decimals: decimals, in: frame, on: &canvas)
      case .overall(let row):
        canvas.line(
          4, y - height / 2, Figure.pageWidth - 4, y - height / 2, stroke: Palette.muted)
        drawOverall(row, y: y, decimals: decimals, in: frame, on: &canvas)
      }
    }
    return Figure(
      id: id, title: title,
      caption: sentences([
        "Squares: effect in the subgroup with its 95\u{00A0}% interval, by one model with the "
          + "interaction; the larger, the more precise.",
        overall == nil ? nil : "Diamond and dotted line: all patients.", note,
      ]),
      drawing: canvas.svg(
        id: id, title: title,
        description: "Effects in \(counted(rows.count - (overall == nil ? 0 : 1), "subgroup"))."))
  }

  private func words(
    _ row: Row, indent: Double, y: Double, decimals: Int, isBold: Bool, in frame: PlotFrame,
    on canvas: inout SVGCanvas
  ) {
    canvas.text(
      TextMetrics.fittedName(row.name, size: 11.5, width: frame.left - 82 - indent), indent, y + 4,
      size: 11.5, isBold: isBold)
    canvas.text(
      row.patients, frame.left - 14, y + 4, size: 11, fill: Palette.muted, anchor: .end)
    canvas.text(
      row.estimate.text(decimals), Figure.pageWidth - 4, y + 4, size: 11, anchor: .end,
      isBold: isBold)
  }

  private func draw(
    _ row: Row, y: Double, decimals: Int, in frame: PlotFrame, on canvas: inout SVGCanvas
  ) {
    words(row, indent: 18, y: y, decimals: decimals, isBold: false, in: frame, on: &canvas)
    let estimate = row.estimate
    guard estimate.value.isFinite else { return }
    canvas.line(
      frame.x.clampedPosition(estimate.lower), y, frame.x.clampedPosition(estimate.upper), y,
      stroke: Palette.blue, width: 1.5)
    // The side of a square goes with the precision, that of the whole cohort being the largest.
    let widest = overall.map { $0.estimate.upper - $0.estimate.lower } ?? 0
    let width = estimate.upper - estimate.lower
    let share = width > 0 && width.isFinite && widest > 0 ? min(1, widest / width) : 0.5
    let side = 5 + 6 * share
    let x = frame.x.position(estimate.value)
    var path = SVGPath()
    path.polyline([
      (x - side / 2, y - side / 2), (x + side / 2, y - side / 2), (x + side / 2, y + side / 2),
      (x - side / 2, y + side / 2),
    ])
    path.close()
    canvas.filled(path, fill: Palette.blue)
  }

  private func drawOverall(
    _ row: Row, y: Double, decimals: Int, in frame: PlotFrame, on canvas: inout SVGCanvas
  ) {
    words(row, indent: 4, y: y, decimals: decimals, isBold: true, in: frame, on: &canvas)
    let estimate = row.estimate
    guard estimate.value.isFinite else { return }
    let centre = frame.x.position(estimate.value)
    var path = SVGPath()
    path.polyline([
      (frame.x.clampedPosition(estimate.lower), y), (centre, y - 7),
      (frame.x.clampedPosition(estimate.upper), y), (centre, y + 7),
    ])
    path.close()
    canvas.filled(path, fill: Palette.vermilion)
  }
}
