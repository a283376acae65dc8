/// The spike trains of all units as a raster, under the force or the units' mean discharge rate.
public struct SpikeRasterFigure: FigureContent, Equatable {
  /// The units to show.
  public var units: [UnitDischarges]
  /// Length of the recording in seconds.
  public var duration: Double
  /// A trace above the raster; nil shows the mean discharge rate of the active units.
  public var trace: SampledTrace?
  /// Whether rows are ordered by first discharge, the first recruited at the bottom.
  public var isOrderedByRecruitment: Bool

  /// A raster over a recording.
  public init(
    units: [UnitDischarges], duration: Double, trace: SampledTrace? = nil,
    isOrderedByRecruitment: Bool = true
  ) {
    self.units = units
    self.duration = duration
    self.trace = trace
    self.isOrderedByRecruitment = isOrderedByRecruitment
  }

  /// Draws the raster; each unit is one path.
  public func figure(id: String) -> Figure {
    let title = "Spike trains of the identified units"
    guard !units.isEmpty, duration.isFinite, duration > 0 else {
      return .empty(id: id, title: title, reason: "No units were identified in this recording.")
    }
    let rows = ordered()
    let rowHeight = min(14, max(5, 560 / Double(rows.count)))
    let widest = rows.map { TextMetrics.width($0.id, size: 10.5) }.max() ?? 0
    let left = 34 + min(max(widest, 30), 110)
    let right = Figure.pageWidth - 62
    let (traceTop, traceHeight) = (12.0, 84.0)
    let rasterTop = traceTop + traceHeight + 18
    let rasterHeight = rowHeight * Double(rows.count)
    var canvas = SVGCanvas(width: Figure.pageWidth, height: rasterTop + rasterHeight + 46)

    let upper = upperTrace(rows)
    let values = AxisScale.range(upper.values.lazy.map(Double.init)) ?? 0...1
    let low = values.lowerBound >= 0 ? 0 : values.lowerBound
    let frame = PlotFrame(
      left: left, top: traceTop, width: right - left, height: traceHeight, x: 0...duration,
      y: low...max(low + 1e-9, values.upperBound * 1.05))
    frame.drawAxes(
      on: &canvas, xTitle: nil, yTitle: nil, yTicks: frame.y.ticks(about: 3), hasXLabels: false)
    canvas.text(
      upper.axisTitle, 14, traceTop + traceHeight / 2,
      size: 11.5, anchor: .middle, rotation: -90)
    upper.draw(in: frame, on: &canvas, stroke: Palette.muted, width: 1)

    let raster = PlotFrame(
      left: left, top: rasterTop, width: right - left, height: rasterHeight, x: 0...duration,
      y: 0...Double(rows.count))
    drawRows(rows, rowHeight: rowHeight, in: raster, on: &canvas)
    raster.drawAxes(on: &canvas, xTitle: "Time (s)", yTitle: nil, yTicks: [])
    let total = rows.reduce(0) { $0 + $1.times.count }
    let tentative = rows.filter(\.isTentative).count
    let outside = rows.reduce(0) { sum, unit in
      sum + unit.times.count { !$0.isFinite || $0 < 0 || $0 > duration }
    }
    return Figure(
      id: id, title: title,
      caption: sentences([
        "One row per unit, one mark per discharge"
          + (isOrderedByRecruitment ? ", ordered by first discharge from the bottom up." : "."),
        rowHeight >= 9
          ? "Right: mean discharge rate of the unit in 1/s, pauses of half a second and more left out."
          : nil,
        trace == nil ? "Above: mean discharge rate of the units active in each second." : nil,
        tentative > 0 ? "Orange rows: \(counted(tentative, "tentative unit"))." : nil,
        outside > 0 ? "\(counted(outside, "discharge")) outside the recording left out." : nil,
      ]),
      drawing: canvas.svg(
        id: id, title: title,
        description: "\(counted(rows.count, "unit")) with \(counted(total, "discharge")) over "
          + "\(NumberText.significant(duration, 3)) seconds."))
  }

  /// Rows from the bottom upwards.
  private func ordered() -> [UnitDischarges] {
    guard isOrderedByRecruitment else { return units.reversed() }
    return units.enumerated().sorted { a, b in
      let (first, second) = (a.element.times.first ?? .infinity, b.element.times.first ?? .infinity)
      return first == second ? a.offset < b.offset : first < second
    }.map(\.element)
  }

  private func drawRows(
    _ rows: [UnitDischarges], rowHeight: Double, in frame: PlotFrame, on canvas: inout SVGCanvas
  ) {
    // Marks of whole units keep the path of a dense train a third shorter.
    let mark = max(3, (rowHeight * (rowHeight > 8 ? 0.72 : 0.84)).rounded())
    let labelSize = min(10.5, rowHeight * 0.95)
    let labelEvery = rowHeight >= 9 ? 1 : 5
    for (row, unit) in rows.enumerated() {
      let centre = frame.bottom - (Double(row) + 0.5) * rowHeight
      if row % 2 == 1 {
        canvas.rect(
          frame.left, centre - rowHeight / 2, frame.width, rowHeight, fill: Palette.panel)
      }
      var path = SVGPath()
      var lastPosition = -Double.infinity
      for time in unit.times where time.isFinite && time >= 0 && time <= duration {
        let position = frame.x.position(time)
        // Marks nearer than the drawing grid would be written twice at the same place.
        if position - lastPosition < 0.1 { continue }
        lastPosition = position
        path.move(position, centre - mark / 2)
        path.line(position, centre + mark / 2)
      }
      let color =
        unit.isTentative ? Palette.orange : (row % 2 == 0 ? Palette.blue : Palette.navy)
      canvas.stroked(path, stroke: color, width: rows.count > 40 ? 0.8 : 1)
      if row % labelEvery == 0 {
        let size = rowHeight >= 9 ? labelSize : 9
        canvas.text(
          TextMetrics.fitted(unit.id, size: size, width: 112), frame.left - 7,
          centre + size * 0.35, size: size, fill: Palette.muted, anchor: .end)
      }
      if rowHeight >= 9, let rate = Self.meanRate(unit.times) {
        canvas.text(
          NumberText.fixed(rate, 1), frame.right + 38, centre + labelSize * 0.35,
          size: labelSize, fill: Palette.muted, anchor: .end)
      }
    }
    canvas.text(
      "Unit", 14, (frame.top + frame.bottom) / 2, size: 11.5, anchor: .middle, rotation: -90)
  }

  /// Intervals per second of firing: pauses of half a second and more are left out.
  static func meanRate(_ times: [Double]) -> Double? {
    let intervals = zip(times.dropFirst(), times).map { $0 - $1 }.filter { $0 > 0 && $0 < 0.5 }
    guard !intervals.isEmpty else { return nil }
    return Double(intervals.count) / intervals.reduce(0, +)
  }

  private func upperTrace(_ rows: [UnitDischarges]) -> SampledTrace {
    if let trace { return trace }
    let step = 0.25
    let count = max(1, Int((duration / step).rounded(.up)))
    var discharges = [Double](repeating: 0, count: count)
    var active = [Double](repeating: 0, count: count)
    for unit in rows {
      var bins = [Int](repeating: 0, count: count)
      for time in unit.times where time >= 0 && time < duration {
        bins[min(count - 1, Int(time / step))] += 1
      }
      for bin in 0..<count {
        let first = max(0, bin - 2)
        let last = min(count - 1, bin + 1)
        let sum = bins[first...last].reduce(0, +)
        if sum > 0 {
          discharges[bin] += Double(sum) / (Double(last - first + 1) * step)
          active[bin] += 1
        }
      }
    }
    let rates = zip(discharges, active).map { $1 > 0 ? Float($0 / $1) : 0 }
    return SampledTrace(name: "Rate", unit: "1/s", values: rates, samplingRate: 1 / step)
  }
}
