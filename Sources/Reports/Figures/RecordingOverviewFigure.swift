import Foundation

/// A first look at a recording: amplitude over the electrode grids, and every channel with its
/// quality.
public struct RecordingOverviewFigure: FigureContent, Equatable {
  /// One channel.
  public struct Channel: Sendable, Equatable {
    /// Its name.
    public var name: String
    /// Smallest and largest value of equal stretches of time, one after the other.
    public var extremes: [Float]
    /// Standard deviation in the figure's unit.
    public var rms: Double
    /// Share of the power at the mains frequency and its harmonics, 0 to 1.
    public var humShare: Double
    /// Share of samples at the end of the range, 0 to 1.
    public var clippedShare: Double
    /// Share of the time without change, 0 to 1.
    public var deadShare: Double

    /// A channel.
    public init(
      name: String, extremes: [Float], rms: Double, humShare: Double, clippedShare: Double,
      deadShare: Double
    ) {
      self.name = name
      self.extremes = extremes
      self.rms = rms
      self.humShare = humShare
      self.clippedShare = clippedShare
      self.deadShare = deadShare
    }

    /// What a first look questions, by the limits of the texts beside it.
    var isDoubtful: Bool {
      humShare > 0.1 || clippedShare > 0.001 || deadShare > 0.05 || rms == 0
    }
  }

  /// An electrode grid: of each site, row by row, the index of its channel.
  public struct Grid: Sendable, Equatable {
    /// The grid's name; empty where it has none.
    public var name: String
    /// Number of rows.
    public var rows: Int
    /// Number of columns.
    public var columns: Int
    /// Index into the figure's channels, nil where there is no electrode.
    public var channels: [Int?]

    /// A grid.
    public init(name: String, rows: Int, columns: Int, channels: [Int?]) {
      self.name = name
      self.rows = rows
      self.columns = columns
      self.channels = channels
    }
  }

  /// The channels in their order.
  public var channels: [Channel]
  /// The grids; empty where the layout is not known.
  public var grids: [Grid]
  /// Length in seconds.
  public var duration: Double
  /// Unit of the amplitudes.
  public var unit: String

  /// An overview.
  public init(channels: [Channel], grids: [Grid], duration: Double, unit: String) {
    self.channels = channels
    self.grids = grids
    self.duration = duration
    self.unit = unit
  }

  /// Most channels that get a line of their own.
  private static let lineLimit = 160
  private static let nameWidth = 92.0
  private static let columnWidth = 52.0

  /// Draws the maps above the traces.
  public func figure(id: String) -> Figure {
    let title = "Overview of the recording"
    guard !channels.isEmpty, duration > 0 else {
      return .empty(id: id, title: title, reason: "There are no channels to show.")
    }
    let shown = Array(channels.prefix(Self.lineLimit))
    let lineHeight = max(9.5, min(26, 620 / Double(shown.count)))
    let maps = mapPlaces()
    let mapHeight = maps.map { $0.y + $0.cell * Double(grids[$0.grid].rows) + 16 }.max() ?? 0
    let top = mapHeight + 26
    let height = top + lineHeight * Double(shown.count) + 40
    var canvas = SVGCanvas(width: Figure.pageWidth, height: height)
    let amplitudes = channels.map(\.rms).filter { $0 > 0 && $0.isFinite }.sorted()
    let (low, high) = (amplitudes.first ?? 0, amplitudes.last ?? 1)
    for place in maps { draw(place, low: low, high: high, on: &canvas) }
    if !maps.isEmpty { drawScale(low: low, high: high, on: &canvas) }
    draw(shown, top: top, lineHeight: lineHeight, on: &canvas)
    let doubtful = channels.filter(\.isDoubtful).count
    return Figure(
      id: id, title: title,
      caption: sentences([
        grids.isEmpty
          ? "The layout of the electrodes is not known." : "Above: RMS at each electrode.",
        "Traces: smallest and largest value of each stretch, all on one scale.",
        doubtful > 0
          ? "Orange: \(counted(doubtful, "channel")) with more than 10 % hum, 0.1 % clipped samples or "
            + "5 % dead time, or without signal." : nil,
        channels.count > shown.count
          ? "Of \(channels.count) channels the first \(shown.count) are shown." : nil,
      ]),
      drawing: canvas.svg(
        id: id, title: title,
        description: "\(counted(channels.count, "channel")), \(doubtful) of them doubtful."))
  }

  // MARK: Maps

  private struct MapPlace {
    var grid: Int
    var x: Double
    var y: Double
    var cell: Double
  }

  /// Grids beside each other, in lines of the page's width.
  private func mapPlaces() -> [MapPlace] {
    var result: [MapPlace] = []
    var (x, y, lineHeight) = (0.0, 20.0, 0.0)
    // The scale stands at the right of the first line.
    let width = Figure.pageWidth - 110
    for (index, grid) in grids.enumerated() where grid.rows > 0 && grid.columns > 0 {
      let cell = max(
        4, min(30, min(300 / Double(grid.rows), (width - 20) / Double(grid.columns))))
      let own = cell * Double(grid.columns)
      if x > 0, x + own > width {
        (x, y) = (0, y + lineHeight + 30)
        lineHeight = 0
      }
      result.append(MapPlace(grid: index, x: x, y: y, cell: cell))
      lineHeight = max(lineHeight, cell * Double(grid.rows))
      x += own + 26
    }
    return result
  }

  private func draw(_ place: MapPlace, low: Double, high: Double, on canvas: inout SVGCanvas) {
    let grid = grids[place.grid]
    canvas.text(
      TextMetrics.fitted(
        grid.name.isEmpty ? "Grid \(place.grid + 1)" : grid.name, size: 11.5,
        width: max(60, place.cell * Double(grid.columns))),
      place.x, place.y - 6, size: 11.5, isBold: true)
    for (index, channel) in grid.channels.prefix(grid.rows * grid.columns).enumerated() {
      let x = place.x + Double(index % grid.columns) * place.cell
      let y = place.y + Double(index / grid.columns) * place.cell
      guard let channel, channels.indices.contains(channel) else {
        canvas.circle(x + place.cell / 2, y + place.cell / 2, radius: 1.3, fill: Palette.faint)
        continue
      }
      let value = channels[channel]
      let level = Self.level(value.rms, low: low, high: high)
      canvas.rect(
        x + 0.5, y + 0.5, place.cell - 1, place.cell - 1, fill: Self.color(level), radius: 1.5)
      if value.isDoubtful {
        canvas.rect(
          x + 1.5, y + 1.5, place.cell - 3, place.cell - 3, fill: "none",
          stroke: Palette.vermilion, radius: 1.5)
      }
      if place.cell >= 21 {
        // Cells keep their colours on a dark page, and so do their numbers.
        canvas.text(
          "\(channel + 1)", x + place.cell / 2, y + place.cell / 2 + 3.2, size: 9,
          fill: level > 0.45 ? "#fefefe" : "#55606c", anchor: .middle)
      }
    }
  }

  private func drawScale(low: Double, high: Double, on canvas: inout SVGCanvas) {
    let (x, y, height) = (Figure.pageWidth - 84, 34.0, 120.0)
    canvas.text("RMS (\(unit))", x, y - 10, size: 11, fill: Palette.muted)
    for step in 0..<24 {
      let level = 1 - (Double(step) + 0.5) / 24
      canvas.rect(
        x, y + height * Double(step) / 24, 14, height / 24 + 0.6, fill: Self.color(level))
    }
    let middle = low > 0 ? (low * high).squareRoot() : high / 2
    for (value, place) in [(high, 0.0), (middle, 0.5), (low, 1.0)] {
      canvas.text(
        NumberText.significant(value, 3), x + 20, y + 4 + height * place, size: 10.5,
        fill: Palette.muted)
    }
  }

  /// Place of an amplitude between the smallest and the largest, by ratio.
  private static func level(_ value: Double, low: Double, high: Double) -> Double {
    guard value > 0, low > 0, high > low else { return 0 }
    return min(1, max(0, log(value / low) / log(high / low)))
  }

  /// From light to dark, so that it stays readable in grey print.
  private static func color(_ level: Double) -> String {
    let stops: [(Double, Double, Double)] = [(236, 241, 246), (106, 163, 205), (22, 50, 92)]
    let place = min(1, max(0, level)) * 2
    let index = min(1, Int(place))
    let part = place - Double(index)
    let (a, b) = (stops[index], stops[index + 1])
    func mixed(_ first: Double, _ second: Double) -> String {
      let text = String(Int((first + (second - first) * part).rounded()), radix: 16)
      return text.count == 1 ? "0" + text : text
    }
    return "#" + mixed(a.0, b.0) + mixed(a.1, b.1) + mixed(a.2, b.2)
  }

  // MARK: Channels

  private func draw(
    _ shown: [Channel], top: Double, lineHeight: Double, on canvas: inout SVGCanvas
  ) {
    let left = Self.nameWidth
    let right = Figure.pageWidth - 4 * Self.columnWidth - 8
    let size = min(11, lineHeight * 0.82)
    for (column, heading) in ["RMS", "hum %", "clip %", "dead %"].enumerated() {
      canvas.text(
        heading, right + Double(column + 1) * Self.columnWidth, top - 8, size: 10.5,
        fill: Palette.muted, anchor: .end)
    }
    // One scale for all: the peaks of a large channel fill a line.
    let peaks = shown.compactMap { Self.peak($0.extremes) }.sorted()
    let large = peaks.isEmpty ? 1 : peaks[peaks.count * 9 / 10]
    let scale = lineHeight * 0.5 / large
    let bottom = top + lineHeight * Double(shown.count)
    canvas.rect(left, top, right - left, bottom - top, fill: Palette.panel, radius: 3)
    for (index, channel) in shown.enumerated() {
      let middle = top + (Double(index) + 0.5) * lineHeight
      let color = channel.isDoubtful ? Palette.vermilion : Palette.navy
      canvas.text(
        TextMetrics.fitted(
          channel.name == "\(index + 1)" ? channel.name : "\(index + 1)  \(channel.name)",
          size: size, width: left - 8), 0,
        middle + size * 0.35, size: size, fill: channel.isDoubtful ? color : Palette.ink)
      draw(channel, left: left, right: right, middle: middle, scale: scale, color, on: &canvas)
      let cells = [
        (NumberText.significant(channel.rms, 3), channel.rms == 0),
        (NumberText.fixed(100 * channel.humShare, 1), channel.humShare > 0.1),
        (NumberText.fixed(100 * channel.clippedShare, 1), channel.clippedShare > 0.001),
        (NumberText.fixed(100 * channel.deadShare, 1), channel.deadShare > 0.05),
      ]
      for (column, cell) in cells.enumerated() {
        canvas.text(
          cell.0, right + Double(column + 1) * Self.columnWidth, middle + size * 0.35, size: size,
          fill: cell.1 ? Palette.vermilion : Palette.muted, anchor: .end, isBold: cell.1)
      }
    }
    for step in 0...4 {
      let x = left + (right - left) * Double(step) / 4
      canvas.line(x, bottom, x, bottom + 4, stroke: Palette.faint)
      canvas.text(
        NumberText.significant(duration * Double(step) / 4, 3) + (step == 4 ? " s" : ""), x,
        bottom + 17, size: 10.5, fill: Palette.muted, anchor: .middle)
    }
  }

  /// The distance from the middle that all but one in fifty of the extremes keep within; nil for none.
  private static func peak(_ extremes: [Float]) -> Double? {
    let finite = extremes.filter(\.isFinite).sorted()
    guard let middle = finite.isEmpty ? nil : finite[finite.count / 2] else { return nil }
    let distances = finite.map { abs(Double($0) - Double(middle)) }.sorted()
    let value = distances[distances.count * 49 / 50]
    return value > 0 ? value : nil
  }

  private func draw(
    _ channel: Channel, left: Double, right: Double, middle: Double, scale: Double,
    _ color: String, on canvas: inout SVGCanvas
  ) {
    let finite = channel.extremes.filter { $0.isFinite }
    guard finite.count > 1, channel.extremes.count > 1 else { return }
    // An offset tells nothing of the signal: the middle of the extremes is the line's.
    let centre = Double(finite.sorted()[finite.count / 2])
    let step = (right - left) / Double(channel.extremes.count - 1)
    let limit = 26.0
    var path = SVGPath()
    path.polyline(
      channel.extremes.enumerated().map { index, value in
        guard value.isFinite else { return (Double.nan, Double.nan) }
        let y = (Double(value) - centre) * scale
        return (left + step * Double(index), middle - min(limit, max(-limit, y)))
      })
    canvas.stroked(path, stroke: color, width: 0.7, opacity: 0.85, join: "round")
  }
}
