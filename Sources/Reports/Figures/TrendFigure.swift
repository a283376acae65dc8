/// The trends of one patient before and after therapy, one panel per muscle.
public struct TrendFigure: FigureContent, Equatable {
  /// Title above the figure.
  public var title: String
  /// Panels; one is drawn large with a box beside it, several as small multiples.
  public var panels: [TrendPanel]
  /// Title of the time axis.
  public var timeTitle: String
  /// What else the caption has to say.
  public var note: String?
  /// Whether the caption says what counts of identified units are, where there are any.
  public var explainsCounts: Bool

  /// A figure of panels.
  public init(
    title: String, panels: [TrendPanel], timeTitle: String = "Months from start of therapy",
    note: String? = nil, explainsCounts: Bool = true
  ) {
    self.title = title
    self.panels = panels
    self.timeTitle = timeTitle
    self.note = note
    self.explainsCounts = explainsCounts
  }

  /// Panels that leave room for text on a printed page.
  package static let panelsPerPage = 6

  /// Draws the panels on a shared time axis.
  public func figure(id: String) -> Figure {
    let times = panels.flatMap { panel in
      panel.points.map(\.months) + [panel.therapyMonth].compactMap { $0 }
        + [panel.before, panel.after, panel.extrapolation].flatMap { $0?.months ?? [] }
    }
    guard panels.contains(where: { !$0.points.isEmpty }), let span = AxisScale.range(times) else {
      return .empty(id: id, title: title, reason: "There are no measurements to show.")
    }
    let x = AxisScale.padded(span, by: 0.03)
    let isSingle = panels.count == 1
    let columns = isSingle ? 1 : [2, 4].contains(panels.count) ? 2 : 3
    let gap = 28.0
    let boxWidth = isSingle && panels[0].comparison != nil ? 236.0 : 0
    let panelWidth =
      isSingle
      ? Figure.pageWidth - boxWidth
      : (Figure.pageWidth - gap * Double(columns - 1)) / Double(columns)
    let plotHeight = isSingle ? 300.0 : columns == 2 ? 190 : 150
    let stripLines =
      isSingle ? 0 : (panels.map { $0.comparison.map { $0.lines.count + 1 } ?? 0 }.max() ?? 0)
    let titleLines =
      isSingle
      ? 1
      : min(2, panels.map { TrendPanelDrawing.title($0, width: panelWidth).count }.max() ?? 1)
    let header =
      26 + Double(titleLines - 1) * 15 + (stripLines > 0 ? Double(stripLines) * 15 + 8 : 0) + 14
    let panelHeight = header + plotHeight + 52
    let rows = (panels.count + columns - 1) / columns
    var canvas = SVGCanvas(
      width: Figure.pageWidth, height: Double(rows) * panelHeight + Double(rows - 1) * 14)
    var (isCut, goesOn) = (false, false)
    for (index, panel) in panels.enumerated() {
      let left = Double(index % columns) * (panelWidth + gap)
      let top = Double(index / columns) * (panelHeight + 14)
      let drawing = TrendPanelDrawing(
        panel: panel, left: left, top: top, width: panelWidth, header: header,
        plotHeight: plotHeight, x: x, timeTitle: timeTitle, titleLines: titleLines)
      drawing.draw(showsStrip: !isSingle, on: &canvas)
      isCut = isCut || drawing.cutsInterval
      goesOn = goesOn || drawing.hasOpenBar
      if boxWidth > 0 {
        drawing.drawBox(left: panelWidth + 16, width: boxWidth - 16, on: &canvas)
      }
    }
    return Figure(
      id: id, title: title, caption: caption(isCut: isCut, goesOn: goesOn),
      drawing: canvas.svg(
        id: id, title: title,
        description: panels.map { panel in
          "\(panel.title): \(counted(panel.points.count, "value"))"
        }.joined(separator: "; ")))
  }

  private func caption(isCut: Bool, goesOn: Bool) -> String {
    let excluded = panels.flatMap(\.points).count { $0.exclusion != nil }
    let dropped = panels.reduce(0) { $0 + TrendPanelDrawing.droppedCount($1) }
    return sentences([
      "Points: measured values"
        + (panels.contains { $0.points.contains { $0.standardError != nil } }
          ? " with 95\u{00A0}% measurement intervals." : "."),
      panels.contains { $0.before != nil }
        ? "Lines: fitted trends with 95\u{00A0}% intervals"
          + (hasExtrapolation
            ? "; dashed: the trend "
              + "before therapy continued." : ".") : nil,
      isCut ? "Shaded intervals wider than the axis are cut at its ends." : nil,
      goesOn ? "Arrows: measurement intervals that go on towards zero." : nil,
      note,
      excluded > 0 ? "Hollow: \(counted(excluded, "value")) left out of the fit." : nil,
      dropped > 0 ? "\(counted(dropped, "value")) that this axis cannot show left out." : nil,
      explainsCounts && panels.contains(where: \.isIdentifiedCount)
        ? ReportWording.identifiedCounts : nil,
    ])
  }

  private var hasExtrapolation: Bool { panels.contains { $0.extrapolation != nil } }
}
