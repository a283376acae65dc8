extension NeedleModel {
  /// The firings of a unit between grid samples, by the parabola through the matched output.
  ///
  /// `outputs` are matched outputs of the residual. With a firing's own share added back the output
  /// is, near its peak, the template's autocorrelation, which a parabola fits to a small fraction
  /// of the grid.
  func refinedFirings(_ unit: Int, outputs: [Float], correlations: TemplateCorrelations) -> [Double]
  {
    let row = unit * signal.count
    return units[unit].firings.map { time in
      if time < 1 || time + 1 >= signal.count { return Double(time) }
      let before = outputs[row + time - 1] + correlations[unit, unit, -1]
      let centre = outputs[row + time] + correlations[unit, unit, 0]
      let after = outputs[row + time + 1] + correlations[unit, unit, 1]
      let curvature = before - 2 * centre + after
      if curvature >= 0 { return Double(time) }
      let shift = 0.5 * (before - after) / curvature
      return Double(time) + Double(min(1, max(-1, shift)))
    }
  }
}
