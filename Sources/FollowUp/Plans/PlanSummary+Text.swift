import Foundation
import Progression
import Reports
import Tables
import UnitNumber

extension PlanSummary {
  /// The plan for people.
  package var text: String {
    let decline = Formatting.fixed(-Estimate.percent(plan.slope), 1)
    var lines = [
      "\(plan.visitTimes.count) visits from month \(Formatting.plain(plan.visitTimes.first ?? 0)) to "
        + "\(Formatting.plain(plan.visitTimes.last ?? 0)) from the first dose, \(plan.muscles) "
        + "muscle\(plan.muscles == 1 ? "" : "s"), measurement SD "
        + "\(Formatting.fixed(plan.measurementSD, 3)) on the ln scale, decline \(decline) % a month",
      "",
    ]
    var table = TextTable(["", "SE (ln/month)", "df", "Slowing (%)", "Power", "Detectable (%)"])
    func add(_ name: String, _ result: StudyPlan.Result, _ slowing: Double) {
      table.add([
        name, Formatting.fixed(result.standardError, 4),
        Formatting.fixed(result.degreesOfFreedom, 1), Formatting.fixed(slowing, 0),
        Formatting.fixed(result.power, 3), Formatting.fixed(100 * result.detectableShare, 0),
      ])
    }
    for (extra, result) in runIn.enumerated() {
      add(
        extra == 0
          ? "one patient" : "  \(extra) more run-in visit\(extra == 1 ? "" : "s")", result,
        singleSlowingPercent)
    }
    if let cohort {
      add(
        "\(cohort.patients) patients\(hasControls ? ", \(armText)" : "")"
          + (plan.dropout > 0
            ? ", \(Formatting.fixed(100 * plan.dropout, 0)) % leave"
              + (plan.dropoutPattern == .even ? "" : " \(plan.dropoutPattern.rawValue)") : ""),
        cohort,
        cohortSlowingPercent)
    }
    lines.append(table.text)
    lines.append(
      "Detectable: slowing found with 80 % power, in percent of the decline; 100 is a full arrest")
    if cohort != nil {
      lines.append(
        needed.map {
          "Power \(Formatting.fixed(power, 2)) needs \($0.patients) patients"
        } ?? "Power \(Formatting.fixed(power, 2)) is not reached with 2000 patients")
    }
    if let sequential { lines += ["", sequentialText(sequential)] }
    if let historical { lines += ["", historical.text(slowing: cohortSlowingPercent)] }
    lines += detectableText
    if !hasControls {
      lines.append("Without controls a change of slope is an association, whatever its power.")
    }
    return lines.joined(separator: "\n")
  }

  private var detectableText: [String] {
    guard let first = detectable.first else { return [] }
    var table = TextTable([
      "Smallest detectable change", "Fall (%)", "Rise (%)", "Group's fall (%)",
    ])
    for item in detectable {
      table.add([
        item.visits == [1, 1]
          ? "between two visits" : "mean of \(item.visits[0]) to mean of \(item.visits[1]) visits",
        Formatting.fixed(item.fallPercent, 0), Formatting.fixed(item.risePercent, 0),
        item.groupFallPercent.map { Formatting.fixed($0, 0) } ?? "-",
      ])
    }
    let recordings = first.recordingsPerVisit
    return [
      "", table.text,
      "Visit SD \(Formatting.fixed(first.visitLogDeviation, 3)) on the ln scale with \(recordings) "
        + "recording\(recordings == 1 ? "" : "s") each: \(first.source)",
    ]
      + (first.patients.map {
        ["Group: the mean of \($0) patients who change alike; what they differ by comes on top."]
      } ?? [])
  }

  private var armText: String {
    plan.allocation == 1
      ? "half controls" : "\(Formatting.plain(plan.allocation)) treated to 1 control"
  }

  private func sequentialText(_ own: SequentialPlan) -> String {
    let hasFutility = own.looks.contains { $0.futility != nil }
    var table = TextTable(
      ["Look", "Patients", "z", "p", "Level spent", "Shown"]
        + (hasFutility ? ["Futile below z"] : [])
        + ["Stops", "Stops without effect"])
    for (k, look) in own.looks.enumerated() {
      func stops(_ operation: GroupSequentialDesign.Operation) -> String {
        k == own.looks.count - 1
          ? "-" : Formatting.fixed(operation.efficacy[k] + operation.futility[k], 3)
      }
      table.add(
        [
          String(k + 1), String(Int((look.information * Double(own.patients)).rounded())),
          Formatting.fixed(look.critical, 4), NumberText.significant(look.nominalP, 3),
          Formatting.fixed(look.spent, 4),
          Formatting.fixed(own.underEffect.efficacy.prefix(k + 1).reduce(0, +), 3),
        ] + (hasFutility ? [look.futility.map { Formatting.fixed($0, 3) } ?? "-"] : [])
          + [stops(own.underEffect), stops(own.underNone)])
    }
    let expected = own.underEffect.expectedInformation * Double(own.patients)
    let none = own.underNone.expectedInformation * Double(own.patients)
    return "Looks at patients whose visits are complete, two-sided level "
      + "\(Formatting.plain(plan.alpha)); compare p of each look with its bound\n\(table.text)\n"
      + "Power \(Formatting.fixed(own.power, 3)) instead of \(Formatting.fixed(own.singlePower, 3)) "
      + "with one analysis; expected patients \(Formatting.fixed(expected, 0)), without an effect "
      + "\(Formatting.fixed(none, 0))\n"
      + (own.needed.map {
        "Power \(Formatting.fixed(power, 2)) with these looks needs \($0.patients) patients"
      } ?? "Power \(Formatting.fixed(power, 2)) with these looks is not reached with 2000 patients")
      + (hasFutility
        ? "\nFutility bounds are non-binding: the level holds where they are overruled." : "")
  }
}
