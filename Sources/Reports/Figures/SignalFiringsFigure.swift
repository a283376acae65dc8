/// Stretches of a recording with the discharges of each unit marked and labelled above them.
public struct SignalFiringsFigure: FigureContent, Equatable {
  /// Channels in `amplitudeUnit`.
  public var channels: [[Float]]
  /// Samples per second, in Hz.
  public var samplingRate: Double
  /// Time of the first sample in seconds of the recording.
  public var startTime: Double
  /// Unit of the signal: "µV", or "a.u." where the recording has no calibration.
  public var amplitudeUnit: String
  /// Units whose discharges are labelled.
  public var units: [UnitDischarges]
  /// Seconds shown in one strip.
  public var stripSeconds: Double
  /// Strips shown at most.
  public var maximumStrips: Int

  /// A signal with its discharges.
  public init(
    channels: [[Float]], samplingRate: Double, startTime: Double = 0, units: [UnitDischarges],
    stripSeconds: Double = 1, maximumStrips: Int = 5, amplitudeUnit: String = "µV"
  ) {
    self.amplitudeUnit = amplitudeUnit
    self.channels = channels
    self.samplingRate = samplingRate
    self.startTime = startTime
    self.units = units
    self.stripSeconds = stripSeconds
    self.maximumStrips = maximumStrips
  }

  private var laneCount: Int { 3 }
  private var laneHeight: Double { 12 }

  /// Draws the strips from the start of the given signal.
  public func figure(id: String) -> Figure {
    let title = "Signal with labelled discharges"
    let length = channels.map(\.count).max() ?? 0
    guard length > 1, samplingRate > 0, stripSeconds > 0 else {
      return .empty(id: id, title: title, reason: "There is no signal to show.")
    }
    let duration = Double(length) / samplingRate
    let strips = min(max(1, Int((duration / stripSeconds).rounded(.up))), max(1, maximumStrips))
    let trackHeight = channels.count == 1 ? 78.0 : 52
    let header = Double(laneCount) * laneHeight + 8
    let stripHeight = header + trackHeight * Double(channels.count) + 26
    var canvas = SVGCanvas(
      width: Figure.pageWidth, height: stripHeight * Double(strips) + 22)
    let peak = scalePeak
    let lowest = AxisTicks.floorStep(peak)
    for strip in 0..<strips {
      draw(
        strip: strip, top: Double(strip) * stripHeight, header: header, trackHeight: trackHeight,
        peak: peak, bar: lowest, on: &canvas)
    }
    canvas.text(
      "Time (s)", Figure.pageWidth / 2, stripHeight * Double(strips) + 14, size: 12,
      anchor: .middle)
    let shownSeconds = min(duration, Double(strips) * stripSeconds)
    return Figure(
      id: id, title: title,
      caption: sentences([
        "\(NumberText.significant(shownSeconds, 3)) s of the recording; numbers name the unit that "
          + "discharges at the mark below them.",
        "Marks without a number had no room for one.",
        "Vertical bar: \(NumberText.significant(lowest, 2)) \(amplitudeUnit).",
      ]),
      drawing: canvas.svg(
        id: id, title: title,
        description: "\(counted(channels.count, "channel")) with discharges of "
          + "\(counted(units.count, "unit"))."))
  }

  /// A robust peak, so that one artefact does not flatten the signal.
  private var scalePeak: Double {
    var peaks: [Double] = []
    let block = max(1, Int(samplingRate * 0.05))
    for channel in channels {
      var start = 0
      while start < channel.count {
        let end = min(channel.count, start + block)
        peaks.append(
          Double(channel[start..<end].reduce(Float(0)) { $1.isFinite ? max($0, abs($1)) : $0 }))
        start = end
      }
    }
    peaks.sort()
    let value = peaks.isEmpty ? 0 : peaks[Int(Double(peaks.count - 1) * 0.98)]
    return value > 0 ? value : 1
  }

  private func draw(
    strip: Int, top: Double, header: Double, trackHeight: Double, peak: Double, bar: Double,
    on canvas: inout SVGCanvas
  ) {
    let (left, right) = (26.0, Figure.pageWidth - 14)
    let first = startTime + Double(strip) * stripSeconds
    let height = trackHeight * Double(channels.count)
    let frame = PlotFrame(
      left: left, top: top + header, width: right - left, height: height,
      x: first...(first + stripSeconds), y: -1...1)
    frame.drawAxes(on: &canvas, xTitle: nil, yTitle: nil, yTicks: [], fontSize: 10.5)
    drawLabels(in: frame, top: top, on: &canvas)
    let scale = 0.48 * trackHeight / peak
    for (index, channel) in channels.enumerated() {
      let middle = frame.top + (Double(index) + 0.5) * trackHeight
      let from = Int((Double(strip) * stripSeconds * samplingRate).rounded())
      let to = min(channel.count, from + Int((stripSeconds * samplingRate).rounded()) + 1)
      guard from < to else { continue }
      var path = SVGPath()
      path.polyline(
        TraceReduction.envelope(Array(channel[from..<to]), columns: Int(frame.width)).map {
          let time = first + $0.position / samplingRate
          let offset = min(max($0.value * scale, -trackHeight * 0.56), trackHeight * 0.56)
          return (frame.x.position(time), middle - offset)
        })
      canvas.stroked(path, stroke: Palette.navy, width: 0.8, join: "round")
    }
    let middle = frame.top + trackHeight / 2
    canvas.line(
      12, middle - bar * scale / 2, 12, middle + bar * scale / 2, stroke: Palette.ink, width: 1.5)
  }

  /// Labels in lanes, each mark at the lowest lane where its number has room.
  private func drawLabels(in frame: PlotFrame, top: Double, on canvas: inout SVGCanvas) {
    var firings: [(x: Double, unit: Int)] = []
    for (index, unit) in units.enumerated() {
      for time in unit.times where frame.x.contains(time) {
        firings.append((frame.x.position(time), index))
      }
    }
    firings.sort { ($0.x, $0.unit) < ($1.x, $1.unit) }
    var occupied = [Double](repeating: -.infinity, count: laneCount)
    let base = top + Double(laneCount) * laneHeight + 3
    for firing in firings {
      let color = Palette.color(firing.unit)
      let label = units[firing.unit].id
      let half = TextMetrics.width(label, size: 10.5) / 2 + 1.5
      canvas.line(firing.x, base, firing.x, base + 5, stroke: color, width: 1.3)
      guard let lane = occupied.indices.first(where: { occupied[$0] <= firing.x - half }) else {
        continue
      }
      occupied[lane] = firing.x + half
      canvas.text(
        label, firing.x, base - 3 - Double(lane) * laneHeight, size: 10.5, fill: color,
        anchor: .middle, isBold: true)
    }
  }
}
