import Analyses
import Progression
import Reports

/// Sentences of statistical analysis plans.
enum PlanWording {
  static let software =
    "\(SoftwareVersion.full). What it computes, from which equations and how far it was checked stands in "
    + "its document on the statistics of progression."

  static let level =
    "Two-sided tests at the level of 0.05; intervals of 95 %. The estimate and its interval are told "
    + "whatever p is."

  static let restricted =
    "Restricted maximum likelihood; standard errors, degrees of freedom and p values after Kenward and "
    + "Roger (1997). A variance whose estimate is zero stays in the model at zero and is told."

  static let full =
    "Full maximum likelihood; degrees of freedom after Satterthwaite. A variance whose estimate is zero "
    + "stays in the model at zero and is told."

  static let independent =
    "Residuals are taken as independent with one variance. No structure is chosen by looking at the data."

  static let sides =
    "Each side of a patient has a random level and slope of its own; where these cannot be fitted, a random "
    + "level alone. What differs between patients cancels."

  static let counts =
    "Poisson and negative binomial by maximum likelihood with the same fixed and random effects; the family "
    + "of the lower Akaike criterion counts. Its effects are tested by restricted likelihood with Kenward "
    + "and Roger's error and degrees of freedom for the linearised model."

  static let oneHypothesis =
    "One primary hypothesis, tested once: nothing is adjusted. All other p values and intervals are "
    + "unadjusted and exploratory."

  static let noLooks =
    "None: the data are analysed once, when they are complete. Bounds of looks belong to the plan of the "
    + "trial, before its first patient."

  static let supportive =
    "The analyses below support the primary one and replace it in no case."

  static let twoStage =
    "Each patient alone by two joined lines; sign test and sign-flip test of the differences of slopes."

  static let sensitivity =
    "Other lags of onset, a jump of level, other random effects, zeros at half the smallest value above zero, and only "
    + "patients with visits enough on both sides."

  static let survival =
    "Kaplan-Meier curves, log-rank test, Cox model, and the joint rank of function and survival."

  /// A mixed model in the notation of lme4 with the meaning of its terms.
  static func mixedModel(_ model: MixedModel, effects: [String]) -> String {
    let time = model.timeName
    var terms = ["\(time) is time"]
    if effects.contains("post") { terms.append("post the time after the start of therapy, else 0") }
    if effects.contains(where: { $0.hasSuffix(":arm") }) {
      terms.append("arm 1 for the treated and 0 for controls")
    }
    return
      "\(model.formula(effects: effects)) in the notation of lme4, where \(terms.joined(separator: ", "))"
  }

  /// How the residual structure is chosen.
  static func residualRule(groups: String?) -> String {
    let extra = groups.map { ", variances by \($0), and both" } ?? ""
    return
      "Residuals: independent, continuous AR(1)\(extra), with the same fixed and random effects; of those that "
      + "can be fitted the one of the lowest restricted Akaike criterion counts. Beside it the sandwich error "
      + "CR2 over patients, which holds whatever the structure."
  }

  /// The covariance of visits, which is fixed beforehand.
  static func visitCovariance(_ covariance: VisitCovariance) -> String {
    "The covariance of the visits within a patient is \(covariance.rawValue), in all arms the same, and fixed "
      + "beforehand: where the data do not determine it the analysis fails and says so. Kenward and Roger's "
      + "standard errors with the second derivatives of the covariance."
  }

  /// What the primary analysis takes missing values for.
  static func missing(_ primary: PrimaryAnalysis) -> String {
    let first =
      primary.isOfSingleVisit
      ? "Only patients with baseline and a value at the visit enter: missing values are taken as missing at "
        + "random given arm, baseline and covariates."
      : "All values of all patients enter; nothing is carried forward or filled in. Missing values are taken as "
        + "missing at random given the arm, the covariates and the values seen."
    return first
      + " Values after the end or a change of the therapy count (treatment policy); after death there "
      + "are none. The table of estimands states the strategy of each event."
  }

  /// When analyses of dropout are made.
  static func dropoutRule(isAskedFor: Bool) -> String {
    (isAskedFor
      ? "A pattern mixture with its tipping point and a joint model with death are made"
      : "Where deaths and tracheostomies exceed 10 % of the patients a pattern mixture with its tipping point "
        + "and a joint model with death are made")
      + ", as the assumption on missing values cannot be tested by the data."
  }

  /// Who counts as responder.
  static func responders(_ criterion: ResponderCriterion, _ data: CohortTable) -> String {
    "A responder \(criterion.rule(isLogarithmic: data.isLogarithmic, unit: data.slopeUnit)); told "
      + "beside the rate that the same visits give by chance."
  }
}

extension PrimaryAnalysis {
  /// Whether only the values of one visit enter.
  var isOfSingleVisit: Bool {
    if case .visits(let arms) = self { arms.method == .ancova } else { false }
  }
}
