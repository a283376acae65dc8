import Signal

/// Responses stored in steps about as coarse as the noise: a dither of one step makes them continuous.
///
/// Rounding turns noise into levels, which look like units, and a quiet baseline into no noise at
/// all. A uniform dither of one step (Widrow and Kollar 2008) has the variance of the rounding; the
/// noise of the scan is then told as it is, with both.
enum ConverterSteps {
  /// The step and the dithered responses, mV; nil where the steps are fine.
  static func dither(
    _ points: ScanPoints, settings: ScanConfiguration.Cleaning
  ) -> (step: Double, response: [Double])? {
    let step = points.quantum
    guard step > 0 else { return nil }
    let isLattice = points.response.allSatisfy { value in
      let cells = (value - points.response[0]) / step
      return abs(cells - cells.rounded()) < 0.02
    }
    let noise = variation(points)
    guard isLattice, step > settings.ditherStep * noise,
      step < settings.greatestStep * points.cmap
    else { return nil }
    var random = SeededGenerator(seed: 0x5EED, stream: UInt64(points.count))
    return (step, points.response.map { $0 + step * (random.uniform() - 0.5) })
  }

  /// Standard deviation of the post-scan by all its differences: none are outliers on a lattice.
  private static func variation(_ points: ScanPoints) -> Double {
    let run = points.response.suffix(points.postCount)
    guard run.count > 1 else { return 0 }
    let squares = zip(run.dropFirst(), run).map { ($0 - $1) * ($0 - $1) }
    return (squares.reduce(0, +) / Double(squares.count) / 2).squareRoot()
  }
}
