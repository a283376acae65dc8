import Foundation

/// The intervals between firings of a regular train some of whose firings are missing.
///
/// A mixture over the number j of intervals that were fused: normal of mean j mu and variance
/// j sigma^2 with weights (1 - q) q^(j-1), plus a small uniform share. Fitted by expectation
/// maximisation from five starts. Times in seconds.
struct IntervalModel: Sendable, Equatable {
  /// Mean of a single interval, in seconds.
  var mean: Double
  /// Standard deviation of a single interval, in seconds.
  var deviation: Double
  /// The share of firings that are missing.
  var missRate: Double

  /// Taken where a train is too short for any estimate.
  static let unknown = IntervalModel(mean: 0.1, deviation: 0.05, missRate: 0.5)

  /// Coefficient of variation of a single interval.
  var variation: Double { deviation / mean }

  static let root2Pi = 2.506_628_274_631

  /// What counts as an interval, and how intervals vary.
  private var limits = NeedleConfiguration.Intervals()

  /// Fits the mixture to sorted firing times on a grid of `rate` samples for each second.
  init(
    firings: [Int], rate: Double,
    limits: NeedleConfiguration.Intervals = NeedleConfiguration.Intervals()
  ) {
    let intervals = Self.intervals(firings, rate: rate).filter {
      $0 > limits.shortest && $0 < limits.longest
    }
    self = .unknown
    self.limits = limits
    if intervals.count < limits.fewest { return }
    let sorted = intervals.sorted()
    var bestLikelihood = -Double.infinity
    for start in [0.1, 0.25, 0.4, 0.5, 0.65] {
      let (model, likelihood) = Self.fit(
        intervals, start: quantile(sorted: sorted, start), limits)
      if model.mean > limits.leastMean && likelihood > bestLikelihood {
        bestLikelihood = likelihood
        self = model
      }
    }
  }

  init(
    mean: Double, deviation: Double, missRate: Double,
    limits: NeedleConfiguration.Intervals = NeedleConfiguration.Intervals()
  ) {
    self.limits = limits
    self.mean = mean
    self.deviation = deviation
    self.missRate = missRate
  }

  /// The intervals of sorted firing times, in seconds.
  static func intervals(_ firings: [Int], rate: Double) -> [Double] {
    zip(firings.dropFirst(), firings).map { Double($0 - $1) / rate }
  }

  private static func fit(
    _ intervals: [Double], start: Double, _ limits: NeedleConfiguration.Intervals
  ) -> (IntervalModel, Double) {
    var mean = start
    var deviation = 0.2 * start
    var miss = 0.3
    var likelihood = 0.0
    var responsibilities = [Double](repeating: 0, count: intervals.count * 4)
    for _ in 0..<25 {
      var weightSum = 0.0
      var orderSum = 0.0
      var intervalSum = 0.0
      likelihood = 0
      // Logarithms are taken of products, as long as these keep clear of the range's ends.
      var product = 1.0
      for (index, interval) in intervals.enumerated() {
        var total = limits.irregularShare / limits.longest
        var prior = 1 - miss
        for order in 1...4 {
          let sigma = deviation * Double(order).squareRoot()
          let z = (interval - Double(order) * mean) / sigma
          let density = z * z > 50 ? 0 : prior * exp(-0.5 * z * z) / (sigma * root2Pi)
          responsibilities[index * 4 + order - 1] = density
          total += density
          prior *= miss
        }
        product *= total
        if product > 1e100 || product < 1e-100 {
          likelihood += log(product)
          product = 1
        }
        for order in 1...4 {
          let weight = responsibilities[index * 4 + order - 1] / total
          responsibilities[index * 4 + order - 1] = weight
          weightSum += weight
          orderSum += weight * Double(order)
          intervalSum += weight * interval
        }
      }
      likelihood += log(product)
      let last = (mean, deviation)
      mean = intervalSum / max(1e-9, orderSum)
      var square = 0.0
      for (index, interval) in intervals.enumerated() {
        for order in 1...4 {
          let distance = interval - Double(order) * mean
          square += responsibilities[index * 4 + order - 1] * distance * distance / Double(order)
        }
      }
      deviation = (square / max(1e-9, weightSum)).squareRoot()
      deviation = min(
        max(deviation, limits.leastVariation * mean), limits.greatestVariation * mean)
      miss = min(
        limits.greatestMissRate,
        max(limits.leastMissRate, 1 - weightSum / max(1e-9, orderSum)))
      if mean <= 1e-6 { break }
      if abs(mean - last.0) < 1e-3 * mean && abs(deviation - last.1) < 3e-3 * deviation { break }
    }
    return (
      IntervalModel(mean: mean, deviation: deviation, missRate: miss, limits: limits), likelihood
    )
  }

  /// The density of one interval in 1/s, up to five fused intervals.
  private func density(_ interval: Double) -> Double {
    var total = limits.irregularShare / limits.longest
    var prior = 1 - missRate
    for order in 1...5 {
      let sigma = deviation * Double(order).squareRoot()
      let z = (interval - Double(order) * mean) / sigma
      total += prior * exp(-0.5 * z * z) / (sigma * Self.root2Pi)
      prior *= missRate
    }
    return total
  }

  /// The mean log-likelihood ratio for each interval, in nats, of this mixture against a Poisson
  /// process with a dead time: about 1.5 at a variation of 0.15, 0 for random times.
  func regularity(_ firings: [Int], rate: Double) -> Double {
    let all = Self.intervals(firings, rate: rate)
    if all.count < limits.fewestJudged { return 0 }
    let intervals = all.filter { $0 < limits.longest }
    if intervals.isEmpty { return 0 }
    let average = intervals.reduce(0, +) / Double(intervals.count)
    let dead = limits.randomDeadTime
    let intensity = 1 / max(1e-3, average - dead)
    var sum = 0.0
    for interval in intervals {
      let random =
        intensity * exp(-intensity * max(0, interval - dead))
        * (interval > dead ? 1 : limits.randomShortShare)
      sum += log(density(interval)) - log(random)
    }
    return sum / Double(intervals.count)
  }

  /// The log-density of an interval of each number of grid samples below `count`.
  ///
  /// The spread is widened and the miss rate kept in its limits. With `refractory` the density is zero
  /// within the dead time.
  func logDensityTable(rate: Double, count: Int, refractory: Bool) -> [Float] {
    let limits = limits
    let sigma = max(deviation, limits.expectedLeastVariation * mean) * limits.expectedWidening
    let miss = min(
      max(missRate, limits.expectedLeastMissRate), limits.expectedGreatestMissRate)
    var table = [Float](repeating: 0, count: count)
    var sigmas: [Double] = []
    var weights: [Double] = []
    for order in 1...6 {
      sigmas.append(sigma * Double(order).squareRoot())
      weights.append((1 - miss) * pow(miss, Double(order - 1)) / (sigmas[order - 1] * Self.root2Pi))
    }
    let dead = max(limits.deadTime, limits.deadShare * mean)
    // The density is smooth on this grid: every 16th sample is computed, the rest interpolated.
    func value(_ index: Int) -> Double {
      let d = Double(index) / rate
      var p = 0.0
      for order in 0..<6 {
        let z = (d - Double(order + 1) * mean) / sigmas[order]
        if z * z < 80 { p += weights[order] * exp(-0.5 * z * z) }
      }
      if d > limits.pauseFrom * mean {
        p += limits.pauseShare / mean * exp(-d / (limits.pauseLength * mean))
      }
      p += limits.strayShare / mean * exp(-d / (limits.strayLength * mean))
      p *= min(1, max(1e-4, (d - limits.rampStart) / limits.rampLength))
      return log(p + 1e-12)
    }
    let stride = 16
    var previous = value(0)
    var index = 0
    while index < count {
      let next = value(index + stride)
      for offset in 0..<min(stride, count - index) {
        let share = Double(offset) / Double(stride)
        table[index + offset] = Float(previous + share * (next - previous))
      }
      previous = next
      index += stride
    }
    if refractory {
      for index in 0..<min(count, Int(dead * rate)) { table[index] = -1e4 }
    }
    return table
  }
}
