import Foundation

/// Histograms of the inter-spike intervals, one small panel per unit.
public struct InterspikeIntervalFigure: FigureContent, Equatable {
  /// The units to show.
  public var units: [UnitDischarges]
  /// Longest interval shown, in milliseconds.
  public var maximumMilliseconds: Double
  /// Width of a bin, in milliseconds.
  public var binMilliseconds: Double

  /// Histograms of units.
  public init(
    units: [UnitDischarges], maximumMilliseconds: Double = 250, binMilliseconds: Double = 5
  ) {
    precondition(
      maximumMilliseconds > 0 && binMilliseconds > 0, "a histogram needs a positive extent")
    self.units = units
    self.maximumMilliseconds = maximumMilliseconds
    self.binMilliseconds = binMilliseconds
  }

  /// Draws the histograms on one time axis, each scaled to its own largest bin.
  public func figure(id: String) -> Figure {
    let title = "Inter-spike intervals"
    guard units.contains(where: { $0.times.count > 1 }) else {
      return .empty(id: id, title: title, reason: "No unit has two discharges.")
    }
    let across = 4
    let gap = 20.0
    let width = (Figure.pageWidth - gap * Double(across - 1)) / Double(across)
    let height = 132.0
    let lines = (units.count + across - 1) / across
    var canvas = SVGCanvas(width: Figure.pageWidth, height: Double(lines) * height + 14)
    var longer = 0
    for (index, unit) in units.enumerated() {
      let x = Double(index % across) * (width + gap)
      let y = Double(index / across) * height
      longer += draw(unit, x: x, y: y, width: width, on: &canvas)
    }
    canvas.text(
      "Interval (ms)",
      (Double(min(units.count, across)) * (width + gap) - gap) / 2, Double(lines) * height + 8,
      size: 12, anchor: .middle)
    return Figure(
      id: id, title: title,
      caption: sentences([
        "Bins of \(NumberText.significant(binMilliseconds, 2)) ms; line: median interval.",
        longer > 0
          ? "\(counted(longer, "interval")) longer than "
            + "\(NumberText.significant(maximumMilliseconds, 3)) ms not shown." : nil,
      ]),
      drawing: canvas.svg(
        id: id, title: title, description: "Histograms of \(counted(units.count, "unit"))."))
  }

  private func draw(
    _ unit: UnitDischarges, x: Double, y: Double, width: Double, on canvas: inout SVGCanvas
  ) -> Int {
    let intervals = zip(unit.times.dropFirst(), unit.times).map { 1000 * ($0 - $1) }
      .filter { $0.isFinite && $0 >= 0 }
    let shown = intervals.filter { $0 < maximumMilliseconds }
    let count = max(1, Int((maximumMilliseconds / binMilliseconds).rounded(.up)))
    var bins = [Int](repeating: 0, count: count)
    for interval in shown { bins[min(count - 1, Int(interval / binMilliseconds))] += 1 }
    let frame = PlotFrame(
      left: x + 4, top: y + 22, width: width - 8, height: 78, x: 0...maximumMilliseconds,
      y: 0...Double(max(1, bins.max() ?? 1)))
    canvas.text("Unit \(unit.id)", x, y + 13, size: 12, isBold: true)
    let ticks = AxisTicks.linear(0...maximumMilliseconds, about: 3)
    frame.drawAxes(
      on: &canvas, xTitle: nil, yTitle: nil, xTicks: ticks, yTicks: [], fontSize: 10.5)
    var path = SVGPath()
    for (bin, value) in bins.enumerated() where value > 0 {
      let left = frame.x.position(Double(bin) * binMilliseconds)
      let right = frame.x.position(
        min(maximumMilliseconds, Double(bin + 1) * binMilliseconds))
      let top = frame.y.position(Double(value))
      path.polyline([(left, frame.bottom), (left, top), (right, top), (right, frame.bottom)])
      path.close()
    }
    canvas.filled(path, fill: unit.isTentative ? Palette.orange : Palette.blue, opacity: 0.75)
    if !shown.isEmpty {
      let median = intervals.sorted()[intervals.count / 2]
      if frame.x.contains(median) {
        let position = frame.x.position(median)
        canvas.line(position, frame.top, position, frame.bottom, stroke: Palette.ink, width: 1.2)
      }
      canvas.text(
        "median \(NumberText.fixed(median, 0)) ms", x + width - 4, y + 13, size: 10.5,
        fill: Palette.muted, anchor: .end)
    } else {
      canvas.text(
        "no intervals", x + width - 4, y + 13, size: 10.5, fill: Palette.muted, anchor: .end)
    }
    return intervals.count - shown.count
  }
}
