import ArgumentParser
import FollowUp
import Progression

/// Arguments of a cohort's mixed model.
struct ModelArguments: ParsableArguments {
  @Option(help: "Random effects: m1, m2, m3 or uncorrelated.")
  var model: MixedModel.RandomEffects = .m3

  @Flag(help: "Fit by full maximum likelihood instead of REML (no Kenward-Roger).")
  var ml = false

  @Option(
    name: .customLong("arm-effects"),
    help: "How arms differ: none, slope-change (randomised) or all (not randomised).")
  var armEffects: MixedModel.ArmEffects?

  @Option(name: .customLong("control-arm"), help: "The arm that others are compared with.")
  var controlArm: String?

  @Option(
    name: .customLong("errors"),
    help: "Known standard errors: ignored, additive or weights (default: additive with --se).")
  var errors: MixedModel.MeasurementError?

  @Option(
    name: .customLong("onset-lag"),
    help:
      "Months from the first dose to the start of its effect (of a table of unknown time unit in that unit)."
  )
  var onsetLag = 0.0

  @Flag(name: .customLong("level-step"), help: "Let the level jump at the start of therapy.")
  var levelStep = false

  @Option(
    help:
      "Simulated cohorts for the responder rate by chance (default: 2000 patients, at most 100); 0 leaves responders out."
  )
  var simulations: Int?

  @Flag(help: "Repeat the fit with other lags, a level step, other random effects and less data.")
  var sensitivity = false

  @Flag(
    name: .customLong("dropout"),
    help: "Pattern-mixture and joint analyses of death and dropout, also below 10 % deaths.")
  var dropout = false

  @Flag(help: "Patients were selected for their fast decline before therapy.")
  var selected = false

  @Option(help: "Seed of the simulations and permutations.")
  var seed: UInt64 = 1

  func validate() throws {
    guard onsetLag.isFinite, onsetLag >= 0 else {
      throw ValidationError("--onset-lag \(onsetLag): expected 0 or more months")
    }
    guard simulations.map({ (0...100_000).contains($0) }) ?? true else {
      throw ValidationError("--simulations: expected 0 to 100000")
    }
  }

  /// The model that these arguments ask for.
  var request: CohortModelRequest {
    var request = CohortModelRequest()
    request.randomEffects = model
    request.criterion = ml ? .full : .restricted
    request.armEffects = armEffects
    request.controlArm = controlArm
    request.measurementError = errors
    request.onsetLag = onsetLag
    request.levelStep = levelStep
    return request
  }

  /// What is computed beside the model.
  var options: CohortModel.Options {
    CohortModel.Options(
      simulations: simulations, seed: seed, includesSensitivity: sensitivity,
      includesDropout: dropout, wasSelected: selected)
  }
}

extension MixedModel.RandomEffects: ExpressibleByArgument {}
extension MixedModel.ArmEffects: ExpressibleByArgument {
  /// Reads none, slope-change or all.
  public init?(argument: String) {
    switch argument {
    case "none": self = .none
    case "slope-change": self = .slopeChange
    case "all": self = .all
    default: return nil
    }
  }
}

extension MixedModel.MeasurementError: ExpressibleByArgument {}
