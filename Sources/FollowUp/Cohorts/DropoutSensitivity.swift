import Progression
import Reports

/// How the change of slope depends on what patients who died or left would have shown.
package struct DropoutSensitivity: Encodable {
  /// Why it was made.
  package let occasion: String
  package let patternMixture: PatternMixture?
  /// Why there is no pattern mixture.
  package let patternMixtureReason: String?
  package let joint: SharedParameterModel?
  /// Why there is no joint model.
  package let jointReason: String?

  /// Made where deaths exceed 10 % or where it is asked for; nil otherwise.
  package init?(
    _ table: LongitudinalTable, model: MixedModel, attrition: Attrition?,
    followUp: [SharedParameterModel.Survival], slopeUnit: Double?, isAskedFor: Bool
  ) {
    let exceeds = attrition?.needsSensitivity ?? false
    guard exceeds || isAskedFor else { return nil }
    occasion =
      exceeds
      ? "deaths and tracheostomies exceed 10 % ("
        + "\(Formatting.fixed(100 * (attrition?.deathShare ?? 0), 0)) % of the patients)"
      : "it was asked for"
    guard let attrition else {
      patternMixture = nil
      joint = nil
      patternMixtureReason = "nothing is known of deaths and withdrawals"
      jointReason = patternMixtureReason
      return
    }
    func attempt<Result>(_ body: () throws -> Result) -> (Result?, String?) {
      do { return (try body(), nil) } catch { return (nil, String(describing: error)) }
    }
    (patternMixture, patternMixtureReason) = attempt {
      try PatternMixture(table, model: model, leavers: Set(attrition.leftEarly))
    }
    (joint, jointReason) = attempt {
      try SharedParameterModel(
        table, model: model, survival: followUp, slopeUnit: slopeUnit)
    }
  }

  /// What the figures mean, for every output that shows them.
  package static let explanation =
    "The main analysis takes missing visits as missing at random. The pattern mixture lets patients who "
    + "died or left have slopes of their own and makes them worse by delta; the joint model lets the hazard "
    + "of death depend on a patient's own slope. Neither assumption can be tested by these data: where the "
    + "conclusion changes between the lines, it rests on the assumption."

  /// One analysis as a row: name, effect, remark.
  package struct Line {
    package let name: String
    package let estimate: Estimate?
    package let remark: String
  }

  /// The analyses in the order in which outputs show them.
  package func lines(isLogarithmic: Bool, unit: String) -> [Line] {
    func shown(_ slope: Double) -> String {
      "\(Formatting.signed(isLogarithmic ? Estimate.percent(slope) : slope, 2)) \(unit)"
    }
    var result: [Line] = []
    if let pattern = patternMixture {
      result += [
        Line(
          name: "pattern mixture: average", estimate: pattern.average,
          remark: pattern.tippingPoint.map {
            "interval reaches zero at delta \(shown($0))"
          } ?? "interval includes zero or a worsening without any delta"),
        Line(
          name: "  completers only", estimate: pattern.completerChange,
          remark: "\(pattern.completers) patients"),
        Line(
          name: "  died or left", estimate: pattern.leaverChange,
          remark: "\(pattern.leavers) patients"),
      ]
      result += pattern.adjusted.map {
        Line(name: "  with delta \(shown($0.delta))", estimate: $0.estimate, remark: "")
      }
    } else {
      result.append(
        Line(name: "pattern mixture", estimate: nil, remark: patternMixtureReason ?? ""))
    }
    if let joint {
      let ratio = Estimate.percent(joint.association.value) / 100 + 1
      result += [
        Line(
          name: "joint model with deaths", estimate: joint.change,
          remark: "\(joint.deaths) deaths; hazard ratio of a decline steeper by "
            + "\(NumberText.significant(isLogarithmic ? Estimate.percent(joint.slopeUnit) : joint.slopeUnit, 2)) "
            + "\(unit) "
            + "\(Formatting.fixed(ratio, 2)) (p \(Formatting.fixed(joint.association.p, 3)))"),
        Line(
          name: "  same likelihood, deaths ignored", estimate: joint.changeWithoutDeaths,
          remark: ""),
      ]
    } else {
      result.append(Line(name: "joint model", estimate: nil, remark: jointReason ?? ""))
    }
    return result
  }
}
