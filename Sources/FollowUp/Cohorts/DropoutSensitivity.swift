import Foundation
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
  /// The hazard by the current value and its slope; by the value alone where deaths are few.
  package let currentValue: CurrentValueModel?
  /// Why there is no such model.
  package let currentValueReason: String?

  /// Patients above which the joint models, whose likelihood is an integral for each, wait to be asked for.
  package static let patientLimit = 1_000

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
      currentValue = nil
      currentValueReason = patternMixtureReason
      return
    }
    func attempt<Result>(_ body: () throws -> Result) -> (Result?, String?) {
      do { return (try body(), nil) } catch { return (nil, String(describing: error)) }
    }
    (patternMixture, patternMixtureReason) = attempt {
      try PatternMixture(table, model: model, leavers: Set(attrition.leftEarly))
    }
    let patients = followUp.count
    guard isAskedFor || patients <= Self.patientLimit else {
      joint = nil
      currentValue = nil
      jointReason =
        "made only on request for \(patients) patients, more than \(Self.patientLimit)"
      currentValueReason = jointReason
      return
    }
    let deaths = followUp.count { $0.died }
    (currentValue, currentValueReason) = attempt {
      try CurrentValueModel(
        table, model: model, survival: followUp, includesSlope: deaths >= 10, slopeUnit: slopeUnit)
    }
    (joint, jointReason) = attempt {
      try SharedParameterModel(
        table, model: model, survival: followUp, slopeUnit: slopeUnit)
    }
  }

  /// What the figures mean, for every output that shows them.
  package static let explanation =
    "The main analysis takes missing visits as missing at random. The pattern mixture lets patients who "
    + "died or left have slopes of their own and makes them worse by delta; the joint models let the hazard "
    + "of death depend on a patient's own slope, or on the current value and slope. None of these assumptions can be tested by these data: where the "
    + "conclusion changes between the lines, it rests on the assumption."

  /// One analysis as a row: name, effect, remark.
  package struct Line {
    package let name: String
    package let estimate: Estimate?
    package let remark: String
  }

  /// The analyses in the order in which outputs show them.
  package func lines(isLogarithmic: Bool, unit: String) -> [Line] {
    func value(_ slope: Double) -> Double { isLogarithmic ? Estimate.percent(slope) : slope }
    // So many decimals that the smallest shift has two digits.
    let least = patternMixture?.adjusted.map { abs(value($0.delta)) }.filter { $0 > 0 }.min() ?? 1
    let decimals = min(8, max(2, 1 - Int(log10(least).rounded(.down))))
    func shown(_ slope: Double) -> String {
      "\(Formatting.signed(value(slope), decimals)) \(unit)"
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
            + "\(Formatting.fixed(ratio, 2)) (\(NumberText.pValue(joint.association.p)))"),
        Line(
          name: "  same likelihood, deaths ignored", estimate: joint.changeWithoutDeaths,
          remark: ""),
      ]
    } else {
      result.append(Line(name: "joint model", estimate: nil, remark: jointReason ?? ""))
    }
    result += currentLines(isLogarithmic: isLogarithmic, unit: unit)
    return result
  }

  private func currentLines(isLogarithmic: Bool, unit: String) -> [Line] {
    guard let currentValue else {
      return [
        Line(
          name: "joint model, current value", estimate: nil, remark: currentValueReason ?? "")
      ]
    }
    func ratio(_ estimate: Estimate) -> String {
      let value = Estimate.percent(estimate.value) / 100 + 1
      return "\(Formatting.fixed(value, 2)) (\(NumberText.pValue(estimate.p)))"
    }
    let level =
      isLogarithmic
      ? "\(NumberText.significant(-Estimate.percent(-currentValue.valueUnit), 2)) %"
      : NumberText.significant(currentValue.valueUnit, 2)
    let steeper =
      isLogarithmic ? Estimate.percent(currentValue.slopeUnit) : currentValue.slopeUnit
    return [
      Line(
        name: "joint model, current value" + (currentValue.slope == nil ? "" : " and slope"),
        estimate: currentValue.change,
        remark: "hazard ratio of a value lower by \(level) \(ratio(currentValue.value))"
          + (currentValue.slope.map {
            ", of a slope steeper by \(NumberText.significant(steeper, 2)) \(unit) \(ratio($0))"
          } ?? ""))
    ]
  }
}
