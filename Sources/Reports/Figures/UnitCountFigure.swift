/// The probability of each number of motor units as bars.
public struct UnitCountFigure: FigureContent, Equatable {
  /// Probability of 1, 2, 3 … units.
  public var probabilities: [Double]

  /// A posterior of the number of units.
  public init(probabilities: [Double]) {
    self.probabilities = probabilities
  }

  /// Draws the bars, up to the last number that is not out of the question.
  public func figure(id: String) -> Figure {
    let last = probabilities.lastIndex { $0 >= 0.005 } ?? -1
    let shown = Array(probabilities.prefix(last + 1))
    return XYFigure(
      title: "Probability of each number of units",
      caption: "From the likelihood of the scan over all answers that single units may have given.",
      xTitle: "Motor units", yTitle: "Probability", startsAtZero: true,
      series: [
        XYFigure.Series(
          name: "", mark: .bars(width: 0.8), x: shown.indices.map { Double($0 + 1) }, y: shown,
          colorIndex: 0)
      ], plotHeight: 200
    ).figure(id: id)
  }
}
