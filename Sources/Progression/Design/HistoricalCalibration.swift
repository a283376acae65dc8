import RealModule

/// Operating characteristics of historical controls by plan, against trials that are simulated and analysed so.
public struct HistoricalCalibration: Codable, Sendable, Equatable {
  /// Patients of both arms.
  public var patients: Int
  /// Schedule, variances and allocation.
  public var plan: StudyPlan
  /// Standard errors of the earlier control arms, ln units a month; their means scatter about that of the
  /// trial's controls less the drift.
  public var errors: [Double]
  /// Scale of the half-normal prior of the SD between trials.
  public var betweenScale: Double
  /// Weights of the vague component.
  public var weights: [Double]
  /// True mean of the trial's controls less that of history, in SDs of the predictive distribution.
  public var drifts: [Double]
  /// Simulated trials of each cell, with the effect and as many without.
  public var replicates: Int
  /// Slowing as a share of the decline.
  public var share: Double

  /// Makes a study; by default 60 patients, two treated for each control, and three earlier trials.
  public init(
    patients: Int = 60, plan: StudyPlan = StudyPlan(allocation: 2),
    errors: [Double] = [0.005, 0.007, 0.006], betweenScale: Double = 0.01,
    weights: [Double] = [0.2, 0.5], drifts: [Double] = [-2, -1, 0, 1, 2, 4],
    replicates: Int = 2_000, share: Double = 0.5
  ) {
    self.patients = patients
    self.plan = plan
    self.errors = errors
    self.betweenScale = betweenScale
    self.weights = weights
    self.drifts = drifts
    self.replicates = replicates
    self.share = share
  }

  /// One cell.
  public struct Row: Sendable, Codable, Equatable {
    /// Weight of the vague component; 1 stands for a trial without history.
    public let weight: Double
    /// Drift in SDs of the predictive distribution.
    public let drift: Double
    /// Control patients that the prior is worth.
    public let effectiveSampleSize: Double
    /// False slowings and power by plan.
    public let planned: [Double]
    /// Shares of the simulated trials.
    public let simulated: [Double]
    /// Their Monte Carlo standard errors.
    public let standardErrors: [Double]
    /// Mean posterior weight of the vague component without an effect.
    public let vagueWeight: Double
    /// Share of the trials without an effect in which a conflict is said.
    public let conflictShare: Double
    /// Trials that could not be fitted; they count as showing nothing.
    public let failures: Int
  }

  /// Runs every cell; the same generator gives the same table.
  ///
  /// - Throws: `ProgressionError` for a plan that cannot be computed.
  public func run(using generator: inout some RandomNumberGenerator) throws -> [Row] {
    precondition(replicates > 1, "at least two replicates")
    let (arms, df, controls) = try plan.plannedArms(patients: patients, quantity: .slope)
    let unit = (arms.controlVariance * Double(controls)).squareRoot()
    // The means of the earlier trials: half an SD between trials apart.
    let offsets = errors.indices.map {
      0.5 * betweenScale * (Double($0) - 0.5 * Double(errors.count - 1))
    }
    func prior(mean: Double, weight: Double) throws -> HistoricalPrior {
      try HistoricalPrior(
        zip(errors, offsets).map {
          HistoricalPrior.Trial(mean: mean + $0.1, standardError: $0.0)
        }, between: .halfNormal(scale: betweenScale), robustWeight: weight, unitDeviation: unit)
    }
    var rows: [Row] = []
    for weight in weights {
      for drift in drifts {
        let centred = try prior(mean: plan.slope, weight: weight)
        let own = try prior(
          mean: 2 * plan.slope - centred.mean - drift * centred.standardDeviation, weight: weight)
        var truth = arms
        let none = own.probabilityOfShowing(truth, degreesOfFreedom: df, alpha: plan.alpha)
        truth.treated -= share * plan.slope
        let power = own.probabilityOfShowing(truth, degreesOfFreedom: df, alpha: plan.alpha)
        var shown = [0, 0]
        var vague = 0.0
        var conflicts = 0
        var failures = 0
        for (k, effect) in [0, share].enumerated() {
          for _ in 0..<replicates {
            guard let (found, p) = try? posterior(own, effect: effect, using: &generator) else {
              failures += 1
              continue
            }
            if found.probability > 1 - plan.alpha / 2 { shown[k] += 1 }
            if k == 0 {
              vague += found.vagueWeight
              if p < HistoricalComparison.conflictLevel { conflicts += 1 }
            }
          }
        }
        let shares = shown.map { Double($0) / Double(replicates) }
        rows.append(
          Row(
            weight: weight, drift: drift, effectiveSampleSize: own.effectiveSampleSize,
            planned: [none, power], simulated: shares,
            standardErrors: shares.map { ($0 * (1 - $0) / Double(replicates)).squareRoot() },
            vagueWeight: vague / Double(replicates),
            conflictShare: Double(conflicts) / Double(replicates), failures: failures))
      }
    }
    return rows
  }

  /// A simulated trial with its posterior by the mixed model and the prior.
  private func posterior(
    _ prior: HistoricalPrior, effect: Double, using generator: inout some RandomNumberGenerator
  ) throws -> (found: HistoricalPrior.Posterior, conflictP: Double) {
    let courses = PlanningCalibration.courses(
      plan, patients: patients, effect: effect, using: &generator)
    let fit = try MixedModel(armEffects: .slopeChange).fit(
      LongitudinalTable(checked: Array(courses.joined())))
    let arms = try HistoricalPrior.FittedArms(fit, of: .slope)
    let df = arms.difference.degreesOfFreedom
    let conflict = prior.tailProbability(
      arms.means.control,
      variance: HistoricalPrior.inflation(df) * arms.means.controlVariance)
    return (prior.posterior(arms.means, degreesOfFreedom: df), conflict)
  }
}
