import Foundation

/// The MUNIX fit: ideal-case motor unit count of each epoch over the area of its
/// interference pattern, both logarithmic, with the power law through them.
public struct MUNIXFigure: FigureContent, Equatable {
  /// Area of the surface interference pattern of each epoch, in mV·ms.
  public var areas: [Double]
  /// Ideal-case motor unit count of each epoch.
  public var idealCounts: [Double]
  /// Whether the acceptance criteria let the epoch into the fit; as many as epochs.
  public var isAccepted: [Bool]
  /// Factor of the power law `factor * area ** exponent`.
  public var factor: Double
  /// Exponent of the power law.
  public var exponent: Double
  /// Lines of text beside the fit, for example MUNIX with its interval.
  public var notes: [String]
  /// Area at which the index is read, in mV·ms (Nandedkar 2004).
  public static let readingArea = 20.0

  /// A fit over epochs.
  public init(
    areas: [Double], idealCounts: [Double], isAccepted: [Bool], factor: Double,
    exponent: Double, notes: [String] = []
  ) {
    precondition(
      areas.count == idealCounts.count && areas.count == isAccepted.count,
      "every epoch needs an area, a count and a verdict")
    self.areas = areas
    self.idealCounts = idealCounts
    self.isAccepted = isAccepted
    self.factor = factor
    self.exponent = exponent
    self.notes = notes
  }

  /// Draws the epochs and the fit.
  public func figure(id: String) -> Figure {
    func points(_ accepted: Bool, _ name: String, _ color: Int) -> XYFigure.Series {
      let indices = areas.indices.filter { isAccepted[$0] == accepted }
      return .init(
        name: indices.isEmpty ? "" : name, mark: .points(radius: 3.2),
        x: indices.map { areas[$0] }, y: indices.map { idealCounts[$0] }, colorIndex: color)
    }
    var series = [points(true, "Epoch", 0), points(false, "Epoch not accepted", 7)]
    if let range = AxisScale.range(areas + [Self.readingArea], kind: .logarithmic),
      factor.isFinite, exponent.isFinite, factor > 0
    {
      let ends = [range.lowerBound, range.upperBound]
      series.append(
        .init(
          name: "Power-law fit", mark: .line(width: 1.8), x: ends,
          y: ends.map { factor * pow($0, exponent) }, colorIndex: 1))
    }
    return XYFigure(
      title: "MUNIX", caption: "The index is read from the fit at an area of 20 mV·ms.",
      xTitle: "Area of the surface interference pattern (mV·ms)",
      yTitle: "Ideal-case motor unit count", isXLogarithmic: true, isYLogarithmic: true,
      series: series,
      references: [.init(value: Self.readingArea, label: "20 mV·ms", isVertical: true)],
      notes: notes
    ).figure(id: id)
  }
}
