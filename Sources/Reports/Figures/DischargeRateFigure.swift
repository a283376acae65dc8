import Foundation

/// Smoothed discharge rates of the units over time.
public struct DischargeRateFigure: FigureContent, Equatable {
  /// The units to show.
  public var units: [UnitDischarges]
  /// Length of the recording in seconds.
  public var duration: Double
  /// Length of the Hann window that smooths the rates, in seconds.
  public var smoothingSeconds: Double
  /// A trace behind the rates, for example the force.
  public var trace: SampledTrace?

  /// Rates of units over a recording.
  public init(
    units: [UnitDischarges], duration: Double, smoothingSeconds: Double = 1,
    trace: SampledTrace? = nil
  ) {
    precondition(smoothingSeconds > 0, "the smoothing window has a positive length")
    self.units = units
    self.duration = duration
    self.smoothingSeconds = smoothingSeconds
    self.trace = trace
  }

  /// Draws one line per unit, interrupted where the unit pauses for more than a second.
  public func figure(id: String) -> Figure {
    let title = "Smoothed discharge rates"
    guard duration.isFinite, duration > 0 else {
      return .empty(id: id, title: title, reason: "The recording has no length.")
    }
    let curves = units.map { smoothedRate($0.times) }
    guard let range = AxisScale.range(curves.joined().map(\.rate)) else {
      return .empty(id: id, title: title, reason: "No unit discharged long enough for a rate.")
    }
    let left = 64.0
    let right = Figure.pageWidth - 56
    let isCrowded = units.count > Palette.series.count
    let legendHeight = isCrowded ? 0.0 : 20
    var canvas = SVGCanvas(width: Figure.pageWidth, height: legendHeight + 300)
    let frame = PlotFrame(
      left: left, top: legendHeight + 12, width: right - left, height: 236, x: 0...duration,
      y: 0...(range.upperBound * 1.06))
    frame.drawAxes(on: &canvas, xTitle: "Time (s)", yTitle: "Discharge rate (1/s)")
    if let trace, let values = AxisScale.range(trace.values.lazy.map(Double.init)) {
      let low = values.lowerBound >= 0 ? 0 : values.lowerBound
      let behind = PlotFrame(
        left: left, top: legendHeight + 12, width: right - left, height: 236, x: 0...duration,
        y: low...max(low + 1e-9, values.upperBound * 1.1))
      trace.draw(in: behind, on: &canvas, stroke: Palette.faint, width: 1.6)
      for tick in behind.y.ticks(about: 4) where behind.y.contains(tick.value) {
        canvas.text(
          tick.label, right + 6, behind.y.position(tick.value) + 4, size: 11, fill: Palette.faint)
      }
      canvas.text(
        trace.axisTitle, Figure.pageWidth - 10, legendHeight + 130, size: 11.5, fill: Palette.muted,
        anchor: .middle, rotation: -90)
    }
    if !isCrowded { drawLegend(left: left, on: &canvas) }
    for (index, curve) in curves.enumerated() {
      var path = SVGPath()
      path.polyline(curve.map { frame.point($0.time, $0.rate) })
      canvas.stroked(
        path, stroke: Palette.color(index), width: isCrowded ? 0.9 : 1.5,
        opacity: isCrowded ? 0.75 : nil, join: "round")
    }
    return Figure(
      id: id, title: title,
      caption: sentences([
        "One line per unit, smoothed with a Hann window of "
          + "\(NumberText.significant(smoothingSeconds, 2)) s; pauses of more than a second "
          + "interrupt the line.",
        trace.map { "Grey: \($0.axisTitle)." },
      ]),
      drawing: canvas.svg(
        id: id, title: title,
        description: "Rates of \(counted(units.count, "unit")), at most "
          + "\(NumberText.fixed(range.upperBound, 1)) per second."))
  }

  private func drawLegend(left: Double, on canvas: inout SVGCanvas) {
    var x = left
    for (index, unit) in units.enumerated() {
      let label = TextMetrics.fitted("Unit \(unit.id)", size: 11.5, width: 60)
      canvas.line(x, 12, x + 18, 12, stroke: Palette.color(index), width: 1.5)
      canvas.text(label, x + 23, 16, size: 11.5)
      x += 23 + TextMetrics.width(label, size: 11.5) + 16
    }
  }

  /// Window-weighted mean of the instantaneous rates, on a grid of at most 240 times.
  private func smoothedRate(_ times: [Double]) -> [(time: Double, rate: Double)] {
    let usable = times.filter(\.isFinite)
    guard usable.count > 2, let first = usable.first, let last = usable.last, last > first else {
      return []
    }
    let step = max(duration / 240, 0.05)
    let half = smoothingSeconds / 2
    var result: [(time: Double, rate: Double)] = []
    var start = 0
    for time in stride(from: first, through: last, by: step) {
      while start < usable.count - 1, usable[start + 1] < time - half { start += 1 }
      var weighted = 0.0
      var weights = 0.0
      var index = start
      while index < usable.count - 1, usable[index] <= time + half {
        let interval = usable[index + 1] - usable[index]
        let centre = (usable[index + 1] + usable[index]) / 2
        if interval > 0, interval <= 1, abs(centre - time) < half {
          let weight = 0.5 + 0.5 * cos(.pi * (centre - time) / half)
          // Weighting by the interval keeps a doublet from dominating its window.
          weighted += weight
          weights += weight * interval
        }
        index += 1
      }
      result.append((time, weights > 0 ? weighted / weights : .nan))
    }
    return result
  }
}
