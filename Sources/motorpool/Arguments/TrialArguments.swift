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

  @Flag(help: "Fit the counts themselves too, zeros included: Poisson and negative binomial.")
  var counts = false

  @Option(
    help: "With --counts: quadrature nodes for each random effect; 1 is Laplace's approximation.")
  var quadrature = 1

  @Option(
    help:
      "Compare inside patients: column of the sides, one treated, the other not (needs --treated).")
  var within: String?

  @Option(help: "With --within: column that is 1 on the treated side and 0 on the other.")
  var treated: String?

  @Option(
    name: .customLong("responder-share"),
    help: "Percent of the decline before therapy that a responder undoes, such as 50, 75 or 100.")
  var responderShare = 50.0

  func validate() throws {
    guard (1...99).contains(quadrature) else {
      throw ValidationError("--quadrature \(quadrature): expected 1 to 99 nodes")
    }
    guard counts || quadrature == 1 else { throw ValidationError("--quadrature needs --counts") }
    guard (within == nil) == (treated == nil) else {
      throw ValidationError("--within and --treated need each other")
    }
    guard responderShare > 0, responderShare <= 200 else {
      throw ValidationError(
        "--responder-share \(responderShare): expected more than 0, at most 200")
    }
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
