/// A pattern-mixture sensitivity analysis for patients who left early.
///
/// Completers and those who left have intercepts and slopes of their own; the effect is the average
/// of both changes of slope, weighted with their numbers (Little 1995, JASA 90). `delta` then makes
/// the change of slope of those who left worse than their visits show.
public struct PatternMixture: Sendable, Codable, Equatable {
  /// Patients who completed.
  public let completers: Int
  /// Patients who left early.
  public let leavers: Int
  /// Change of slope of the completers.
  public let completerChange: Estimate
  /// Change of slope of those who left early.
  public let leaverChange: Estimate
  /// Their average; the weights are random too, which the standard error includes.
  public let average: Estimate
  /// The average after a worsening of those who left, for each delta.
  public let adjusted: [Adjusted]
  /// The delta at which the interval of the average reaches zero; nil where it holds zero already.
  public let tippingPoint: Double?

  /// The average at one delta.
  public struct Adjusted: Sendable, Codable, Equatable {
    /// The worsening of the leavers' change of slope, ln units a month.
    public let delta: Double
    /// The average with it.
    public let estimate: Estimate
  }

  /// Fits the pattern-mixture model.
  ///
  /// - Parameters:
  ///   - leavers: pseudonyms of those who left early.
  ///   - deltas: worsenings of their change of slope, zero or below, ln units a month.
  /// - Throws: `ProgressionError` where a group is too small for slopes of its own.
  public init(
    _ table: LongitudinalTable, model: MixedModel = MixedModel(), leavers: Set<String>,
    deltas: [Double] = [-0.005, -0.01, -0.02, -0.04]
  ) throws {
    let subjects = Set(table.rows.map(\.subject))
    let left = subjects.intersection(leavers).count
    guard left > 1, subjects.count - left > 1 else {
      throw ProgressionError.invalidTable(
        found: "\(left) patients who left early of \(subjects.count)",
        expected: "at least 2 who left and 2 who completed")
    }
    let marked = table.mapRows { row in
      var row = row
      row.covariates["leftEarly"] = leavers.contains(row.subject) ? 1 : 0
      return row
    }
    var patterns = model
    patterns.armEffects = .none
    patterns.criterion = .restricted
    patterns.covariates += ["leftEarly", "\(model.timeName):leftEarly", "post:leftEarly"]
    let fit = try patterns.fit(marked)
    let correction = try fit.kenwardRoger()
    guard let post = fit.effectNames.firstIndex(of: "post"),
      let interaction = fit.effectNames.firstIndex(of: "post:leftEarly")
    else {
      throw ProgressionError.notEstimable(
        effect: "the change of slope", reason: "no row has a therapy time")
    }
    func estimate(_ weight: Double) -> Estimate {
      var contrast = [Double](repeating: 0, count: fit.effectNames.count)
      contrast[post] = 1
      contrast[interaction] = weight
      return correction.estimate(contrast)
    }
    let n = Double(subjects.count)
    let share = Double(left) / n
    let plain = estimate(share)
    let difference = fit.coefficients[interaction]
    func adjusted(_ delta: Double) -> Estimate {
      // The share of leavers is a proportion of n patients: its variance adds to the average's.
      let spread = (difference + delta) * (difference + delta) * share * (1 - share) / n
      return Estimate(
        value: plain.value + share * delta,
        standardError: (plain.standardError * plain.standardError + spread).squareRoot(),
        degreesOfFreedom: plain.degreesOfFreedom)
    }
    let average = adjusted(0)
    completers = subjects.count - left
    self.leavers = left
    completerChange = estimate(0)
    leaverChange = estimate(1)
    self.average = average
    self.adjusted = deltas.map { Adjusted(delta: $0, estimate: adjusted($0)) }
    if average.lower > 0 {
      var (inside, outside) = (0.0, -1.0)
      while adjusted(outside).lower > 0 && outside > -1e3 { outside *= 2 }
      for _ in 0..<100 {
        let middle = 0.5 * (inside + outside)
        if adjusted(middle).lower > 0 { inside = middle } else { outside = middle }
      }
      tippingPoint = inside
    } else {
      tippingPoint = nil
    }
  }
}
