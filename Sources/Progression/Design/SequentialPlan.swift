import RealModule

/// A planned cohort with interim looks.
public struct SequentialPlan: Sendable, Codable, Equatable {
  /// The looks with their bounds.
  public let looks: [GroupSequentialDesign.Look]
  /// Patients of the cohort.
  public let patients: Int
  /// Power of the cohort with a single analysis at the end.
  public let singlePower: Double
  /// What happens under the effect asked for.
  public let underEffect: GroupSequentialDesign.Operation
  /// What happens without an effect.
  public let underNone: GroupSequentialDesign.Operation
  /// The cohort that reaches the power asked for with these looks; nil beyond 2,000 patients.
  public let needed: StudyPlan.Result?

  /// Power with the looks.
  public var power: Double { underEffect.power }
}

extension StudyPlan {
  /// A cohort with interim looks.
  ///
  /// A look at a share of the information is one at that share of the patients, their visits complete. The
  /// bounds are those of a normal statistic; the effect counts as the drift at which a single normal test
  /// has the power of the t test with Kenward-Roger degrees of freedom. Looks compare nominal p values, so
  /// that the t test at a look uses the p of its bound.
  /// - Parameters:
  ///   - design: shares of the patients at the looks, and their bounds.
  ///   - patients: both arms together.
  ///   - controls: whether there are concurrent controls.
  ///   - share: the true slowing as a share of the slope.
  ///   - power: the power that futility bounds and the number of patients needed are for.
  ///   - progress: told the share that is done; what it throws ends the search.
  /// - Throws: `ProgressionError` as `cohort` does; what `progress` throws.
  public func sequential(
    _ design: GroupSequentialDesign, patients: Int, controls: Bool = false, share: Double = 0.5,
    power: Double = 0.8, progress: (Double) throws -> Void = { _ in }
  ) throws -> SequentialPlan {
    try progress(0)
    var design = design
    design.alpha = alpha
    let bounds = try design.result(power: power)
    let single = try cohort(patients: patients, controls: controls, share: share)
    let critical = NormalDistribution.quantile(1 - alpha / 2)
    let drift = critical + NormalDistribution.quantile(min(single.power, 1 - 1e-15))
    let neededSingle = NormalDistribution.cumulative(bounds.drift - critical)
    return SequentialPlan(
      looks: bounds.looks, patients: patients, singlePower: single.power,
      underEffect: design.operation(drift: drift, looks: bounds.looks),
      underNone: bounds.underNone,
      needed: try patientsNeeded(
        power: neededSingle, controls: controls, share: share, progress: progress))
  }
}
