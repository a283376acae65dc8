/// Identified active units per sliding window over time, with the share of power they explain.
public struct ActiveUnitCountFigure: FigureContent, Equatable {
  /// The count of one window position.
  public struct Window: Sendable, Equatable {
    /// Centre of the window in seconds.
    public var time: Double
    /// Units with enough discharges in the window.
    public var count: Int
    /// Share of the signal power above the noise that the units explain, 0 to 1; nil if unknown.
    public var completeness: Double?

    /// Mean discharge rate of the active units in 1/s; nil where none is active.
    public var meanRate: Double?

    /// A window's count.
    public init(time: Double, count: Int, completeness: Double? = nil, meanRate: Double? = nil) {
      self.time = time
      self.count = count
      self.completeness = completeness
      self.meanRate = meanRate
    }
  }

  /// Counts of one window length.
  public struct Series: Sendable, Equatable {
    /// Window length in seconds.
    public var windowSeconds: Double
    /// Windows in order of time.
    public var windows: [Window]

    /// The counts of a window length.
    public init(windowSeconds: Double, windows: [Window]) {
      self.windowSeconds = windowSeconds
      self.windows = windows
    }
  }

  /// One or two window lengths; the first is drawn strongest.
  public var series: [Series]
  /// Length of the recording in seconds.
  public var duration: Double
  /// Discharges that make a unit active in a window.
  public var minimumDischarges: Int

  /// Counts over a recording.
  public init(series: [Series], duration: Double, minimumDischarges: Int = 4) {
    self.series = series
    self.duration = duration
    self.minimumDischarges = minimumDischarges
  }

  /// Draws the counts, and the completeness below them where it is known.
  public func figure(id: String) -> Figure {
    let title = "Identified active units over time"
    let all = series.flatMap(\.windows)
    guard !all.isEmpty, duration.isFinite, duration > 0 else {
      return .empty(id: id, title: title, reason: "The recording is shorter than one window.")
    }
    let completeness = (series.first?.windows ?? []).compactMap { window in
      window.completeness.flatMap { $0.isFinite ? (window.time, min(max($0, 0), 1)) : nil }
    }
    let (left, right) = (64.0, Figure.pageWidth - 62)
    let hasShare = !completeness.isEmpty
    var canvas = SVGCanvas(width: Figure.pageWidth, height: hasShare ? 332 : 238)
    let top = max(1, all.map(\.count).max() ?? 1)
    let frame = PlotFrame(
      left: left, top: 30, width: right - left, height: 162, x: 0...duration,
      y: 0...(Double(top) * 1.08))
    frame.drawAxes(
      on: &canvas, xTitle: hasShare ? nil : "Time (s)", yTitle: nil,
      yTicks: frame.y.ticks(about: 4).filter { $0.value == $0.value.rounded() },
      hasXLabels: !hasShare)
    canvas.text("Identified units", 14, 111, size: 11.5, anchor: .middle, rotation: -90)
    for (index, entry) in series.enumerated().reversed() {
      var path = SVGPath()
      path.polyline(entry.windows.map { frame.point($0.time, Double($0.count)) })
      canvas.stroked(
        path, stroke: index == 0 ? Palette.blue : Palette.color(index), width: index == 0 ? 2 : 1,
        join: "round")
      if entry.windows.count == 1, let only = entry.windows.first {
        let (x, y) = frame.point(only.time, Double(only.count))
        canvas.circle(x, y, radius: 3.5, fill: Palette.color(index))
      }
    }
    drawLegend(on: &canvas, right: right)
    if hasShare {
      let lower = PlotFrame(
        left: left, top: 212, width: right - left, height: 74, x: 0...duration, y: 0...1)
      let ticks = [0, 0.5, 1].map { AxisTick(value: $0, label: NumberText.percent($0)) }
      lower.drawAxes(on: &canvas, xTitle: "Time (s)", yTitle: nil, yTicks: ticks)
      canvas.text("Completeness", 14, 249, size: 11.5, anchor: .middle, rotation: -90)
      var path = SVGPath()
      path.polyline(completeness.map { lower.point($0.0, $0.1) })
      canvas.stroked(path, stroke: Palette.green, width: 1.6, join: "round")
    }
    return Figure(
      id: id, title: title,
      caption: sentences([
        "A unit is active in a window that holds at least \(minimumDischarges) of its discharges.",
        hasShare
          ? "Below: power completeness, the share of the signal's power above the noise that the "
            + "identified units explain; it is not the share of units found." : nil,
        "A count of detections, not of motor units.",
      ]),
      drawing: canvas.svg(
        id: id, title: title,
        description: "At most \(counted(top, "identified unit")) active in one window."))
  }

  private func drawLegend(on canvas: inout SVGCanvas, right: Double) {
    var position = right
    for (index, entry) in series.enumerated().reversed() {
      let label = "\(NumberText.significant(entry.windowSeconds, 3)) s window"
      canvas.text(label, position, 18, size: 11.5, fill: Palette.muted, anchor: .end)
      position -= TextMetrics.width(label, size: 11.5) + 6
      canvas.line(
        position - 20, 14, position, 14, stroke: Palette.color(index), width: index == 0 ? 2 : 1)
      position -= 38
    }
  }
}
