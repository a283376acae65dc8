/// A general figure of points, lines, ribbons, steps and bars over two axes.
public struct XYFigure: FigureContent, Equatable {
  /// How one series is drawn.
  public enum Mark: Sendable, Equatable {
    /// Filled dots of a radius in user units.
    case points(radius: Double)
    /// A line through the points.
    case line(width: Double)
    /// A dashed line through the points.
    case dashedLine(width: Double)
    /// A line that keeps each value until the next x.
    case steps(width: Double)
    /// Bars from the axis to each value, of a width in data units.
    case bars(width: Double)
    /// An area between `lower` and `upper`.
    case ribbon
  }

  /// One series of points.
  public struct Series: Sendable, Equatable {
    /// Name in the legend; empty for none.
    public var name: String
    /// How it is drawn.
    public var mark: Mark
    /// Positions.
    public var x: [Double]
    /// Values; for a ribbon its lower edge.
    public var y: [Double]
    /// Upper edge of a ribbon.
    public var upper: [Double]
    /// Place in the palette; nil takes the place in the figure.
    public var colorIndex: Int?

    /// A series; points that are not finite are left out and counted in the caption.
    public init(
      name: String, mark: Mark, x: [Double], y: [Double], upper: [Double] = [],
      colorIndex: Int? = nil
    ) {
      precondition(x.count == y.count, "a series needs as many values as positions")
      self.name = name
      self.mark = mark
      self.x = x
      self.y = y
      self.upper = upper
      self.colorIndex = colorIndex
    }
  }

  /// A dashed line across the plot at one value.
  public struct Reference: Sendable, Equatable {
    /// The value.
    public var value: Double
    /// Its label.
    public var label: String
    /// Whether it is a value of x.
    public var isVertical: Bool

    /// A reference line.
    public init(value: Double, label: String, isVertical: Bool) {
      self.value = value
      self.label = label
      self.isVertical = isVertical
    }
  }

  /// Title, caption and axis titles with units.
  public var title: String
  /// How to read the figure.
  public var caption: String
  /// Title of the x axis with its unit.
  public var xTitle: String
  /// Title of the y axis with its unit.
  public var yTitle: String
  /// Whether the x axis is logarithmic.
  public var isXLogarithmic: Bool
  /// Whether the y axis is logarithmic.
  public var isYLogarithmic: Bool
  /// Whether the y axis starts at zero (linear axes).
  public var startsAtZero: Bool
  /// The series in drawing order.
  public var series: [Series]
  /// Reference lines.
  public var references: [Reference]
  /// Lines of text in a corner box, for example the fitted parameters.
  public var notes: [String]
  /// Height of the plot area in user units.
  public var plotHeight: Double

  /// Ticks of the x axis where it counts things; nil for those that its range gives.
  var xTicks: [AxisTick]?

  /// A figure of series.
  public init(
    title: String, caption: String, xTitle: String, yTitle: String, isXLogarithmic: Bool = false,
    isYLogarithmic: Bool = false, startsAtZero: Bool = false, series: [Series],
    references: [Reference] = [], notes: [String] = [], plotHeight: Double = 280
  ) {
    self.title = title
    self.caption = caption
    self.xTitle = xTitle
    self.yTitle = yTitle
    self.isXLogarithmic = isXLogarithmic
    self.isYLogarithmic = isYLogarithmic
    self.startsAtZero = startsAtZero
    self.series = series
    self.references = references
    self.notes = notes
    self.plotHeight = plotHeight
  }

  /// Draws the figure.
  public func figure(id: String) -> Figure {
    let xKind: AxisScale.Kind = isXLogarithmic ? .logarithmic : .linear
    let yKind: AxisScale.Kind = isYLogarithmic ? .logarithmic : .linear
    let shown = series.map { XYSeriesDrawing(series: $0, xKind: xKind, yKind: yKind) }
    let dropped = shown.reduce(0) { $0 + $1.droppedCount }
    guard
      let xRange = AxisScale.range(
        shown.flatMap(\.xExtent) + references.filter(\.isVertical).map(\.value), kind: xKind),
      let yRange = AxisScale.range(
        shown.flatMap(\.yExtent) + references.filter { !$0.isVertical }.map(\.value), kind: yKind),
      shown.contains(where: { !$0.isEmpty })
    else {
      return .empty(id: id, title: title, reason: "There are no values to show.")
    }
    var y = AxisScale.padded(yRange, by: 0.06, kind: yKind)
    if yKind == .linear, startsAtZero || yRange.lowerBound >= 0 && y.lowerBound < 0 {
      y = min(0, yRange.lowerBound)...max(y.upperBound, 1e-12)
    }
    let x = AxisScale.padded(xRange, by: 0.025, kind: xKind)
    let left = PlotFrame.leftMargin(y, kind: yKind, height: plotHeight)
    let keys = legendPlaces(left: left, right: Figure.pageWidth - 16)
    let rows = (keys.compactMap { $0?.row }.max() ?? -1) + 1
    let top = rows == 0 ? 14.0 : 36.0 + Self.legendRow * Double(rows - 1)
    var canvas = SVGCanvas(width: Figure.pageWidth, height: top + plotHeight + 48)
    let frame = PlotFrame(
      left: left, top: top, width: Figure.pageWidth - left - 16, height: plotHeight, x: x, y: y,
      xKind: xKind, yKind: yKind)
    frame.drawAxes(on: &canvas, xTitle: xTitle, yTitle: yTitle, xTicks: xTicks)
    for (index, drawing) in shown.enumerated() {
      drawing.draw(
        in: frame, color: Palette.color(drawing.series.colorIndex ?? index), on: &canvas)
    }
    drawReferences(in: frame, on: &canvas)
    drawLegend(shown, at: keys, on: &canvas)
    drawNotes(in: frame, on: &canvas)
    return Figure(
      id: id, title: title,
      caption: sentences([
        caption,
        dropped > 0
          ? "\(counted(dropped, "value")) that cannot be drawn on these axes left out." : nil,
      ]),
      drawing: canvas.svg(
        id: id, title: title, description: "\(yTitle) against \(xTitle). \(caption)"))
  }

  private func drawReferences(in frame: PlotFrame, on canvas: inout SVGCanvas) {
    for reference in references {
      if reference.isVertical, frame.x.contains(reference.value) {
        let x = frame.x.position(reference.value)
        canvas.line(x, frame.top, x, frame.bottom, stroke: Palette.muted, dash: "4 3")
        let isNearEnd = x > frame.right - TextMetrics.width(reference.label, size: 11) - 8
        canvas.text(
          reference.label, isNearEnd ? x - 5 : x + 5, frame.top + 11, size: 11,
          fill: Palette.muted, anchor: isNearEnd ? .end : .start)
      } else if !reference.isVertical, frame.y.contains(reference.value) {
        let y = frame.y.position(reference.value)
        canvas.line(frame.left, y, frame.right, y, stroke: Palette.muted, dash: "4 3")
        canvas.text(
          reference.label, frame.right - 4, y - 4, size: 11, fill: Palette.muted, anchor: .end)
      }
    }
  }

  /// Height of a row of the legend in user units.
  private static let legendRow = 18.0

  /// Where the key of each series stands, nil for one without a name; a row that is full goes on in the next.
  private func legendPlaces(left: Double, right: Double) -> [(x: Double, row: Int)?] {
    var (x, row) = (left, 0)
    return series.map { series in
      if series.name.isEmpty { return nil }
      let width = 25 + TextMetrics.width(series.name, size: 11.5)
      if x > left, x + width > right { (x, row) = (left, row + 1) }
      defer { x += width + 22 }
      return (x, row)
    }
  }

  private func drawLegend(
    _ shown: [XYSeriesDrawing], at places: [(x: Double, row: Int)?], on canvas: inout SVGCanvas
  ) {
    for (index, drawing) in shown.enumerated() {
      guard let place = places[index] else { continue }
      let color = Palette.color(drawing.series.colorIndex ?? index)
      let y = 14 + Self.legendRow * Double(place.row)
      drawing.drawKey(x: place.x, y: y, color: color, on: &canvas)
      canvas.text(drawing.series.name, place.x + 25, y + 4, size: 11.5, fill: Palette.ink)
    }
  }

  private func drawNotes(in frame: PlotFrame, on canvas: inout SVGCanvas) {
    guard !notes.isEmpty else { return }
    let width = (notes.map { TextMetrics.width($0, size: 11.5) }.max() ?? 0) + 20
    let height = Double(notes.count) * 16 + 10
    // The corner that holds the fewest points keeps the box off the data.
    let corner = NoteCorner.emptiest(series, frame: frame, width: width, height: height)
    canvas.rect(
      corner.x, corner.y, width, height, fill: Palette.paper, stroke: Palette.grid, opacity: 0.92,
      radius: 3)
    for (index, note) in notes.enumerated() {
      canvas.text(note, corner.x + 10, corner.y + 18 + Double(index) * 16, size: 11.5)
    }
  }
}
