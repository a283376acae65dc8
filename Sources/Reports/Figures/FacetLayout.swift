/// Panels of one figure, such as one for each muscle, on shared axes with rows of numbers underneath.
struct FacetLayout {
  /// A row of numbers under every panel, such as the patients of one arm.
  struct CountRow {
    let name: String
    let color: String
  }

  /// The panels' plot areas, row by row.
  let frames: [PlotFrame]
  /// Width of a panel with its margins.
  let panelWidth: Double
  /// Height of the whole figure.
  let height: Double
  private let titles: [String]
  private let rows: [CountRow]
  private let timeTitle: String

  init(
    titles: [String], rows: [CountRow], timeTitle: String, x: ClosedRange<Double>,
    y: ClosedRange<Double>, yKind: AxisScale.Kind
  ) {
    let count = max(1, titles.count)
    let columns = count == 1 ? 1 : count <= 4 ? 2 : 3
    let plotHeight = count == 1 ? 270.0 : columns == 2 ? 230 : 180
    let gap = 22.0
    let widest = rows.map { TextMetrics.width($0.name, size: 11) }.max() ?? 0
    let left = max(
      columns == 1 ? 78 : 58, PlotFrame.leftMargin(y, kind: yKind, height: plotHeight),
      min(widest, 120) + 16)
    let panelWidth = (Figure.pageWidth - gap * Double(columns - 1)) / Double(columns)
    let title = count == 1 ? 0.0 : 22
    let panelHeight = title + plotHeight + 24 + 15 * Double(rows.count) + 26
    let (legend, space) = (34.0, 14.0)
    frames = (0..<count).map { index in
      PlotFrame(
        left: Double(index % columns) * (panelWidth + gap) + left,
        top: legend + Double(index / columns) * (panelHeight + space) + title,
        width: panelWidth - left - 14, height: plotHeight, x: x, y: y, yKind: yKind)
    }
    let lines = Double((count + columns - 1) / columns)
    height = legend + lines * panelHeight + (lines - 1) * space
    self.panelWidth = panelWidth
    self.titles = titles
    self.rows = rows
    self.timeTitle = timeTitle
  }

  /// Draws axes and titles, and the numbers of each row at its positions.
  func drawAxes(
    on canvas: inout SVGCanvas, ticks: [AxisTick], yTitle: String,
    counts: (_ facet: Int, _ row: Int) -> [(position: Double, count: Int)]
  ) {
    for (facet, frame) in frames.enumerated() {
      frame.drawAxes(on: &canvas, xTitle: nil, yTitle: yTitle, xTicks: ticks)
      if titles.count > 1 {
        canvas.text(
          TextMetrics.fitted(titles[facet], size: 13, width: panelWidth), frame.left,
          frame.top - 9, size: 12.5, isBold: true)
      }
      for (index, row) in rows.enumerated() {
        let y = frame.bottom + 37 + 15 * Double(index)
        canvas.text(
          TextMetrics.fitted(row.name, size: 11, width: 120), frame.left - 10, y, size: 11,
          fill: row.color, anchor: .end)
        var free = -Double.infinity
        for (position, count) in counts(facet, index) where frame.x.contains(position) {
          let x = frame.x.position(position)
          let half = TextMetrics.width(String(count), size: 11) / 2
          // Numbers that would touch their neighbours are left out.
          if x - half < free + 5 { continue }
          free = x + half
          canvas.text(String(count), x, y, size: 11, anchor: .middle)
        }
      }
      canvas.text(
        timeTitle, (frame.left + frame.right) / 2,
        frame.bottom + 41 + 15 * Double(rows.count), size: 12, anchor: .middle)
    }
  }
}
