/// Values with their intervals, one beside the other.
public struct IntervalFigure: FigureContent, Equatable {
  /// One value.
  public struct Row: Sendable, Equatable {
    /// What it is of.
    public var name: String
    /// The value.
    public var value: Double
    /// Its interval.
    public var interval: [Double]

    /// Makes one.
    public init(name: String, value: Double, interval: [Double]) {
      self.name = name
      self.value = value
      self.interval = interval
    }
  }

  /// Title of the figure.
  public var title: String
  /// Title of the axis of the values.
  public var axis: String
  /// The values in the order of the legend.
  public var rows: [Row]

  /// Values with intervals.
  public init(title: String, axis: String, rows: [Row]) {
    self.title = title
    self.axis = axis
    self.rows = rows
  }

  /// Draws an interval and a dot for each value, the first one at the left.
  public func figure(id: String) -> Figure {
    let series = rows.enumerated().flatMap { index, row -> [XYFigure.Series] in
      let place = Double(index + 1)
      return [
        .init(
          name: "", mark: .line(width: 2), x: [place, place], y: row.interval, colorIndex: index),
        .init(
          name: row.name, mark: .points(radius: 4.5), x: [place], y: [row.value],
          colorIndex: index),
      ]
    }
    var figure = XYFigure(
      title: title, caption: "Dots: estimates; lines: 90 % intervals.",
      xTitle: "Scan, in the order of the legend", yTitle: axis, startsAtZero: true, series: series,
      plotHeight: 180)
    let step = (rows.count + 19) / 20
    figure.xTicks = stride(from: 1, through: rows.count, by: max(1, step)).map {
      AxisTick(value: Double($0), label: String($0))
    }
    return figure.figure(id: id)
  }
}
