import Foundation

/// The usual interval of a train along a recording and the density of intervals around it.
///
/// Unlike `IntervalModel` it follows the rate and takes centre and spread from medians, so that a few
/// false firings, each of which splits an interval in two, leave it as it is.
struct FiringRhythm {
  /// Ends of single intervals, and the usual interval there, in seconds.
  private var ends: [Double] = []
  private var usual: [Double] = []
  /// Deviation of the logarithm of a single interval from the usual one.
  private(set) var spread: Double
  private let mean: Double

  private let limits: NeedleConfiguration.Decoding
  private let own: NeedleConfiguration.Intervals

  /// The rhythm of sorted firings on a grid of `rate` samples for each second.
  init(
    firings: [Int], rate: Double,
    limits: NeedleConfiguration.Decoding = NeedleConfiguration.Decoding(),
    intervals own: NeedleConfiguration.Intervals = NeedleConfiguration.Intervals()
  ) {
    self.limits = limits
    self.own = own
    let model = IntervalModel(firings: firings, rate: rate, limits: own)
    let intervals = IntervalModel.intervals(firings, rate: rate)
    let middle = intervals.isEmpty ? model.mean : quantile(sorted: intervals.sorted(), 0.5)
    // With many missed or false firings the median is no single interval.
    let centre = abs(middle - model.mean) < own.medianTrust * model.mean ? middle : model.mean
    mean = centre
    spread = max(limits.leastSpread, model.variation)
    let single = intervals.indices.filter {
      intervals[$0] > own.singleFrom * centre && intervals[$0] < own.singleTo * centre
    }
    if single.count < own.fewestSingle { return }
    let lengths = single.map { intervals[$0] }
    ends = single.map { Double(firings[$0 + 1]) / rate }
    usual = DischargeDecoding.slidingMedian(lengths, neighbours: limits.neighbours)
    let deviations = zip(lengths, usual).map { abs(log($0 / $1)) }.sorted()
    let deviation = 1.4826 * quantile(sorted: deviations, 0.5)
    spread = min(limits.greatestSpread, max(limits.leastSpread, own.rhythmWidening * deviation))
  }

  /// The usual interval at a time in seconds; `hint` is kept between calls of ascending times.
  func interval(at time: Double, hint: inout Int) -> Double {
    if usual.isEmpty { return mean }
    while hint + 1 < ends.count && ends[hint + 1] <= time { hint += 1 }
    return usual[hint]
  }

  /// The log-density in 1/s of an interval where the usual one is `usual`, both in seconds.
  ///
  /// Log-normal around it, normal around its multiples where firings were missed.
  func logDensity(_ interval: Double, usual: Double) -> Double {
    if interval < max(own.deadTime, own.deadShare * usual) { return -1e4 }
    let x = interval / usual
    let z = log(x) / spread
    var density = (1 - limits.missRate) / (spread * IntervalModel.root2Pi * x) * exp(-0.5 * z * z)
    var weight = limits.missRate * (1 - limits.missRate)
    for order in 2...6 {
      let deviation = spread * Double(order).squareRoot()
      let z = (x - Double(order)) / deviation
      density += weight * exp(-0.5 * z * z) / (deviation * IntervalModel.root2Pi)
      weight *= limits.missRate
    }
    return log(density + limits.irregularShare * exp(-own.irregularDecay * x)) - log(usual)
  }
}
