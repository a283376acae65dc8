import RealModule

/// The survival curve of Kaplan and Meier (1958) with Greenwood's standard errors.
public struct KaplanMeier: Sendable, Codable, Equatable {
  /// The curve after one time with events.
  public struct Step: Sendable, Codable, Equatable {
    /// The time.
    public let time: Double
    /// Patients at risk just before it.
    public let atRisk: Int
    /// Events at it.
    public let events: Int
    /// Share that survives beyond it.
    public let survival: Double
    /// Greenwood's standard error of that share.
    public let standardError: Double
    /// Lower end of the interval on the log(-log) scale; nil where the share is 0 or 1.
    public let lower: Double?
    /// Upper end of the interval.
    public let upper: Double?
  }

  /// The area under the curve up to a time: the mean time without event in that span.
  public struct RestrictedMean: Sendable, Codable, Equatable {
    /// The end of the span.
    public let horizon: Double
    /// The mean, in the unit of time.
    public let mean: Double
    /// Its standard error.
    public let standardError: Double
  }

  /// Times with events, in order.
  public let steps: [Step]
  /// The first time at which the share is half or less; nil where it stays above.
  public let median: Double?
  /// Times at which follow-up ended without an event, in order.
  public let censored: [Double]
  private let times: [Double]

  /// Estimates the curve of all records together.
  ///
  /// - Throws: `ProgressionError` for no records or a time below zero.
  public init(_ records: [SurvivalRecord], confidenceLevel: Double = 0.95) throws {
    try SurvivalRecord.check(records)
    let sorted = records.sorted { $0.time < $1.time }
    let z = NormalDistribution.quantile(0.5 + confidenceLevel / 2)
    var steps: [Step] = []
    var survival = 1.0
    var greenwood = 0.0
    var index = 0
    while index < sorted.count {
      let time = sorted[index].time
      let atRisk = sorted.count - index
      var events = 0
      while index < sorted.count && sorted[index].time == time {
        if sorted[index].hasEvent { events += 1 }
        index += 1
      }
      guard events > 0 else { continue }
      let (n, d) = (Double(atRisk), Double(events))
      survival *= 1 - d / n
      greenwood += d / (n * (n - d))
      var limits: (Double, Double)?
      if survival > 0 && survival < 1 {
        let half = z * greenwood.squareRoot() / abs(Double.log(survival))
        limits = (
          Double.pow(survival, Double.exp(half)), Double.pow(survival, Double.exp(-half))
        )
      }
      steps.append(
        Step(
          time: time, atRisk: atRisk, events: events, survival: survival,
          standardError: survival > 0 ? survival * greenwood.squareRoot() : 0,
          lower: limits?.0, upper: limits?.1))
    }
    self.steps = steps
    median = steps.first { $0.survival <= 0.5 + 1e-12 }?.time
    censored = sorted.filter { !$0.hasEvent }.map(\.time)
    times = sorted.map(\.time)
  }

  /// The share that survives beyond a time.
  public func survival(at time: Double) -> Double {
    steps.last { $0.time <= time }?.survival ?? 1
  }

  /// Patients still followed at a time.
  public func atRisk(at time: Double) -> Int { times.count { $0 >= time } }

  /// The restricted mean up to a horizon, with the variance of Klein and Moeschberger (2003, section 4.5).
  public func restrictedMean(to horizon: Double) -> RestrictedMean {
    precondition(horizon > 0, "a horizon above zero")
    let inside = steps.filter { $0.time < horizon }
    var areas: [Double] = []
    var (at, level) = (0.0, 1.0)
    for step in inside {
      areas.append(level * (step.time - at))
      (at, level) = (step.time, step.survival)
    }
    areas.append(level * (horizon - at))
    var variance = 0.0
    var rest = 0.0
    for (index, step) in inside.enumerated().reversed() {
      rest += areas[index + 1]
      let (n, d) = (Double(step.atRisk), Double(step.events))
      if n > d { variance += rest * rest * d / (n * (n - d)) }
    }
    return RestrictedMean(
      horizon: horizon, mean: areas.reduce(0, +), standardError: variance.squareRoot())
  }
}
