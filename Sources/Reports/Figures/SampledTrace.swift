/// A regularly sampled quantity that accompanies a recording, such as force.
public struct SampledTrace: Sendable, Equatable {
  /// What it is, for example "Force".
  public var name: String
  /// Its unit, for example "% MVC"; empty where it has none.
  public var unit: String
  /// Values at `samplingRate`, the first one at `startTime`.
  public var values: [Float]
  /// Samples per second, in Hz.
  public var samplingRate: Double
  /// Time of the first value in seconds of the recording.
  public var startTime: Double

  /// A trace that starts with the recording unless told otherwise.
  public init(
    name: String, unit: String, values: [Float], samplingRate: Double, startTime: Double = 0
  ) {
    precondition(samplingRate > 0, "a sampling rate is positive")
    self.name = name
    self.unit = unit
    self.values = values
    self.samplingRate = samplingRate
    self.startTime = startTime
  }

  /// Name and unit as an axis title.
  var axisTitle: String { unit.isEmpty ? name : "\(name) (\(unit))" }

  /// Draws the trace into a frame whose x axis is in seconds.
  func draw(in frame: PlotFrame, on canvas: inout SVGCanvas, stroke: String, width: Double = 1.2) {
    let points = TraceReduction.envelope(values, columns: max(1, Int(frame.width)))
    var path = SVGPath()
    path.polyline(
      points.map { point in
        let time = startTime + point.position / samplingRate
        guard frame.x.contains(time) else { return (Double.nan, Double.nan) }
        return frame.point(time, point.value)
      })
    canvas.stroked(path, stroke: stroke, width: width, join: "round")
  }
}

/// The discharge times of one motor unit.
public struct UnitDischarges: Sendable, Equatable {
  /// The unit's name as all tables show it.
  public var id: String
  /// Discharge times in seconds, ascending.
  public var times: [Double]
  /// Whether the unit is marked as tentative.
  public var isTentative: Bool

  /// The discharges of a unit.
  public init(id: String, times: [Double], isTentative: Bool = false) {
    self.id = id
    self.times = times
    self.isTentative = isTentative
  }
}
