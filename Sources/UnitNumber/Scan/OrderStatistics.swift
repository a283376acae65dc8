/// Medians, quantiles and searches over sorted numbers.
enum OrderStatistics {
  /// The median; the mean of the middle two for an even count.
  static func median(_ values: some Sequence<Double>) -> Double {
    quantile(sorted: values.sorted(), 0.5)
  }

  /// The quantile by linear interpolation between order statistics (type 7 of Hyndman and Fan 1996).
  static func quantile(sorted values: [Double], _ probability: Double) -> Double {
    precondition(!values.isEmpty, "a quantile needs values")
    let position = probability * Double(values.count - 1)
    let below = min(max(Int(position), 0), values.count - 1)
    let above = min(below + 1, values.count - 1)
    return values[below] + (values[above] - values[below]) * (position - Double(below))
  }

  /// How many of the ascending values are less than `value`.
  static func countBelow(_ value: Double, in values: [Double]) -> Int {
    var low = 0
    var high = values.count
    while low < high {
      let middle = (low + high) / 2
      if values[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// How many of the ascending values are at most `value`.
  static func countAtMost(_ value: Double, in values: [Double]) -> Int {
    var low = 0
    var high = values.count
    while low < high {
      let middle = (low + high) / 2
      if values[middle] <= value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Piecewise linear interpolation at `position`, constant outside; `xs` ascending.
  static func interpolate(_ position: Double, xs: [Double], ys: [Double]) -> Double {
    precondition(xs.count == ys.count && !xs.isEmpty, "interpolation needs points")
    let above = countAtMost(position, in: xs)
    if above == 0 { return ys[0] }
    if above == xs.count { return ys[xs.count - 1] }
    let slope = (ys[above] - ys[above - 1]) / (xs[above] - xs[above - 1])
    return slope * (position - xs[above - 1]) + ys[above - 1]
  }

  /// Mean over a centred window of odd width, zeros outside the ends.
  static func movingMean(_ values: [Double], width: Int) -> [Double] {
    let half = width / 2
    return values.indices.map { centre in
      var sum = 0.0
      for index in max(0, centre - half)...min(values.count - 1, centre + half) {
        sum += values[index]
      }
      return sum / Double(width)
    }
  }
}
