/// Local straight lines through a scan within a box window of given half-width.
struct LocalLinearFit {
  /// Leave-one-out residual over sqrt(1 + leverage): its variance is that of one response.
  var residual: [Double]
  /// Fitted value, the point itself included.
  var fitted: [Double]
  /// Fitted slope, the point itself included.
  var slope: [Double]

  /// Fits at every point in O(n) by prefix sums; never fewer than two neighbours a side.
  ///
  /// `x` ascending; `halfWidth` in units of x, 0 for the direct neighbours only.
  init(x: [Double], y: [Double], halfWidth: Double) {
    let count = x.count
    let mean = x.reduce(0, +) / Double(count)
    let centred = x.map { $0 - mean }
    var sums = [[Double]](repeating: [Double](repeating: 0, count: count + 1), count: 4)
    for index in 0..<count {
      let (c, v) = (centred[index], y[index])
      sums[0][index + 1] = sums[0][index] + c
      sums[1][index + 1] = sums[1][index] + c * c
      sums[2][index + 1] = sums[2][index] + v
      sums[3][index + 1] = sums[3][index] + c * v
    }
    residual = [Double](repeating: 0, count: count)
    fitted = residual
    slope = residual
    var lowEdge = 0
    var highEdge = 0
    for index in 0..<count {
      var low = max(index - 1, 0)
      var high = min(index + 2, count)
      if halfWidth > 0 {
        while lowEdge < count && x[lowEdge] < x[index] - halfWidth { lowEdge += 1 }
        while highEdge < count && x[highEdge] <= x[index] + halfWidth { highEdge += 1 }
        low = min(lowEdge, max(index - 2, 0))
        high = max(highEdge, min(index + 3, count))
      }
      let (c, v) = (centred[index], y[index])
      let number = Double(high - low)
      let s1 = sums[0][high] - sums[0][low]
      let s2 = sums[1][high] - sums[1][low]
      let t0 = sums[2][high] - sums[2][low]
      let t1 = sums[3][high] - sums[3][low]
      let without = Self.line(max(number - 1, 1), s1 - c, s2 - c * c, t0 - v, t1 - c * v, at: c)
      let with = Self.line(number, s1, s2, t0, t1, at: c)
      residual[index] = (v - without.value) / (1 + min(without.leverage, 4)).squareRoot()
      fitted[index] = with.value
      slope[index] = with.slope
    }
  }

  private static func line(
    _ s0: Double, _ s1: Double, _ s2: Double, _ t0: Double, _ t1: Double, at x: Double
  ) -> (value: Double, slope: Double, leverage: Double) {
    let meanX = s1 / s0
    let varianceX = max(s2 / s0 - meanX * meanX, 1e-14)
    let meanY = t0 / s0
    let slope = (t1 / s0 - meanX * meanY) / varianceX
    let leverage = 1 / s0 + (x - meanX) * (x - meanX) / (s0 * varianceX)
    return (meanY + slope * (x - meanX), slope, leverage)
  }
}
