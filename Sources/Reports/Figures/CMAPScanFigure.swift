/// A CMAP scan: responses over stimulus with the fitted mean and the steps that were found.
public struct CMAPScanFigure: FigureContent, Equatable {
  /// Stimuli in mA.
  public var stimulus: [Double]
  /// Responses in mV.
  public var response: [Double]
  /// Stimuli of the fitted mean; empty for no fit.
  public var fitStimulus: [Double]
  /// Fitted mean in mV.
  public var fitResponse: [Double]
  /// Lower levels of the steps in mV.
  public var stepLevels: [Double]
  /// Levels of a fitted staircase in mV, drawn across the scan.
  public var fittedLevels: [Double]
  /// Points that the estimate left out: stimuli in mA.
  public var removedStimulus: [Double]
  /// Their responses in mV.
  public var removedResponse: [Double]
  /// Lines of text beside the curve, for example the estimate with its interval.
  public var notes: [String]

  /// A scan; the fit, the steps and the points left out are optional.
  public init(
    stimulus: [Double], response: [Double], fitStimulus: [Double] = [],
    fitResponse: [Double] = [], stepLevels: [Double] = [], fittedLevels: [Double] = [],
    removedStimulus: [Double] = [], removedResponse: [Double] = [], notes: [String] = []
  ) {
    self.stimulus = stimulus
    self.response = response
    self.fitStimulus = fitStimulus
    self.fitResponse = fitResponse
    self.stepLevels = stepLevels
    self.fittedLevels = fittedLevels
    self.removedStimulus = removedStimulus
    self.removedResponse = removedResponse
    self.notes = notes
  }

  /// Draws the scan.
  public func figure(id: String) -> Figure {
    var series = [
      XYFigure.Series(
        name: "Response", mark: .points(radius: 1.8), x: stimulus, y: response, colorIndex: 0)
    ]
    if !fitStimulus.isEmpty {
      series.append(
        .init(
          name: "Fitted mean", mark: .line(width: 1.8), x: fitStimulus, y: fitResponse,
          colorIndex: 1))
    }
    if !removedStimulus.isEmpty {
      series.append(
        .init(
          name: "Left out", mark: .points(radius: 3.2), x: removedStimulus, y: removedResponse,
          colorIndex: 3))
    }
    let range = AxisScale.range(stimulus) ?? 0...1
    for (index, level) in stepLevels.enumerated() {
      // Steps are short marks at the right edge, so that they never cover the curve.
      let start = range.upperBound - 0.025 * (range.upperBound - range.lowerBound)
      series.append(
        .init(
          name: index == 0 ? "Step" : "", mark: .line(width: 1.2), x: [start, range.upperBound],
          y: [level, level], colorIndex: 6))
    }
    for (index, level) in fittedLevels.enumerated() {
      series.append(
        .init(
          name: index == 0 ? "Fitted level" : "", mark: .dashedLine(width: 0.8),
          x: [range.lowerBound, range.upperBound], y: [level, level], colorIndex: 2))
    }
    return XYFigure(
      title: "CMAP scan",
      caption: sentences([
        "One dot per stimulus.",
        removedStimulus.isEmpty
          ? nil : "Large dots: \(removedStimulus.count) points that the estimate left out.",
        stepLevels.isEmpty ? nil : "Marks at the right: levels of the steps found.",
        fittedLevels.isEmpty
          ? nil : "Dashed: fitted response to the units up to each threshold in turn.",
      ]), xTitle: "Stimulus (mA)", yTitle: "CMAP (mV)", startsAtZero: true, series: series,
      notes: notes, plotHeight: 320
    ).figure(id: id)
  }
}
