import Foundation

/// Whether a scan starts with supramaximal stimuli: the mean curve has to be flat before it falls.
enum PlateauCheck {
  /// Slope over the first part of the fall to 80 % of the CMAP, over the slope of all of it.
  ///
  /// About 0 with a plateau and near 1 without; nil where the fall takes too few points.
  static func startingSlope(
    _ points: ScanPoints, settings: ScanConfiguration.Cleaning
  ) -> (ratio: Double, error: Double)? {
    let (baseline, cmap) = (points.baseline, points.cmap)
    guard cmap > 0 else { return nil }
    let z = points.response.map { ($0 - baseline) / cmap }
    let smooth = z.indices.map { index in
      OrderStatistics.median(z[max(0, index - 4)...min(z.count - 1, index + 4)])
    }
    guard let end = smooth.firstIndex(where: { $0 < settings.plateauLevel }),
      end >= settings.fewestForPlateau
    else { return nil }
    let part = max(8, end / 4)
    let x = points.stimulus.map { log($0) }
    guard x[0] - x[end] > 1e-6 else { return nil }
    // Constant stimuli at the start are a plateau only if the curve is flat there as well; they
    // carry no slope in stimulus, so the order of delivery is the axis.
    let first = line(Array(z[..<part]))
    let whole = (smooth[0] - smooth[end]) / Double(end)
    guard whole > 0 else { return nil }
    return (-first.slope / whole, first.error / whole)
  }

  private static func line(_ values: [Double]) -> (slope: Double, error: Double) {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    var (xy, xx) = (0.0, 0.0)
    for (index, value) in values.enumerated() {
      let x = Double(index) - (count - 1) / 2
      xy += x * (value - mean)
      xx += x * x
    }
    let slope = xy / xx
    let rest = values.enumerated().reduce(0.0) { sum, item in
      let value = item.element - mean - slope * (Double(item.offset) - (count - 1) / 2)
      return sum + value * value
    }
    return (slope, (rest / max(count - 2, 1) / xx).squareRoot())
  }
}
