/// Instantaneous discharge rates of all units: one strip a unit, one dot for each interval.
public struct InstantaneousRateFigure: FigureContent, Equatable {
  /// The units to show.
  public var units: [UnitDischarges]
  /// Length of the recording in seconds.
  public var duration: Double

  /// Intervals of this length and more, in seconds, are pauses and have no rate.
  private static let pause = 0.5

  /// Rates of units over a recording.
  public init(units: [UnitDischarges], duration: Double) {
    self.units = units
    self.duration = duration
  }

  /// Draws the strips in the order of recruitment, the first at the bottom.
  public func figure(id: String) -> Figure {
    let title = "Instantaneous discharge rates"
    let rows = units.map { (unit: $0, rates: Self.rates($0.times)) }.filter { !$0.rates.isEmpty }
      .sorted { ($0.rates[0].time, $0.unit.id) < ($1.rates[0].time, $1.unit.id) }
    let sorted = rows.flatMap(\.rates).map(\.rate).sorted()
    guard duration.isFinite, duration > 0, let largest = sorted.last else {
      return .empty(id: id, title: title, reason: "No unit discharged twice without a pause.")
    }
    // A few doublets would press all other dots into the floor of their strips.
    let top = min(largest, 1.3 * sorted[(sorted.count - 1) * 99 / 100])
    let height = min(54, max(20, 760 / Double(rows.count)))
    let labels = rows.map { TextMetrics.width($0.unit.id, size: 10.5) }.max() ?? 0
    let left = 34 + min(max(labels, 30), 110)
    let right = Figure.pageWidth - 62
    var canvas = SVGCanvas(
      width: Figure.pageWidth, height: 10 + height * Double(rows.count) + 46)
    var cut = 0
    for (row, entry) in rows.enumerated() {
      let bottom = 10 + height * Double(rows.count - row)
      let frame = PlotFrame(
        left: left, top: bottom - height + 3, width: right - left, height: height - 6,
        x: 0...duration, y: 0...top)
      if row % 2 == 1 {
        canvas.rect(left, bottom - height, right - left, height, fill: Palette.panel)
      }
      let color =
        entry.unit.isTentative ? Palette.orange : row % 2 == 0 ? Palette.blue : Palette.navy
      cut += draw(entry.rates, top: top, color: color, in: frame, on: &canvas)
      canvas.text(
        TextMetrics.fitted(entry.unit.id, size: 10.5, width: 112), left - 7,
        bottom - height / 2 + 3.5, size: 10.5, fill: Palette.muted, anchor: .end)
      if height >= 26 {
        let label = NumberText.significant(AxisTicks.floorStep(top), 2)
        let y = frame.y.position(AxisTicks.floorStep(top))
        canvas.line(right, y, right + 4, y, stroke: Palette.muted)
        canvas.text(label, right + 8, y + 3.5, size: 9.5, fill: Palette.muted)
      }
    }
    let all = PlotFrame(
      left: left, top: 10, width: right - left, height: height * Double(rows.count),
      x: 0...duration, y: 0...1)
    all.drawAxes(on: &canvas, xTitle: "Time (s)", yTitle: nil, yTicks: [])
    canvas.text("Unit", 14, (all.top + all.bottom) / 2, size: 11.5, anchor: .middle, rotation: -90)
    let absent = units.count - rows.count
    return Figure(
      id: id, title: title,
      caption: sentences([
        "One strip per unit from 0 to \(NumberText.significant(top, 2)) per second, one dot for each "
          + "interval: its inverse at its end. Intervals of half a second and more are pauses and are "
          + "left out.",
        cut > 0 ? "Hollow, at the upper edge: \(counted(cut, "faster interval"))." : nil,
        absent > 0 ? "\(counted(absent, "unit")) without two discharges in a row not shown." : nil,
      ]),
      drawing: canvas.svg(
        id: id, title: title, description: "Rates of \(counted(rows.count, "unit"))."))
  }

  /// Draws the dots as one path, and gives the number of those beyond the strip.
  private func draw(
    _ rates: [(time: Double, rate: Double)], top: Double, color: String, in frame: PlotFrame,
    on canvas: inout SVGCanvas
  ) -> Int {
    var path = SVGPath()
    var cut = 0
    for (time, rate) in rates where frame.x.contains(time) {
      let x = frame.x.position(time)
      if rate > top {
        cut += 1
        canvas.circle(x, frame.top, radius: 1.6, fill: Palette.paper, stroke: color)
        continue
      }
      let y = frame.y.position(rate)
      path.move(x - 0.9, y)
      path.line(x + 0.9, y)
    }
    canvas.stroked(path, stroke: color, width: 1.8)
    return cut
  }

  private static func rates(_ times: [Double]) -> [(time: Double, rate: Double)] {
    let usable = times.filter(\.isFinite)
    return zip(usable, usable.dropFirst()).compactMap { earlier, later in
      let interval = later - earlier
      return interval > 0 && interval < pause ? (later, 1 / interval) : nil
    }
  }
}
