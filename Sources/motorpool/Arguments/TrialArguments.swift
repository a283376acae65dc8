import ArgumentParser
import FollowUp
import Progression

/// Arguments of a randomised trial and of its residuals.
struct TrialArguments: ParsableArguments {
  @Option(
    help:
      "Compare randomised arms visit by visit too: mmrm (change, all visits), clda (baseline as a visit) or ancova (each visit alone)."
  )
  var method: RandomisedArms.Method?

  @Option(
    help: "Covariance of the visits: unstructured, compound-symmetry, ar1 or toeplitz.")
  var covariance: VisitCovariance = .unstructured

  @Flag(
    name: .customLong("pre-slope"),
    help: "With --method: the slope of the visits before therapy is a covariate.")
  var preSlope = false

  @Flag(help: "Fit correlated residuals too and choose by the Akaike criterion.")
  var residuals = false

  @Option(
    name: .customLong("variance-by"),
    help:
      "Column of groups, such as kinds of visit, whose residual variances may differ (implies --residuals)."
  )
  var varianceBy: String?

  func validate() throws {
    guard method != nil || !preSlope else { throw ValidationError("--pre-slope needs --method") }
  }

  /// The comparison of randomised arms that is asked for.
  func randomisedArms(_ model: MixedModel) -> RandomisedArms? {
    method.map {
      RandomisedArms(
        $0, covariance: covariance, controlArm: model.controlArm,
        covariates: model.covariates.filter { !$0.contains(":") }, includesPreSlope: preSlope)
    }
  }
}

extension RandomisedArms.Method: ExpressibleByArgument {}
extension VisitCovariance: ExpressibleByArgument {}
