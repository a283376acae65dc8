import Progression

/// The mixed model that is asked for, before the data say which of its terms they have.
package struct CohortModelRequest: Sendable {
  /// Random effects of the patients.
  package var randomEffects = MixedModel.RandomEffects.m3
  /// Restricted or full maximum likelihood.
  package var criterion = MixedModel.Criterion.restricted
  /// How arms differ; nil for a change of slope where there are arms.
  package var armEffects: MixedModel.ArmEffects?
  /// The arm that others are compared with; nil for the rule of the model.
  package var controlArm: String?
  /// What is made of known standard errors; nil to add them where there are any.
  package var measurementError: MixedModel.MeasurementError?
  /// Time from the first dose to the start of its effect, in months; of a table whose unit of time is not
  /// known in that unit.
  package var onsetLag = 0.0
  /// Whether the level may jump at the start of therapy.
  package var levelStep = false

  /// The defaults: m3 by restricted maximum likelihood.
  package init() {}

  /// The model for data.
  ///
  /// - Parameters:
  ///   - hasArms: whether arms are compared.
  ///   - hasMuscles: whether each muscle has a block of its own.
  ///   - hasErrors: whether the values have standard errors.
  ///   - covariates: names of further fixed effects.
  ///   - timeName: what the time is called among the effects.
  package func mixedModel(
    hasArms: Bool, hasMuscles: Bool, hasErrors: Bool = false, covariates: [String] = [],
    timeName: String = "t"
  ) -> MixedModel {
    MixedModel(
      randomEffects: randomEffects, criterion: criterion,
      armEffects: armEffects ?? (hasArms ? .slopeChange : .none), controlArm: controlArm,
      muscles: hasMuscles, covariates: covariates,
      measurementError: measurementError ?? (hasErrors ? .additive : .ignored),
      onsetLag: onsetLag, levelStep: levelStep, timeName: timeName)
  }
}
