import RealModule

/// A planned trial whose controls are joined by those of earlier trials.
public struct HistoricalPlan: Sendable, Codable, Equatable {
  /// What the history tells of control arms.
  public enum Quantity: String, Sendable, Codable, CaseIterable {
    /// The slope after the first dose, or after the first placebo.
    case slope
    /// The change of slope at that time.
    case change
  }

  /// The trial where its controls differ from what history says.
  public struct Line: Sendable, Codable, Equatable {
    /// True mean of the trial's controls less the mean of the prior, ln units a month.
    public let drift: Double
    /// Probability to show a slowing where there is none.
    public let falseSlowing: Double
    /// Probability to show the slowing asked for.
    public let power: Double
  }

  /// What the history tells.
  public let quantity: Quantity
  /// The prior of the controls' mean, ln units a month.
  public let prior: HistoricalPrior
  /// Control patients of the trial.
  public let controls: Int
  /// Control patients that the prior is worth (expected local-information-ratio).
  public let effectiveSampleSize: Double
  /// The same by the prior's variance.
  public let momentSampleSize: Double
  /// Probability of a false slowing without history: half of the two-sided level.
  public let level: Double
  /// Power without history: that of the plan's own t test.
  public let powerAlone: Double
  /// Drifts of 0, 1, 2 and 4 SDs of the predictive distribution to both sides.
  public let lines: [Line]
  /// The trial with the decline of the plan.
  public let asPlanned: Line
  /// The drift of the most false slowings among 81 from -8 to 8 SDs.
  public let worst: Line
}

extension StudyPlan {
  /// Means of the arms after the first dose with their covariance, as the planned trial estimates them.
  ///
  /// - Returns: the arms without an effect, degrees of freedom of their difference, and the controls.
  func plannedArms(
    patients: Int, quantity: HistoricalPlan.Quantity
  ) throws -> (arms: HistoricalPrior.Arms, degreesOfFreedom: Double, controls: Int) {
    let (names, exact) = try planned(patients: patients, controls: true)
    let control = names.map { name -> Double in
      name == "post" || (quantity == .slope && name == "t") ? 1 : 0
    }
    let difference = names.map { $0 == "post:arm" ? 1.0 : 0 }
    let treated = zip(control, difference).map(+)
    func form(_ a: [Double], _ b: [Double]) -> Double {
      var sum = 0.0
      for i in a.indices {
        for j in b.indices { sum += a[i] * exact.covariance[i][j] * b[j] }
      }
      return sum
    }
    let mean = quantity == .slope ? slope : 0
    return (
      HistoricalPrior.Arms(
        control: mean, treated: mean, controlVariance: form(control, control),
        treatedVariance: form(treated, treated), covariance: form(control, treated)),
      exact.estimate(difference).degreesOfFreedom,
      assignment(patients).count { !$0 }
    )
  }

  /// A trial with concurrent controls and a prior of their mean from earlier trials.
  ///
  /// - Parameters:
  ///   - trials: means of earlier control arms, ln units a month.
  ///   - quantity: what they tell.
  ///   - between: how much trials differ, ln units a month.
  ///   - robustWeight: weight of the vague component, from 0 to less than 1.
  ///   - patients: both arms together.
  ///   - share: the true slowing as a share of the slope.
  ///   - progress: told the share that is done, 0 to 1; what it throws ends the work.
  /// - Throws: `ProgressionError` as `cohort` and `HistoricalPrior` do; what `progress` throws.
  public func historical(
    _ trials: [HistoricalPrior.Trial], of quantity: HistoricalPlan.Quantity,
    between: HistoricalPrior.BetweenTrials, robustWeight: Double, patients: Int,
    share: Double = 0.5, progress: (Double) throws -> Void = { _ in }
  ) throws -> HistoricalPlan {
    try progress(0)
    let (arms, df, controls) = try plannedArms(patients: patients, quantity: quantity)
    let prior = try HistoricalPrior(
      trials, between: between, robustWeight: robustWeight,
      unitDeviation: (arms.controlVariance * Double(controls)).squareRoot())
    func line(_ mean: Double) -> HistoricalPlan.Line {
      var truth = arms
      truth.control = mean
      truth.treated = mean
      let none = prior.probabilityOfShowing(truth, degreesOfFreedom: df, alpha: alpha)
      truth.treated = mean - share * slope
      return HistoricalPlan.Line(
        drift: mean - prior.mean, falseSlowing: none,
        power: prior.probabilityOfShowing(truth, degreesOfFreedom: df, alpha: alpha))
    }
    let sd = prior.standardDeviation
    let error =
      (arms.controlVariance + arms.treatedVariance - 2 * arms.covariance).squareRoot()
    var worst = (drift: 0.0, value: -1.0)
    for k in -40...40 {
      try progress(Double(k + 40) / 100)
      let drift = 0.2 * Double(k) * sd
      var truth = arms
      truth.control = prior.mean + drift
      truth.treated = truth.control
      let value = prior.probabilityOfShowing(truth, degreesOfFreedom: df, alpha: alpha)
      if value > worst.value { worst = (drift, value) }
    }
    return HistoricalPlan(
      quantity: quantity, prior: prior, controls: controls,
      effectiveSampleSize: prior.effectiveSampleSize, momentSampleSize: prior.momentSampleSize,
      level: alpha / 2,
      powerAlone: NoncentralT.power(
        noncentrality: abs(share * slope) / error, degreesOfFreedom: df, alpha: alpha),
      lines: try [-4, -2, -1, 0, 1, 2, 4].enumerated().map { index, deviations in
        try progress(0.81 + 0.02 * Double(index))
        return line(prior.mean + deviations * sd)
      },
      asPlanned: line(arms.control), worst: line(prior.mean + worst.drift))
  }
}
