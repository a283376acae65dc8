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

  @Option(
    help:
      "Times of the visits after baseline, comma-separated, such as 1,2,3,6,9,12 (default: found from the times)."
  )
  var visits: String?

  @Option(
    help:
      "With --table: column of the nominal visits, times from baseline (0) or labels such as \"Week 12\"; rows without one do not enter where visits are compared."
  )
  var visit: String?

  @Flag(
    name: .customLong("pre-slope"),
    help: "With --method: the slope of the visits before therapy is a covariate.")
  var preSlope = false

  @Option(
    help:
      "Impute what patients who left would have shown, comma-separated: mar, j2r (jump to reference), cr (copy reference), cir (copy increments); takes --method mmrm."
  )
  var impute: String?

  @Option(help: "With --impute: completed data sets.")
  var imputations = 100

  @Option(
    parsing: .unconditional,
    help:
      "With --impute: added to each imputed value of a treated patient who left, in the measure's unit, or percent of logarithms."
  )
  var delta = 0.0

  @Flag(
    name: .customLong("tipping-point"),
    help: "With --impute: the delta at which the interval reaches zero.")
  var tippingPoint = false

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
      "Compare inside patients, one side treated, the other not: column of the sides (needs --treated); without --table side, by the sides of the therapies."
  )
  var within: String?

  @Option(
    help: "With --within and --table: column that is 1 on the treated side and 0 on the other.")
  var treated: String?

  @Option(
    name: .customLong("responder-share"),
    help: "Percent of the decline before therapy that a responder undoes, such as 50, 75 or 100.")
  var responderShare = 50.0

  @Option(
    name: .customLong("responder-slope"), parsing: .unconditional,
    help:
      "Slope after therapy that a responder reaches instead of a share, in the measure's unit per unit of time, or percent of logarithms."
  )
  var responderSlope: Double?

  func validate() throws {
    guard (1...99).contains(quadrature) else {
      throw ValidationError("--quadrature \(quadrature): expected 1 to 99 nodes")
    }
    guard counts || quadrature == 1 else { throw ValidationError("--quadrature needs --counts") }
    guard within != nil || treated == nil else {
      throw ValidationError("--treated needs --within")
    }
    guard responderShare > 0, responderShare <= 200 else {
      throw ValidationError(
        "--responder-share \(responderShare): expected more than 0, at most 200")
    }
    guard responderSlope == nil || responderShare == 50 else {
      throw ValidationError("--responder-slope stands in the place of --responder-share")
    }
    if let visits { _ = try Self.times(visits) }
    guard visit == nil || visits == nil else {
      throw ValidationError(
        "--visit names the visits of each value, --visits those of all: give one")
    }
    guard comparesVisits || !preSlope else { throw ValidationError("--pre-slope needs --method") }
    try validateImputation()
  }

  private func validateImputation() throws {
    guard let impute else {
      guard imputations == 100, delta == 0, !tippingPoint else {
        throw ValidationError("--imputations, --delta and --tipping-point need --impute")
      }
      return
    }
    let names = impute.split(separator: ",", omittingEmptySubsequences: false)
    guard names.allSatisfy({ ReferenceImputation.Rule(rawValue: String($0)) != nil }),
      Set(names).count == names.count
    else {
      throw ValidationError("--impute \(impute): expected mar, j2r, cr, cir, each at most once")
    }
    guard (2...10_000).contains(imputations), delta.isFinite else {
      throw ValidationError("--imputations: expected 2 to 10000; --delta: a number")
    }
  }

  /// Whether randomised arms are compared visit by visit.
  var comparesVisits: Bool { method != nil || impute != nil }

  /// Times of the visits; nil where they are to be found.
  func visitTimes() throws -> [Double]? { try visits.map(Self.times) }

  private static func times(_ text: String) throws -> [Double] {
    guard let times = NumberList.numbers(text, where: { $0 > 0 && $0 <= 1e7 }),
      zip(times, times.dropFirst()).allSatisfy({ $0 < $1 })
    else {
      throw ValidationError("--visits \(text): expected rising numbers above 0")
    }
    return times
  }

  /// The imputations that are asked for.
  var imputation: CohortRequest.Imputation? {
    impute.map { names in
      var own = CohortRequest.Imputation(
        names.split(separator: ",").compactMap { ReferenceImputation.Rule(rawValue: String($0)) })
      own.count = imputations
      own.delta = delta
      return own
    }
  }

  /// The comparison of randomised arms that is asked for.
  var randomised: CohortRequest.Randomised? {
    (method ?? (impute == nil ? nil : .mmrm)).map {
      var own = CohortRequest.Randomised($0)
      own.covariance = covariance
      own.includesPreSlope = preSlope
      return own
    }
  }

  /// Adds what is computed of a trial beside its model.
  func add(to options: inout CohortModel.Options) {
    options.includesResiduals = residuals || varianceBy != nil
    options.varianceGroups = varianceBy
    options.countNodes = counts ? quadrature : nil
    options.showsTippingPoint = tippingPoint
    options.responders = ResponderCriterion(share: responderShare / 100)
  }
}

extension RandomisedArms.Method: ExpressibleByArgument {}
extension VisitCovariance: ExpressibleByArgument {}
