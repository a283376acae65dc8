import Foundation
import Progression
import Reports

extension CountComparison.Line {
  /// What varies in the model, or why it could not be fitted.
  package var remark: String {
    if let reason { return reason }
    let sds = zip(randomNames, randomSDs).map { name, sd in
      "\(name.prefix { $0 != "|" }.trimmingCharacters(in: .whitespaces)) "
        + (sd < 1e-6 ? "0" : NumberText.significant(sd, 2))
    }
    return "SDs between patients: \(sds.joined(separator: ", "))"
      + (family == .poisson
        ? ""
        : size.map { "; size \(NumberText.significant($0, 3))" }
          ?? "; no more scatter than Poisson's")
  }
}

extension CountComparison {
  /// What was fitted, for every output that shows it.
  package var heading: String {
    "\(counts) counts, \(zeroCount) of them zero, log link, "
      + (nodes == 1 ? "Laplace's approximation" : "\(nodes) nodes for each random effect")
  }

  /// How to read the comparison.
  package static let explanation =
    "Fixed and random effects are the same in both lines; the family of the lower Akaike criterion is the one "
    + "to go by. Zeros are part of the fit. Effects and tests are by restricted likelihood with Kenward and "
    + "Roger's error and degrees of freedom for the linearised model."
}

extension SideComparison {
  /// How to read the comparison, for every output that shows it.
  package static let explanation =
    "The change of slope on the treated side beyond that on the other side of the same patient. Sides of a "
    + "patient differ by a level, or by level and slope; the latter is the one to go by wherever it can be "
    + "fitted. Slowing: in percent of the later slope of the untreated sides."
}

extension ResponderCriterion {
  /// Who responds, in words that follow "a responder".
  ///
  /// - Parameter unit: of the slopes.
  package func rule(isLogarithmic: Bool, unit: String) -> String {
    let chance = "with a posterior probability of \(NumberText.significant(probability, 2))"
    guard let slope else {
      return "undoes \(NumberText.percent(share)) or more of the slope before therapy \(chance)"
    }
    let shown = isLogarithmic ? Estimate.percent(slope) : slope
    return "declined before therapy and has a slope after it of "
      + "\(NumberText.significant(shown, 3).replacing("−", with: "-")) \(unit) or better \(chance)"
  }
}

extension ResponderContrast {
  /// The proportions and their tests.
  package var text: String {
    func ratio(_ x: Double) -> String { NumberText.significant(exp(x), 3) }
    return "treated \(responders) of \(treated), controls \(controlResponders) of \(controls); "
      + "Fisher \(NumberText.pValue(fisher.p)); odds ratio \(ratio(logOddsRatio.value)) "
      + "(\(ratio(logOddsLower)) to \(ratio(logOddsUpper))), logistic "
      + NumberText.pValue(logisticP)
  }
}
