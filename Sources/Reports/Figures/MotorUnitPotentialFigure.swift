/// Motor-unit potentials of a needle or surface channel: single discharges under their average.
public struct MotorUnitPotentialFigure: FigureContent, Equatable {
  /// The potentials of one unit.
  public struct Unit: Sendable, Equatable {
    /// The unit's name.
    public var id: String
    /// A second line, for example amplitude and duration.
    public var detail: String
    /// The average per channel, in the figure's unit.
    public var averages: [[Float]]
    /// Single discharges of the first channel, in the same unit, drawn faintly (shimmer).
    public var discharges: [[Float]]
    /// Positions in samples that are marked, for example onset and end.
    public var marks: [Double]

    /// The potentials of a unit.
    public init(
      id: String, detail: String = "", averages: [[Float]], discharges: [[Float]] = [],
      marks: [Double] = []
    ) {
      self.id = id
      self.detail = detail
      self.averages = averages
      self.discharges = discharges
      self.marks = marks
    }
  }

  /// Title of the figure.
  public var title: String
  /// Unit of the waveforms: "µV", or "a.u." where the recording has no calibration.
  public var amplitudeUnit: String
  /// The units to show.
  public var units: [Unit]
  /// Samples per second, in Hz.
  public var samplingRate: Double
  /// Whether all units share one vertical scale.
  public var hasCommonScale: Bool
  /// Single discharges drawn for each unit at most, spread over the recording.
  public var maximumDischarges: Int

  /// Potentials of units.
  public init(
    title: String = "Motor-unit potentials", units: [Unit], samplingRate: Double,
    hasCommonScale: Bool = false, maximumDischarges: Int = 25, amplitudeUnit: String = "µV"
  ) {
    self.amplitudeUnit = amplitudeUnit
    self.title = title
    self.units = units
    self.samplingRate = samplingRate
    self.hasCommonScale = hasCommonScale
    self.maximumDischarges = maximumDischarges
  }

  /// Draws one panel per unit.
  public func figure(id: String) -> Figure {
    let shown = units.filter { $0.averages.contains { $0.count > 1 } }
    guard !shown.isEmpty, samplingRate > 0 else {
      return .empty(id: id, title: title, reason: "There are no potentials to show.")
    }
    let across = Figure.panelsAcross(shown.count)
    let gap = 22.0
    let width = (Figure.pageWidth - gap * Double(across - 1)) / Double(across)
    let channels = shown.map(\.averages.count).max() ?? 1
    let trackHeight = channels == 1 ? 120.0 : (channels == 2 ? 80 : 58)
    let height = 38 + trackHeight * Double(channels) + 34
    let lines = (shown.count + across - 1) / across
    var canvas = SVGCanvas(width: Figure.pageWidth, height: Double(lines) * (height + 8))
    let common = shown.map { Self.peak($0) }.max() ?? 0
    for (index, unit) in shown.enumerated() {
      draw(
        unit, x: Double(index % across) * (width + gap),
        y: Double(index / across) * (height + 8), width: width, trackHeight: trackHeight,
        peak: hasCommonScale ? common : Self.peak(unit), on: &canvas)
    }
    let hasShimmer = shown.contains { !$0.discharges.isEmpty }
    return Figure(
      id: id, title: title,
      caption: sentences([
        hasShimmer
          ? "Grey: up to \(maximumDischarges) single discharges, aligned; dark: their average."
          : nil,
        channels > 1 ? "Channels from top to bottom." : nil,
        shown.contains { !$0.marks.isEmpty } ? "Dashed: onset and end of the potential." : nil,
        hasCommonScale
          ? "All units share one vertical scale."
          : "Every unit has its own vertical scale, given by its bar.",
      ]),
      drawing: canvas.svg(
        id: id, title: title, description: "Potentials of \(counted(shown.count, "unit"))."))
  }

  private func draw(
    _ unit: Unit, x: Double, y: Double, width: Double, trackHeight: Double, peak: Double,
    on canvas: inout SVGCanvas
  ) {
    canvas.text("Unit \(unit.id)", x, y + 13, size: 12, isBold: true)
    canvas.text(
      TextMetrics.fitted(unit.detail, size: 10.5, width: width), x, y + 28, size: 10.5,
      fill: Palette.muted)
    let top = y + 36
    let height = trackHeight * Double(unit.averages.count)
    canvas.rect(x, top, width, height, fill: Palette.panel, radius: 3)
    let length = unit.averages.map(\.count).max() ?? 0
    guard peak > 0, length > 1 else { return }
    let scale = 0.45 * trackHeight / peak
    let step = (width - 12) / Double(length - 1)
    for mark in unit.marks where mark >= 0 && mark <= Double(length - 1) {
      let position = x + 6 + mark * step
      canvas.line(position, top + 2, position, top + height - 2, stroke: Palette.muted, dash: "3 3")
    }
    let stride = max(1, (unit.discharges.count + maximumDischarges - 1) / max(1, maximumDischarges))
    for (index, discharge) in unit.discharges.enumerated() where index % stride == 0 {
      draw(
        discharge, x: x + 6, middle: top + trackHeight / 2, step: step, scale: scale,
        limits: top...(top + height), stroke: Palette.faint, width: 0.6, on: &canvas)
    }
    for (channel, average) in unit.averages.enumerated() {
      draw(
        average, x: x + 6, middle: top + (Double(channel) + 0.5) * trackHeight, step: step,
        scale: scale, limits: top...(top + height), stroke: Palette.navy, width: 1.6, on: &canvas)
    }
    drawScales(
      x: x, bottom: top + height, width: width, scale: scale, step: step, peak: peak, on: &canvas)
  }

  private func draw(
    _ waveform: [Float], x: Double, middle: Double, step: Double, scale: Double,
    limits: ClosedRange<Double>, stroke: String, width: Double, on canvas: inout SVGCanvas
  ) {
    let columns = max(40, Int(Double(waveform.count) * step))
    var path = SVGPath()
    path.polyline(
      TraceReduction.envelope(waveform, columns: columns).map { point in
        let position = middle - point.value * scale
        let inside = min(max(position, limits.lowerBound + 1), limits.upperBound - 1)
        return (x + point.position * step, inside)
      })
    canvas.stroked(path, stroke: stroke, width: width, join: "round")
  }

  private func drawScales(
    x: Double, bottom: Double, width: Double, scale: Double, step: Double, peak: Double,
    on canvas: inout SVGCanvas
  ) {
    let amplitude = AxisTicks.floorStep(18 / scale)
    canvas.line(
      x + 5, bottom + 5, x + 5, bottom + 5 + amplitude * scale, stroke: Palette.ink, width: 1.5)
    let isLarge = amplitude >= 1000 && amplitudeUnit == "µV"
    canvas.text(
      NumberText.significant(isLarge ? amplitude / 1000 : amplitude, 2) + " "
        + (isLarge ? "mV" : amplitudeUnit),
      x + 11, bottom + 18, size: 10.5, fill: Palette.muted)
    let perMillisecond = step * samplingRate / 1000
    let duration = AxisTicks.floorStep(width * 0.3 / perMillisecond)
    let label = NumberText.significant(duration, 2) + " ms"
    let labelWidth = TextMetrics.width(label, size: 10.5)
    let end = x + width - 6 - labelWidth - 6
    canvas.line(
      end - duration * perMillisecond, bottom + 14, end, bottom + 14, stroke: Palette.ink,
      width: 1.5)
    canvas.text(label, x + width - 6, bottom + 18, size: 10.5, fill: Palette.muted, anchor: .end)
  }

  private static func peak(_ unit: Unit) -> Double {
    Double(
      unit.averages.reduce(Float(0)) { largest, waveform in
        waveform.reduce(largest) { $1.isFinite ? max($0, abs($1)) : $0 }
      })
  }
}
