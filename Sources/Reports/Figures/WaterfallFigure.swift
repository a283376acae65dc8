/// The change of slope of each patient as sorted bars.
public struct WaterfallFigure: FigureContent, Equatable {
  /// What ended a patient's course.
  public enum Ending: Sendable, Equatable {
    /// Death or an equivalent, such as permanent ventilation.
    case death
    /// Withdrawal.
    case withdrawal
  }

  /// One patient's change.
  public struct Bar: Sendable, Equatable {
    /// Pseudonym.
    public var pseudonym: String
    /// Slowing in percent of the slope before: 100 is a full arrest, negative is faster; not a number
    /// where there was no decline before, of which nothing is a share.
    public var slowingPercent: Double
    /// Place of the patient's arm in `arms`.
    public var arm: Int
    /// What ended the course; nil where it goes on.
    public var ending: Ending?

    /// A patient's change.
    public init(pseudonym: String, slowingPercent: Double, arm: Int = 0, ending: Ending? = nil) {
      self.pseudonym = pseudonym
      self.slowingPercent = slowingPercent
      self.arm = arm
      self.ending = ending
    }
  }

  /// The patients, in any order.
  public var bars: [Bar]
  /// Names of the arms.
  public var arms: [String]
  /// Slowing from which a patient counts as a responder, in percent.
  public var responderPercent: Double?
  /// Slowing that one patient in ten reaches by chance in this schedule, in percent.
  public var chancePercent: Double?
  /// Patients called responders by their probability of that slowing, and how many were judged.
  public var responders: Responders?

  /// Responders by probability beside what chance gives.
  public struct Responders: Sendable, Equatable {
    /// Patients called.
    public var count: Int
    /// Patients judged.
    public var judged: Int
    /// Share that the same rule calls by chance in this schedule, 0 to 1.
    public var chanceShare: Double?

    /// Counts of responders.
    public init(count: Int, judged: Int, chanceShare: Double? = nil) {
      self.count = count
      self.judged = judged
      self.chanceShare = chanceShare
    }
  }

  /// A waterfall of patients.
  public init(
    bars: [Bar], arms: [String] = [], responderPercent: Double? = 50,
    chancePercent: Double? = nil, responders: Responders? = nil
  ) {
    self.bars = bars
    self.arms = arms
    self.responderPercent = responderPercent
    self.chancePercent = chancePercent
    self.responders = responders
  }

  /// Bars beyond this are cut and their value written, so that one cannot flatten the rest.
  private var limit: Double { 200 }

  /// Draws the bars from the largest slowing to the largest acceleration.
  public func figure(id: String) -> Figure {
    let title = "Change of slope by patient"
    let shown = bars.filter(\.slowingPercent.isFinite).sorted {
      ($1.slowingPercent, $0.pseudonym) < ($0.slowingPercent, $1.pseudonym)
    }
    guard !shown.isEmpty else {
      return .empty(id: id, title: title, reason: "There are no changes of slope to show.")
    }
    let values = shown.map { min(max($0.slowingPercent, -limit), limit) }
    let lines = [responderPercent, chancePercent].compactMap { $0 }.filter { abs($0) <= limit }
    let range = AxisScale.range(values + lines + [0]) ?? -100...100
    let y = AxisScale.padded(range, by: 0.1)
    let left = 72.0
    // The names of the lines stand beside the plot, clear of the bars.
    let rightMargin = 128.0
    let showsNames = shown.count <= 40
    let top = arms.isEmpty && shown.allSatisfy { $0.ending == nil } ? 12.0 : 40
    var canvas = SVGCanvas(width: Figure.pageWidth, height: top + (showsNames ? 350 : 304))
    let frame = PlotFrame(
      left: left, top: top, width: Figure.pageWidth - left - rightMargin, height: 290,
      x: 0...Double(shown.count), y: y)
    frame.drawAxes(
      on: &canvas, xTitle: nil, yTitle: "Slowing of the decline (%)", xTicks: [])
    let zero = frame.y.clampedPosition(0)
    let slot = frame.width / Double(shown.count)
    let width = min(26, slot * 0.74)
    for (index, bar) in shown.enumerated() {
      draw(
        bar, centre: frame.left + (Double(index) + 0.5) * slot, width: width, zero: zero,
        showsName: showsNames, in: frame, on: &canvas)
    }
    canvas.line(frame.left, zero, frame.right, zero, stroke: Palette.ink)
    drawLines(in: frame, on: &canvas)
    drawLegend(shown, left: left, on: &canvas)
    return Figure(
      id: id, title: title, caption: caption(shown),
      drawing: canvas.svg(
        id: id, title: title, description: "Changes of \(counted(shown.count, "patient"))."))
  }

  private func caption(_ shown: [Bar]) -> String {
    let reaching = responderPercent.map { line in
      "\(shown.count { $0.slowingPercent >= line }) of \(counted(shown.count, "bar")) reach "
        + "\(NumberText.fixed(line, 0)) %."
    }
    let cut = shown.count { abs($0.slowingPercent) > limit }
    return sentences([
      "100 % is a full arrest of the decline; negative values are a faster decline.", reaching,
      responders.map { found in
        "\(found.count) of \(counted(found.judged, "patient")) respond with a probability of 0.8 or "
          + "more"
          + (found.chanceShare.map {
            "; by chance alone \(NumberText.percent($0, $0 < 0.1 ? 1 : 0)) would in this schedule."
          } ?? ".")
      },
      cut > 0 ? "\(counted(cut, "bar")) beyond \(NumberText.fixed(limit, 0)) % cut." : nil,
      bars.count > shown.count
        ? "\(counted(bars.count - shown.count, "patient")) without a decline before left out."
        : nil,
    ])
  }

  private func draw(
    _ bar: Bar, centre: Double, width: Double, zero: Double, showsName: Bool,
    in frame: PlotFrame, on canvas: inout SVGCanvas
  ) {
    let value = min(max(bar.slowingPercent, -limit), limit)
    let end = frame.y.position(value)
    canvas.rect(
      centre - width / 2, min(zero, end), width, max(0.8, abs(end - zero)),
      fill: Palette.color(bar.arm), opacity: 0.85)
    let outwards = value >= 0 ? -1.0 : 1.0
    if let ending = bar.ending {
      drawEnding(ending, x: centre, y: end + outwards * 9, on: &canvas)
    }
    if showsName, frame.width / Double(bars.count) > 56 {
      canvas.text(
        TextMetrics.fittedName(bar.pseudonym, size: 11, width: 54), centre, frame.bottom + 16,
        size: 11, fill: Palette.muted, anchor: .middle)
    } else if showsName {
      canvas.text(
        TextMetrics.fittedName(bar.pseudonym, size: 9.5, width: 52), centre + 3.4,
        frame.bottom + 10,
        size: 9.5, fill: Palette.muted, anchor: .end, rotation: -90)
    }
  }

  private func drawEnding(
    _ ending: Ending, x: Double, y: Double, on canvas: inout SVGCanvas
  ) {
    switch ending {
    case .death:
      var path = SVGPath()
      path.polyline([(x - 3.5, y - 3.5), (x + 3.5, y + 3.5)])
      path.polyline([(x - 3.5, y + 3.5), (x + 3.5, y - 3.5)])
      canvas.stroked(path, stroke: Palette.ink, width: 1.6)
    case .withdrawal:
      canvas.circle(x, y, radius: 3.4, fill: Palette.paper, stroke: Palette.ink, strokeWidth: 1.4)
    }
  }

  /// The lines of responders and of chance, with their names pushed apart where they are close.
  private func drawLines(in frame: PlotFrame, on canvas: inout SVGCanvas) {
    let lines: [(value: Double?, label: String, dash: String?)] = [
      (responderPercent, "responder", nil),
      (chancePercent, "1 in 10 by chance", "5 4"),
    ]
    var free = -Double.infinity
    for line in lines.sorted(by: { ($0.value ?? -.infinity) > ($1.value ?? -.infinity) }) {
      guard let value = line.value, frame.y.contains(value) else { continue }
      let y = frame.y.position(value)
      canvas.line(frame.left, y, frame.right, y, stroke: Palette.ink, width: 1.1, dash: line.dash)
      var place = max(y + 4, free)
      for part in [line.label + ",", "\(NumberText.fixed(value, 0)) %"] {
        canvas.text(part, frame.right + 8, place, size: 11)
        place += 14
      }
      free = place
    }
  }

  private func drawLegend(_ shown: [Bar], left: Double, on canvas: inout SVGCanvas) {
    var x = left
    for (index, name) in arms.enumerated() {
      canvas.rect(x, 9, 12, 12, fill: Palette.color(index), opacity: 0.85)
      canvas.text(name, x + 18, 19, size: 11.5)
      x += 18 + TextMetrics.width(name, size: 11.5) + 22
    }
    for (ending, name) in [(Ending.death, "death"), (.withdrawal, "withdrawal")]
    where shown.contains(where: { $0.ending == ending }) {
      drawEnding(ending, x: x + 5, y: 15, on: &canvas)
      canvas.text(name, x + 15, 19, size: 11.5)
      x += 15 + TextMetrics.width(name, size: 11.5) + 22
    }
  }
}
