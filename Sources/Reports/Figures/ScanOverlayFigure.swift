/// CMAP scans over one another: the mean curve of each with its estimate.
public struct ScanOverlayFigure: FigureContent, Equatable {
  /// One scan.
  public struct Scan: Sendable, Equatable {
    /// What it is called: a file or a day.
    public var name: String
    /// Stimuli of the mean curve in mA, ascending.
    public var stimulus: [Double]
    /// Mean response in mV.
    public var response: [Double]

    /// Makes one from its curve.
    public init(name: String, stimulus: [Double], response: [Double]) {
      self.name = name
      self.stimulus = stimulus
      self.response = response
    }
  }

  /// The scans in order of their visits.
  public var scans: [Scan]
  /// Muscle and side, where the page shows several; empty otherwise.
  public var place: String

  /// Scans over one another.
  public init(scans: [Scan], place: String = "") {
    self.scans = scans
    self.place = place
  }

  /// Draws the curves.
  public func figure(id: String) -> Figure {
    XYFigure(
      title: place.isEmpty ? "CMAP scans" : "CMAP scans, \(place)",
      caption: "Local mean of the response of each scan. Thresholds depend on the placement of the "
        + "electrodes: curves may lie side by side without any change of the muscle.",
      xTitle: "Stimulus (mA)", yTitle: "CMAP (mV)", startsAtZero: true,
      series: scans.enumerated().map { index, scan in
        // Colours come again after the last one, then dashed.
        let isFirstRound = (index / Palette.series.count).isMultiple(of: 2)
        return XYFigure.Series(
          name: scan.name, mark: isFirstRound ? .line(width: 1.8) : .dashedLine(width: 1.8),
          x: scan.stimulus, y: scan.response, colorIndex: index)
      }, plotHeight: 320
    ).figure(id: id)
  }
}
