/// Motor-unit action potentials over the electrode grid, one small grid per unit.
public struct TemplateGridFigure: FigureContent, Equatable {
  /// The templates of one unit.
  public struct Unit: Sendable, Equatable {
    /// The unit's name.
    public var id: String
    /// A second line, for example the amplitude or the number of discharges.
    public var detail: String
    /// Row-major waveforms in the figure's unit; nil where there is no electrode or a bad channel.
    public var waveforms: [[Float]?]
    /// Waveforms drawn over them, for example of another visit; empty for none.
    public var overlay: [[Float]?]

    /// The templates of a unit.
    public init(
      id: String, detail: String = "", waveforms: [[Float]?], overlay: [[Float]?] = []
    ) {
      self.id = id
      self.detail = detail
      self.waveforms = waveforms
      self.overlay = overlay
    }
  }

  /// Rows of the electrode grid.
  public var rows: Int
  /// Columns of the electrode grid.
  public var columns: Int
  /// Samples per second of the waveforms, in Hz.
  public var samplingRate: Double
  /// Unit of the waveforms: "µV", or "a.u." where the recording has no calibration.
  public var amplitudeUnit: String
  /// The units to show.
  public var units: [Unit]
  /// What the overlay is, for the caption.
  public var overlayName: String
  /// Which units are shown, where not all of them are.
  public var note: String

  /// Templates over a grid.
  public init(
    rows: Int, columns: Int, samplingRate: Double, units: [Unit], overlayName: String = "",
    amplitudeUnit: String = "µV", note: String = ""
  ) {
    self.note = note
    self.amplitudeUnit = amplitudeUnit
    self.rows = rows
    self.columns = columns
    self.samplingRate = samplingRate
    self.units = units
    self.overlayName = overlayName
  }

  /// Draws the grids, each scaled to its own largest potential.
  public func figure(id: String) -> Figure {
    let title = "Motor-unit action potentials over the electrode grid"
    guard !units.isEmpty, rows > 0, columns > 0, samplingRate > 0 else {
      return .empty(id: id, title: title, reason: "There are no templates to show.")
    }
    let across = columns <= 2 * rows ? Figure.panelsAcross(units.count) : 2
    let gap = 18.0
    let panelWidth = (Figure.pageWidth - gap * Double(across - 1)) / Double(across)
    let cellWidth = panelWidth / Double(columns)
    let cellHeight = max(9, min(22, min(230 / Double(rows), cellWidth * 0.8)))
    let panelHeight = 22 + cellHeight * (Double(rows) + 1.6) + 24
    let lines = (units.count + across - 1) / across
    var canvas = SVGCanvas(
      width: Figure.pageWidth, height: Double(lines) * (panelHeight + 12) + 4)
    for (index, unit) in units.enumerated() {
      let x = Double(index % across) * (panelWidth + gap)
      let y = Double(index / across) * (panelHeight + 12) + 4
      draw(
        unit, x: x, y: y, panelWidth: panelWidth, cellWidth: cellWidth, cellHeight: cellHeight,
        on: &canvas)
    }
    let length = units.flatMap(\.waveforms).compactMap { $0?.count }.max() ?? 0
    let milliseconds = NumberText.significant(1000 * Double(length) / samplingRate, 3)
    let hasOverlay = units.contains { !$0.overlay.isEmpty }
    let hasGaps = units.contains { $0.waveforms.prefix(rows * columns).contains { $0 == nil } }
    return Figure(
      id: id, title: title,
      caption: sentences([
        note.isEmpty ? nil : note,
        "\(rows) × \(columns) electrodes, \(milliseconds) ms each; every unit has its own vertical "
          + "scale, given by its bar.",
        hasGaps ? "Dots mark channels that were not used." : nil,
        hasOverlay ? "Orange: \(overlayName.isEmpty ? "comparison" : overlayName)." : nil,
      ]),
      drawing: canvas.svg(
        id: id, title: title, description: "Templates of \(counted(units.count, "unit"))."))
  }

  private func draw(
    _ unit: Unit, x: Double, y: Double, panelWidth: Double, cellWidth: Double, cellHeight: Double,
    on canvas: inout SVGCanvas
  ) {
    canvas.text("Unit \(unit.id)", x, y + 13, size: 12, isBold: true)
    let nameWidth = TextMetrics.width("Unit \(unit.id)", size: 12.8) + 10
    canvas.text(
      TextMetrics.fitted(unit.detail, size: 10.5, width: panelWidth - nameWidth), x + nameWidth,
      y + 13, size: 10.5, fill: Palette.muted)
    // Room above and below for potentials that reach beyond their row.
    let top = y + 22 + cellHeight
    let bottom = top + cellHeight * (Double(rows) + 0.6)
    canvas.rect(x, y + 22, panelWidth, bottom - y - 22, fill: Palette.panel, radius: 3)
    let peak = Self.peak(unit.waveforms + unit.overlay)
    guard peak > 0 else { return }
    // A potential may reach one and a half rows up and down, as in stacked traces.
    let scale = 1.5 * cellHeight / Double(peak)
    draw(
      unit.waveforms, x: x, top: top, cellWidth: cellWidth, cellHeight: cellHeight, scale: scale,
      stroke: Palette.navy, marksMissing: true, on: &canvas)
    draw(
      unit.overlay, x: x, top: top, cellWidth: cellWidth, cellHeight: cellHeight, scale: scale,
      stroke: Palette.vermilion, marksMissing: false, on: &canvas)
    let bar = AxisTicks.floorStep(18 / scale)
    let barX = x + 4
    let barBottom = bottom + 21
    let barHeight = bar * scale
    canvas.line(barX, barBottom - barHeight, barX, barBottom, stroke: Palette.ink, width: 1.5)
    canvas.text(
      "\(NumberText.significant(bar, 2)) \(amplitudeUnit)", barX + 6, barBottom - 4, size: 10.5,
      fill: Palette.muted)
  }

  private func draw(
    _ waveforms: [[Float]?], x: Double, top: Double, cellWidth: Double, cellHeight: Double,
    scale: Double, stroke: String, marksMissing: Bool, on canvas: inout SVGCanvas
  ) {
    var path = SVGPath()
    for (index, waveform) in waveforms.prefix(rows * columns).enumerated() {
      let cellX = x + Double(index % columns) * cellWidth
      let middle = top + (Double(index / columns) + 0.5) * cellHeight
      guard let waveform, !waveform.isEmpty else {
        if marksMissing {
          canvas.circle(cellX + cellWidth / 2, middle, radius: 1.3, fill: Palette.faint)
        }
        continue
      }
      let usable = cellWidth * 0.86
      let points = TraceReduction.envelope(waveform, columns: max(12, Int(usable * 0.8)))
      let span = Double(max(1, waveform.count - 1))
      path.polyline(
        points.map { point in
          (
            cellX + cellWidth * 0.07 + point.position / span * usable,
            middle - point.value * scale
          )
        })
    }
    canvas.stroked(path, stroke: stroke, width: 0.9, join: "round")
  }

  private static func peak(_ waveforms: [[Float]?]) -> Float {
    waveforms.reduce(0) { largest, waveform in
      (waveform ?? []).reduce(largest) { $1.isFinite ? max($0, abs($1)) : $0 }
    }
  }
}
