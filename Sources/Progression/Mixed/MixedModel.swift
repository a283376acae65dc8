/// A linear mixed model of a trend and its change at the start of therapy.
///
/// y = b0 + b1 t + b2 (t - T)+ + random effects of each patient + e, with T the patient's first dose
/// (plus `onsetLag`). The default, M3, lets intercept and slope vary together and the change of slope
/// independently of both; leaving the latter out gives too many false positives (.093 to .125 at
/// a nominal .05). Patients without any therapy time have (t - T)+ = 0; where no row of a table has a
/// therapy time the term is left out.
public struct MixedModel: Codable, Sendable, Equatable {
  /// Which effects vary between patients (lme4 notation; post = (t - T)+).
  public enum RandomEffects: String, Codable, Sendable, CaseIterable {
    /// (t | id): no variation of the change of slope.
    case m1
    /// (t + post | id): all three effects correlated.
    case m2
    /// (t | id) + (0 + post | id): the default.
    case m3
    /// (1 | id) + (0 + t | id) + (0 + post | id).
    case uncorrelated
  }

  /// What is maximised.
  public enum Criterion: String, Codable, Sendable {
    /// Restricted likelihood (REML), the default.
    case restricted
    /// Full likelihood, for likelihood-ratio tests of fixed effects.
    case full
  }

  /// Which effects differ between the arms.
  public enum ArmEffects: String, Codable, Sendable {
    /// Arms are ignored.
    case none
    /// post:arm, for randomised arms: equal intercepts and slopes before therapy.
    case slopeChange
    /// arm, t:arm and post:arm, for arms that were not randomised.
    case all
  }

  /// How the known standard errors of the measurements enter.
  public enum MeasurementError: String, Codable, Sendable {
    /// One residual variance for all rows.
    case ignored
    /// Residual variance s^2 + s_ij^2, with s^2 estimated.
    case additive
    /// Residual variance proportional to s_ij^2.
    case weights
  }

  /// The random effects; M3 by default.
  public var randomEffects: RandomEffects
  /// REML by default.
  public var criterion: Criterion
  /// Effects of the arm; none by default.
  public var armEffects: ArmEffects
  /// The arm the others are compared with; by default "control", "placebo" or "0" where one of them
  /// exists, else the first in alphabetical order.
  public var controlArm: String?
  /// Whether each muscle has a fixed intercept and a (t | id:muscle) block of its own.
  public var muscles: Bool
  /// Whether the slopes of the muscles vary too, or, as (1 | id:muscle), their levels only.
  public var muscleSlopes: Bool
  /// Further fixed effects: covariate names, or interactions "t:name" and "post:name".
  public var covariates: [String]
  /// How known standard errors enter; ignored by default.
  public var measurementError: MeasurementError
  /// Time from the first dose to the start of its effect, in the unit of the table's times; 0 by default.
  public var onsetLag: Double
  /// Whether the level may jump at the start of therapy (a sensitivity option).
  public var levelStep: Bool
  /// What time is called in the names of effects; "t" by default.
  public var timeName: String
  /// What muscles are called in the names of effects: "muscle", or "side" where sides are compared.
  ///
  /// Not part of the coded form.
  public var placeName = "muscle"

  private enum CodingKeys: String, CodingKey {
    case randomEffects, criterion, armEffects, controlArm, muscles, muscleSlopes, covariates
    case measurementError, onsetLag, levelStep, timeName
  }

  /// Makes a model.
  public init(
    randomEffects: RandomEffects = .m3, criterion: Criterion = .restricted,
    armEffects: ArmEffects = .none, controlArm: String? = nil, muscles: Bool = false,
    covariates: [String] = [], measurementError: MeasurementError = .ignored,
    onsetLag: Double = 0, levelStep: Bool = false, timeName: String = "t",
    muscleSlopes: Bool = true
  ) {
    self.randomEffects = randomEffects
    self.criterion = criterion
    self.armEffects = armEffects
    self.controlArm = controlArm
    self.muscles = muscles
    self.muscleSlopes = muscleSlopes
    self.covariates = covariates
    self.measurementError = measurementError
    self.onsetLag = onsetLag
    self.levelStep = levelStep
    self.timeName = timeName
  }

  /// The arm that others are compared with: the one named, else one called control, placebo or 0, else
  /// the first; nil without arms.
  public func control(among arms: [String]) -> String? {
    let usual = ["control", "placebo", "0"]
    let levels = arms.sorted()
    return controlArm ?? levels.first { usual.contains($0.lowercased()) } ?? levels.first
  }

  /// Fits the model to a table whose values are on the scale of the model.
  ///
  /// - Throws: `ProgressionError` where a column the model needs is missing in a row, an effect
  ///   cannot be estimated, or there is no residual scatter.
  public func fit(_ table: LongitudinalTable) throws -> MixedModelFit {
    let design = try MixedModelDesign(table, model: self)
    return try MixedModelFit(design)
  }
}
