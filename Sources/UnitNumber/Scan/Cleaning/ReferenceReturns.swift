/// Returns to the supramaximal stimulus within a scan: they tell how the gain changes.
enum ReferenceReturns {
  /// The gain at each point from the returns, 1 at the pre-scan, and the places of the returns.
  ///
  /// Nil where the scan never returns. Linear between the returns, constant after the last one.
  static func gain(
    _ points: ScanPoints, settings: ScanConfiguration.Cleaning
  ) -> (places: Set<Int>, gain: [Double])? {
    guard points.preCount < points.count, points.cmap > 0 else { return nil }
    let top = OrderStatistics.median(points.stimulus[..<points.preCount])
    let begun =
      points.stimulus[points.preCount...].firstIndex { $0 < settings.begunShare * top }
      ?? points.count
    let places = (begun..<points.count).filter { points.stimulus[$0] >= settings.returnShare * top }
    guard places.count >= settings.fewestReturns else { return nil }
    let (baseline, cmap) = (points.baseline, points.cmap)
    // Returns in one run are averaged.
    var runs: [[Int]] = []
    for place in places {
      if let last = runs.last?.last, place == last + 1 {
        runs[runs.count - 1].append(place)
      } else {
        runs.append([place])
      }
    }
    var knots = [Double(points.preCount - 1) / 2]
    var values = [1.0]
    for run in runs {
      knots.append(Double(run[0] + run[run.count - 1]) / 2)
      values.append((OrderStatistics.median(run.map { points.response[$0] }) - baseline) / cmap)
    }
    guard values.allSatisfy({ $0 > settings.leastGain && $0 < settings.greatestGain }) else {
      return nil
    }
    return (
      Set(places),
      points.stimulus.indices.map {
        OrderStatistics.interpolate(Double($0), xs: knots, ys: values)
      }
    )
  }
}
