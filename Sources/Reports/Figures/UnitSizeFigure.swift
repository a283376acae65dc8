import Foundation

/// The distribution of unit sizes as a histogram over a logarithmic axis.
public struct UnitSizeFigure: FigureContent, Equatable {
  /// Sizes in microvolts.
  public var sizesMicrovolts: [Double]
  /// Size of the unit that crosses half of the CMAP (A50), in microvolts; nil for no marker.
  public var a50Microvolts: Double?
  /// Lines of text beside the bars.
  public var notes: [String]

  /// A distribution of sizes.
  public init(sizesMicrovolts: [Double], a50Microvolts: Double? = nil, notes: [String] = []) {
    self.sizesMicrovolts = sizesMicrovolts
    self.a50Microvolts = a50Microvolts
    self.notes = notes
  }

  /// Draws the histogram; six bins to a factor of ten.
  public func figure(id: String) -> Figure {
    let title = "Distribution of unit sizes"
    let sizes = sizesMicrovolts.filter { $0.isFinite && $0 > 0 }
    guard let range = AxisScale.range(sizes) else {
      return .empty(id: id, title: title, reason: "There are no unit sizes to show.")
    }
    let perDecade = sizes.count > 60 ? 10.0 : 6
    let first = (log10(range.lowerBound) * perDecade).rounded(.down)
    let last = max(first + 1, (log10(range.upperBound) * perDecade + 1e-9).rounded(.up))
    let edges = stride(from: first, through: last, by: 1).map { pow(10, $0 / perDecade) }
    var bins = [Double](repeating: 0, count: edges.count - 1)
    for size in sizes {
      let place = Int((log10(size) * perDecade).rounded(.down) - first)
      bins[min(bins.count - 1, max(0, place))] += 1
    }
    let top = bins.max() ?? 1
    let x = AxisScale.padded(
      (edges.first ?? 1)...(edges.last ?? 10), by: 0.04, kind: .logarithmic)
    var canvas = SVGCanvas(width: Figure.pageWidth, height: 292)
    let frame = PlotFrame(
      left: 58, top: 18, width: Figure.pageWidth - 74, height: 222, x: x, y: 0...(top * 1.1),
      xKind: .logarithmic)
    let yTicks = frame.y.ticks(about: 4).filter { $0.value == $0.value.rounded() }
    frame.drawAxes(on: &canvas, xTitle: "Unit size (µV)", yTitle: "Units", yTicks: yTicks)
    for (index, value) in bins.enumerated() where value > 0 {
      let left = frame.x.position(edges[index])
      let right = frame.x.position(edges[index + 1])
      canvas.rect(
        left + 0.7, frame.y.position(value), right - left - 1.4,
        frame.bottom - frame.y.position(value), fill: Palette.blue, opacity: 0.8)
    }
    if let a50Microvolts, frame.x.contains(a50Microvolts) {
      let position = frame.x.position(a50Microvolts)
      canvas.line(
        position, frame.top, position, frame.bottom, stroke: Palette.vermilion, width: 1.6,
        dash: "4 3")
      canvas.text(
        "A50 \(NumberText.significant(a50Microvolts, 3)) µV", position + 6, frame.top + 11,
        size: 11.5, fill: Palette.vermilion)
    }
    for (index, note) in notes.enumerated() {
      canvas.text(
        note, frame.left + 10, frame.top + 14 + Double(index) * 16, size: 11.5, fill: Palette.ink)
    }
    let dropped = sizesMicrovolts.count - sizes.count
    return Figure(
      id: id, title: title,
      caption: sentences([
        "\(counted(sizes.count, "unit")); bins of equal ratio.",
        dropped > 0 ? "\(counted(dropped, "size")) without a positive value left out." : nil,
      ]),
      drawing: canvas.svg(
        id: id, title: title,
        description: "Sizes from \(NumberText.significant(range.lowerBound, 3)) to "
          + "\(NumberText.significant(range.upperBound, 3)) microvolts."))
  }
}
